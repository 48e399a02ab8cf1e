"""Foretelling retention, against a recorder simulated day by day that overwrites its oldest day when it is full."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dashboard.forecast import DiskDay, Forecast, OldestDay, foretell
from data.periods import months_before

TODAY = date(2026, 10, 20)
DAY = timedelta(days=1)
TB = 10**12


class Disks:
    """Whole days of footage on disks of `capacity` bytes; the oldest goes when there is no room."""

    def __init__(self, first: date, capacity: int) -> None:
        self.today, self.capacity = first, capacity
        self.kept: deque[tuple[date, int]] = deque()
        self.used = 0

    def record(self, size: int) -> None:
        self.kept.append((self.today, size))
        self.used += size
        while self.used > self.capacity:
            self.used -= self.kept.popleft()[1]
        self.today += DAY

    def readings(self) -> tuple[DiskDay, OldestDay]:
        told = self.today - DAY
        return DiskDay(told, self.capacity, self.capacity - self.used), OldestDay(told, self.kept[0][0])


def watched(disks: Disks, rates: Iterator[int], days: int) -> tuple[list[DiskDay], list[OldestDay]]:
    seen = []
    for _ in range(days):
        disks.record(next(rates))
        seen.append(disks.readings())
    return [disk for disk, _ in seen], [oldest for _, oldest in seen]


def steady(rate: int) -> Iterator[int]:
    while True:
        yield rate


def truly_short_on(disks: Disks, rate: int) -> date | None:
    """The first day on which footage still owed is overwritten at this rate, within three years."""
    for _ in range(1100):
        before = disks.kept[0][0]
        disks.record(rate)
        day = disks.today - DAY
        if disks.kept[0][0] != before and before >= months_before(day, 6):
            return day
    return None


@settings(deadline=None)
@given(
    capacity=st.integers(5, 400).map(lambda n: n * TB // 10),
    rate=st.integers(20, 400).map(lambda n: n * TB // 1000),
    age=st.integers(10, 120),
)
def test_a_steady_recorder_that_still_fills_falls_short_on_its_day(capacity: int, rate: int, age: int) -> None:
    disks = Disks(TODAY - age * DAY, capacity)
    told, oldest = watched(disks, steady(rate), age)
    assume(told[-1].free_bytes > 0.03 * capacity and oldest[-1].oldest == oldest[0].oldest)
    forecast = foretell(told, oldest, disks.today - DAY)
    true_day = truly_short_on(disks, rate)
    if true_day is None:
        assert forecast.state == "keeps"
    elif forecast.state == "keeps":  # a span of just about the term
        assert abs(capacity / rate - 184) <= 4
    else:
        assert forecast.state == "falls_short" and forecast.on_day is not None
        assert abs((forecast.on_day - true_day).days) <= 1


@settings(deadline=None)
@given(
    capacity=st.integers(10, 300).map(lambda n: n * TB // 10), rate=st.integers(50, 400).map(lambda n: n * TB // 1000)
)
def test_a_full_recorder_is_worth_the_age_of_its_oldest_day(capacity: int, rate: int) -> None:
    span = capacity // rate
    assume(span < 350 and span not in range(180, 188))
    disks = Disks(TODAY - 400 * DAY, capacity)
    told, oldest = watched(disks, steady(rate), 400)
    full = [DiskDay(d.day, capacity, 0) for d in told[-14:]]
    forecast = foretell(full, oldest[-14:], disks.today - DAY)
    if span < 184:
        assert forecast.state == "short_now"
    else:  # two weeks of whole days cannot promise a year when there is little to spare
        assert forecast.state == "keeps" or (span < 210 and forecast.reason == "too_close")
    assert forecast.span_days is not None and abs(forecast.span_days - span) <= 1


def test_more_cameras_on_a_full_recorder_shrink_it_until_a_day_that_is_foretold() -> None:
    disks = Disks(TODAY - 400 * DAY, 300 * 10**9)
    watched(disks, steady(10**9), 386)
    told, oldest = watched(disks, steady(2 * 10**9), 14)
    forecast = foretell([DiskDay(d.day, d.capacity_bytes, 0) for d in told], oldest, disks.today - DAY)
    true_day = truly_short_on(disks, 2 * 10**9)
    assert forecast.state == "falls_short" and true_day is not None and forecast.on_day is not None
    assert forecast.earliest is not None and forecast.latest is not None
    assert forecast.earliest <= true_day <= forecast.latest
    assert abs((forecast.on_day - true_day).days) <= 3


def test_weekdays_and_weekends_widen_the_band_around_the_true_day() -> None:
    def week() -> Iterator[int]:
        day = 0
        while True:
            yield (60 if day % 7 < 5 else 20) * 10**9
            day += 1

    disks, rates = Disks(TODAY - 30 * DAY, 4 * TB), week()
    told, oldest = watched(disks, rates, 28)
    forecast = foretell(told[-14:], oldest[-14:], disks.today - DAY)
    while disks.kept[0][0] == oldest[0].oldest:
        disks.record(next(rates))
    assert forecast.earliest is not None and forecast.on_day is not None and forecast.latest is not None
    assert forecast.earliest < forecast.on_day < forecast.latest
    assert forecast.earliest <= disks.today - DAY <= forecast.latest


FULL = [DiskDay(TODAY - n * DAY, TB, 0) for n in (3, 2, 1, 0)]
FILLING = [DiskDay(TODAY - n * DAY, TB, (500 + n) * 10**9) for n in (3, 2, 1, 0)]
OLDEST = [OldestDay(TODAY - n * DAY, TODAY - (n + 200) * DAY) for n in (3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("disks", "oldest", "reason"),
    [
        ([], OLDEST, "no_disks"),
        ([DiskDay(TODAY, 0, 0)], OLDEST, "no_capacity"),
        (FILLING[1:], OLDEST, "too_few_days"),
        (FULL, OLDEST[1:], "too_few_days"),
        ([DiskDay(TODAY - n * DAY, TB + n, (500 + n) * 10**9) for n in (3, 2, 1, 0)], OLDEST, "too_few_days"),
        ([DiskDay(TODAY - n * DAY, TB, (500 - n) * 10**9) for n in (3, 2, 1, 0)], OLDEST, "too_few_days"),
    ],
    ids=["none", "no size", "three days", "three ages", "other disks", "only emptier"],
)
def test_nothing_is_foretold_from_too_little(disks: list[DiskDay], oldest: list[OldestDay], reason: str) -> None:
    assert foretell(disks, oldest, TODAY) == Forecast("cannot_tell", reason)


def test_an_age_just_short_of_the_term_is_short_and_the_term_itself_is_not() -> None:
    term = months_before(TODAY, 6)
    for oldest, state in ((term, "keeps"), (term + DAY, "short_now")):
        told = [OldestDay(TODAY - n * DAY, oldest - n * DAY) for n in (9, 6, 3, 2, 1, 0)]
        found = foretell(FULL, told, TODAY)
        assert found.state in (state, "cannot_tell") and (found.state == "short_now") == (state == "short_now")
