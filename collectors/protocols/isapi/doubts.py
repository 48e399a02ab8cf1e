"""What a listing does not settle: stretches it leaves empty and yet does not deny (fact sheet §7.4).

All instants are device time. A clock that steps back writes footage twice over the same digits and leaves a gap of
the same length where it steps forward again; nothing is lost there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.answers import Span
from collectors.intervals import Interval, merged, without
from collectors.protocols.isapi.search import Row, distinct
from collectors.protocols.isapi.times import LONG_AGO
from collectors.steps import stepped

OVERLAP = timedelta(seconds=30)
"""Neighbours overlap by about 3 s as a matter of course; more means that the clock was stepped."""
SEAM = timedelta(seconds=10)
AHEAD = timedelta(minutes=2)
LONGEST_FILE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Doubt:
    part: Interval
    reason: str


@dataclass(slots=True)
class Footage:
    """The rows that are footage, what the others make doubtful, and how many were left out and why."""

    spans: list[Span] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def note(self) -> str:
        return "; ".join(f"{count} rows left out: {why}" for why, count in self.left_out.items())


def sort_out(rows: Iterable[Row], device_now: datetime) -> Footage:
    """Rows that cannot be footage are left out; where they claim something, nothing is denied."""
    footage = Footage()
    for row in distinct(rows):
        why, part = _wrong(row, device_now)
        if not why:
            footage.spans.append(Span(row.started_at, row.ended_at))
            continue
        footage.left_out[why] = footage.left_out.get(why, 0) + 1
        if part is not None:
            footage.doubts.append(Doubt(part, f"a row there {why}"))
    return footage


def _wrong(row: Row, device_now: datetime) -> tuple[str, Interval | None]:
    if not row.video:
        return "is not video", None
    if row.started_at == row.ended_at:
        return "has no length", None
    if row.started_at > row.ended_at:
        back = min(row.started_at - row.ended_at, LONGEST_FILE)
        return "ends before it starts", (row.started_at - back, row.started_at + back)
    if row.ended_at > device_now + AHEAD:
        return "ends in the future", (row.started_at, row.ended_at)
    return "", None


def gaps(spans: Iterable[Span], listed: list[Interval]) -> list[Interval]:
    """Parts of `listed` longer than a seam that no span fills."""
    held = merged(((span.started_at, span.ended_at) for span in spans), SEAM)
    return [gap for gap in without(listed, held) if gap[1] - gap[0] > SEAM]


def clock_steps(spans: Iterable[Span], listed: list[Interval]) -> list[Doubt]:
    """The gaps that an overlap explains: for each overlap the nearest of its length after and before it."""
    spans = list(spans)
    empty = gaps(spans, listed)
    found: list[Doubt] = []
    for start, end in _overlaps(spans):
        fitting = [gap for gap in empty if _fits(gap, end - start, listed)]
        nearest = [gap for gap in fitting if gap[0] >= start][:1] + [gap for gap in fitting if gap[1] <= end][-1:]
        reason = stepped(end - start)
        found += [Doubt(gap, reason) for gap in nearest]
    return found


def _overlaps(spans: list[Span]) -> list[Interval]:
    twice: list[Interval] = []
    run_end = LONG_AGO
    for span in sorted(spans, key=lambda each: (each.started_at, each.ended_at)):
        if run_end - OVERLAP > span.started_at:
            twice.append((span.started_at, min(run_end, span.ended_at)))
        run_end = max(run_end, span.ended_at)
    return merged(twice, SEAM)


def _fits(gap: Interval, step: timedelta, listed: list[Interval]) -> bool:
    """About as long as the step; a gap cut off by the edge of what was listed may be longer than it looks."""
    tolerance = max(OVERLAP, step / 10)
    length = gap[1] - gap[0]
    cut_off = any(gap[0] == start or gap[1] == end for start, end in listed)
    return length <= step + tolerance and (cut_off or length >= step - tolerance)


def unsettled(doubts: Iterable[Doubt], spans: Iterable[Span]) -> list[Doubt]:
    """The doubts where no span is listed: what is listed is not in doubt."""
    held = [(span.started_at, span.ended_at) for span in spans]
    return [Doubt(part, doubt.reason) for doubt in doubts for part in without([doubt.part], held)]
