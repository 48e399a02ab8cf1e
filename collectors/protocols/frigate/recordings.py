"""One reply of `/api/{camera}/recordings`, read strictly: every row is one segment of about ten seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from collectors import json_reply
from collectors.answers import Malformed
from collectors.intervals import Interval
from collectors.protocols.frigate.server import FrigateDevice

EPOCH = datetime(1970, 1, 1)
EDGE = timedelta(seconds=10)
AHEAD = timedelta(minutes=2)
LONGEST = timedelta(seconds=600)
"""Frigate throws longer segments away."""
LONGEST_S = LONGEST.total_seconds()
LATEST_S = (datetime(2101, 1, 1) - EPOCH).total_seconds()


@dataclass(frozen=True, slots=True)
class Row:
    """Device time. `flaw`: why this row is no footage; what lies there is then not denied. One row may be listed by
    two questions: `row_id` tells."""

    row_id: str
    part: Interval
    flaw: str = ""


def ask_rows(server: FrigateDevice, camera: str, window: Interval, device_now: datetime) -> list[Row]:
    """The rows that overlap `window`. Both bounds are sent: the defaults are those of the start of the process."""
    path = f"/api/{quote(camera, safe='')}/recordings"
    source = f"{server.address}{path}"
    bounds = {"after": _seconds(window[0]), "before": _seconds(window[1])}
    reply = server.ask_json(path, bounds)
    rows = [_row(item, source, device_now) for item in json_reply.objects(reply, source)]
    if rows and not any(row.part[0] <= window[1] + EDGE and row.part[1] >= window[0] - EDGE for row in rows):
        raise Malformed(f"{source} listed only footage outside the window it was asked for")
    return rows


def _row(item: dict[str, object], source: str, device_now: datetime) -> Row:
    start_s, end_s = (json_reply.number(item.get(key)) for key in ("start_time", "end_time"))
    if start_s is None or end_s is None or not all(0 <= each < LATEST_S for each in (start_s, end_s)):
        raise Malformed(f"{source} lists a segment without a usable start_time and end_time")
    row_id = json_reply.text(item.get("id"))
    start, end = (EPOCH + timedelta(seconds=each) for each in (start_s, end_s))
    if end < start:
        return Row(row_id, (max(end, start - LONGEST), start), "a segment there ends before it starts")
    if end - start > LONGEST:
        return Row(row_id, (start, end), f"a segment there is longer than {LONGEST_S:g} s, which Frigate never keeps")
    if end > device_now + AHEAD:
        return Row(row_id, (start, end), "a segment there ends in the future")
    return Row(row_id, (start, end))


def _seconds(at: datetime) -> str:
    return f"{(at - EPOCH).total_seconds():.3f}"
