"""What judging a whole city by every rule costs, and judging one agency again after one poll.

Each way is a generator as those of `bench.ways`. Imports stand inside the functions because each way runs in a process
of its own, whose memory is measured.
"""

# ruff: noqa: PLC0415
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.whole_city import LAST_DAY, CitySize, lay_out
from data.periods import Month

if TYPE_CHECKING:
    from data.store import Store

Way = Iterator[dict[tuple[str, str], float] | None]
CITY_MONTH, CITY_NOW = Month(2026, 10), "2026-11-02T07:00:00+08:00"


def liuhen_city(folder: Path) -> Way:
    """Everything that is known of a whole city, judged by every rule; `folder` is where its store is laid out."""
    yield from _city(folder, CitySize())


def liuhen_stress_city(folder: Path) -> Way:
    """The same for the largest city anyone may have."""
    yield from _city(folder, CitySize(channels=10_000, reports=300_000))


def liuhen_one_poll_month(folder: Path) -> Way:
    yield from _one_poll(folder, CitySize())


def liuhen_one_poll_week(folder: Path) -> Way:
    yield from _one_poll(folder, CitySize(reports=60_000 * 7 // 31, days=7))


def _city(folder: Path, size: CitySize) -> Way:
    from data.periods import parse_instant
    from rules import catalogue
    from rules.engine import judge

    rules = list(catalogue.load().values())
    with _laid_out(folder, size) as store:
        yield None
        while True:
            with store.cursor() as cursor:
                judgement = judge(cursor, rules, CITY_MONTH, now_at=parse_instant(CITY_NOW))
            assert len(judgement.fingerprint) == 64, "the published CSV is part of the work"
            yield {(rule, outcome): float(count) for (rule, outcome), count in judgement.counts.items()}


def _one_poll(folder: Path, size: CitySize) -> Way:
    """One camera is asked once more: its answer is stored, and what that touches is judged again."""
    from data.facts import Poll
    from data.intake import Batch, take_in_batch
    from data.periods import day_starts_at, parse_instant
    from rules import catalogue
    from rules.engine import judge
    from rules.touched import Instant, touched

    rules = list(catalogue.load().values())
    start, since = day_starts_at(LAST_DAY), parse_instant(CITY_NOW)
    with _laid_out(folder, size) as store:
        yield None
        while True:
            now_at = since + timedelta(minutes=1)
            poll = Poll(f"{now_at}", "F000003", now_at, start, start + timedelta(days=1), "ok", True, 0,
                        spans=((start, start + (now_at - start) / 100),))  # fmt: skip
            take_in_batch(store, Batch(polls=[poll]), now=lambda at=now_at: at)
            with store.cursor() as cursor:
                part = touched(cursor, rules, CITY_MONTH, since=Instant(since, since), until=Instant(now_at, now_at))
                judgement = judge(cursor, part.rules, CITY_MONTH, now_at=now_at, agencies=part.agencies)
            since = now_at
            yield {("agencies", ""): float(len(part.agencies or ())),
                   ("verdicts", ""): float(judgement.table.num_rows)}  # fmt: skip


@contextmanager
def _laid_out(folder: Path, size: CitySize) -> Iterator[Store]:
    from data.store import Store

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"city-{size.channels}-{size.days}.duckdb"
    if not path.exists():
        with Store.open(str(path)) as store:
            lay_out(store, size)
    with Store.open(str(path)) as store:
        yield store


WHOLE_CITY_WAYS = {
    "liuhen_city": liuhen_city,
    "liuhen_stress_city": liuhen_stress_city,
    "liuhen_one_poll_month": liuhen_one_poll_month,
    "liuhen_one_poll_week": liuhen_one_poll_week,
}
