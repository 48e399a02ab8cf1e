"""Liuhen on a whole city: all rules, or only those that the alternatives judge; with evidence and fingerprint."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa

from bench.terms import CITY_MONTH, COMPARED, NOW_AT
from data.store import Store
from rules import catalogue
from rules.engine import judge


def every_rule(folder: Path) -> Iterator[pa.Table | None]:
    yield from _answers(folder, catalogue.load().keys())


def compared_rules(folder: Path) -> Iterator[pa.Table | None]:
    yield from _answers(folder, COMPARED)


def _answers(folder: Path, rule_ids: Collection[str]) -> Iterator[pa.Table | None]:
    rules = [rule for rule in catalogue.load().values() if rule.id in rule_ids]
    with Store.open(str(folder / "city.duckdb")) as store:
        yield None
        while True:
            with store.cursor() as cursor:
                judgement = judge(cursor, rules, CITY_MONTH, now_at=NOW_AT)
            assert len(judgement.fingerprint) == 64, "the published CSV is part of the work"
            yield judgement.table
