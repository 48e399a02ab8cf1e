"""One reading of one channel: clock, listing, a look around its gaps, clock again, and the answers that follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from collectors.answers import DeviceFailure, FootageAnswer, Refused
from collectors.device import Device
from collectors.intervals import Interval, merged
from collectors.protocols.isapi import calendar, doubts, timebase
from collectors.protocols.isapi.doubts import Doubt, Footage
from collectors.protocols.isapi.pieces import Reading, pieces
from collectors.protocols.isapi.times import DeviceClock, TimeBase, closing_clock
from collectors.protocols.isapi.windows import Listing, collect
from collectors.steps import moved_during

CONTEXT = timedelta(hours=24)
"""Looked at on both sides before a gap is believed: the overlap that explains it may lie hours outside the window, as
when a clock set wrong in the morning is put right in the evening. Gaps are rare, so a wide look is cheap."""
STEADY = timedelta(seconds=5)


class Session:
    def __init__(self, device: Device, track: str, clock: DeviceClock) -> None:
        self._device, self._track, self._clock = device, track, clock
        self._asked_at = device.now()

    def answers(self, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
        covers_to = min(covers_to, self._asked_at)
        if covers_from >= covers_to:
            return
        window = (covers_from + self._clock.offset, covers_to + self._clock.offset)
        found = timebase.find(self._device, self._clock, self._track)
        listing = collect(self._device, found.base, self._track, window)
        if not listing.answered:
            raise listing.failed[0][1]
        footage = doubts.sort_out(listing.rows, self._device_now())
        open_doubts = footage.doubts + self._looked_around(found.base, listing, footage, window)
        unsteady = self._unsteady()
        yield from pieces(
            Reading(
                window=window,
                offset=self._clock.offset,
                device_now=self._asked_at + self._clock.offset,
                listing=listing,
                footage=footage,
                doubts=doubts.unsettled(open_doubts, footage.spans),
                complete=found.certain and not unsteady,
                note="; ".join(filter(None, (unsteady, found.note, footage.note))),
            )
        )

    def _device_now(self) -> datetime:
        return self._device.now() + self._clock.offset

    def _looked_around(self, base: TimeBase, listing: Listing, footage: Footage, window: Interval) -> list[Doubt]:
        """Gaps that a step of the clock explains, and empty days that the device's calendar does not confirm; the
        surroundings are only asked when there is a gap near them."""
        empty = doubts.gaps(footage.spans, listing.answered)
        if not empty:
            return []
        around = [(window[0] - CONTEXT, window[0])] if empty[0][0] < window[0] + CONTEXT else []
        after = (window[1], min(window[1] + CONTEXT, self._device_now()))
        if empty[-1][1] > window[1] - CONTEXT and after[0] < after[1]:
            around.append(after)
        rows, listed = list(listing.rows), list(listing.answered)
        for stretch in around:
            context = collect(self._device, base, self._track, stretch)
            rows += context.rows
            listed += context.answered
        spans = doubts.sort_out(rows, self._device_now()).spans
        silent = doubts.gaps(spans, merged(listed))
        return [
            *doubts.clock_steps(spans, merged(listed)),
            *calendar.contradictions(self._device, self._track, silent, window),
        ]

    def _unsteady(self) -> str:
        """Why nothing may be concluded from this reading, if the clock moved during it."""
        try:
            again = closing_clock(self._device)
        except Refused:
            raise
        except DeviceFailure as failure:
            return f"the clock could not be read again after the listing: {failure}"
        moved = again.offset - self._clock.offset
        if abs(moved) > STEADY:
            return moved_during(moved)
        return ""
