"""Liuhen and what one would use instead, each answering one question: which camera-days are known to lack how much?

Every way is a generator: it yields None when the bundle's rows are loaded and then one answer per request, so that
loading and answering are timed apart. The ways must agree on the seconds missing from each camera-day. Holes of five
seconds or less do not count, as in the rule far_24h. Imports stand inside the functions because each way runs in a
process of its own, whose memory is measured.
"""

# ruff: noqa: PLC0415
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.whole_city_ways import WHOLE_CITY_WAYS

if TYPE_CHECKING:
    from data.store import Store

Answer = dict[tuple[str, str], float]
"""Missing seconds by camera-day. Those that lack something are compared; Liuhen judges all others as well."""
Way = Iterator[Answer | None]

NOW = "2026-10-02T00:00:00+08:00"
TOLERATED_S = 5
STORE_NAME = "liuhen.duckdb"


def liuhen_from_bundle(folder: Path) -> Way:
    """What `liuhen judge BUNDLE --rule far_24h` does: validate, store in memory, judge."""
    from data.bundle import take_in
    from data.store import Store

    with Store.in_memory() as store:
        take_in(store, folder, taken_in_at=None)
        yield None
        yield from _judged(store)


def liuhen_import(folder: Path) -> Way:
    """What `liuhen import BUNDLE` does; it leaves the store file beside the bundle."""
    from data.bundle import take_in
    from data.store import Store

    with Store.open(str(folder.parent / STORE_NAME)) as store:
        take_in(store, folder, taken_in_at=None)
        yield None


def liuhen_from_store(folder: Path) -> Way:
    """What the scheduler does: judge a month that is on record."""
    from data.store import Store

    with Store.open(str(folder.parent / STORE_NAME)) as store:
        yield None
        yield from _judged(store)


def liuhen_append(folder: Path) -> Way:
    """One camera is asked again about its last day; each answer differs from the one before and is stored."""
    from datetime import timedelta

    from bench.city import FIRST_DAY, camera_id
    from data.facts import Poll
    from data.intake import Batch, take_in_batch
    from data.periods import day_starts_at, parse_instant
    from data.store import Store

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
    from bench.city import MONTH
    from data.periods import Month, parse_instant
    from rules import catalogue
    from rules.engine import judge

    rule = catalogue.load()["far_24h"]
    while True:
        with store.cursor() as cursor:
            judgement = judge(cursor, [rule], Month.parse(MONTH), now_at=parse_instant(NOW))
        assert len(judgement.fingerprint) == 64, "the published CSV is part of the work"
        yield {(v.subject_id, v.period): float(v.measured) for v in judgement.verdicts}


def pandas_diff(folder: Path) -> Way:
    """Sort the files of each camera-day and take the differences."""
    import pandas as pd  # type: ignore[import-untyped]

    def times(frame: pd.DataFrame, names: list[str]) -> None:
        for name in names:
            frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True)

    polls = pd.read_csv(folder / "polls.csv", dtype={"clock_offset_ms": "float64"})
    footage = pd.read_csv(folder / "footage.csv")
    times(polls, ["asked_at", "covers_from", "covers_to"])
    times(footage, ["started_at", "ended_at"])
    yield None
    while True:
        answers = polls[(polls.outcome == "ok") & (polls.complete == "yes")]
        files = footage.merge(answers, on=["poll_id", "camera_id"])
        shift = pd.to_timedelta(files.clock_offset_ms, unit="ms")
        files["start"] = (files.started_at - shift).clip(lower=files.covers_from)
        files["end"] = (files.ended_at - shift).clip(upper=files.covers_to)
        files = files.sort_values(["poll_id", "start"])
        reached = files.groupby("poll_id").end.cummax().groupby(files.poll_id).shift().fillna(files.covers_from)
        inner = (files.start - reached).dt.total_seconds()
        last = answers.set_index("poll_id").covers_to - files.groupby("poll_id").end.max()
        whole = answers.set_index("poll_id").eval("covers_to - covers_from")
        tail = last.fillna(whole).dt.total_seconds()
        missing = inner[inner > TOLERATED_S].groupby(files.poll_id).sum().add(tail[tail > TOLERATED_S], fill_value=0)
        found = answers.set_index("poll_id").join(missing.rename("missing"), how="inner")
        days = found.covers_from.dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m-%d")
        yield dict(zip(zip(found.camera_id, days, strict=True), found.missing, strict=True))


def polars_diff(folder: Path) -> Way:
    """The same with Polars, lazily."""
    import polars as pl

    def instant(name: str) -> pl.Expr:
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="ms")

    polls = pl.read_csv(folder / "polls.csv").with_columns(instant("covers_from"), instant("covers_to"))
    footage = pl.read_csv(folder / "footage.csv").with_columns(instant("started_at"), instant("ended_at"))
    yield None
    while True:
        answers = polls.lazy().filter((pl.col("outcome") == "ok") & (pl.col("complete") == "yes"))
        shift = pl.duration(milliseconds="clock_offset_ms")
        files = (
            footage.lazy()
            .join(answers, on=["poll_id", "camera_id"])
            .with_columns(
                start=pl.max_horizontal(pl.col("started_at") - shift, "covers_from"),
                end=pl.min_horizontal(pl.col("ended_at") - shift, "covers_to"),
            )
            .sort("poll_id", "start")
            .with_columns(reached=pl.col("end").cum_max().shift().over("poll_id").fill_null(pl.col("covers_from")))
            .with_columns(hole_s=(pl.col("start") - pl.col("reached")).dt.total_milliseconds() / 1000)
            .group_by("poll_id")
            .agg(pl.col("hole_s").filter(pl.col("hole_s") > TOLERATED_S).sum(), last=pl.col("end").max())
        )
        tail = (pl.col("covers_to") - pl.col("last").fill_null(pl.col("covers_from"))).dt.total_milliseconds() / 1000
        found = (
            answers.join(files, on="poll_id", how="left")
            .with_columns(missing=pl.col("hole_s").fill_null(0) + pl.when(tail > TOLERATED_S).then(tail).otherwise(0))
            .filter(pl.col("missing") > 0)
            .select("camera_id", pl.col("covers_from").dt.convert_time_zone("Asia/Shanghai").dt.date(), "missing")
            .collect()
        )
        yield {(camera, str(day)): missing for camera, day, missing in found.rows()}


WINDOW_SQL = """
WITH files AS (
    SELECT poll_id, greatest({start}, covers_from) AS s, least({end}, covers_to) AS e, covers_from
    FROM footage JOIN polls USING (poll_id, camera_id) WHERE outcome = 'ok' AND complete = 'yes'
), holes AS (
    SELECT poll_id, e, s - coalesce(max(e) OVER (PARTITION BY poll_id ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING
                                                 AND 1 PRECEDING), covers_from) AS hole_ms
    FROM files
), inner_holes AS (
    SELECT poll_id, max(e) AS last, sum(CASE WHEN hole_ms > {tolerated} THEN hole_ms ELSE 0 END) AS missing_ms
    FROM holes GROUP BY poll_id
), totals AS (
    SELECT camera_id, covers_from, coalesce(missing_ms, 0) + CASE
        WHEN covers_to - coalesce(last, covers_from) > {tolerated} THEN covers_to - coalesce(last, covers_from)
        ELSE 0 END AS missing_ms
    FROM polls LEFT JOIN inner_holes USING (poll_id) WHERE outcome = 'ok' AND complete = 'yes'
)
SELECT camera_id, {day}, missing_ms FROM totals WHERE missing_ms > 0
"""


def duckdb_window(folder: Path) -> Way:
    """A window query over the raw files, in the database that Liuhen itself uses."""
    import duckdb

    connection = duckdb.connect(str(folder.parent / "raw.duckdb"))
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"""
        CREATE TABLE polls AS SELECT poll_id, camera_id, outcome, complete, clock_offset_ms,
               epoch_ms(CAST(covers_from AS TIMESTAMPTZ)) AS covers_from,
               epoch_ms(CAST(covers_to AS TIMESTAMPTZ)) AS covers_to
        FROM read_csv('{folder}/polls.csv', types={{'complete': 'VARCHAR'}});
        CREATE TABLE footage AS SELECT poll_id, camera_id, epoch_ms(CAST(started_at AS TIMESTAMPTZ)) AS started_at,
               epoch_ms(CAST(ended_at AS TIMESTAMPTZ)) AS ended_at FROM read_csv('{folder}/footage.csv')""")
    yield None
    sql = WINDOW_SQL.format(
        start="started_at - clock_offset_ms", end="ended_at - clock_offset_ms", greatest="greatest", least="least",
        tolerated=TOLERATED_S * 1000, day="strftime(make_timestamp((covers_from + 28800000) * 1000), '%Y-%m-%d')",
    )  # fmt: skip
    while True:
        yield {(camera, day): float(ms) / 1000 for camera, day, ms in connection.execute(sql).fetchall()}


def sqlite_window(folder: Path) -> Way:
    """The same window query in the database that every Python brings along."""
    import csv
    import sqlite3
    from datetime import datetime

    def ms(text: str) -> int:
        return int(datetime.fromisoformat(text).timestamp() * 1000)

    connection = sqlite3.connect(folder.parent / "raw.sqlite")
    connection.execute(
        "CREATE TABLE polls"
        " (poll_id PRIMARY KEY, camera_id, outcome, complete, clock_offset_ms, covers_from, covers_to)"
    )
    connection.execute("CREATE TABLE footage (poll_id, camera_id, started_at, ended_at)")
    with (folder / "polls.csv").open(encoding="utf-8", newline="") as polls:
        connection.executemany(
            "INSERT INTO polls VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((row["poll_id"], row["camera_id"], row["outcome"], row["complete"], int(row["clock_offset_ms"] or 0),
              ms(row["covers_from"]), ms(row["covers_to"])) for row in csv.DictReader(polls)),
        )  # fmt: skip
    with (folder / "footage.csv").open(encoding="utf-8", newline="") as footage:
        rows = csv.reader(footage)
        next(rows)
        connection.executemany(
            "INSERT INTO footage VALUES (?, ?, ?, ?)", ((poll, camera, ms(a), ms(b)) for poll, camera, a, b in rows)
        )
    connection.commit()
    yield None
    sql = WINDOW_SQL.replace("greatest(", "max(").replace("least(", "min(").format(
        start="started_at - clock_offset_ms", end="ended_at - clock_offset_ms", tolerated=TOLERATED_S * 1000,
        day="strftime('%Y-%m-%d', (covers_from + 28800000) / 1000, 'unixepoch')",
    )  # fmt: skip
    while True:
        yield {(camera, day): ms_ / 1000 for camera, day, ms_ in connection.execute(sql)}


WAYS = WHOLE_CITY_WAYS | {
    "liuhen_import": liuhen_import,
    "liuhen_from_store": liuhen_from_store,
    "liuhen_from_bundle": liuhen_from_bundle,
    "liuhen_append": liuhen_append,
    "pandas": pandas_diff,
    "polars": polars_diff,
    "duckdb_window": duckdb_window,
    "sqlite_window": sqlite_window,
}
