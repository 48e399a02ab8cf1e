"""Every rule that verdicts are made by, gravest first."""

from __future__ import annotations

from dashboard import address, frame, linked, rulebook
from dashboard.markup import Column, Content, el, joined, link, table
from dashboard.say import of, t, word
from rules.catalogue import SEVERITIES, Rule

ORDER = 6
ICON = ":material/rule:"


def render() -> None:
    frame.heading("rules")
    rules = sorted(rulebook.rules().values(), key=lambda rule: (-SEVERITIES.index(rule.severity), rule.id))
    columns = [
        Column(t("overview.rule"), "wide"),
        Column(t("findings.severity")),
        Column(t("rule.status")),
        Column(t("findings.clause")),
        Column(t("rule.judged")),
        Column(t("rule.duty"), "wide"),
    ]
    linked.show(table(columns, [_line(rule) for rule in rules], t("page.rules")), "rules")


def _line(rule: Rule) -> list[Content]:
    name = link(address.to("rule", rule=rule.id), of(rule.title))
    return [
        joined([name, el("div", rule.id, css="mono muted")]),
        word("severity", rule.severity),
        word("rule_status", rule.status),
        rule.clause,
        judged(rule),
        of(rule.duty),
    ]


def judged(rule: Rule) -> str:
    """What one verdict is about: its kind of subject and its period."""
    subjects = " / ".join(word("subject_type", subject) for subject in rule.subject)
    return f"{subjects} · {word('rule_period', rule.period)}"
