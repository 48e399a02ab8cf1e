"""What the draws of a day, and of the week up to it, show about each recorder."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collectors.playback.bound import EXPOSED_WITHIN_DAYS, upper_bound
from collectors.playback.frame import BAD, UNKNOWN
from dashboard.playback.drawing import QUERIES
from data.store import Store


@dataclass(frozen=True, slots=True)
class Tally:
    """`bound`: with 95 % confidence at most this share of the listed minutes does not play; None: nothing was seen."""

    drawn: int
    good: int
    bad: int
    unknown: int
    bound: float | None


@dataclass(frozen=True, slots=True)
class Miss:
    """A drawn minute that did not play, or could not be tried."""

    recorder_id: str
    camera_id: str
    minute_at: datetime
    outcome: str
    reason: str

    @property
    def is_bad(self) -> bool:
        return self.outcome in BAD


@dataclass(frozen=True, slots=True)
class Report:
    """By recorder: the day alone and the week that it ends. `misses` are those of the week."""

    day: date
    of_day: dict[str, Tally]
    of_week: dict[str, Tally]
    misses: tuple[Miss, ...]
    unused: tuple[date, ...]


def report(store: Store, day: date) -> Report:
    first = day - timedelta(days=EXPOSED_WITHIN_DAYS - 1)
    week = {"first": first, "last": day}
    with store.cursor() as cursor:
        rows = cursor.execute(QUERIES["tallies"], week).fetchall()
        misses = tuple(Miss(*row) for row in cursor.execute(QUERIES["wrong"], week).fetchall())
        unused = tuple(row[0] for row in cursor.execute(QUERIES["unused"], {"before": day}).fetchall())
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    counts_of_day: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for recorder_id, row_day, outcome, count in rows:
        counts[recorder_id][outcome] += count
        if row_day == day:
            counts_of_day[recorder_id][outcome] += count
    return Report(day, _tallies(counts_of_day), _tallies(counts), misses, unused)


def _tallies(counts: dict[str, Counter[str]]) -> dict[str, Tally]:
    return {recorder_id: tally(found) for recorder_id, found in counts.items()}


def tally(found: Counter[str]) -> Tally:
    good, bad = found["good"], sum(found[outcome] for outcome in BAD)
    unknown = sum(found[outcome] for outcome in UNKNOWN)
    bound = upper_bound(good + bad, bad) if good + bad else None
    return Tally(found.total(), good, bad, unknown, bound)
