"""What the bench compares is equal work: on a small city every alternative gives the engine's verdicts, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from bench.agreement import agreement
from bench.terms import COMPARED
from bench.ways import whole_liuhen
from bench.whole import laid_out
from bench.whole_city import CitySize

SIZE = CitySize(channels=480, reports=2_000, live_cameras=24)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("bench"), SIZE, raw=True)


@pytest.fixture(scope="module")
def ours(city: Path) -> Path:
    return kept(first_answer(whole_liuhen.compared_rules(city)), city / "ours.parquet")


def first_answer(answers: Iterator[Any]) -> pa.Table:
    next(answers)
    return next(answers)


def kept(table: pa.Table, path: Path) -> Path:
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_an_alternative_gives_the_same_verdicts(library: str, city: Path, ours: Path) -> None:
    answers = import_module(f"bench.ways.whole_{library}").answers(city)
    theirs = kept(first_answer(answers), city / f"{library}.parquet")
    compared, differing = agreement(city, str(ours), str(theirs))
    assert (compared > 10_000, differing) == (True, 0)


def test_the_small_city_has_faults_for_every_compared_rule(ours: Path) -> None:
    verdicts = pq.read_table(ours, columns=["rule_id", "outcome"])
    found = verdicts.filter(pc.field("outcome") != "pass")["rule_id"].unique().to_pylist()
    assert sorted(found) == sorted(COMPARED)


WRONG_SQL = """
COPY (SELECT rule_id, subject_id, period, CASE period WHEN '2026-10-02' THEN 'wrong' ELSE outcome END AS outcome,
             TRY_CAST(measured AS DOUBLE) + CASE period WHEN '2026-10-03' THEN 1 ELSE 0 END AS measured
      FROM '{ours}' WHERE period <> '2026-10-04') TO '{theirs}'
"""


def test_a_difference_is_noticed(city: Path, ours: Path) -> None:
    one_camera = [("subject_id", "==", "F000001"), ("rule_id", "==", "far_24h")]
    month = kept(pq.read_table(ours, filters=one_camera), city / "month.parquet")
    theirs = city / "wrong.parquet"
    duckdb.connect().execute(WRONG_SQL.format(ours=month, theirs=theirs))
    assert agreement(city, str(month), str(theirs)) == (31, 3)
