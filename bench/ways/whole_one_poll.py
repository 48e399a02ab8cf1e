"""One camera of a city is asked once more: its answer is stored, and what that touches is judged again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from bench.terms import CITY_MONTH, NOW_AT
from bench.whole_city import LAST_DAY
from dashboard.judging import judge_and_remember, judge_what_changed
from data.facts import Poll
from data.intake import Batch, take_in_batch
from data.periods import day_starts_at
from data.store import Store
from rules import catalogue

CAMERA_SQL = """
SELECT min(c.camera_id) FROM cameras c JOIN rooms r USING (room_id) WHERE c.view = 'far' AND len(r.disciplines) > 0
"""
"""A far camera of a room where tests are made and a live view is mandatory, so that many rules are touched."""


def answers(folder: Path) -> Iterator[pa.Table | None]:
    """Each answer differs from the one before; a copy of the store takes them in, because others read the city."""
    rules = list(catalogue.load().values())
    start, since = day_starts_at(LAST_DAY), NOW_AT
    with TemporaryDirectory(dir=folder) as scratch:
        copy = shutil.copy(folder / "city.duckdb", scratch)
        with Store.open(copy) as store:
            [(camera_id,)] = store.cursor().execute(CAMERA_SQL).fetchall()
            judge_and_remember(store, rules, CITY_MONTH, now_at=since)
            yield None
            while True:
                now_at = since + timedelta(minutes=1)
                poll = Poll(f"{now_at}", camera_id, now_at, start, start + timedelta(days=1), "ok", True, 0,
                            spans=((start, start + (now_at - start) / 100),))  # fmt: skip
                take_in_batch(store, Batch(polls=[poll]), now=lambda at=now_at: at)
                judgement = judge_what_changed(store, rules, CITY_MONTH, now_at=now_at)
                since = now_at
                assert judgement.table.num_rows < 10_000, "one answer touches one agency"
                yield judgement.table
