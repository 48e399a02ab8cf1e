"""The month's verdicts of a place, a rule or an outcome, the unknown ones too; each line opens what it rests on."""

from __future__ import annotations

import streamlit as st

from dashboard import address, frame, linked, outcomes, rulebook, verdict_tables
from dashboard.markup import Content, Html, el, link
from dashboard.queries import Reader
from dashboard.records import Records
from dashboard.say import t, word

ORDER = 0
ICON = ":material/checklist:"
PAGE_SIZE = 100
PLACES = ("room", "camera")


def render() -> None:
    with frame.reading() as reader:
        frame.heading("verdicts", [(t("page.agencies"), address.to("agencies"))])
        boxes = st.columns(4)
        with boxes[0]:
            month = frame.month_of(reader)
        if month is None:
            return
        names = {agency.agency_id: agency.name for agency in reader.agencies()}
        everything = t("common.all")
        with boxes[1]:
            agency = frame.choose("agency", t("overview.agency"), list(names), names.__getitem__, everything=everything)
        with boxes[2]:
            rule = frame.choose(
                "rule", t("overview.rule"), sorted(rulebook.rules()), rulebook.short, everything=everything
            )
        with boxes[3]:
            outcome = frame.choose(
                "outcome",
                t("findings.outcome"),
                outcomes.WORST_FIRST,
                lambda x: word("outcome", x),
                everything=everything,
            )
        _list(reader, month, agency, rule, outcome)


def _list(reader: Reader, month: str, agency: str | None, rule: str | None, outcome: str | None) -> None:
    places = {name: address.get(name) for name in PLACES}
    for name, identifier in places.items():
        if identifier:
            linked.show(_narrowed(name, identifier), f"only_{name}")
    slot = st.container()
    page = max(int(st.session_state.get("verdicts_page") or 1), 1)
    shown = Records(reader).verdicts(
        month,
        skipped=(page - 1) * PAGE_SIZE,
        shown=PAGE_SIZE,
        agency_id=agency,
        rule_id=rule,
        outcome=outcome,
        room_id=places["room"],
        camera_id=places["camera"],
    )
    total = shown[0].total_count if shown else 0
    if total > PAGE_SIZE:
        st.pagination(-(-total // PAGE_SIZE), key="verdicts_page")
    with slot:
        st.markdown(t("verdict.count", total=f"{total:,}"))
        if shown:
            linked.show(verdict_tables.verdicts_table(shown, t("page.verdicts")), "verdicts_table")
        else:
            frame.notice(t("verdict.no_verdicts"), "no_verdicts")


def _narrowed(name: str, identifier: str) -> Html:
    """What the list is narrowed to, and the way out of it."""
    parts: list[Content] = [
        word("subject_type", name),
        " ",
        link(address.to(name, **{name: identifier}), el("span", identifier, css="mono")),
        " · ",
        link(address.to("verdicts"), t("verdict.widen")),
    ]
    return el("div", *parts, css="legend")
