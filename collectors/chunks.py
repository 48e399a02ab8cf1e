"""Asks a long stretch of time in parts, in halves where a part breaks the device, and keeps what could be had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Outcome, Refused, Span, Unreachable
from collectors.intervals import Interval, common, merged, without

T = TypeVar("T")
PATIENCE = 24
UNREADABLE_COSTS = 8
"""A device is given up after 24 windows in a row that break it, or three answers that cannot be read."""
_MILLISECOND = timedelta(milliseconds=1)


class DeviceBrokeError(Unreachable):
    """An internal error of the device: it may still answer for a narrower window."""


class TooMuchError(Malformed):
    """More rows than can be had for this window; a narrower one may do."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A part that is not denied, and why; `outcome` is `ok` when something was listed there nevertheless."""

    part: Interval
    reason: str
    outcome: Outcome = "ok"


@dataclass(slots=True)
class Chunks(Generic[T]):
    """The rows, the stretches they are the whole answer for, and those that failed."""

    rows: list[T] = field(default_factory=list)
    answered: list[Interval] = field(default_factory=list)
    failed: list[tuple[Interval, DeviceFailure]] = field(default_factory=list)

    @property
    def flaws(self) -> list[Flaw]:
        return [Flaw(part, str(failure), failure.outcome) for part, failure in self.failed]


def collect(
    stretch: Interval, ask: Callable[[Interval], list[T]], *, widest: timedelta, smallest: timedelta
) -> Chunks[T]:
    """Raises `Refused`, and `Unreachable` when the connection itself is gone."""
    chunks, todo, patience = Chunks[T](), _parts(stretch, widest)[::-1], PATIENCE
    while todo:
        window = todo.pop()
        try:
            chunks.rows += ask(window)
            chunks.answered.append(window)
            patience = PATIENCE
        except Refused:
            raise
        except (DeviceBrokeError, Malformed) as failure:
            divisible = isinstance(failure, DeviceBrokeError | TooMuchError)
            if divisible and window[1] - window[0] > smallest:
                middle = window[0] + (window[1] - window[0]) / 2
                todo += [(middle, window[1]), (window[0], middle)]
                continue
            chunks.failed.append((window, failure))
            patience -= 1 if divisible else UNREADABLE_COSTS
            if patience <= 0:
                chunks.failed += [(rest, failure) for rest in todo[::-1]]
                break
    return chunks


def _parts(stretch: Interval, widest: timedelta) -> list[Interval]:
    parts, at = [], stretch[0]
    while at < stretch[1]:
        parts.append((at, min(at + widest, stretch[1])))
        at = parts[-1][1]
    return parts


def answers(
    window: Interval, offset: timedelta, held: Iterable[Interval], flaws: Iterable[Flaw], *, note: str = ""
) -> Iterator[FootageAnswer]:
    """Answers in time order that together are `window`; all in device time, `offset` leads back to true time.

    A `note` says why nothing in this window may be denied. Of two flaws in one place the first is named.
    """
    listed, taken = merged(held), list[Flaw]()
    for flaw in flaws:
        others = [other.part for other in taken]
        taken += [Flaw(part, flaw.reason, flaw.outcome) for part in without(common([flaw.part], [window]), others)]
    taken += [Flaw(part, note) for part in without([window], [flaw.part for flaw in taken])]
    for flaw in sorted(taken, key=lambda each: each.part):
        spans = common(listed, [flaw.part]) if flaw.outcome == "ok" else []
        yield FootageAnswer(
            flaw.part[0] - offset,
            flaw.part[1] - offset,
            tuple(Span(start, end) for start, end in spans),
            flaw.outcome,
            complete=flaw.outcome == "ok" and not flaw.reason,
            reason=flaw.reason,
            clock_offset_ms=round(offset / _MILLISECOND),
        )
