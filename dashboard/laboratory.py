"""The laboratory of a rule's page: other values of one parameter, tried on the month shown. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from dashboard import address, charts, frame, linked, rulebook, services
from dashboard.markup import Column, Content, chip, el, joined, link, table
from dashboard.queries import Reader
from dashboard.rows import Judgement
from dashboard.say import quantity, t, word
from data.periods import Month
from rules.catalogue import Parameter, Rule, RuleError
from rules.laboratory import NO_VERDICT, Change, History, Point, draft, followers, listed, point, previews

MOST_VALUES = 12
SHOWN_CHANGES = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """One value: what it gives, and the first of the verdicts whose outcome it changes."""

    point: Point
    moved: tuple[Change, ...]
    moved_count: int
    affected: tuple[str, ...]


def show(reader: Reader, rule: Rule, month: str) -> None:
    own = [name for name, parameter in rule.parameters.items() if parameter.same_as is None]
    judgement = reader.judgement(month)
    if not own or judgement is None:
        frame.notice(t("laboratory.nothing_to_try"), "nothing_to_try")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(t("rule_column.parameter"), own, key=f"try_name_{rule.id}", width=280)
        parameter = rule.parameters[name]
        text = st.text_input(
            t("laboratory.values", present=_valued(parameter.value, parameter)), _suggested(parameter),
            key=f"try_values_{rule.id}_{name}", help=t("laboratory.values_help", most=MOST_VALUES), width=420,
        )  # fmt: skip
        pressed = st.button(t("laboratory.try"), icon=":material/science:", key="try")
    key = f"tried_{rule.id}_{name}_{month}_{judgement.known_from}"
    if pressed:
        try:
            with st.spinner(t("laboratory.trying")):
                st.session_state[key] = _tried(reader, rule, name, listed(text, MOST_VALUES), judgement)
        except RuleError:
            st.session_state.pop(key, None)
            frame.notice(t("laboratory.refused", most=MOST_VALUES), "refused")
    tried: list[Tried] | None = st.session_state.get(key)
    if tried:
        _results(rule, name, tried)


def _suggested(parameter: Parameter) -> str:
    """Nothing, half, the present value and double; words have no such steps."""
    if not parameter.is_number:
        return str(parameter.value)
    present = Decimal(parameter.value)
    steps = [Decimal(0), present / 2, present, present * 2]
    fitting = [step for step in steps if step % 1 == 0] if present % 1 == 0 else [present]
    return ", ".join(format(step.normalize(), "f") for step in fitting)


def _tried(reader: Reader, rule: Rule, name: str, values: Sequence[str], judgement: Judgement) -> list[Tried]:
    """Judged at the instants of the judgement on the page, and only what the viewer may see."""
    drafts = [draft(rule, {name: value}) for value in values]
    own = reader.scope.agency_id
    with services.current().store.cursor() as cursor:
        history = History(
            cursor, Month.parse(judgement.month), judgement.now_at, judgement.as_of, None if own is None else [own]
        )
        found = previews(history, rulebook.rules(), drafts)
    return [Tried(point(x, name), tuple(x.moved(SHOWN_CHANGES)), x.moved_count, x.affected) for x in found]


def _valued(value: Decimal | str, parameter: Parameter) -> str:
    return f"{value} {word('unit', parameter.unit)}" if parameter.is_number else str(value)


def _outcome(outcome: str) -> Content:
    return chip(outcome, word("outcome", outcome)) if outcome != NO_VERDICT else t("laboratory.no_verdict")


def _results(rule: Rule, name: str, tried: list[Tried]) -> None:
    parameter = rule.parameters[name]
    st.caption(t("laboratory.trial"))
    st.plotly_chart(
        charts.sweep_bars([x.point for x in tried], parameter), config=charts.CONFIG, key="sweep",
        alt=t("laboratory.chart_alt", rule=rule.id, parameter=name),
    )  # fmt: skip
    columns = [Column(name), Column(t("laboratory.before")), Column(t("laboratory.after")),
               Column(t("laboratory.verdicts"), "num")]  # fmt: skip
    body: list[list[Content]] = [
        [_valued(x.point.value, parameter), _outcome(before), _outcome(after), f"{count:,}"]
        for x in tried
        for (before, after), count in sorted(x.point.transitions.items())
        if before != after
    ]
    st.markdown(f"**{t('laboratory.transitions')}**")
    if not body:
        frame.notice(t("laboratory.nothing_changes"), "nothing_changes")
    else:
        linked.show(table(columns, body, t("laboratory.transitions")), "transitions")
    if following := followers(rulebook.rules(), rule.id, [name]):
        links = [link(address.to("rule", rule=rule_id), rulebook.title(rule_id), " ") for rule_id in following]
        linked.show(el("p", t("laboratory.affected"), " ", joined(links), css="muted"), "affected")
    _moved(tried, parameter)


def _moved(tried: list[Tried], parameter: Parameter) -> None:
    """The verdicts behind one value, those of the rules that follow it included."""
    moving = {str(x.point.value): x for x in tried if x.moved_count}
    if not moving:
        return
    chosen = moving[
        st.selectbox(
            t("laboratory.which"), list(moving), key="try_which", width=280,
            format_func=lambda value: t("laboratory.which_value", value=_valued(value, parameter),
                                        count=moving[value].moved_count),
        )
    ]  # fmt: skip
    columns = [Column(t("overview.rule"), "wide"), Column(t("findings.subject")), Column(t("findings.period")),
               Column(t("laboratory.before")), Column(t("laboratory.after")), Column(t("findings.measured"), "num"),
               Column(t("findings.required"), "num")]  # fmt: skip
    linked.show(table(columns, [_change(x) for x in chosen.moved], t("laboratory.which")), "moved")
    if chosen.moved_count > len(chosen.moved):
        st.caption(t("laboratory.cut", shown=len(chosen.moved), total=f"{chosen.moved_count:,}"))


def _change(change: Change) -> list[Content]:
    unit = rulebook.rules()[change.rule_id].unit
    figures = [
        " → ".join(dict.fromkeys(quantity(value, unit) for value in pair if value))
        for pair in (
            (change.measured_before, change.measured_after),
            (change.required_before, change.required_after),
        )
    ]
    return [
        rulebook.short(change.rule_id),
        el("span", change.subject_id, css="mono"),
        change.period,
        _outcome(change.outcome_before),
        _outcome(change.outcome_after),
        *figures,
    ]
