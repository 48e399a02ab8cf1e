"""Stores what recorders tell beside footage: one row per look, and further rows only for what changed.

A recorder looked at every hour says the same for months; kept whole, its channels alone would outgrow the footage.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from data.facts import DayClaimed, PlanSeen, RecorderLook, RecorderMemory
from data.named import named_queries

QUERIES = named_queries(files("data").joinpath("looks.sql").read_text(encoding="utf-8"))
INSTANT = pa.timestamp("us")
TEXT, FLAG, BYTES = pa.string(), pa.bool_(), pa.int64()
FAILURES = pa.list_(pa.struct([("question", TEXT), ("outcome", TEXT), ("reason", TEXT)]))
LOOKS = pa.schema(
    [("recorder_id", TEXT), ("observed_at", INSTANT), ("address", TEXT), ("told", pa.list_(TEXT)),
     ("failures", FAILURES), ("model", TEXT), ("firmware", TEXT), ("serial_number", TEXT),
     ("clock_offset_ms", pa.int32()), ("round_trip_ms", pa.int32())]
)  # fmt: skip
TELLING = pa.schema([("recorder_id", TEXT), ("observed_at", INSTANT)])
CHANNELS = pa.schema(
    [("recorder_id", TEXT), ("channel", TEXT), ("observed_at", INSTANT), ("is_listed", FLAG), ("name", TEXT),
     ("is_online", FLAG), ("address", TEXT), ("osd_time", FLAG), ("osd_name", FLAG)]
)  # fmt: skip
DISKS = pa.schema(
    [("recorder_id", TEXT), ("disk_id", TEXT), ("observed_at", INSTANT), ("is_listed", FLAG), ("state", TEXT),
     ("state_text", TEXT), ("capacity_bytes", BYTES), ("free_bytes", BYTES)]
)  # fmt: skip
PLANS = pa.schema([("camera_id", TEXT), ("observed_at", INSTANT), ("mode", TEXT)])
DAYS = pa.schema([("camera_id", TEXT), ("day", pa.date32()), ("observed_at", INSTANT), ("has_footage", FLAG)])
MEMORIES = pa.schema(
    [("recorder_id", TEXT), ("learned", TEXT), ("not_before", INSTANT), ("reason", TEXT), ("failure_count", pa.int32())]
)

Row = dict[str, Any]


def append_looks(cursor: duckdb.DuckDBPyConnection, looks: Sequence[RecorderLook], known_from: datetime) -> None:
    """Add looks, at most one per recorder, and what they changed."""
    rows = [{name: getattr(look, name) for name in LOOKS.names} | {"failures": _failures(look)} for look in looks]
    _append(cursor, "recorder_looks", LOOKS, rows, known_from)
    _append_changes(cursor, "channels", CHANNELS, looks, known_from)
    _append_changes(cursor, "disks", DISKS, looks, known_from)


def append_plans(cursor: duckdb.DuckDBPyConnection, plans: Sequence[PlanSeen], known_from: datetime) -> None:
    _run(cursor, "plans", PLANS, [asdict(plan) for plan in plans], known_from)


def append_days(cursor: duckdb.DuckDBPyConnection, days: Sequence[DayClaimed], known_from: datetime) -> None:
    _run(cursor, "days", DAYS, [asdict(day) for day in days], known_from)


def append_memories(
    cursor: duckdb.DuckDBPyConnection, memories: Sequence[RecorderMemory], known_from: datetime
) -> None:
    rows = [asdict(memory) | {"learned": json.dumps(dict(memory.learned), sort_keys=True)} for memory in memories]
    _append(cursor, "recorder_memory", MEMORIES, rows, known_from)


def memories(cursor: duckdb.DuckDBPyConnection) -> dict[str, RecorderMemory]:
    """The newest memory of every recorder that has one."""
    rows = cursor.execute(
        "SELECT recorder_id, learned, not_before, reason, failure_count FROM recorder_memory"
        " QUALIFY row_number() OVER (PARTITION BY recorder_id ORDER BY known_from DESC) = 1"
    ).fetchall()
    return {row[0]: RecorderMemory(row[0], json.loads(row[1]), *row[2:]) for row in rows}


def _failures(look: RecorderLook) -> list[Row]:
    return [{"question": question, "outcome": outcome, "reason": reason} for question, outcome, reason in look.failures]


def _append_changes(
    cursor: duckdb.DuckDBPyConnection,
    what: str,
    schema: pa.Schema,
    looks: Sequence[RecorderLook],
    known_from: datetime,
) -> None:
    telling = [look for look in looks if getattr(look, what) is not None]
    if not telling:
        return
    frames = [{"recorder_id": look.recorder_id, "observed_at": look.observed_at} for look in telling]
    rows = [
        asdict(reading) | frame | {"is_listed": True}
        for look, frame in zip(telling, frames, strict=True)
        for reading in getattr(look, what)
    ]
    cursor.register("telling", _table(TELLING, frames))
    try:
        _run(cursor, what, schema, rows, known_from, even_empty=True)
    finally:
        cursor.unregister("telling")


def _append(
    cursor: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema, rows: list[Row], known_from: datetime
) -> None:
    if not rows:
        return
    insert = f"INSERT INTO {table} BY NAME SELECT *, CAST($known_from AS TIMESTAMP) AS known_from FROM new_rows"
    _execute(cursor, insert, schema, rows, known_from)


def _run(
    cursor: duckdb.DuckDBPyConnection,
    query: str,
    schema: pa.Schema,
    rows: list[Row],
    known_from: datetime,
    *,
    even_empty: bool = False,
) -> None:
    if rows or even_empty:
        _execute(cursor, QUERIES[query], schema, rows, known_from)


def _execute(
    cursor: duckdb.DuckDBPyConnection, sql: str, schema: pa.Schema, rows: list[Row], known_from: datetime
) -> None:
    cursor.register("new_rows", _table(schema, rows))
    try:
        cursor.execute(sql, {"known_from": known_from})
    finally:
        cursor.unregister("new_rows")


def _table(schema: pa.Schema, rows: list[Row]) -> pa.Table:
    return pa.Table.from_pydict({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
