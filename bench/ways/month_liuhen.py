"""Liuhen on a month of far-view footage: judging from the store or a bundle, importing, one more answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.city import FIRST_DAY, MONTH, NOW, camera_id
from bench.ways import Answer
from data.bundle import take_in
from data.facts import Poll
from data.intake import Batch, take_in_batch
from data.periods import Month, day_starts_at, parse_instant
from data.store import Store
from rules import catalogue
from rules.engine import judge

STORE_NAME = "liuhen.duckdb"


def from_bundle(folder: Path) -> Iterator[Answer | None]:
    """What `liuhen judge BUNDLE --rule far_24h` does: validate, store in memory, judge."""
    with Store.in_memory() as store:
        take_in(store, folder, taken_in_at=None)
        yield None
        yield from _judged(store)


def import_bundle(folder: Path) -> Iterator[Answer | None]:
    """What `liuhen import BUNDLE` does; it leaves the store file beside the bundle."""
    with Store.open(str(folder.parent / STORE_NAME)) as store:
        take_in(store, folder, taken_in_at=None)
        yield None


def from_store(folder: Path) -> Iterator[Answer | None]:
    """What the scheduler does: judge a month that is on record."""
    with Store.open(str(folder.parent / STORE_NAME)) as store:
        yield None
        yield from _judged(store)


def append(folder: Path) -> Iterator[Answer | None]:
    """One camera is asked again about its last day; each answer differs from the one before and is stored."""
    last_day = FIRST_DAY + timedelta(days=len({line[7:11] for line in (folder / "polls.csv").open()}) - 2)
    start = day_starts_at(last_day)
    asked_at = parse_instant(NOW)
    with Store.open(str(folder.parent / STORE_NAME)) as store:
        yield None
        while True:
            asked_at += timedelta(hours=1)
            poll = Poll(f"{asked_at}", camera_id(0), asked_at, start, start + timedelta(days=1), "ok", True, 0,
                        spans=((start, start + (asked_at - start) / 100),))  # fmt: skip
            take_in_batch(store, Batch(polls=[poll]), now=lambda at=asked_at: at)
            yield {}


def _judged(store: Store) -> Iterator[Answer]:
    rule = catalogue.load()["far_24h"]
    while True:
        with store.cursor() as cursor:
            judgement = judge(cursor, [rule], Month.parse(MONTH), now_at=parse_instant(NOW))
        assert len(judgement.fingerprint) == 64, "the published CSV is part of the work"
        yield {(v.subject_id, v.period): float(v.measured) for v in judgement.verdicts}
