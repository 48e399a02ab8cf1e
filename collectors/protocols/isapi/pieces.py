"""Cuts one reading into answers: what it says, what failed and what is in doubt, in time order and without holes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.answers import FootageAnswer, Outcome, Span
from collectors.intervals import Interval, common, merged, without
from collectors.protocols.isapi.doubts import Doubt, Footage
from collectors.protocols.isapi.times import LONG_AGO
from collectors.protocols.isapi.windows import Listing

INDEX_LAG = timedelta(minutes=5)
"""The file being written is indexed late, a new one may not be listed at all: nothing so recent is denied."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Device time throughout; `offset` leads back to true time."""

    window: Interval
    offset: timedelta
    device_now: datetime
    listing: Listing
    footage: Footage
    doubts: list[Doubt]
    complete: bool
    note: str


@dataclass(frozen=True, slots=True)
class _Flaw:
    part: Interval
    outcome: Outcome
    reason: str


def pieces(reading: Reading) -> Iterator[FootageAnswer]:
    window = (reading.window[0], min(reading.window[1], _indexed_to(reading)))
    if window[0] >= window[1]:
        yield _answer(reading, reading.window, complete=False, note="the file being written is not indexed yet")
        return
    flaws = _flaws(reading, window)
    sound = without([window], (flaw.part for flaw in flaws))
    answers = [_answer(reading, part, complete=reading.complete, note=reading.note) for part in sound]
    answers += [_failed(reading, flaw) for flaw in flaws]
    yield from sorted(answers, key=lambda answer: answer.covers_from)


def _indexed_to(reading: Reading) -> datetime:
    newest = max((span.ended_at for span in reading.footage.spans), default=LONG_AGO)
    return min(reading.device_now, max(newest, reading.device_now - INDEX_LAG))


def _flaws(reading: Reading, window: Interval) -> list[_Flaw]:
    """Failed parts and doubtful parts, disjoint; a part that failed needs no further doubt."""
    flaws: list[_Flaw] = []
    found = [_Flaw(part, failure.outcome, str(failure)) for part, failure in reading.listing.failed]
    found += [_Flaw(doubt.part, "malformed", doubt.reason) for doubt in reading.doubts]
    for flaw in found:
        taken = [other.part for other in flaws]
        flaws += [_Flaw(part, flaw.outcome, flaw.reason) for part in without(common([flaw.part], [window]), taken)]
    return flaws


def _answer(reading: Reading, part: Interval, *, complete: bool, note: str) -> FootageAnswer:
    listed = merged((span.started_at, span.ended_at) for span in reading.footage.spans)
    return FootageAnswer(
        part[0] - reading.offset,
        part[1] - reading.offset,
        tuple(Span(start, end) for start, end in common(listed, [part])),
        complete=complete,
        reason=note,
        clock_offset_ms=_whole_ms(reading.offset),
    )


def _failed(reading: Reading, flaw: _Flaw) -> FootageAnswer:
    start, end = (at - reading.offset for at in flaw.part)
    return FootageAnswer(
        start,
        end,
        outcome=flaw.outcome,
        complete=False,
        reason=flaw.reason,
        clock_offset_ms=_whole_ms(reading.offset),
    )


def _whole_ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
