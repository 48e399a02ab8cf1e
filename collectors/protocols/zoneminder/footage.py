"""What ZoneMinder holds of one monitor: its events, and what a hole between them is worth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from collectors import steps
from collectors.answers import FootageAnswer, Malformed
from collectors.chunks import Chunks, Flaw, answers, collect
from collectors.device import Device
from collectors.intervals import Interval, merged, without
from collectors.protocols.zoneminder import rows as reading
from collectors.protocols.zoneminder.events import EventList
from collectors.protocols.zoneminder.monitors import Monitor, mode_of, monitors, section_s
from collectors.protocols.zoneminder.rows import Row
from collectors.protocols.zoneminder.server import ZoneminderDevice, ours
from collectors.protocols.zoneminder.state import offset_of
from collectors.protocols.zoneminder.timebase import TimeBase, remembered, settled, verified, zone_of
from data.periods import day_ends_at, local_day

SETTLING = timedelta(seconds=60)
"""Lengths are refreshed late, and a new event may not be there yet."""
SEAM = timedelta(seconds=2)
"""Times are whole seconds."""
WIDEST, SMALLEST = timedelta(days=1), timedelta(hours=1)
CONTEXT = timedelta(hours=24)
"""Looked at around a gap for the overlap that explains it as a step of the clock."""
EARLIER_ROWS = 5
"""Events asked for before a stretch: one of them may reach into it."""
NOT_VERIFIED = "the zone of the database is not settled: no event has shown it yet; ask again while it records"
NOT_YET = "the newest minute is not settled yet"


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that cover the window up to a minute before now, a local day at a time."""
    server = ours(device)
    offset = offset_of(server)
    asked_at = server.now()
    covers_to = min(covers_to, asked_at)
    if covers_from >= covers_to:
        return
    monitor = monitors(server).get(channel)
    if covers_from >= asked_at - SETTLING or monitor is None:
        note = (
            NOT_YET if monitor else f"monitor '{channel}' does not exist there, or not for this user; register its Id"
        )
        yield from answers((covers_from + offset, covers_to + offset), offset, (), (), note=note)
        return
    camera = _Camera(server, channel, monitor, asked_at + offset)
    covers_to = min(covers_to, asked_at - SETTLING)
    while covers_from < covers_to:
        until = min(covers_to, day_ends_at(local_day(covers_from)))
        yield from camera.answers((covers_from + offset, until + offset), offset)
        covers_from = until


def playback_url(device: Device, channel: str, at: datetime) -> str:
    """The file of the event that holds `at`, whole; the login is the caller's to add."""
    server = ours(device)
    monitor = monitors(server).get(channel)
    wanted = at + offset_of(server)
    if monitor is not None:
        camera = _Camera(server, channel, monitor, server.now() + offset_of(server))
        for row in camera.listed((wanted, wanted + SEAM)).rows:
            if row.start <= wanted < row.to:
                return f"{server.address}/index.php?view=view_video&eid={row.event.event_id}"
    raise Malformed(f"{server.address} lists no event of monitor '{channel}' at that time")


class _Camera:
    """One monitor in device time."""

    def __init__(self, server: ZoneminderDevice, channel: str, monitor: Monitor, device_now: datetime) -> None:
        self._events = EventList(server, channel)
        self._device_now = device_now
        self._section = timedelta(seconds=section_s(monitor))
        self._base = self._find_base(server)
        self._worth = _worth(channel, monitor)

    def answers(self, window: Interval, offset: timedelta) -> Iterator[FootageAnswer]:
        chunks = self.listed(window)
        if not chunks.answered:
            raise chunks.failed[0][1]
        held = reading.held(chunks.rows, self._device_now)
        flaws = chunks.flaws + reading.flaws(chunks.rows, self._section, self._device_now)
        note = self._worth or ("" if self._base.is_certain else NOT_VERIFIED)
        if not note and self._base.is_ambiguous(*window, self._device_now) and not _all_dated(chunks):
            note = "local time is changed near this day, so an hour of it cannot be told apart"
        if not note and steps.gaps(held, chunks.answered):
            flaws += self._stepped(chunks, window)
        yield from answers(window, offset, merged(held, SEAM), flaws, note=note)

    def listed(self, stretch: Interval) -> Chunks[Row]:
        return collect(stretch, self._ask, widest=WIDEST, smallest=SMALLEST)

    def _ask(self, part: Interval) -> list[Row]:
        first, last = (self._base.written(at) for at in part)
        events = [*self._events.newest(EARLIER_ROWS, before=first), *self._events.between(first, last)]
        return [reading.placed(event, self._base) for event in events]

    def _find_base(self, server: ZoneminderDevice) -> TimeBase:
        base = remembered(server, zone_of(server))
        for event in self._events.newest(1):
            if event.start_s is not None:
                shift = event.started - TimeBase(base.zone).digits(reading.placed(event, base).start)
                return settled(server, TimeBase(base.zone, shift, is_certain=True))
            return verified(server, base, event, self._device_now)
        return base

    def _stepped(self, chunks: Chunks[Row], window: Interval) -> list[Flaw]:
        """Gaps that may be no loss, because events elsewhere in the day around overlap by as much."""
        before = self.listed((window[0] - CONTEXT, window[0]))
        after = self.listed((window[1], min(window[1] + CONTEXT, self._device_now)))
        parts = [chunks, before, after]
        distinct = {row.event.event_id: row for each in parts for row in each.rows}
        files = reading.held(distinct.values(), self._device_now)
        listed = merged(part for each in parts for part in each.answered)
        found = steps.explained(files, listed)
        return [Flaw(part, steps.stepped(step)) for gap, step in found for part in without([gap], files)]


def _worth(channel: str, monitor: Monitor) -> str:
    """Why a hole denies nothing; empty: it does."""
    mode = mode_of(monitor)
    words = {"off": "records nothing", "event": "records on motion only", "unknown": "has a function we do not know"}
    return "" if mode == "continuous" else f"monitor {channel} {words[mode]}, so a gap is no loss"


def _all_dated(chunks: Chunks[Row]) -> bool:
    """Whether every event tells its times in seconds, which no change of local time touches."""
    return bool(chunks.rows) and all(row.event.start_s is not None for row in chunks.rows)
