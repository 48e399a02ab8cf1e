"""Takes a validated bundle into a store: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from data import ledger
from data.bundle.bundle import Bundle, validated
from data.bundle.checks import Known
from data.bundle.format import TABLES
from data.bundle.source import open_source
from data.store import Store

ALWAYS_KNOWN = datetime(1970, 1, 1)
"""`known_from` of what carries no such instant itself, when a bundle is judged in memory."""
_THROUGH_LEDGER = ("polls", "footage")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a bundle. `is_new` is false when the very same bundle had been taken in before."""

    submission_id: str
    row_counts: dict[str, int]
    warnings: list[str]
    is_new: bool


def take_in(store: Store, path: Path, *, taken_in_at: datetime | None) -> Receipt:
    """Validate the bundle at `path` and store it; raises BundleErrors, and then nothing was stored.

    `taken_in_at` (naive UTC) is the instant of intake, before which none of it was known here. None is for
    judging a bundle in memory: each fact then counts as known from the instant its reporter learnt it.
    """
    with open_source(path) as source:
        with store.cursor() as reader:
            if _is_on_record(reader, source.submission_id):
                return Receipt(source.submission_id, {}, source.warnings, is_new=False)
        with validated(source, known=known_in(store)) as bundle, store.write() as cursor:
            if _is_on_record(cursor, bundle.submission_id):  # by someone else while we were reading
                return Receipt(bundle.submission_id, {}, bundle.warnings, is_new=False)
            _append(cursor, bundle, taken_in_at)
            return Receipt(bundle.submission_id, bundle.row_counts, bundle.warnings, is_new=True)


def known_in(store: Store) -> Known:
    """Which ids of a table are on record in the store and not withdrawn."""

    def known(table: str, ids: list[str]) -> Collection[str]:
        key = TABLES[table].key[0]
        with store.cursor() as cursor:
            rows = cursor.execute(
                f"SELECT {key} FROM {table} WHERE {key} IN (SELECT unnest($ids)) "
                f"GROUP BY {key} HAVING NOT coalesce(max_by(withdrawn, known_from), false)",
                {"ids": ids},
            ).fetchall()
        return [row[0] for row in rows]

    return known


def _is_on_record(cursor: duckdb.DuckDBPyConnection, submission_id: str) -> bool:
    found = cursor.execute("SELECT 1 FROM submissions WHERE submission_id = ?", [submission_id]).fetchone()
    return found is not None


def _append(cursor: duckdb.DuckDBPyConnection, bundle: Bundle, taken_in_at: datetime | None) -> None:
    intake = taken_in_at or ALWAYS_KNOWN
    for name in bundle.row_counts:
        if name not in _THROUGH_LEDGER:
            _insert(cursor, bundle, name, into=name, intake=intake)
    if "polls" in bundle.row_counts:
        _append_polls(cursor, bundle, intake)
    cursor.execute(
        "INSERT INTO submissions BY NAME SELECT $id AS submission_id, CAST($at AS TIMESTAMP) AS taken_in_at, "
        "$source AS source, $rows AS row_count",
        {
            "id": bundle.submission_id,
            "at": intake,
            "source": bundle.name,
            "rows": sum(bundle.row_counts.values()),
        },
    )


def _append_polls(cursor: duckdb.DuckDBPyConnection, bundle: Bundle, intake: datetime) -> None:
    cursor.execute("CREATE OR REPLACE TEMP TABLE staged_polls AS FROM polls LIMIT 0")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE staged_footage "
        "(poll_id TEXT, camera_id TEXT, started_at TIMESTAMP, ended_at TIMESTAMP)"
    )
    _insert(cursor, bundle, "polls", into="staged_polls", intake=intake)
    conflicts = cursor.execute(
        "SELECT DISTINCT poll_id, camera_id FROM staged_polls s JOIN polls p USING (poll_id, camera_id) "
        "WHERE s.digest IS DISTINCT FROM p.digest"
    ).fetchall()
    if conflicts:
        raise bundle.conflicting_polls(conflicts)
    cursor.execute("DELETE FROM staged_polls WHERE (poll_id, camera_id) IN (SELECT (poll_id, camera_id) FROM polls)")
    if "footage" in bundle.row_counts:
        _insert(cursor, bundle, "footage", into="staged_footage", intake=None)
        bundle.release("footage")
    ledger.append_staged(cursor)


def _insert(
    cursor: duckdb.DuckDBPyConnection, bundle: Bundle, table: str, *, into: str, intake: datetime | None
) -> None:
    """Stream a table's rows, with the three columns of provenance unless `intake` is None."""
    provenance = ""
    values: dict[str, object] = {}
    if intake is not None:
        known_at = TABLES[table].known_at
        instant = "CAST($intake AS TIMESTAMP)"
        known_from = f"greatest({known_at}, {instant})" if known_at else instant
        provenance = f", {known_from} AS known_from, $id AS submission_id, false AS withdrawn"
        values = {"intake": intake, "id": bundle.submission_id}
    cursor.register("incoming", bundle.rows(table))
    cursor.execute(f"INSERT INTO {into} BY NAME SELECT *{provenance} FROM incoming", values)
    cursor.unregister("incoming")
