"""The table of events of a simulated ZoneMinder: cut into sections, closed in time or torn by a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import Protocol
from zoneinfo import ZoneInfo

from collectors.intervals import Interval
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder

EPOCH = datetime(1970, 1, 1)
COMPARED: dict[str, Callable[[datetime, datetime], bool]] = {"<=": le, ">=": ge, "<": lt, ">": gt}


class _Manners(Protocol):
    @property
    def zone(self) -> str: ...
    @property
    def database_shift(self) -> timedelta: ...
    @property
    def refresh(self) -> timedelta: ...
    @property
    def late_start(self) -> timedelta: ...
    @property
    def torn_at(self) -> tuple[datetime, ...]: ...
    @property
    def database_down(self) -> tuple[Interval, ...]: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One row: digits of the database, whole seconds."""

    number: int
    monitor: str
    started: datetime
    ended: datetime | None
    length_s: float
    start_s: int
    end_s: int


def condition(name: str, operator: str, value: str) -> Callable[[Item], bool]:
    """As the database compares; what is NULL passes no filter."""
    wanted, compared = datetime.fromisoformat(value), COMPARED[operator]
    if name == "StartTime":
        return lambda item: compared(item.started, wanted)
    return lambda item: item.ended is not None and compared(item.ended, wanted)


class EventTable:
    def __init__(self, recorder: SimulatedRecorder, channel: SimulatedChannel, manners: _Manners) -> None:
        self._recorder, self._channel, self._manners = recorder, channel, manners
        self._zone = ZoneInfo(manners.zone)
        self._known: tuple[datetime, list[Item]] | None = None

    def items(self, at: datetime) -> list[Item]:
        if self._known is None or self._known[0] != at:
            listed = [(a + self._manners.late_start, b) for a, b in self._channel.held(at)]
            parts = [part for whole in listed if whole[0] < whole[1] for part in self._sections(whole)]
            rows = [part for part in parts if not self._down(part[0])]
            self._known = (at, [self._item(part, at) for part in rows])
        return self._known[1]

    def _sections(self, whole: Interval) -> list[Interval]:
        """Cut at multiples of the section and where the process was killed."""
        length = self._channel.file_length
        first = EPOCH + ((whole[0] - EPOCH) // length + 1) * length
        cuts = {first + number * length for number in range(max(0, -(-(whole[1] - first) // length)))}
        cuts |= {at for at in self._manners.torn_at if whole[0] < at < whole[1]}
        return list(pairwise([whole[0], *sorted(cuts), whole[1]]))

    def _item(self, part: Interval, at: datetime) -> Item:
        down = self._down(part[1])
        is_open = part[1] == at or part[1] in self._manners.torn_at or down is not None
        to = down[0] if down is not None else part[1]
        if is_open:  # the length as it was written last
            to = part[0] + max(to - part[0], timedelta()) // self._manners.refresh * self._manners.refresh
        number = (part[0] - EPOCH) // timedelta(milliseconds=1)
        last_offset = self._recorder.clock_offset(to - timedelta.resolution)  # of the last frame, before any step
        start, end = (each.replace(microsecond=0) for each in (self._recorder.device_time(part[0]), to + last_offset))
        start_s, end_s = (int((each - EPOCH).total_seconds()) for each in (start, end))
        ended = None if is_open else self._digits(end)
        length_s = max((to - part[0]).total_seconds(), 0.0)
        return Item(number, self._channel.channel, self._digits(start), ended, length_s, start_s, end_s)

    def _down(self, at: datetime) -> Interval | None:
        return next((down for down in self._manners.database_down if down[0] <= at < down[1]), None)

    def _digits(self, at: datetime) -> datetime:
        return at.replace(tzinfo=UTC).astimezone(self._zone).replace(tzinfo=None) + self._manners.database_shift
