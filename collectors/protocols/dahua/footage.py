"""One reading of one channel: clock, listing, a look around its gaps, clock again, and the answers that follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors import steps
from collectors.answers import DeviceFailure, FootageAnswer, Refused
from collectors.chunks import Chunks, Flaw, answers, collect
from collectors.device import Device
from collectors.intervals import Interval, common, merged, without
from collectors.protocols.dahua.listing import LONGEST_FILE, Lister
from collectors.protocols.dahua.rows import MAIN, Row
from collectors.protocols.dahua.server import DahuaDevice, number_of, ours
from collectors.protocols.dahua.times import closing_offset, opening_offset

AHEAD = timedelta(minutes=2)
TAIL = LONGEST_FILE + timedelta(minutes=2)
"""Nobody knows whether the file being written is listed, so what is younger than the longest file is not denied."""
CONTEXT = timedelta(hours=24)
"""Looked at on both sides before a gap is believed: the overlap that explains it may lie hours away."""
WIDEST, SMALLEST = timedelta(days=7), timedelta(hours=1)
STEADY = timedelta(seconds=5)


@dataclass(slots=True)
class Footage:
    """What rows say. `files` shows how the clock ran; `is_open_from`: a file that claims to end in the future."""

    held: list[Interval] = field(default_factory=list)
    files: list[Interval] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    is_open_from: datetime | None = None


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that together cover the window up to now; nothing for a window that lies in the future.

    The last piece ends where footage is listed to, at most two hours ago; the rest is left to the next poll. A device
    that answered nothing at all raises its failure.
    """
    recorder, number = ours(device), number_of(channel)
    covers_to = min(covers_to, recorder.now())
    if covers_from >= covers_to:
        return
    asked_at, offset = recorder.now(), opening_offset(recorder)
    window = (covers_from + offset, covers_to + offset)
    lister, device_now = Lister(recorder, number), asked_at + offset
    # Begun earlier, in case a device lists a file only for the time it starts in.
    chunks = _collect(lister, (window[0] - LONGEST_FILE, window[1]))
    if not chunks.answered:
        raise chunks.failed[0][1]
    found = sort_out(chunks.rows, device_now)
    until = min(window[1], _listed_to(found, device_now))
    stepped = _stepped(lister, chunks, found, (window[0], until), device_now)
    flaws = [*chunks.flaws, *found.flaws, *lister.flaws, *stepped]
    note = _unsteady(recorder, offset)
    if until <= window[0]:
        yield from answers(window, offset, (), chunks.flaws, note=note or "the file being written is not listed yet")
        return
    flaws = [Flaw(part, f.reason, f.outcome) for f in flaws for part in without([f.part], found.held)]
    yield from answers((window[0], until), offset, found.held, flaws, note=note)


def _collect(lister: Lister, stretch: Interval) -> Chunks[Row]:
    return collect(stretch, lister.rows, widest=WIDEST, smallest=SMALLEST)


def sort_out(rows: Iterable[Row], device_now: datetime) -> Footage:
    """Rows that cannot be footage are left out; where they claim something, nothing is denied."""
    found = Footage()
    for row in _distinct(rows):
        part = (row.started_at, row.ended_at)
        if part[0] > part[1]:
            around = (part[1] - LONGEST_FILE, part[0] + LONGEST_FILE)
            found.flaws.append(Flaw(around, "a row there ends before it starts", "malformed"))
        elif row.stream != MAIN:
            found.flaws.append(Flaw(part, f"only the stream '{row.stream[:20]}' is listed there"))
        elif part[0] <= device_now and part[1] > device_now + AHEAD:
            found.is_open_from = min(part[0], found.is_open_from or part[0])
        elif part[0] <= device_now:
            found.held.append(part)
            found.files += [] if row.is_copy else [part]
    return found


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """One row per file, the one that reaches furthest: the end of the file being written moves."""
    files: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = (row.started_at, row.stream, row.is_copy)
        files[key] = max(files.get(key, row), row, key=lambda each: each.ended_at)
    return list(files.values())


def _listed_to(found: Footage, device_now: datetime) -> datetime:
    newest = max((end for _, end in found.held), default=device_now - TAIL)
    return min(device_now, found.is_open_from or device_now, max(newest, device_now - TAIL))


def _stepped(lister: Lister, chunks: Chunks[Row], found: Footage, window: Interval, device_now: datetime) -> list[Flaw]:
    """Gaps that a step of the clock explains; the surroundings are only asked when there is a gap near them."""
    empty = steps.gaps(found.held, common(chunks.answered, [window])) if window[0] < window[1] else []
    if not empty:
        return []
    parts = [chunks]
    if empty[0][0] < window[0] + CONTEXT:
        parts.append(_collect(lister, (window[0] - CONTEXT, window[0] - LONGEST_FILE)))
    if empty[-1][1] > window[1] - CONTEXT:
        parts.append(_collect(lister, (window[1], min(window[1] + CONTEXT, device_now))))
    files = sort_out([row for part in parts for row in part.rows], device_now).files
    listed = merged(part for each in parts for part in each.answered)
    return [Flaw(gap, steps.stepped(step), "malformed") for gap, step in steps.explained(files, listed)]


def _unsteady(device: DahuaDevice, offset: timedelta) -> str:
    """Why nothing may be concluded from this reading, if the clock moved during it."""
    try:
        moved = closing_offset(device) - offset
    except Refused:
        raise
    except DeviceFailure as failure:
        return f"the clock could not be read again after the listing: {failure}"
    if abs(moved) > STEADY:
        return steps.moved_during(moved)
    return ""
