"""The interval rules once more, by PostgreSQL's multiranges from the raw polls and files of a bundle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

from tests.rules.oracle.city import Rows
from tests.rules.scenes import Look

HERE = Path(__file__).parent
SCRIPTS = ("facts", "footage", "keeping", "rooms", "sessions")
RULE_IDS = (
    "far_24h", "far_gap_budget", "retention_6_months", "early_deletion", "far_camera_per_room", "far_covers_devices",
    "near_camera_present", "near_during_session", "far_near_sync", "onsite_whole",
)  # fmt: skip
LOOK = "insert into look select (%s || '-01')::date, ms(%s::timestamptz), ms(%s::timestamptz)"
BOTH_WAYS = """select exempting, subject_type, subject_id, agency_id, period, outcome, measured, required
    from {rule}"""


class Finding(NamedTuple):
    """What both must agree on, as published."""

    rule_id: str
    subject_type: str
    subject_id: str
    agency_id: str
    period: str
    outcome: str
    measured: str
    required: str


def prepare(connection: psycopg.Connection) -> None:
    connection.execute((HERE / "words.sql").read_text(encoding="utf-8"))


def load(connection: psycopg.Connection, rows: Rows) -> None:
    """Each row as it would stand in its file, untyped."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("truncate line")
        with cursor.copy("copy line from stdin") as copy:
            for file, lines in rows.items():
                for line in lines:
                    copy.write_row((file, json.dumps(line, ensure_ascii=False)))
        cursor.execute("analyze line")


def findings(connection: psycopg.Connection, look: Look, rule_ids: Iterable[str] = RULE_IDS) -> list[Finding]:
    """What the rules must say of the rows loaded; the tables made on the way go with the transaction."""
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute(LOOK, (look.month, look.now, look.as_of or look.now))
        for name in SCRIPTS:
            cursor.execute((HERE / f"{name}.sql").read_text(encoding="utf-8"))
        return [finding for rule_id in rule_ids for finding in _judged(cursor, rule_id)]


def _judged(cursor: psycopg.Cursor, rule_id: str) -> list[Finding]:
    """Where there is a row only without exempt time (far_gap_budget), that one stands."""
    full, reduced = dict[tuple[str, ...], Finding](), dict[tuple[str, ...], Finding]()
    for exempting, *row in cursor.execute(sql.SQL(BOTH_WAYS).format(rule=sql.Identifier(rule_id))):
        finding = Finding(rule_id, *row)
        (reduced if exempting else full)[finding[:5]] = finding
    return [_excused(full.get(key, finding), finding) for key, finding in reduced.items()]


def _excused(full: Finding, reduced: Finding) -> Finding:
    if full.outcome == "pass" and reduced.outcome in ("fail", "suspect"):
        return full
    return reduced._replace(outcome="excused") if full.outcome == "fail" and reduced.outcome == "pass" else reduced
