"""The exemptions of a month: what each covers, on whose word, and how many verdicts it excused."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import address, frame, linked, subjects
from dashboard.markup import Column, Content, chip, el, joined, link, table
from dashboard.record_rows import MonthExemption
from dashboard.records import Records
from dashboard.say import instant, t, word
from data.periods import Month

ORDER = 6
ICON = ":material/event_busy:"
LOOKS = {"in_force": "excused", "unused": "suspect", "expired": "", "ahead": "maturing"}
"""The outcome whose colour and symbol a state is shown with; what is over has none, and never the hatch of unknown."""


def render() -> None:
    with frame.reading() as reader:
        title, box = st.columns([5, 1], vertical_alignment="bottom")
        with title:
            frame.heading("exemptions")
        with box:
            month = frame.month_of(reader)
        if month is None:
            return
        exemptions = Records(reader).exemptions(Month.parse(month))
        if not exemptions:
            frame.notice(t("exemptions.none", month=month), "no_exemptions")
            return
        _in_words(exemptions, month, instant(reader.now_at))
        linked.show(table(_columns(), [_line(x) for x in exemptions], t("page.exemptions")), "exemptions_table")
        st.caption(t("exemptions.counting"))


def _in_words(exemptions: Sequence[MonthExemption], month: str, now: str) -> None:
    unused = [x.exemption_id for x in exemptions if not x.excused_count and x.state != "ahead"]
    expired = [x.exemption_id for x in exemptions if x.state == "expired"]
    joint = t("exemptions.joint")
    said = [
        t("exemptions.sum", count=len(exemptions), month=month, now=now),
        t("exemptions.unused", ids=joint.join(unused)) if unused else t("exemptions.none_unused"),
        t("exemptions.expired", ids=joint.join(expired)) if expired else t("exemptions.none_expired"),
    ]
    linked.show(el("div", *(el("p", sentence) for sentence in said), css="card"), "exemptions_said")


def _columns() -> list[Column]:
    return [
        Column(t("exemptions.id")),
        Column(t("camera.state")),
        Column(t("exemptions.excused"), "num"),
        Column(t("exemptions.scope")),
        Column(t("findings.from")),
        Column(t("findings.to")),
        Column(t("exemptions.reason"), "wide"),
        Column(t("exemptions.document_no"), "wide"),
        Column(t("exemptions.approved_by")),
    ]


def _line(exemption: MonthExemption) -> list[Content]:
    return [
        el("span", exemption.exemption_id, css="mono"),
        chip(LOOKS[exemption.state], word("exemption_state", exemption.state)),
        _excused(exemption),
        _scope(exemption),
        instant(exemption.from_at, seconds=True),
        instant(exemption.to_at, seconds=True),
        exemption.reason,
        exemption.document_no,
        exemption.approved_by,
    ]


def _excused(exemption: MonthExemption) -> Content:
    """The month's excused verdicts of every exemption are one list."""
    count = exemption.excused_count
    return link(address.to("verdicts", outcome="excused"), str(count)) if count else "0"


def _scope(exemption: MonthExemption) -> Content:
    kind = el("span", f"{word('scope_type', exemption.scope_type)} ", css="muted")
    name = el("span", exemption.scope_id, css="mono")
    if exemption.scope_type == "premises":  # premises have no page of their own
        return joined([kind, name])
    return joined([kind, link(subjects.href(exemption.scope_type, exemption.scope_id), name)])
