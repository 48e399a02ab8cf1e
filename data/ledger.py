"""The day ledger's one way in: answers are laid over what earlier answers had said, day by day.

The newest answer that speaks about an instant decides it (rules.md, "held"), newest by `(asked_at, poll_id)` and not by
arrival, so answers may come in any order. All days of a batch are folded at once, one SQL step per answer of the
busiest day.
"""

from __future__ import annotations

from importlib.resources import files

import duckdb

from data.named import named_queries
from data.periods import DAY_MS, LOCAL_OFFSET

STEPS = named_queries(files("data").joinpath("ledger.sql").read_text(encoding="utf-8"))
DAY_PARAMETERS = {"offset_ms": LOCAL_OFFSET.seconds * 1000, "day_ms": DAY_MS}


def append_staged(cursor: duckdb.DuckDBPyConnection) -> int:
    """Store `staged_polls` and lay their footage into the ledger; returns the number of ledger rows appended.

    `staged_polls` has the columns of `polls`, `staged_footage` is (poll_id, camera_id, started_at, ended_at) in device
    time. The caller holds the write transaction and has made sure that no staged poll is on record already.
    """
    cursor.execute(STEPS["spoken"])
    cursor.execute(STEPS["listed"])
    cursor.execute(STEPS["answers"], DAY_PARAMETERS)
    for used_up in ("listed", "spoken", "staged_footage"):  # the largest tables of an import; the fold needs none
        cursor.execute(f"DROP TABLE {used_up}")
    for name in ("rivals", "versions", "state", "steps"):
        cursor.execute(STEPS[name])
    appended = 0
    for step in range(1, _one(cursor, "SELECT coalesce(max(step), 0) FROM steps") + 1):
        cursor.execute(STEPS["fold"], {"step": step})
        appended += _one(cursor, STEPS["append"])
    cursor.execute("INSERT INTO polls BY NAME SELECT * FROM staged_polls")
    return appended


def _one(cursor: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = cursor.execute(sql).fetchone()
    assert row is not None
    return int(row[0])
