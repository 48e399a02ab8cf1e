"""Events as footage: what each holds, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.chunks import Flaw
from collectors.intervals import Interval
from collectors.protocols.zoneminder.events import EPOCH, Event
from collectors.protocols.zoneminder.timebase import TimeBase

AHEAD = timedelta(minutes=2)
SLACK = timedelta(seconds=60)
"""An event is cut at the first key frame after its section."""
LONGEST = timedelta(hours=6)
SHORT, SHORT_BY = 0.95, timedelta(seconds=5)
"""An event whose length is below that share of its time, and by more than that, has lost frames."""
NEVER = datetime(2101, 1, 1)
LATEST_S = (NEVER - EPOCH).total_seconds()


@dataclass(frozen=True, slots=True)
class Row:
    """One event in device time; `to` is what it has reached if it is open."""

    event: Event
    start: datetime
    to: datetime

    @property
    def part(self) -> Interval:
        return self.start, self.to


def placed(event: Event, base: TimeBase) -> Row:
    start = _instant(event.start_s) or base.device_time(event.started)
    if event.ended is None:
        return Row(event, start, start + event.length)
    return Row(event, start, _instant(event.end_s) or base.device_time(event.ended))


def held(rows: Iterable[Row], device_now: datetime) -> list[Interval]:
    return [row.part for row in rows if row.start < row.to <= device_now + AHEAD]


def flaws(rows: Iterable[Row], section: timedelta, device_now: datetime) -> list[Flaw]:
    """Where something is not denied, because an event there was not closed or cannot be as it is listed."""
    ordered = sorted({row.event.event_id: row for row in rows}.values(), key=lambda row: row.start)
    later = [*(row.start for row in ordered[1:]), NEVER]
    found: list[Flaw] = []
    for row, next_start in zip(ordered, later, strict=False):
        if row.to > device_now + AHEAD:
            found.append(Flaw(row.part, "an event there ends in the future"))
        elif row.to < row.start:
            found.append(Flaw((max(row.to, row.start - LONGEST), row.start), "an event there ends before it starts"))
        elif row.event.ended is None:
            part = (row.to, _open_to(row, next_start, section))
            found.append(Flaw(part, f"event {row.event.event_id} was not closed: what it holds is not known"))
        elif _is_short(row):
            reason = f"event {row.event.event_id} lasts {row.event.length.total_seconds():.0f} s: frames were lost"
            found.append(Flaw(row.part, reason))
    return [flaw for flaw in found if flaw.part[0] < flaw.part[1]]


def _open_to(row: Row, next_start: datetime, section: timedelta) -> datetime:
    """How far an event may reach that was not closed. Where the next one is missing too, the database may have been
    down when that began: it was then written to a folder that belongs to no event, and no row tells of it."""
    reach = max(row.to, row.start + section) + SLACK
    return next_start if next_start <= reach + section + SLACK else reach


def _is_short(row: Row) -> bool:
    lasted = row.to - row.start
    return row.event.length < lasted * SHORT and lasted - row.event.length > SHORT_BY


def _instant(seconds: float | None) -> datetime | None:
    return EPOCH + timedelta(seconds=seconds) if seconds is not None and 0 < seconds < LATEST_S else None
