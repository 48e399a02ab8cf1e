"""One recorder: what it says of itself, how long it will hold six months, its disks and its channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from dashboard import address, doubts, frame, linked
from dashboard.forecast import Forecast
from dashboard.markup import Column, Content, Html, chip, el, facts, joined, link, table
from dashboard.recorders import Channel, Disk, Recorder, Recorders
from dashboard.say import instant, t, word

ORDER = 0
ICON = ":material/dns:"
TERA = 10**12
FRESH = timedelta(hours=30)
"""A recorder is looked at every hour; what is older than a day and a night is no longer its state."""
LONG_CHANNEL = 24
FORECAST_CSS = {"keeps": "pass", "falls_short": "suspect", "short_now": "fail", "cannot_tell": "unknown"}
DISK_CSS = {"healthy": "pass", "failed": "fail", "unknown": "unknown"}


def render() -> None:
    with frame.reading() as reader:
        recorder_id = address.get("recorder") or ""
        recorders = Recorders(reader)
        recorder = recorders.recorder(recorder_id)
        if recorder is None:
            frame.heading("recorder", [(t("page.sources"), address.to("sources"))])
            frame.notice(t("recorder.not_found", id=recorder_id or t("common.none")), "no_recorder")
            return
        frame.titled([(t("page.sources"), address.to("sources"))], recorder_id, recorder_id)
        _self(recorder)
        if recorder.told_at and reader.now_at - recorder.told_at > FRESH:
            frame.notice(t("recorder.stale", at=instant(recorder.told_at)), "stale")
        doubts.show(reader.doubts(recorder_id))
        _failures(recorder)
        _disks(recorders.disks(recorder_id), recorders.forecast(recorder_id))
        _channels(recorders.channels(recorder_id))


def _self(recorder: Recorder) -> None:
    offset = recorder.clock_offset_ms
    trip = recorder.round_trip_ms
    clock = t("common.none") if offset is None else f"{offset / 1000:+.3f} s"
    pairs: list[tuple[str, Content]] = [
        (t("recorder.agency"), link(address.to("agencies", agency=recorder.agency_id), recorder.agency_name)),
        (t("sources.address"), f"{recorder.protocol} · {recorder.address}"),
        (t("recorder.model"), recorder.model or t("common.none")),
        (t("recorder.firmware"), recorder.firmware or t("common.none")),
        (t("recorder.serial"), recorder.serial_number or t("common.none")),
        (t("sources.offset_now"), clock if trip is None else t("recorder.offset", offset=clock, trip=trip)),
        (t("recorder.told_at"), instant(recorder.told_at) if recorder.told_at else t("sources.never")),
    ]
    linked.show(facts(pairs), "recorder_facts")


def _failures(recorder: Recorder) -> None:
    """What the last look asked in vain: a missing right looks like silence otherwise."""
    if not recorder.failures:
        return
    st.subheader(t("recorder.failures"), anchor=False, help=t("recorder.failures_help"))
    columns = [Column(t("recorder.question")), Column(t("sources.outcome")), Column(t("sources.reason"), "wide")]
    body: list[list[Content]] = [
        [word("question", failure["question"]), chip("unknown", word("answer", failure["outcome"])), failure["reason"]]
        for failure in recorder.failures
    ]
    linked.show(table(columns, body, t("recorder.failures")), "failures")


def _disks(disks: list[Disk], forecast: Forecast) -> None:
    st.subheader(t("recorder.disks"), anchor=False, help=t("recorder.forecast_help"))
    if forecast.reason == "no_disks" and any(disk.capacity_bytes is None for disk in disks):
        forecast = replace(forecast, reason="no_capacity")
    linked.show(_forecast(forecast), "forecast")
    if not disks:
        frame.notice(t("recorder.no_disks"), "no_disks")
        return
    columns = [
        Column(t("recorder.disk")),
        Column(t("recorder.state")),
        Column(t("recorder.capacity"), "num"),
        Column(t("recorder.free"), "num"),
        Column(t("recorder.since")),
    ]
    body: list[list[Content]] = [
        [
            disk.disk_id,
            joined([chip(DISK_CSS[disk.state], word("disk_state", disk.state)), _own_word(disk.state_text)]),
            _size(disk.capacity_bytes),
            _size(disk.free_bytes),
            instant(disk.since_at),
        ]
        for disk in disks
    ]
    linked.show(table(columns, body, t("recorder.disks")), "disks")


def _own_word(text: str) -> Content:
    """The recorder's own, which need not mean what it seems to."""
    return el("span", f" {text}", css="muted small") if text else ""


def _forecast(forecast: Forecast) -> Html:
    said = t(f"forecast.{forecast.state}", reason=word("forecast_reason", forecast.reason) if forecast.reason else "",
             day=_day(forecast.on_day), earliest=_day(forecast.earliest), latest=_day(forecast.latest))  # fmt: skip
    lines: list[Content] = [chip(FORECAST_CSS[forecast.state], t("forecast.title")), " ", said]
    if forecast.span_days is not None:
        span = t("forecast.span", days=f"{forecast.span_days:.0f}", error=f"{forecast.span_error_days or 0:.0f}")
        lines.append(el("div", span, css="muted small"))
    return el("div", joined(lines))


def _day(day: date | None) -> str:
    return day.isoformat() if day else t("forecast.out_of_sight")


def _channels(channels: list[Channel]) -> None:
    st.subheader(t("recorder.channels"), anchor=False, help=t("recorder.channels_help"))
    if not channels:
        frame.notice(t("recorder.no_channels"), "no_channels")
        return
    columns = [
        Column(t("agencies.channel")),
        Column(t("recorder.camera")),
        Column(t("recorder.name"), "wide"),
        Column(t("recorder.online")),
        Column(t("recorder.plan")),
        Column(t("recorder.osd")),
        Column(t("recorder.since")),
    ]
    linked.show(table(columns, [_channel(channel) for channel in channels], t("recorder.channels")), "channels")


def _channel(channel: Channel) -> list[Content]:
    camera = channel.camera_id
    osd = [
        f"{t(f'recorder.{name}')}: {t('common.none') if is_on is None else t('common.yes' if is_on else 'common.no')}"
        for name, is_on in (("osd_time", channel.osd_time), ("osd_name", channel.osd_name))
    ]
    return [
        joined([el("div", part) for part in _in_lines(channel.channel)]),
        link(address.to("camera", camera=camera), camera)
        if camera
        else el("span", t("recorder.unregistered"), css="muted"),
        joined([channel.name or t("common.none"), el("div", channel.address, css="muted small")]),
        _online(channel),
        word("plan_mode", channel.plan) if channel.plan else t("common.none"),
        " · ".join(osd),
        instant(channel.since_at) if channel.since_at else t("sources.never"),
    ]


def _online(channel: Channel) -> Content:
    """Nothing is owed of a channel that nobody registered."""
    if not channel.is_listed:
        return t("recorder.unlisted")
    css, said = {True: ("pass", "online"), False: ("fail", "offline"), None: ("unknown", "untold")}[channel.is_online]
    text = t(f"recorder.{said}")
    return chip(css, text) if channel.camera_id else el("span", text, css="muted")


def _in_lines(channel: str) -> list[str]:
    """A pair of long codes, one below the other."""
    head, slash, tail = channel.partition("/")
    return [f"{head}/", tail] if slash and len(channel) > LONG_CHANNEL else [channel]


def _size(size_bytes: int | None) -> str:
    return t("common.none") if size_bytes is None else f"{size_bytes / TERA:.2f} TB"
