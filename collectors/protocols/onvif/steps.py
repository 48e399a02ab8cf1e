"""Turns the rows of a log into the steps of one track, in time order. All instants are device time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Literal

from collectors.intervals import Interval
from collectors.protocols.onvif.events import Row

SAME = timedelta(seconds=2)
"""Stamps are whole seconds, and the windows asked are rounded to them."""


@dataclass(frozen=True, slots=True)
class Step:
    """`start`: the state the device gives for the start of a window · `row`: data begins or ends · `restart`: the
    device came up, and where it says so with data or without · `sign`: it was running · `lost`: from here nothing is
    known."""

    at: datetime
    kind: Literal["start", "row", "restart", "sign", "lost"]
    value: bool | None = None


def settled(rows: Sequence[Row], window: Interval) -> list[Row]:
    """The rows of one window in time order, without those of another time.

    A start state may carry the time of the change that led to it. One that lies inside the window is none.
    """
    placed: list[Row] = []
    for row in rows:
        if row.is_start and row.at <= window[0] + SAME:
            placed.append(replace(row, at=window[0]))
        elif window[0] - SAME <= row.at <= window[1] + SAME:
            placed.append(replace(row, is_start=False))
    return _ordered(placed)


def _ordered(rows: list[Row]) -> list[Row]:
    """Ascending. Of one second they stay as they came if the whole list came in order, else none of them decides."""
    changes = [row for row in rows if not row.is_start]
    if all(a.at >= b.at for a, b in pairwise(changes)) and any(a.at > b.at for a, b in pairwise(changes)):
        changes.reverse()
    in_order = all(a.at <= b.at for a, b in pairwise(changes))
    ordered = [row for row in rows if row.is_start]
    for _, group in groupby(sorted(changes, key=lambda row: row.at), key=lambda row: row.at):
        same_second = list(group)
        ordered += same_second
        if not in_order:
            ordered += [replace(row, value=None) for row in same_second if _contradicted(row, same_second)]
    return ordered


def _contradicted(row: Row, others: Iterable[Row]) -> bool:
    return row.kind == "track" and any(
        o.kind == "track" and o.track == row.track and o.value != row.value for o in others
    )


def of_track(token: str, rows: Iterable[Row], failed: Iterable[Interval]) -> list[Step]:
    """The steps of one track; a change that two neighbouring windows list counts once."""
    found = [step for row in dict.fromkeys(rows) for step in _step(token, row)]
    found += [Step(start, "lost") for start, _ in failed]
    return sorted(found, key=lambda step: (step.at, step.kind != "start"))


def placed(steps: Iterable[Step], parts: Iterable[Interval]) -> list[Step]:
    """Without what cannot be placed; before and after it nothing is known until the log says so."""
    found = list(steps)
    for start, end in parts:
        found = [step for step in found if not start <= step.at <= end]
        found += [Step(start, "lost"), Step(end, "lost")]
    return sorted(found, key=lambda step: (step.at, step.kind != "start"))


def _step(token: str, row: Row) -> Iterator[Step]:
    if row.kind == "recording":
        if not row.is_start:
            yield Step(row.at, "restart" if row.is_restart else "sign")
    elif row.track == token:
        if row.value is None:
            yield Step(row.at, "lost")
        elif row.is_start:
            yield Step(row.at, "start", row.value)
        else:
            yield Step(row.at, "restart" if row.is_restart else "row", row.value)
