"""Tables that more than one page shows: findings, and the matrix of places and rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dashboard import address, outcomes, rulebook, subjects
from dashboard.markup import Column, Content, Html, chip, el, joined, link, mark, table
from dashboard.rows import Finding, MatrixCount
from dashboard.say import instant, quantity, t, word


def outcome_words() -> dict[str, str]:
    return {outcome: word("outcome", outcome) for outcome in outcomes.WORST_FIRST}


def period(finding: Finding) -> tuple[str, str]:
    """The first and last period, and how many there are when more than one."""
    if finding.first_period == finding.last_period:
        return finding.first_period, ""
    span = t("findings.period_range", first=finding.first_period, last=finding.last_period)
    return span, t("findings.period_count", count=finding.period_count)


def figures(finding: Finding) -> str:
    """Measured against required; empty for a rule that measures nothing."""
    if not finding.measured:
        return ""
    measured = quantity(finding.measured, finding.unit)
    return t("findings.figures", measured=measured, required=rulebook.required(finding))


def findings_table(findings: Iterable[Finding]) -> Html:
    columns = [
        Column(t("findings.outcome")),
        Column(t("findings.severity")),
        Column(t("findings.what"), "wide"),
        Column(t("findings.subject"), "wide"),
        Column(t("findings.period")),
        Column(t("findings.changed")),
    ]
    return table(columns, [_finding_line(finding) for finding in findings], t("page.findings"))


def _finding_line(finding: Finding) -> list[Content]:
    title = link(address.to("finding", finding=finding.finding_id), rulebook.title(finding.rule_id))
    where = subjects.named(finding.subject_type, finding.subject_id, finding.place, finding.site)
    span = period(finding)
    return [
        chip(finding.outcome, word("outcome", finding.outcome)),
        word("severity", rulebook.severity(finding)),
        joined([title, el("div", figures(finding), css="muted small")]),
        joined([where, el("div", finding.agency_name, css="muted small")]),
        joined([span[0], el("div", span[1], css="muted small") if span[1] else None]),
        instant(finding.changed_at),
    ]


Matrix = Mapping[str, Mapping[str, Counter[str]]]


def matrix(counts: Iterable[MatrixCount]) -> Matrix:
    """Row → rule → how many of each outcome."""
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for count in counts:
        found[count.row_id][count.rule_id][count.outcome] += count.verdict_count
    return found


def rules_in(found: Matrix) -> list[str]:
    return sorted({rule_id for rules in found.values() for rule_id in rules})


def rule_columns(rule_ids: Sequence[str]) -> list[Column]:
    return [Column(rulebook.short(rule_id), "mid", rulebook.duty(rule_id)) for rule_id in rule_ids]


def rule_cells(found: Matrix, row_id: str, rule_ids: Sequence[str], row: str) -> list[Content]:
    """The worst outcome of each rule, with how many of how many when there is more than one verdict. Each opens the
    list of its verdicts, which is told the row by the parameter `row`."""
    return [_cell(found.get(row_id, {}).get(rule_id), row, row_id, rule_id) for rule_id in rule_ids]


def _cell(counts: Counter[str] | None, row: str, row_id: str, rule_id: str) -> Content:
    if not counts:
        return el("span", "–", css="muted")
    worst = outcomes.worst(counts)
    total = counts.total()
    alone = word("outcome", worst) if worst == "unknown" else ""  # its hatch has no symbol inside
    amount = alone if total == 1 else f"{counts[worst]}/{total}"
    everything = ", ".join(f"{word('outcome', o)} {counts[o]}" for o in outcomes.WORST_FIRST if counts[o])
    return link(address.to("verdicts", rule=rule_id, **{row: row_id}), mark(worst, everything, amount))


def legend() -> Html:
    """The outcomes with their symbols."""
    return el(
        "div", *(chip(outcome, name) for outcome, name in outcome_words().items() if outcome != "error"), css="legend"
    )
