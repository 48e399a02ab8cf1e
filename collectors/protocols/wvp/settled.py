"""Whether a list of records is the whole list: some devices cut long ones and say nothing of it.

A cut list leaves a gap like any other, but asked for on its own that gap lists what was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from collectors.chunks import TooMuchError
from collectors.intervals import Interval, merged, without
from collectors.protocols.wvp.records import SECOND, Row

SEAM = timedelta(seconds=2)
"""Digits are whole seconds, so neighbours miss each other by up to that."""
MAX_QUESTIONS = 24
"""About the gaps of one window; with more of them a narrower window is asked."""

Ask = Callable[[Interval], list[Row]]


def whole_list(ask: Ask, window: Interval) -> list[Row]:
    """The rows of `window`. A gap beside rows is believed when a question about it alone lists nothing new."""
    rows = dict.fromkeys(ask(window))
    believed: list[Interval] = []
    for _ in range(MAX_QUESTIONS if rows else 0):
        gap = next(_gaps(rows, window, believed), None)
        if gap is None:
            return list(rows)
        more = ask((gap[0] + SECOND, gap[1] - SECOND))
        if _files(more) <= _files(rows):
            believed.append(gap)
        rows.update(dict.fromkeys(more))
    if rows:
        raise TooMuchError(f"more than {MAX_QUESTIONS} gaps, or a list the device cut as often, cannot be looked into")
    return []


def held_by(rows: Iterable[Row]) -> list[Interval]:
    return merged(((row.started_at, row.ended_at) for row in rows), SEAM)


def _files(rows: Iterable[Row]) -> set[tuple[datetime, str]]:
    """What makes it the same file when it is listed again: the end of the file being written moves."""
    return {(row.started_at, row.kind) for row in rows}


def _gaps(rows: Iterable[Row], window: Interval, believed: list[Interval]) -> Iterator[Interval]:
    return (gap for gap in without([window], [*held_by(rows), *believed]) if gap[1] - gap[0] > SEAM)
