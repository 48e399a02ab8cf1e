"""One room: its suspected findings and its cameras, with how each rule came out for them."""

from __future__ import annotations

import streamlit as st

from dashboard import address, frame, linked, listings
from dashboard.markup import Column, Content, Html, el, facts, joined, link, table
from dashboard.queries import Reader
from dashboard.rows import Camera, Room
from dashboard.say import instant, t, word

ORDER = 0
ICON = ":material/meeting_room:"


def render() -> None:
    with frame.reading() as reader:
        _show(reader, address.get("room") or "")


def _show(reader: Reader, room_id: str) -> None:
    room = next(iter(reader.rooms(room_id=room_id)), None)
    if room is None:
        frame.heading("agencies", [(t("page.agencies"), address.to("agencies"))])
        frame.notice(t("agencies.not_found", id=room_id), "no_room")
        return
    above = [
        (t("page.agencies"), address.to("agencies")),
        (room.agency_name, address.to("agencies", agency=room.agency_id)),
    ]
    frame.titled(above, room.name, room.room_id)
    linked.show(_room_facts(room), "room_facts")
    month = frame.month_box(reader)
    if month is None:
        return
    findings = [f for f in reader.findings(month, agency_id=room.agency_id) if f.room_id == room_id]
    st.subheader(t("agencies.findings", count=len(findings)), anchor=False)
    if findings:
        linked.show(listings.findings_table(findings), "room_findings")
    else:
        frame.notice(t("findings.none"), "no_findings")
    _cameras(reader, month, room_id)


def _room_facts(room: Room) -> Html:
    until = room.in_use_to.isoformat() if room.in_use_to else t("agencies.still_in_use")
    disciplines = [word("discipline", name) for name in room.disciplines or []]
    return facts(
        [
            (t("agencies.site"), room.premises_name),
            (t("agencies.kind"), word("room_kind", room.kind)),
            (t("agencies.disciplines"), " · ".join(disciplines) or t("common.none")),
            (t("agencies.in_use"), f"{room.in_use_from} – {until}"),
        ]
    )


def _cameras(reader: Reader, month: str, room_id: str) -> None:
    st.subheader(t("agencies.cameras_and_rules"), anchor=False, help=t("agencies.matrix_help"))
    found = listings.matrix(reader.camera_matrix(month, room_id=room_id))
    rule_ids = listings.rules_in(found)
    columns = [
        Column(t("agencies.camera")),
        Column(t("agencies.view")),
        Column(t("agencies.position")),
        Column(t("agencies.recorder")),
        Column(t("agencies.duty_from")),
        *listings.rule_columns(rule_ids),
    ]
    body = [
        [*_camera_cells(camera), *listings.rule_cells(found, camera.camera_id, rule_ids, "camera")]
        for camera in reader.cameras(room_id=room_id)
    ]
    linked.show(table(columns, body, t("agencies.cameras_and_rules")), "cameras")
    linked.show(listings.legend(), "legend")
    linked.show(link(address.to("verdicts", room=room_id), t("verdict.all_of_room")), "all_verdicts")


def _camera_cells(camera: Camera) -> list[Content]:
    source = camera.recorder_id
    channel = el("span", f" · {camera.channel}", css="muted") if camera.channel else ""
    return [
        link(address.to("camera", camera=camera.camera_id), camera.camera_id),
        f"{word('view', camera.view)} · {word('mount', camera.mount)}",
        word("position", camera.position),
        joined([link(address.to("sources", source=source), source), channel]) if source else t("common.none"),
        instant(camera.duty_from),
    ]
