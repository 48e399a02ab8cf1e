"""Takes in what our collectors saw: one batch, one transaction, and only then is it known.

Rows travel as Arrow tables, because row-wise inserts are two orders of magnitude slower.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import duckdb
import pyarrow as pa

from data import ledger, looks
from data.digests import poll_digests
from data.facts import (
    DayClaimed,
    IdentityConfirmed,
    LiveProbe,
    PlannedPoll,
    PlanSeen,
    Poll,
    RawAnswer,
    RecorderLook,
    RecorderMemory,
)
from data.store import Store

GZIP_LEVEL = 4
"""Under a tenth larger than the best there is, in less than half the time; answers are hardly ever unpacked."""
NEW_POLLS = "CREATE OR REPLACE TEMP TABLE new_polls AS FROM arrived_polls"
STAGED_FOOTAGE = "CREATE OR REPLACE TEMP TABLE staged_footage AS FROM arrived_footage"
STAGED_POLLS = f"""
CREATE OR REPLACE TEMP TABLE staged_polls AS
SELECT p.*, d.digest, CAST($known_from AS TIMESTAMP) AS known_from, CAST(NULL AS TEXT) AS submission_id,
       false AS withdrawn
FROM new_polls p JOIN ({poll_digests("new_polls", "staged_footage")}) d USING (poll_id, camera_id)
ANTI JOIN (FROM polls SEMI JOIN new_polls USING (poll_id, camera_id)) USING (poll_id, camera_id)"""
"""The inner SEMI JOIN only saves work: few polls are looked for among all on record, not all of these among few."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one round of collecting brought home."""

    polls: Sequence[Poll] = ()
    raw_answers: Sequence[RawAnswer] = ()
    live_probes: Sequence[LiveProbe] = ()
    planned_polls: Sequence[PlannedPoll] = ()
    looks: Sequence[RecorderLook] = ()
    plans: Sequence[PlanSeen] = ()
    days_claimed: Sequence[DayClaimed] = ()
    memories: Sequence[RecorderMemory] = ()
    confirmations: Sequence[IdentityConfirmed] = ()


def take_in_batch(store: Store, batch: Batch, *, now: Callable[[], datetime]) -> None:
    """Store a batch as known from now; polls already on record under their id are left as they are.

    The clock is read when it is this writer's turn: a judgement made before must not find the batch in its past.
    """
    with store.write() as cursor:
        known_from = now()
        if batch.polls:
            _take_in_polls(cursor, batch.polls, known_from)
        _append(cursor, "raw_answers", [_packed(answer) for answer in batch.raw_answers], known_from)
        _append(
            cursor, "live_probes", [asdict(probe) | {"withdrawn": False} for probe in batch.live_probes], known_from
        )
        _append(cursor, "planned_polls", [asdict(planned) for planned in batch.planned_polls], known_from)
        looks.append_looks(cursor, batch.looks, known_from)
        looks.append_plans(cursor, batch.plans, known_from)
        looks.append_days(cursor, batch.days_claimed, known_from)
        _append(cursor, "identity_confirmations", [asdict(c) for c in batch.confirmations], known_from)
        looks.append_memories(cursor, batch.memories, known_from)


def _take_in_polls(cursor: duckdb.DuckDBPyConnection, polls: Sequence[Poll], known_from: datetime) -> None:
    columns = {name: list(map(attrgetter(name), polls)) for name in POLL_SCHEMA.names}
    cursor.register("arrived_polls", pa.Table.from_pydict(columns, schema=POLL_SCHEMA))
    cursor.register("arrived_footage", _footage(polls))
    cursor.execute(NEW_POLLS)
    cursor.execute(STAGED_FOOTAGE)
    cursor.execute(STAGED_POLLS, {"known_from": known_from})
    ledger.append_staged(cursor)


def _append(cursor: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]], known_from: datetime) -> None:
    if not rows:
        return
    cursor.register("new_rows", pa.Table.from_pylist(rows))
    cursor.execute(
        f"INSERT INTO {table} BY NAME SELECT *, CAST($known_from AS TIMESTAMP) AS known_from FROM new_rows",
        {"known_from": known_from},
    )
    cursor.unregister("new_rows")


def _packed(answer: RawAnswer) -> dict[str, Any]:
    return {
        "poll_id": answer.poll_id,
        "ordinal": answer.ordinal,
        "request": answer.request,
        "status": answer.status,
        "body_sha256": hashlib.sha256(answer.body).hexdigest(),
        "body_gz": gzip.compress(answer.body, GZIP_LEVEL, mtime=0),
    }


INSTANT = pa.timestamp("us")
SPAN_SCHEMA = pa.schema(
    [("poll_id", pa.string()), ("camera_id", pa.string()), ("started_at", INSTANT), ("ended_at", INSTANT)]
)
POLL_SCHEMA = pa.schema(
    [
        ("poll_id", pa.string()),
        ("camera_id", pa.string()),
        ("asked_at", INSTANT),
        ("covers_from", INSTANT),
        ("covers_to", INSTANT),
        ("outcome", pa.string()),
        ("complete", pa.bool_()),
        ("clock_offset_ms", pa.int32()),
        ("reason", pa.string()),
    ]
)


def _footage(polls: Sequence[Poll]) -> pa.Table:
    """Column by column: a day of one camera can be hundreds of rows, and a round is thousands of such days."""
    owners = [poll for poll in polls for _ in poll.spans]
    columns = {
        "poll_id": [poll.poll_id for poll in owners],
        "camera_id": [poll.camera_id for poll in owners],
        "started_at": [started_at for poll in polls for started_at, _ in poll.spans],
        "ended_at": [ended_at for poll in polls for _, ended_at in poll.spans],
    }
    return pa.Table.from_pydict(columns, schema=SPAN_SCHEMA)
