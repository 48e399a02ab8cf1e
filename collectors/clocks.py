"""Where a recorder's digits can be placed, given how its clock ran.

Footage is listed in device time and shifted by the offset measured now. Recorded while the clock ran differently, it
would be shifted by the wrong amount: a slow clock put right would look like missing footage, and a second look at an
old day like a deletion. So an answer only speaks about stretches between two clock samples that agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from data.facts import Poll, poll_id_of

AGREE_MS = 5_000
"""Offsets this close are the same clock; what passes as accurate cannot move an edge by more."""

OTHER_CLOCK = "the recorder's clock ran differently at that time, so its times cannot be placed"
"""The reason of a piece that is no answer because of the clock."""

Sample = tuple[datetime, int]
"""When the offset was measured (true time), and the offset in ms."""
Stretch = tuple[datetime, datetime, bool]
"""Part of a window, and whether the clock ran there as it does now."""


def placed(poll: Poll, samples: Sequence[Sample]) -> list[Poll]:
    """The poll as pieces that answer and pieces that cannot, by the recorder's `samples` in time order.

    A poll that is no answer anyway, or whose offset was not measured, comes back as it is.
    """
    if poll.outcome != "ok" or not poll.complete or poll.clock_offset_ms is None:
        return [poll]
    stretches: list[Stretch] = []
    for stretch in _stretches(poll, samples):
        if stretches and stretches[-1][2] == stretch[2]:
            stretches[-1] = (stretches[-1][0], stretch[1], stretch[2])
        else:
            stretches.append(stretch)
    if all(is_steady for _, _, is_steady in stretches):
        return [poll]
    pieces = [_piece(poll, *stretch) for stretch in stretches]
    return [replace(pieces[0], poll_id=poll.poll_id), *pieces[1:]]  # the raw answers are kept under the poll's own id


def _stretches(poll: Poll, samples: Sequence[Sample]) -> Iterator[Stretch]:
    """The window cut at every sample; a stretch is steady when the samples at both its ends agree with the poll's.
    Before the first sample there is only one end to go by."""
    known = [*(s for s in samples if s[0] < poll.asked_at), (poll.asked_at, poll.clock_offset_ms or 0)]
    from_at = poll.covers_from
    agreed = True
    for at, offset_ms in known:
        agrees = abs(offset_ms - (poll.clock_offset_ms or 0)) <= AGREE_MS
        to_at = poll.covers_to if at == poll.asked_at else min(at, poll.covers_to)
        if from_at < to_at:
            yield from_at, to_at, agreed and agrees
            from_at = to_at
        agreed = agrees


def _piece(poll: Poll, from_at: datetime, to_at: datetime, is_steady: bool) -> Poll:
    piece = replace(
        poll,
        poll_id=poll_id_of(poll.camera_id, poll.asked_at, from_at, to_at),
        covers_from=from_at,
        covers_to=to_at,
        spans=_inside(poll, from_at, to_at),
    )
    if is_steady:
        return piece
    return replace(piece, complete=False, reason=OTHER_CLOCK)


def _inside(poll: Poll, from_at: datetime, to_at: datetime) -> tuple[tuple[datetime, datetime], ...]:
    shift = timedelta(milliseconds=poll.clock_offset_ms or 0)
    return tuple((a, b) for a, b in poll.spans if a - shift < to_at and b - shift > from_at)
