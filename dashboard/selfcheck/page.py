"""A self-check as one HTML file that needs nothing else: no script, no font, no picture, no address to fetch."""

from __future__ import annotations

from importlib.resources import files
from string import Template

from dashboard.markup import Content, Html, chip, el, facts, joined, link
from dashboard.outcomes import WORST_FIRST
from dashboard.selfcheck import page_listed, page_mending, page_unseen, wording
from dashboard.selfcheck.model import SelfCheck
from dashboard.speech import Speech
from data import __version__
from data.periods import to_local_text

HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def write(check: SelfCheck, speech: Speech) -> str:
    title = el("title", f"{speech.t('selfcheck.title')} {check.month} {wording.agencies(check)}").markup
    parts = [
        _head(check, speech),
        page_listed.write(check, speech),
        page_mending.write(check, speech),
        page_unseen.write(check, speech),
        _foot(speech),
    ]
    return Template(_resource("page.html")).substitute(
        lang=HTML_LANGUAGES[speech.language], title=title, css=_resource("page.css"), body=joined(parts).markup
    )


def _resource(name: str) -> str:
    return files("dashboard.selfcheck").joinpath(name).read_text(encoding="utf-8")


def _head(check: SelfCheck, speech: Speech) -> Html:
    return el(
        "header",
        el("p", speech.t("common.product"), css="muted small"),
        el("h1", f"{speech.t('selfcheck.title')} {check.month}"),
        el("p", wording.agencies(check)),
        _counts(check, speech),
        el("p", el("b", speech.t("common.only_people_decide"))),
        _notices(check, speech),
        _identity(check, speech),
        _contents(check, speech),
    )


def _counts(check: SelfCheck, speech: Speech) -> Html:
    if not check.counts:
        return el("p", speech.t("selfcheck.nothing_judged"), css="notice error")
    chips = [chip(o, speech.word("outcome", o), check.counts[o]) for o in WORST_FIRST if check.counts[o]]
    return el("div", *chips, css="chips") + el("p", speech.t("selfcheck.counts_help"), css="muted small")


def _notices(check: SelfCheck, speech: Speech) -> Html:
    """What is wrong with the bundle, or with a rule."""
    warnings = [el("li", wording.plain(warning)) for warning in check.warnings]
    broken = [
        el("li", speech.of(rule.duty), " ", el("span", rule.id, ": ", wording.plain(reason), css="mono"))
        for rule, reason in check.broken
    ]
    told = speech.t("selfcheck.warnings", count=len(warnings))
    folded = el("details", el("summary", told), el("ul", *warnings), css="notice", open="")
    failed = el("div", el("p", speech.t("selfcheck.broken")), el("ul", *broken), css="notice error")
    return joined([failed if broken else None, folded if warnings else None])


def _identity(check: SelfCheck, speech: Speech) -> Html:
    pairs: list[tuple[str, Content]] = [
        (speech.t("judgement.now_at"), to_local_text(check.now_at)),
        (speech.t("judgement.verdicts"), check.counts.total()),
        (speech.t("judgement.fingerprint"), el("span", check.fingerprint, css="mono")),
        (speech.t("judgement.ruleset"), el("span", check.ruleset, css="mono")),
    ]
    return facts(pairs) + el("p", speech.t("selfcheck.same_fingerprint"), css="muted small")


def _contents(check: SelfCheck, speech: Speech) -> Html:
    entries = [
        ("#listed", speech.t("selfcheck.today_short"), len(check.findings)),
        ("#mending", speech.t("selfcheck.mending_short"), len(check.pending)),
        ("#unseen", speech.t("selfcheck.unseen_short"), check.counts["unknown"]),
    ]
    return el("nav", el("ol", *(el("li", link(href, name, " ", el("b", count))) for href, name, count in entries)))


def _foot(speech: Speech) -> Html:
    return el(
        "footer",
        el("p", speech.t("common.only_people_decide")),
        el("p", speech.t("selfcheck.offline")),
        el("p", f"Liuhen {__version__}"),
    )
