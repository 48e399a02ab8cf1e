"""One rule in full: what it demands, its numbers and why, what it gave this month, what other numbers would give."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from dashboard import address, frame, laboratory, linked, listings, outcomes, rulebook
from dashboard.markup import Column, Content, Html, chip, el, facts, joined, link, table
from dashboard.pages.rules import judged
from dashboard.queries import Reader
from dashboard.say import of, t, word
from rules import catalogue
from rules.cases import load_cases
from rules.catalogue import Parameter, Rule
from rules.pages import MENDS

ORDER = 0
ICON = ":material/rule:"


def render() -> None:
    rule_id = address.get("rule") or ""
    rule = rulebook.rules().get(rule_id)
    crumbs = [(t("page.rules"), address.to("rules"))]
    if rule is None:
        frame.heading("rule", crumbs)
        frame.notice(t("rule.gone", id=rule_id), "gone")
        return
    with frame.reading() as reader:
        frame.titled(crumbs, of(rule.title), rule.id)
        linked.show(_card(rule), "card")
        linked.show(_facts(rule), "rule_facts")
        _month(reader, rule)
        _tables(rule)


def _card(rule: Rule) -> Html:
    said = [
        (t("findings.duty"), of(rule.duty)),
        (t("rule.reading"), of(rule.reading) if rule.reading else ""),
        (t("findings.remedy"), of(rule.remedy)),
        (t("rule.mend"), of(MENDS[rule.mend])),
    ]
    return el("div", *(el("p", el("b", name), " ", text) for name, text in said if text), css="card")


def _facts(rule: Rule) -> Html:
    pairs: list[tuple[str, Content]] = [
        (t("rule.status"), word("rule_status", rule.status)),
        (t("findings.severity"), word("severity", rule.severity)),
        (t("findings.clause"), rule.clause),
        (t("rule.judged"), judged(rule)),
        (t("rule.grace"), t("duration.decimal_hours", hours=rule.grace_h)),
        (t("rule.in_force_from"), str(rule.in_force_from)),
    ]
    return facts(pairs)


def _month(reader: Reader, rule: Rule) -> None:
    st.subheader(t("rule.month"), anchor=False)
    month = frame.month_box(reader)
    if month is None:
        return
    counts = Counter({x.outcome: x.verdict_count for x in reader.rule_counts(month) if x.rule_id == rule.id})
    if counts:
        linked.show(joined(_count(rule.id, outcome, counts[outcome]) for outcome in outcomes.WORST_FIRST), "counts")
    else:
        frame.notice(t("rule.no_verdict", month=month), "no_verdict")
    st.subheader(t("laboratory.title"), anchor=False, help=t("laboratory.help"))
    laboratory.show(reader, rule, month)


def _count(rule_id: str, outcome: str, count: int) -> Content:
    """How many; failing and suspect ones lead to their findings."""
    if not count:
        return None
    shown = chip(outcome, word("outcome", outcome), count)
    if outcome in ("fail", "suspect"):
        return link(address.to("findings", rule=rule_id, outcome=outcome), shown)
    return shown


def _tables(rule: Rule) -> None:
    if rule.parameters:
        _titled_table("parameters", ["parameter", "value", "basis", "note"], [*map(_parameter, *_items(rule))])
    if elsewhere := _differences(rule):
        _titled_table("elsewhere", ["field", "guide", "here"], elsewhere)
    reasons: list[list[Content]] = [
        [of(text), word("severity", rule.severity_of(code)), el("span", code, css="mono muted")]
        for code, text in rule.reasons.items()
    ]
    _titled_table("reasons", ["reason", "weight", "code"], reasons)
    linked.show(listings.legend(), "legend")
    with st.expander(t("rule.cases"), icon=":material/checklist:"):
        names = [el("li", case.name) for case in load_cases(rule.id).cases]
        linked.show(el("ul", *names, lang="en"), "cases")
    with st.expander(t("rule.check"), icon=":material/code:"):
        st.code(rule.check.strip(), language="sql")


def _items(rule: Rule) -> tuple[list[str], list[Parameter]]:
    return list(rule.parameters), list(rule.parameters.values())


def _parameter(name: str, parameter: Parameter) -> list[Content]:
    source = parameter.same_as
    followed = t("rule.same_as") if source else ""
    other = link(address.to("rule", rule=source.partition(".")[0]), source) if source else ""
    shown = f"{parameter.value} {word('unit', parameter.unit)}" if parameter.is_number else str(parameter.value)
    return [
        el("span", name, css="mono"),
        joined([shown, el("div", followed, " ", other, css="muted small") if source else None]),
        word("rule_basis", parameter.basis.replace(" ", "_")),
        of(parameter.note),
    ]


def _differences(rule: Rule) -> list[list[Content]]:
    """What the profile that counts here has otherwise than the guide the catalogue is written for."""
    guide = catalogue.load()[rule.id]
    return [[el("span", x.field, css="mono"), of(x.ours), of(x.theirs)] for x in catalogue.differences(guide, rule)]


def _titled_table(name: str, columns: list[str], body: list[list[Content]]) -> None:
    st.subheader(t(f"rule.{name}"), anchor=False)
    heads = [Column(t(f"rule_column.{column}"), "wide") for column in columns]
    linked.show(table(heads, body, t(f"rule.{name}")), name)
