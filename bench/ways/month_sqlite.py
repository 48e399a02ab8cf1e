"""The same window query in the database that every Python brings along."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bench.city import TOLERATED_S
from bench.ways import Answer
from bench.ways.month_duckdb import WINDOW_SQL


def answers(folder: Path) -> Iterator[Answer | None]:
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
