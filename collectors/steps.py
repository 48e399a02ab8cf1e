"""Gaps that a step of the device's clock explains.

Set back, a clock writes some time twice, so that files overlap; put right again, it leaves out as much, and a gap of
the same length follows or went before, though nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from collectors.intervals import Interval, merged, without

NEIGHBOURS = timedelta(seconds=3)
"""Neighbours overlap by that much as a matter of course."""
OVERLAP = timedelta(seconds=30)
"""More in one place means that the clock was stepped."""
STEPPED, MOVED = "the device clock was stepped", "the device clock moved"
"""How the reasons begin for which the clock is to blame, in all protocols."""
SEAM = timedelta(seconds=10)
_LONG_AGO = datetime(1970, 1, 1)


def stepped(step: timedelta) -> str:
    """The reason of a gap that a step of this length explains."""
    return f"{STEPPED} by about {step.total_seconds():.0f} s: files overlap"


def moved_during(moved: timedelta) -> str:
    """The reason of a reading during which the clock was set."""
    return f"{MOVED} by {moved.total_seconds():.0f} s during the listing"


def gaps(held: Iterable[Interval], listed: Iterable[Interval]) -> list[Interval]:
    """Parts of `listed` longer than a seam that nothing `held` fills."""
    return [gap for gap in without(listed, merged(held, SEAM)) if gap[1] - gap[0] > SEAM]


def explained(files: Iterable[Interval], listed: list[Interval]) -> list[tuple[Interval, timedelta]]:
    """For each overlap of files the nearest gap of its length before and after it, with the length of the step."""
    files = list(files)
    empty = gaps(files, listed)
    found: list[tuple[Interval, timedelta]] = []
    for start, end in overlaps(files):
        fitting = [gap for gap in empty if _fits(gap, end - start, listed)]
        after = [gap for gap in fitting if gap[0] >= start][:1]
        before = [gap for gap in fitting if gap[1] <= end][-1:]
        found += [(gap, end - start) for gap in (*before, *after)]
    return found


def overlaps(files: Iterable[Interval]) -> list[Interval]:
    """Time that is in more than one file; of files of seconds, that of the whole run of them."""
    twice: list[Interval] = []
    run_end = _LONG_AGO
    for start, end in sorted(files):
        if min(run_end, end) - start > NEIGHBOURS:
            twice.append((start, min(run_end, end)))
        run_end = max(run_end, end)
    return [part for part in merged(twice, SEAM) if part[1] - part[0] > OVERLAP]


def _fits(gap: Interval, step: timedelta, listed: list[Interval]) -> bool:
    """About as long as the step; a gap cut off by the edge of what was listed may be longer than it looks."""
    tolerance = max(OVERLAP, step / 10)
    length = gap[1] - gap[0]
    cut_off = any(gap[0] == start or gap[1] == end for start, end in listed)
    return length <= step + tolerance and (cut_off or length >= step - tolerance)
