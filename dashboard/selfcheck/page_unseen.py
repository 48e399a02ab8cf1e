"""Part three of the page: what could not be seen, by rule and reason, and what would make it visible."""

from __future__ import annotations

from dashboard.evidence import Evidence
from dashboard.markup import Column, Content, Html, el, joined, table
from dashboard.selfcheck import wording
from dashboard.selfcheck.model import SelfCheck, Unseen
from dashboard.selfcheck.page_listed import cut
from dashboard.speech import Speech

SHOWN_SUBJECTS = 50
SHOWN_STRETCHES = 8


def write(check: SelfCheck, speech: Speech) -> Html:
    groups: dict[tuple[str, str], list[Unseen]] = {}
    for unseen in check.unseen:
        groups.setdefault((unseen.rule.id, unseen.reason), []).append(unseen)
    parts: list[Content] = [el("h2", speech.t("selfcheck.unseen", count=check.counts["unknown"]))]
    parts.append(el("p", speech.t("selfcheck.counts_help") if groups else speech.t("selfcheck.none_unseen")))
    parts += [_group(group, speech) for group in groups.values()]
    return el("section", *parts, id="unseen")


def _group(group: list[Unseen], speech: Speech) -> Html:
    """Headed by the duty: a rule's title says what would be wrong, and nobody knows that here."""
    first, count = group[0], sum(unseen.period_count for unseen in group)
    columns = [Column(speech.t("findings.subject")), Column(speech.t("findings.period"))]
    body: list[list[Content]] = [
        [_subject(unseen, speech), wording.period(speech, unseen)] for unseen in group[:SHOWN_SUBJECTS]
    ]
    if any(unseen.evidence for unseen in group):
        columns.append(Column(speech.t("selfcheck.stretches"), "wide"))
        body = [[*line, _stretches(unseen, speech)] for line, unseen in zip(body, group, strict=False)]
    duty = speech.of(first.rule.duty)
    return el(
        "section",
        el("h3", el("span", speech.t("selfcheck.unknown_count", count=count), css="chip o-unknown"), " ", duty),
        el("p", wording.reason(speech, first.rule, first.reason)),
        el("p", el("b", speech.t("selfcheck.visible")), " ", wording.visible_by(speech, first)),
        table(columns, body, duty),
        cut(len(body), len(group), speech),
        css="group unknown",
    )


def _subject(unseen: Unseen, speech: Speech) -> Html:
    name = el("span", wording.subject(speech, unseen.subject))
    return joined([name, el("div", wording.where(unseen.subject), css="muted small")])


def _stretches(unseen: Unseen, speech: Speech) -> Html:
    shown = unseen.evidence[:SHOWN_STRETCHES]
    lines = [
        el("div", wording.interval(speech, piece), " ", el("span", _aside(piece, unseen, speech), css="muted small"))
        for piece in shown
    ]
    return joined([*lines, cut(len(shown), len(unseen.evidence), speech)])


def _aside(piece: Evidence, unseen: Unseen, speech: Speech) -> str:
    """Its length; what it is, unless it is what this part is about; its reference, unless that is the subject."""
    kind = "" if piece.kind == "not_asked" else speech.word("evidence", piece.kind)
    ref = "" if piece.ref == unseen.subject.id else wording.plain(piece.ref)
    return wording.SEPARATOR.join(part for part in (wording.length(speech, piece), kind, ref) if part)
