"""Asks a stretch of device time day by day, in halves where a day fails, and keeps what could be had."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.device import Device
from collectors.intervals import Interval
from collectors.protocols.isapi.errors import DeviceBrokeError, PagingStalledError
from collectors.protocols.isapi.paging import list_rows
from collectors.protocols.isapi.search import SECOND, Row, Window
from collectors.protocols.isapi.times import TimeBase
from collectors.xml import quoted
from data.periods import day_ends_at, local_day

SMALLEST = timedelta(hours=1)
EDGE = timedelta(seconds=10)
PATIENCE = 24
UNREADABLE_COSTS = 8
"""A device is given up after this many failures in a row: a day of hours it cannot list, or three answers that
cannot be read. The rest of the stretch counts as not answered."""


@dataclass(slots=True)
class Listing:
    """Rows of one track, the stretches they are the whole answer for, and those that failed."""

    rows: list[Row] = field(default_factory=list)
    answered: list[Interval] = field(default_factory=list)
    failed: list[tuple[Interval, DeviceFailure]] = field(default_factory=list)


def collect(device: Device, base: TimeBase, track: str, stretch: Interval) -> Listing:
    """Raises only `Refused`: everything else leaves its part in `failed`."""
    listing, todo, patience = Listing(), days(stretch)[::-1], PATIENCE
    while todo:
        window = todo.pop()
        try:
            listing.rows += _own(list_rows(device, base, track, window), track, window)
            listing.answered.append((window.from_at, window.to_at))
            patience = PATIENCE
        except Refused:
            raise
        except DeviceFailure as failure:
            halves = _halves(window) if isinstance(failure, DeviceBrokeError | PagingStalledError) else []
            if halves:
                todo += halves[::-1]
                continue
            listing.failed.append(((window.from_at, window.to_at), failure))
            patience -= _cost(failure)
            if patience <= 0:
                listing.failed += [((rest.from_at, rest.to_at), failure) for rest in todo[::-1]]
                break
    return listing


def days(stretch: Interval) -> list[Window]:
    """Whole seconds around `stretch`, cut at every local midnight."""
    from_at, to_at = (at.replace(microsecond=0) for at in stretch)
    if to_at < stretch[1]:
        to_at += SECOND
    cuts: list[Window] = []
    while from_at < to_at:
        cut = min(day_ends_at(local_day(from_at)), to_at)
        cuts.append(Window(from_at, cut))
        from_at = cut
    return cuts


def _halves(window: Window) -> list[Window]:
    """Two parts of whole hours as far as possible; nothing when the window is at most an hour."""
    hours = (window.to_at - window.from_at) / SMALLEST
    if hours <= 1:
        return []
    middle = window.from_at + SMALLEST * max(1, int(hours / 2))
    return [Window(window.from_at, middle), Window(middle, window.to_at)]


def _cost(failure: DeviceFailure) -> int:
    if isinstance(failure, DeviceBrokeError | PagingStalledError):
        return 1
    return PATIENCE if isinstance(failure, Unreachable) else UNREADABLE_COSTS


def _own(rows: list[Row], track: str, window: Window) -> list[Row]:
    """The rows of the track asked for; an answer about something else is none."""
    own = [row for row in rows if row.track == track]
    if rows and not own:
        others = quoted(", ".join(sorted({row.track for row in rows})))
        raise Malformed(f"asked for track {track}, the device listed only {others}; check the channel number")
    if own and not any(_touches(row, window) for row in own):
        raise Malformed(f"the device listed only footage of track {track} outside the window it was asked for")
    return own


def _touches(row: Row, window: Window) -> bool:
    first, last = sorted((row.started_at, row.ended_at))
    return first <= window.to_at + EDGE and last >= window.from_at - EDGE
