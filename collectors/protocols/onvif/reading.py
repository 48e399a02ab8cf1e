"""One reading of one recording: clock, time base, log of events, what follows the window, clock again, the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors import chunks
from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused
from collectors.chunks import Flaw
from collectors.device import Device
from collectors.intervals import Interval, common, merged, without
from collectors.protocols.onvif import envelope, recordings, timebase
from collectors.protocols.onvif.events import Row, ask_rows
from collectors.protocols.onvif.setbacks import mixed
from collectors.protocols.onvif.soap import FilterRefusedError, NotOfferedError
from collectors.protocols.onvif.states import walk
from collectors.protocols.onvif.steps import of_track, placed, settled
from collectors.protocols.onvif.times import closing_clock, opening_clock
from collectors.steps import moved_during

WIDEST, SMALLEST = timedelta(days=1), timedelta(hours=1)
AHEAD_FACTOR = 8
"""The first look behind the window reaches a day, every further one eight times as far as the one before."""
STEADY = timedelta(seconds=5)
NO_EVENTS = "the device tells no change of its footage, only its oldest and newest, where gaps are invisible"
ONLY_SWITCHED = "the device tells only when recording was switched on, which does not prove that footage was written"
UNPLACED = "the device lists changes without saying of which track"


@dataclass(slots=True)
class _Log:
    """Rows and failed parts of the window and of what was looked at behind it."""

    window: Interval
    read_to: datetime
    rows: list[Row] = field(default_factory=list)
    failed: list[Flaw] = field(default_factory=list)


class Reading:
    def __init__(self, device: Device, channel: str) -> None:
        self._device = device
        self._asked_at = device.now()
        self._clock = opening_clock(device)
        self._offset = timedelta(milliseconds=self._clock.offset_ms)
        self._now = self._asked_at + self._offset
        self._recording = recordings.with_times(device, recordings.chosen(device, channel))
        if not self._recording.video:
            raise Malformed(f"{device.address} lists no video track of recording '{channel}'; check the register")
        self._base = timebase.find(device, self._offset, self._recording)
        self._envelopes = envelope.of_tracks(self._recording, self._base, self._now)

    def answers(self, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
        window = (covers_from + self._offset, min(covers_to, self._asked_at) + self._offset)
        whole = window
        window = (window[0], min(window[1], envelope.settled_to(self._envelopes, self._now)))
        if window[0] >= window[1]:
            return chunks.answers(whole, self._offset, [], [Flaw(whole, "what is being written is not settled yet")])
        asked = (max(window[0], min(window[1], envelope.oldest(self._envelopes))), window[1])
        try:
            log = self._read(asked)
        except (NotOfferedError, FilterRefusedError) as failure:
            return chunks.answers(window, self._offset, [], [Flaw(window, f"{NO_EVENTS} ({failure})")])
        note = self._unsteady() or self._base.note or self._unplaced(log)
        held, inferred, flaws = self._told(log)
        return chunks.answers(window, self._offset, [*held, *inferred], flaws, note=note)

    def _read(self, window: Interval) -> _Log:
        log = _Log(window, window[0])
        if window[0] < window[1]:
            failures = self._extend(log, window[1])
            if failures and merged(flaw.part for flaw in log.failed) == [window]:
                raise failures[0]
        step = WIDEST
        while log.read_to < self._now and not self._is_followed(log):
            self._extend(log, min(log.read_to + step, self._now), widest=step)
            step *= AHEAD_FACTOR
        return log

    def _extend(self, log: _Log, to_at: datetime, *, widest: timedelta = WIDEST) -> list[DeviceFailure]:
        """Failures leave their part in the log; `Refused` and a lost connection are raised."""
        got = chunks.collect((log.read_to, to_at), self._ask, widest=widest, smallest=SMALLEST)
        log.rows += got.rows
        log.failed += got.flaws
        log.read_to = to_at
        return [failure for _, failure in got.failed]

    def _ask(self, window: Interval) -> list[Row]:
        return settled(ask_rows(self._device, self._base, self._recording, window), window)

    def _is_followed(self, log: _Log) -> bool:
        """Whether every video track has changed since the window, which confirms or belies its last state."""
        later = [row for row in log.rows if row.at > log.window[1] and not row.is_start]
        if any(row.kind == "recording" and row.is_restart for row in later):
            return True
        changed = {row.track for row in later if row.kind == "track"}
        return changed >= {track.token for track in self._recording.video}

    def _told(self, log: _Log) -> tuple[list[Interval], list[Interval], list[Flaw]]:
        stretch = (log.window[0], log.read_to)
        held, inferred, flaws = list[Interval](), list[Interval](), list(log.failed)
        for bounds in self._envelopes:
            steps = of_track(bounds.token, log.rows, [flaw.part for flaw in log.failed])
            steps = placed(steps, mixed(self._device.memory))
            track = walk(steps, stretch, newest=bounds.newest, is_to_now=log.read_to >= self._now)
            kept, doubts = envelope.bounded(track, bounds, self._now)
            held += common(kept, [log.window])
            inferred += common(track.inferred, [log.window])
            flaws += doubts
        if not any(row.kind == "track" for row in log.rows):
            why = ONLY_SWITCHED if log.rows else NO_EVENTS
            flaws = [*log.failed, *(Flaw(flaw.part, why) for flaw in flaws)]
        return held, inferred, [Flaw(part, f.reason, f.outcome) for f in flaws for part in without([f.part], held)]

    def _unplaced(self, log: _Log) -> str:
        return UNPLACED if any(row.kind == "track" and not row.track for row in log.rows) else ""

    def _unsteady(self) -> str:
        """Why nothing may be concluded from this reading, if the clock moved during it."""
        try:
            again = closing_clock(self._device)
        except Refused:
            raise
        except DeviceFailure as failure:
            return f"the clock could not be read again after the listing: {failure}"
        moved = timedelta(milliseconds=again.offset_ms) - self._offset
        return moved_during(moved) if abs(moved) > STEADY else ""
