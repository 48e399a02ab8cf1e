"""Part one of the page: what an inspector would list today, worst first, one block per rule."""

from __future__ import annotations

from dashboard.markup import Column, Content, Html, chip, el, facts, joined, link, table
from dashboard.selfcheck import wording
from dashboard.selfcheck.model import Finding, SelfCheck
from dashboard.speech import Speech
from rules.catalogue import Rule

SHOWN_PER_RULE = 50
SHOWN_EVIDENCE = 20
OPEN_EVIDENCE = 5
"""So few pieces are shown at once; more are folded away."""


def write(check: SelfCheck, speech: Speech) -> Html:
    groups = wording.by_rule(check.findings)
    parts: list[Content] = [el("h2", speech.t("selfcheck.today", count=len(check.findings)))]
    if not groups:
        parts.append(el("p", speech.t("selfcheck.none_today"), css="notice"))
    if len(groups) > 1:
        parts.append(_index(groups, speech))
    parts += [_group(group, check, speech) for group in groups]
    return el("section", *parts, id="listed")


def address(finding: Finding) -> str:
    return f"#f-{finding.finding_id}"


def group_id(finding: Finding) -> str:
    return f"r-{finding.severity}-{finding.rule.id}"


def severity(finding: Finding, speech: Speech) -> Html:
    return el("span", speech.word("severity", finding.severity), css=f"severity s-{finding.severity}")


def cut(shown: int, total: int, speech: Speech) -> Html | None:
    return el("p", speech.t("selfcheck.cut", shown=shown, total=total), css="muted small") if shown < total else None


def _index(groups: list[list[Finding]], speech: Speech) -> Html:
    columns = [
        Column(speech.t("findings.severity")),
        Column(speech.t("findings.what"), "wide"),
    ]
    body: list[list[Content]] = [
        [severity(group[0], speech), link(f"#{group_id(group[0])}", _title(group, speech))] for group in groups
    ]
    return table(columns, body, speech.t("page.findings"))


def _group(group: list[Finding], check: SelfCheck, speech: Speech) -> Html:
    rule, first = group[0].rule, group[0]
    return el(
        "section",
        el("h3", severity(first, speech), " ", _title(group, speech)),
        el("p", el("b", speech.t("findings.duty")), " ", speech.of(rule.duty), _clause(rule, speech)),
        el("p", el("b", speech.t("selfcheck.remedy_first")), " ", speech.of(rule.remedy)),
        *(_finding(finding, check, speech) for finding in group[:SHOWN_PER_RULE]),
        cut(min(len(group), SHOWN_PER_RULE), len(group), speech),
        css=f"group s-{first.severity}",
        id=group_id(first),
    )


def _title(group: list[Finding], speech: Speech) -> str:
    return speech.t("selfcheck.rule_count", title=speech.of(group[0].rule.title), count=len(group))


def _clause(rule: Rule, speech: Speech) -> Html:
    return el("span", speech.t("selfcheck.clause", clause=rule.clause), css="muted")


def _finding(finding: Finding, check: SelfCheck, speech: Speech) -> Html:
    outcome = chip(finding.outcome, speech.word("outcome", finding.outcome))
    why = wording.reason(speech, finding.rule, finding.reason)
    return el(
        "article",
        el("p", outcome, " ", el("b", wording.subject(speech, finding.subject)), " ", wording.where(finding.subject)),
        el("p", wording.agency(finding, check), css="muted") if len(check.agencies) > 1 else None,
        el("p", wording.sentence(speech, finding), css="sentence"),
        el("p", why) if why else None,
        _figures(finding, check, speech),
        _periods(finding, speech),
        _evidence(finding, speech),
        css="finding",
        id=address(finding)[1:],
    )


def _figures(finding: Finding, check: SelfCheck, speech: Speech) -> Html:
    measured = speech.t("findings.measured") if len(finding.periods) == 1 else speech.t("selfcheck.last_measured")
    pairs: list[tuple[str, Content]] = [(speech.t("findings.period"), wording.period(speech, finding))]
    if finding.measured or finding.required:
        pairs += [
            (measured, speech.quantity(finding.measured, finding.unit)),
            (speech.t("findings.required"), speech.required(finding.required, finding.unit, finding.rule.bound)),
        ]
    mend = speech.word("mend", finding.rule.mend)
    deadline = wording.until(speech, finding, check)
    pairs.append((speech.t("selfcheck.how"), f"{mend}{wording.SEPARATOR}{deadline}" if deadline else mend))
    return facts(pairs)


def _periods(finding: Finding, speech: Speech) -> Html | None:
    if len(finding.periods) == 1:
        return None
    columns = [
        Column(speech.t("findings.period")),
        Column(speech.t("findings.outcome")),
        Column(speech.t("findings.measured")),
        Column(speech.t("findings.why"), "wide"),
    ]
    body: list[list[Content]] = [
        [
            period.period,
            speech.word("outcome", period.outcome),
            speech.quantity(period.measured, finding.unit) if period.measured else "",
            wording.reason(speech, finding.rule, period.reason),
        ]
        for period in finding.periods
    ]
    name = speech.t("findings.periods", count=len(body))
    return el("details", el("summary", name), table(columns, body, name))


def _evidence(finding: Finding, speech: Speech) -> Html | None:
    pieces = finding.evidence
    if not pieces:
        return None
    columns = [
        Column(speech.t("findings.kind")),
        Column(speech.t("selfcheck.interval"), "time inline"),
        Column(speech.t("camera.length"), "inline"),
        Column(speech.t("findings.ref"), "inline"),
    ]
    body: list[list[Content]] = [
        [
            speech.word("evidence", piece.kind),
            wording.interval(speech, piece),
            wording.length(speech, piece),
            el("span", wording.plain(piece.ref), css="mono") if piece.ref else None,
        ]
        for piece in pieces[:SHOWN_EVIDENCE]
    ]
    name = speech.t("findings.evidence", count=len(pieces))
    shown = joined([table(columns, body, name), cut(len(body), len(pieces), speech)])
    return el("details", el("summary", name), shown, open="" if len(pieces) <= OPEN_EVIDENCE else None)
