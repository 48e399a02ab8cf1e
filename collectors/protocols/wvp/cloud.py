"""What the platform's own media server has recorded, by the rows the platform keeps of it.

A row is written when a file is closed and its hook arrives. A platform that is down at that moment never writes it, and
rows of a media server that is offline may be hidden: what is not listed is not known, never denied.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from collectors import json_reply
from collectors.answers import DeviceFailure, FootageAnswer, Malformed
from collectors.chunks import DeviceBrokeError, Flaw, answers
from collectors.intervals import Interval, merged, without
from collectors.protocols.wvp.identity import clock
from collectors.protocols.wvp.records import written
from collectors.protocols.wvp.server import WvpDevice
from data.periods import day_ends_at, local_day

LIST = "/api/cloud/record/list"
NO_PROOF = "the platform lists nothing there, but it loses the row of a file when it is down as the file closes"
SEAM = timedelta(seconds=5)
"""Between two files of one recording there are two to five seconds."""
LONGEST_FILE = timedelta(hours=24)
MS_SINCE = 10**11
"""Since March 2024 stamps are milliseconds; as seconds such a number would be after the year 5000."""
_EPOCH = datetime(1970, 1, 1)
_LATEST = datetime(2101, 1, 1)


def footage(server: WvpDevice, app: str, stream: str, window: Interval) -> Iterator[FootageAnswer]:
    """A local day at a time; a day whose list cannot be had is a flaw, unless none could."""
    offset = timedelta(milliseconds=clock(server).offset_ms)
    listed = (window[0] + offset, window[1] + offset)
    held, flaws, at = list[Interval](), list[Flaw](), listed[0]
    while at < listed[1]:
        day = (at, min(day_ends_at(local_day(at)), listed[1]))
        try:
            held += _rows(server, app, stream, day)
        except (DeviceBrokeError, Malformed) as failure:
            flaws.append(_flaw(day, failure))
        at = day[1]
    held = merged(held, SEAM)
    gaps = [Flaw(gap, NO_PROOF) for gap in without([listed], held)]
    yield from answers(listed, offset, held, [*flaws, *gaps])


def _flaw(day: Interval, failure: DeviceFailure) -> Flaw:
    return Flaw(day, str(failure), failure.outcome)


def _rows(server: WvpDevice, app: str, stream: str, day: Interval) -> list[Interval]:
    rows = server.ask_pages(
        LIST, app=app, stream=stream, startTime=written(day[0]), endTime=written(day[1]), ascOrder="true"
    )
    source = f"{server.address}{LIST}"
    return [part for part in (_part(row, server.now(), source) for row in rows) if part is not None]


def _part(row: dict[str, object], now: datetime, source: str) -> Interval | None:
    """None for a row that cannot be footage: nothing follows from it, as nothing is denied here anyway."""
    started_at, ended_at = (_instant(row.get(name), source) for name in ("startTime", "endTime"))
    if not timedelta(0) < ended_at - started_at <= LONGEST_FILE or ended_at > now + timedelta(hours=1):
        return None
    return started_at, ended_at


def _instant(value: object, source: str) -> datetime:
    stamp = json_reply.whole(value)
    if stamp is None or stamp < 0:
        raise Malformed(f"{source} lists a record without a usable start and end")
    at_s = stamp / 1000 if stamp >= MS_SINCE else float(stamp)
    if at_s >= (_LATEST - _EPOCH).total_seconds():
        raise Malformed(f"{source} lists a record of a time after the year 2100")
    return _EPOCH + timedelta(seconds=at_s)
