"""A window query over the raw files, in the database that Liuhen itself uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench.city import TOLERATED_S
from bench.ways import Answer

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


def answers(folder: Path) -> Iterator[Answer | None]:
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
