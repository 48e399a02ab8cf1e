"""One camera: six months, one month by the hour, and the exact day with every poll that spoke about it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import address, charts, doubts, frame, gaps, grids, linked, listings, subjects
from dashboard.causes import Explained
from dashboard.markup import Column, Content, chip, el, facts, joined, link, table
from dashboard.queries import Reader
from dashboard.rows import Camera, Day, Exemption, Poll
from dashboard.say import duration, instant, t, weekday, word
from data.periods import Month, local_day

ORDER = 0
ICON = ":material/videocam:"
SHOWN_GAPS = 200


def render() -> None:
    with frame.reading() as reader:
        camera_id = address.get("camera") or ""
        camera = next(iter(reader.cameras(camera_id=camera_id)), None)
        if camera is None:
            frame.heading("camera", [(t("page.agencies"), address.to("agencies"))])
            frame.notice(t("agencies.not_found", id=camera_id or t("common.none")), "no_camera")
            return
        chosen = _chosen_day(reader)
        _title(camera)
        _facts(camera)
        _doubts(reader, camera)
        _verdicts(reader, camera, Month.of(chosen))
        _term(reader, camera, chosen)
        _day(reader, camera, chosen)
        _month(reader, camera, Month.of(chosen), chosen)


def _chosen_day(reader: Reader) -> date:
    """The day of the address, else the last day of the chosen month that has ended, else yesterday."""
    try:
        return date.fromisoformat(address.get("day") or "")
    except ValueError:
        today = local_day(reader.now_at)
        month = address.get("month")
        if month in reader.months():
            return min(Month.parse(month).days[-1], today) if month else today
        return today


def _title(camera: Camera) -> None:
    above = [
        (t("page.agencies"), address.to("agencies")),
        (camera.agency_name, address.to("agencies", agency=camera.agency_id)),
    ]
    if camera.room_id and camera.room_name:
        above.append((camera.room_name, address.to("room", room=camera.room_id)))
    frame.titled(above, camera.camera_id, camera.camera_id)


def _facts(camera: Camera) -> None:
    until = instant(camera.duty_to) if camera.duty_to else t("agencies.still_in_use")
    source = camera.recorder_id
    pairs: list[tuple[str, Content]] = [
        (t("agencies.room"), camera.room_name or t("common.none")),
        (t("agencies.view"), f"{word('view', camera.view)} · {word('mount', camera.mount)}"),
        (t("agencies.position"), word("position", camera.position)),
        (t("agencies.recorder"), link(subjects.href("recorder", source), source) if source else t("common.none")),
        (t("agencies.channel"), camera.channel or t("common.none")),
        (t("agencies.duty"), f"{instant(camera.duty_from)} – {until}"),
        (t("agencies.live"), t("common.yes") if camera.live_url else t("common.no")),
    ]
    linked.show(facts(pairs), "camera_facts")


def _doubts(reader: Reader, camera: Camera) -> None:
    """Those for which this camera is not asked."""
    recorder_id = camera.recorder_id or ""
    about = {recorder_id, f"{recorder_id}/{camera.channel}", camera.camera_id}
    doubts.show(doubt for doubt in reader.doubts(recorder_id) if doubt.subject_id in about)


def _verdicts(reader: Reader, camera: Camera, month: Month) -> None:
    found = listings.matrix(reader.camera_matrix(str(month), camera_id=camera.camera_id))
    findings = reader.findings(str(month), subject_id=camera.camera_id)
    if not found:
        return
    st.subheader(t("camera.verdicts", month=month), anchor=False)
    rule_ids = listings.rules_in(found)
    columns = listings.rule_columns(rule_ids)
    body = [listings.rule_cells(found, camera.camera_id, rule_ids, "camera")]
    linked.show(table(columns, body, t("camera.verdicts", month=month)), "verdicts")
    every = address.to("verdicts", camera=camera.camera_id, month=str(month))
    linked.show(link(every, t("verdict.all_of_camera")), "all_verdicts")
    if findings:
        linked.show(listings.findings_table(findings), "camera_findings")


def _term(reader: Reader, camera: Camera, chosen: date) -> None:
    st.subheader(t("camera.six_months"), anchor=False, help=t("camera.six_months_help"))
    linked.show(grids.term_strip(reader.term(camera.camera_id), camera.camera_id, chosen), "term")
    linked.show(grids.coverage_legend(), "term_legend")


def _month(reader: Reader, camera: Camera, month: Month, chosen: date) -> None:
    st.subheader(t("camera.month", month=month), anchor=False, help=t("camera.month_help"))
    linked.show(grids.month_grid(reader.hours(camera.camera_id, month), camera.camera_id, chosen), "month_grid")


def _day(reader: Reader, camera: Camera, chosen: date) -> None:
    st.subheader(t("camera.day", day=chosen, weekday=weekday(chosen)), anchor="day", help=t("camera.day_help"))
    intervals = reader.day(camera.camera_id, chosen)
    if intervals is None:
        return
    exemptions = reader.exemptions(camera.camera_id, chosen)
    st.plotly_chart(
        charts.day_timeline(chosen, intervals, exemptions),
        theme=None,
        config=charts.CONFIG,
        key="timeline",
        alt=t("camera.timeline_alt", camera=camera.camera_id, day=chosen),
    )
    left, asked = st.columns([1, 1])
    with left:
        _gaps(intervals, reader.causes(camera.camera_id, chosen), camera.camera_id, exemptions)
    with asked:
        _polls(reader.day_polls(camera.camera_id, chosen), camera.camera_id)


def _gaps(intervals: Day, causes: list[Explained], camera_id: str, exemptions: list[Exemption]) -> None:
    st.markdown(f"**{t('camera.gaps')}**")
    body = gaps.lines(intervals, causes, camera_id)[:SHOWN_GAPS]
    body += [[*_exemption_line(exemption), ""] for exemption in exemptions]
    if body:
        columns = [
            Column(t("camera.state")),
            Column(t("camera.from_to")),
            Column(t("camera.length")),
            Column(t("camera.cause"), "wide", t("camera.cause_help")),
        ]
        linked.show(table(columns, body, t("camera.gaps")), "gaps")
    else:
        frame.notice(t("camera.no_gaps"), "no_gaps")


def _exemption_line(exemption: Exemption) -> list[Content]:
    length = exemption.to_at - exemption.from_at
    papers = el("div", f"{exemption.reason} · {exemption.document_no}", css="muted small")
    return [
        chip("excused", word("outcome", "excused")),
        joined([f"{instant(exemption.from_at)} – {instant(exemption.to_at)}", papers]),
        duration(round(length.total_seconds() * 1000)),
    ]


def _polls(polls: list[Poll], camera_id: str) -> None:
    st.markdown(f"**{t('camera.polls')}**")
    if not polls:
        frame.notice(t("camera.no_polls"), "no_polls")
        return
    columns = [
        Column(t("camera.asked_at")),
        Column(t("camera.window")),
        Column(t("sources.outcome")),
        Column(t("camera.offset"), "num"),
        Column(t("sources.reason"), "wide"),
    ]
    linked.show(table(columns, [_poll_line(poll, camera_id) for poll in polls], t("camera.polls")), "polls")


def _poll_line(poll: Poll, camera_id: str) -> list[Content]:
    answered = poll.outcome == "ok" and poll.complete
    outcome = "incomplete" if poll.outcome == "ok" and not poll.complete else poll.outcome
    offset = t("common.none") if poll.clock_offset_ms is None else f"{poll.clock_offset_ms / 1000:+.3f} s"
    return [
        link(subjects.href("poll", poll.poll_id, camera=camera_id), instant(poll.asked_at, seconds=True)),
        f"{instant(poll.covers_from)} – {instant(poll.covers_to)}",
        chip("pass" if answered else "unknown", word("answer", outcome)),
        offset,
        poll.reason or "",
    ]
