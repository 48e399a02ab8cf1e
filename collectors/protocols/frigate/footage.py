"""What Frigate holds of one camera: its segments, merged, and what a hole between them is worth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import quote

from collectors import json_reply, steps
from collectors.answers import FootageAnswer, Malformed
from collectors.chunks import Chunks, Flaw, answers, collect
from collectors.device import Device
from collectors.intervals import Interval, merged, without
from collectors.protocols.frigate.cameras import cameras, mode_of
from collectors.protocols.frigate.recordings import EPOCH, Row, ask_rows
from collectors.protocols.frigate.server import FrigateDevice, ours
from collectors.protocols.frigate.state import offset_of
from data.periods import day_ends_at, local_day

SETTLING = timedelta(seconds=120)
"""Segments are cut in memory, probed, moved and only then indexed."""
SEAM = timedelta(seconds=2)
"""Starts are whole seconds, so neighbours miss each other by up to that."""
MARGIN = timedelta(seconds=15)
"""Asked on both sides, so that a seam at the edge of the window is closed like any other."""
WIDEST, SMALLEST = timedelta(hours=2), timedelta(minutes=15)
"""720 rows at most; with the motion maps of new versions a day would be beyond any limit."""
CONTEXT = timedelta(hours=24)
"""Looked at around a gap for the overlap that explains it as a step of the clock."""
ZONE = "Asia/Shanghai"


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that cover the window up to two minutes before now, a local day at a time."""
    server = ours(device)
    offset = offset_of(server)
    settled_to = server.now() - SETTLING
    covers_to = min(covers_to, server.now())
    if covers_from >= covers_to:
        return
    note, is_known = _worth(server, channel)
    if covers_from >= settled_to or not is_known:
        note = note or "the newest two minutes are not indexed yet"
        yield from answers((covers_from + offset, covers_to + offset), offset, (), (), note=note)
        return
    covers_to = min(covers_to, settled_to)
    while covers_from < covers_to:
        until = min(covers_to, day_ends_at(local_day(covers_from)))
        yield from _day(server, channel, (covers_from + offset, until + offset), offset, note)
        covers_from = until


def days_held(device: Device, channel: str, first_day: date, last_day: date) -> frozenset[date]:
    """Days of Beijing time with any recording; Malformed for a camera that is not there, which Frigate calls empty."""
    server = ours(device)
    note, is_known = _worth(server, channel)
    if not is_known:
        raise Malformed(f"{server.address}: {note}")
    path = f"/api/{quote(channel, safe='')}/recordings/summary"
    source = f"{server.address}{path}"
    found = (_day_held(item, source) for item in json_reply.objects(server.ask_json(path, {"timezone": ZONE}), source))
    return frozenset(day for day in found if day is not None and first_day <= day <= last_day)


def playback_url(device: Device, channel: str, at: datetime) -> str:
    """One second of footage as a clip; the login is the caller's to add."""
    server = ours(device)
    start_s = int((at + offset_of(server) - EPOCH).total_seconds())
    return f"{server.address}/api/{quote(channel, safe='')}/start/{start_s}/end/{start_s + 1}/clip.mp4"


def _worth(server: FrigateDevice, channel: str) -> tuple[str, bool]:
    """Why a hole denies nothing (empty: it does), and whether the camera is there at all."""
    camera = cameras(server).get(channel)
    if camera is None:
        return f"camera '{channel}' is not in Frigate's configuration; check the channel's name", False
    mode = mode_of(camera)
    if mode == "continuous":
        return "", True
    words = {"off": "is switched off", "event": "is set to motion or events", "unknown": "has settings we do not know"}
    return f"recording of camera '{channel}' {words[mode]}, so a gap is no loss", True


def _day(
    server: FrigateDevice, channel: str, window: Interval, offset: timedelta, note: str
) -> Iterator[FootageAnswer]:
    device_now = server.now() + offset
    ask = partial(_rows, server, channel, device_now)
    chunks = ask((window[0] - MARGIN, min(window[1] + MARGIN, device_now)))
    if not chunks.answered:
        raise chunks.failed[0][1]
    flaws = chunks.flaws + _doubtful(chunks.rows)
    held = [row.part for row in chunks.rows if not row.flaw]
    if not note and steps.gaps(held, chunks.answered):
        flaws += _stepped(chunks, ask, window, device_now)
    flaws = [Flaw(part, f.reason, f.outcome) for f in flaws for part in without([f.part], held)]
    yield from answers(window, offset, merged(held, SEAM), flaws, note=note)


def _rows(server: FrigateDevice, channel: str, device_now: datetime, stretch: Interval) -> Chunks[Row]:
    return collect(stretch, lambda part: ask_rows(server, channel, part, device_now), widest=WIDEST, smallest=SMALLEST)


def _doubtful(rows: list[Row]) -> list[Flaw]:
    return [Flaw(row.part, row.flaw) for row in rows if row.flaw and row.part[0] < row.part[1]]


def _stepped(chunks: Chunks[Row], ask: partial[Chunks[Row]], window: Interval, device_now: datetime) -> list[Flaw]:
    """Gaps that may be no loss, because files elsewhere in the day around overlap by as much."""
    before = ask((window[0] - CONTEXT, window[0] - MARGIN))
    after = ask((window[1] + MARGIN, min(window[1] + CONTEXT, device_now - SETTLING)))
    parts = [chunks, before, after]
    files = [row.part for row in {row for each in parts for row in each.rows} if not row.flaw]
    listed = merged(part for each in parts for part in each.answered)
    return [Flaw(gap, steps.stepped(step)) for gap, step in steps.explained(files, listed)]


def _day_held(item: dict[str, object], source: str) -> date | None:
    """None for a day without recorded seconds."""
    try:
        day = date.fromisoformat(json_reply.text(item.get("day")))
    except ValueError:
        raise Malformed(f"{source} lists a day that is none") from None
    hours = item.get("hours")
    held = [json_reply.number(hour.get("duration")) for hour in json_reply.objects(hours, source)]
    return day if any(each is not None and each > 0 for each in held) else None
