"""What was known at an instant: one view per fact table, and nothing newer shows through.

A judgement, a page and an export all read these views, so that any past state can be asked for again.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

TABLE_KEYS: dict[str, tuple[str, ...]] = {
    "agencies": ("agency_id",),
    "premises": ("premises_id",),
    "rooms": ("room_id",),
    "devices": ("device_id",),
    "recorders": ("recorder_id",),
    "cameras": ("camera_id",),
    "sessions": ("session_id",),
    "load_stages": ("session_id", "stage_no", "direction"),
    "reports": ("report_no",),
    "key_images": ("image_id",),
    "image_reviews": ("report_no", "person", "role", "reviewed_at"),
    "exemptions": ("exemption_id",),
    "polls": ("poll_id", "camera_id"),
    "live_probes": ("camera_id", "probed_at"),
    "recording_plans": ("camera_id", "observed_at"),
}
"""What makes two rows of a table speak of one thing; the newest known one counts."""

FIRST_SEEN_STANDS = {"live_probes"}
"""An observation of one instant cannot be observed again: a second row under its key is the same one handed in twice,
or an attempt to replace it; it can only be withdrawn. Polls are not here, because intake refuses a second one."""


def known_sql(table: str) -> str:
    """The rows of a fact table as known at the variable `as_of`, without withdrawn ones.

    Nearly nothing is handed in twice, so only the keys that are go through the costly search for the newest row.
    """
    versions = f"FROM {table} WHERE known_from <= getvariable('as_of')"
    if table == "polls":
        return f"{versions} AND NOT withdrawn"
    key = ", ".join(TABLE_KEYS[table])
    order = (
        "withdrawn DESC, known_from, submission_id NULLS FIRST"
        if table in FIRST_SEEN_STANDS
        else "known_from DESC, submission_id DESC"
    )
    return f"""
        WITH again AS MATERIALIZED (SELECT {key} {versions} GROUP BY ALL HAVING count(*) > 1)
        SELECT * FROM (
            FROM ({versions}) ANTI JOIN again USING ({key})
            UNION ALL
            FROM ({versions}) SEMI JOIN again USING ({key})
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1
        ) WHERE NOT withdrawn"""


def create_known_views(cursor: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Give this cursor `known_<table>` for every fact table as known at `as_of` (naive UTC)."""
    know(cursor, as_of)
    for table in TABLE_KEYS:
        cursor.execute(f"CREATE OR REPLACE TEMP VIEW known_{table} AS {known_sql(table)}")


def know(cursor: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Set the instant whose knowledge this cursor sees (naive UTC)."""
    cursor.execute("SET VARIABLE as_of = CAST($as_of AS TIMESTAMP)", {"as_of": as_of})
