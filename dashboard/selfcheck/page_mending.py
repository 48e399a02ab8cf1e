"""Part two of the page: what can still be mended, by how it is mended, the nearest deadline first."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.markup import Column, Content, Html, el, joined, link, table
from dashboard.selfcheck import page_listed, wording
from dashboard.selfcheck.model import Finding, SelfCheck
from dashboard.speech import Speech

SHOWN_ROWS = 100


def write(check: SelfCheck, speech: Speech) -> Html:
    shown = {f.finding_id for group in wording.by_rule(check.findings) for f in group[: page_listed.SHOWN_PER_RULE]}
    parts: list[Content] = [el("h2", speech.t("selfcheck.mending"))]
    if not (check.findings or check.pending):
        parts.append(el("p", speech.t("selfcheck.none_mending"), css="notice"))
    if check.pending:
        parts.append(_pending(check.pending, speech))
    for mend in wording.MENDS:
        if found := [finding for finding in check.findings if finding.rule.mend == mend]:
            how = speech.t("selfcheck.mend_count", how=speech.word("mend", mend), count=len(found))
            listed = _footage(found, check, speech, shown) if mend == "footage" else _by_rule(found, speech)
            parts.append(el("section", el("h3", how), el("p", speech.word("mend_help", mend)), listed, css="group"))
    return el("section", *parts, id="mending")


def _pending(found: Sequence[Finding], speech: Speech) -> Html:
    columns = [
        Column(speech.t("selfcheck.before"), "time"),
        Column(speech.t("findings.severity")),
        Column(speech.t("findings.what"), "wide"),
        Column(speech.t("selfcheck.remedy"), "wide"),
    ]
    body: list[list[Content]] = [
        [
            el("b", speech.instant(finding.listed_from_at)),
            page_listed.severity(finding, speech),
            _what(el("span", wording.sentence(speech, finding)), finding),
            joined([el("b", speech.word("mend", finding.rule.mend)), el("div", speech.of(finding.rule.remedy))]),
        ]
        for finding in found[:SHOWN_ROWS]
    ]
    name = speech.t("selfcheck.pending", count=len(found))
    return el(
        "section",
        el("h3", name),
        el("p", speech.t("selfcheck.pending_help")),
        table(columns, body, name),
        page_listed.cut(len(body), len(found), speech),
        css="group s-major",
    )


def _footage(found: Sequence[Finding], check: SelfCheck, speech: Speech, shown: set[str]) -> Html:
    """One line per finding, for each has its own deadline."""
    columns = [
        Column(speech.t("selfcheck.until"), "time"),
        Column(speech.t("findings.severity")),
        Column(speech.t("findings.what"), "wide"),
    ]
    ordered = sorted(found, key=lambda finding: (finding.first_until, finding.last_until))
    body: list[list[Content]] = [
        [
            el("b", wording.until(speech, finding, check)),
            page_listed.severity(finding, speech),
            _what(link(_address(finding, shown), wording.sentence(speech, finding)), finding),
        ]
        for finding in ordered[:SHOWN_ROWS]
    ]
    lines = table(columns, body, speech.word("mend", "footage"))
    return joined([lines, page_listed.cut(len(body), len(found), speech)])


def _by_rule(found: Sequence[Finding], speech: Speech) -> Html:
    """One line per rule: these have no deadline that differs from finding to finding."""
    columns = [
        Column(speech.t("findings.severity")),
        Column(speech.t("findings.what"), "wide"),
        Column(speech.t("selfcheck.remedy"), "wide"),
    ]
    body: list[list[Content]] = []
    for group in wording.by_rule(found):
        title = speech.t("selfcheck.rule_count", title=speech.of(group[0].rule.title), count=len(group))
        place = link(f"#{page_listed.group_id(group[0])}", title)
        body.append([page_listed.severity(group[0], speech), place, speech.of(group[0].rule.remedy)])
    return table(columns, body, speech.t("page.findings"))


def _what(sentence: Html, finding: Finding) -> Html:
    return joined([sentence, el("div", wording.where(finding.subject), css="muted small")])


def _address(finding: Finding, shown: set[str]) -> str:
    """Its place in part one; that of its rule when there are too many to show each."""
    return page_listed.address(finding) if finding.finding_id in shown else f"#{page_listed.group_id(finding)}"
