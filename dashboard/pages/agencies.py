"""From agency to room to camera: who there is, and how each rule came out for it."""

from __future__ import annotations

import streamlit as st

from dashboard import address, frame, linked, listings, silence, summaries
from dashboard.markup import Column, Content, Html, el, facts, link, table
from dashboard.queries import Reader
from dashboard.rows import Agency, RuleCount
from dashboard.say import instant, t, word

ORDER = 2
ICON = ":material/domain:"


def render() -> None:
    with frame.reading() as reader:
        agency_id = address.get("agency")
        if agency_id:
            _agency_page(reader, agency_id)
        else:
            _all_agencies(reader)


def _all_agencies(reader: Reader) -> None:
    frame.heading("agencies")
    columns = [
        Column(t("overview.agency"), "wide"),
        Column(t("agencies.id")),
        Column(t("overview.district")),
        *(Column(t(f"agencies.{name}"), "num") for name in ("premises", "rooms", "cameras", "recorders")),
    ]
    body: list[list[Content]] = [
        [
            link(address.to("agencies", agency=agency.agency_id), agency.name),
            el("span", agency.agency_id, css="mono"),
            word("district", agency.district_code),
            agency.premises_count,
            agency.room_count,
            agency.camera_count,
            agency.recorder_count,
        ]
        for agency in reader.agencies()
    ]
    linked.show(table(columns, body, t("page.agencies")), "all_agencies")


def _agency_page(reader: Reader, agency_id: str) -> None:
    agency = next(iter(reader.agencies(agency_id)), None)
    if agency is None:
        frame.heading("agencies", [(t("page.agencies"), address.to("agencies"))])
        frame.notice(t("agencies.not_found", id=agency_id), "no_agency")
        return
    frame.titled([(t("page.agencies"), address.to("agencies"))], agency.name, agency.agency_id)
    linked.show(_agency_facts(agency), "agency_facts")
    month = frame.month_box(reader)
    if month is None:
        return
    findings = reader.findings(month, agency_id=agency_id)
    st.subheader(t("agencies.findings", count=len(findings)), anchor=False)
    if findings:
        linked.show(listings.findings_table(findings), "agency_findings")
    else:
        frame.notice(t("findings.none"), "no_findings")
    _rules(reader, month, agency_id)
    _rooms(reader, month, agency_id)
    _recorders(reader, agency_id)


def _agency_facts(agency: Agency) -> Html:
    counts = ("premises", "rooms", "cameras", "recorders")
    figures = (agency.premises_count, agency.room_count, agency.camera_count, agency.recorder_count)
    named = [(t(f"agencies.{name}"), figure) for name, figure in zip(counts, figures, strict=True)]
    cma = t("common.none") if agency.cma is None else t("common.yes") if agency.cma else t("common.no")
    return facts([(t("overview.district"), word("district", agency.district_code)), (t("agencies.cma"), cma), *named])


def _rules(reader: Reader, month: str, agency_id: str) -> None:
    """Also what belongs to no room: recorders, sessions on site, reports and images."""
    st.subheader(t("overview.rules"), anchor=False, help=t("overview.rules_help"))
    counts = [RuleCount(c.rule_id, c.outcome, c.verdict_count) for c in reader.agency_rule_counts(month)
              if c.row_id == agency_id]  # fmt: skip
    linked.show(summaries.rules_table(counts, agency_id), "agency_rules")


def _rooms(reader: Reader, month: str, agency_id: str) -> None:
    st.subheader(t("agencies.rooms_and_rules"), anchor=False, help=t("agencies.matrix_help"))
    found = listings.matrix(reader.room_matrix(month, agency_id))
    rule_ids = listings.rules_in(found)
    columns = [
        Column(t("agencies.room"), "wide"),
        Column(t("agencies.kind")),
        Column(t("agencies.site")),
        *listings.rule_columns(rule_ids),
    ]
    body = [
        [
            link(address.to("room", room=room.room_id), room.name),
            word("room_kind", room.kind),
            room.premises_name,
            *listings.rule_cells(found, room.room_id, rule_ids, "room"),
        ]
        for room in reader.rooms(agency_id=agency_id)
    ]
    linked.show(table(columns, body, t("agencies.rooms_and_rules")), "rooms")
    linked.show(listings.legend(), "legend")


def _recorders(reader: Reader, agency_id: str) -> None:
    st.subheader(t("agencies.recorders"), anchor=False)
    columns = [
        Column(t("sources.source")),
        Column(t("sources.address")),
        Column(t("agencies.cameras"), "num"),
        Column(t("sources.answered_at")),
        Column(t("sources.outcome")),
    ]
    body: list[list[Content]] = [
        [
            link(address.to("sources", source=source.source_id), source.source_id),
            f"{source.protocol} · {source.address}",
            source.camera_count,
            instant(source.answered_at) if source.answered_at else t("sources.never"),
            silence.outcome_chip(source),
        ]
        for source in reader.sources()
        if source.agency_id == agency_id
    ]
    linked.show(table(columns, body, t("agencies.recorders")), "recorders")
