"""Arithmetic of half-open intervals of instants, kept as sorted, disjoint lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]


def merged(parts: Iterable[Interval], tolerance: timedelta = timedelta(0)) -> list[Interval]:
    """The union; seams no longer than `tolerance` are closed. Empty and inverted parts vanish."""
    union: list[Interval] = []
    for start, end in sorted(part for part in parts if part[0] < part[1]):
        if union and start - union[-1][1] <= tolerance:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union


def common(left: Iterable[Interval], right: Iterable[Interval]) -> list[Interval]:
    others = list(right)
    return merged((max(a, c), min(b, d)) for a, b in left for c, d in others)


def without(left: Iterable[Interval], right: Iterable[Interval]) -> list[Interval]:
    """What of `left` is not in `right`."""
    rest = merged(left)
    for start, end in merged(right):
        rest = [part for a, b in rest for part in ((a, min(b, start)), (max(a, end), b)) if part[0] < part[1]]
    return rest
