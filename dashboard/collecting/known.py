"""What is known before a round of collecting: whom to ask, what was learned about them, and who they were taken for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files

import duckdb

from collectors.identity import Identities
from data.facts import RecorderMemory
from data.known import create_known_views
from data.looks import memories
from data.named import named_queries
from data.store import Store

QUERIES = named_queries(files("dashboard.collecting").joinpath("identities.sql").read_text(encoding="utf-8"))
TOLD_WITHIN = timedelta(days=2)
"""How far back it matters when a question was last answered."""


@dataclass(frozen=True, slots=True)
class RecorderEntry:
    recorder_id: str
    protocol: str
    address: str
    credential: str


@dataclass(frozen=True, slots=True)
class Known:
    """The register and the memories as of the start of a round."""

    entries: tuple[RecorderEntry, ...]
    cameras: Mapping[tuple[str, str], tuple[str, ...]]
    """camera_ids by (recorder_id, channel)."""
    memories: Mapping[str, RecorderMemory] = field(default_factory=dict)
    told: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """When a question was last answered, by (recorder_id, question)."""
    identities: Identities = field(default_factory=lambda: Identities({}, {}))

    def channels(self, recorder_id: str) -> Iterator[tuple[str, str]]:
        """(camera_id, channel) of the cameras on duty at a recorder."""
        for (owner_id, channel), camera_ids in self.cameras.items():
            if owner_id == recorder_id:
                yield from ((camera_id, channel) for camera_id in camera_ids)

    def memory(self, recorder_id: str) -> RecorderMemory:
        return self.memories.get(recorder_id) or RecorderMemory(recorder_id, {})


def known_at(store: Store, at: datetime) -> Known:
    with store.cursor() as cursor:
        create_known_views(cursor, at)
        entries = cursor.execute(
            "SELECT recorder_id, protocol, address, coalesce(credential, '') FROM known_recorders ORDER BY ALL"
        ).fetchall()
        told = cursor.execute(QUERIES["told"], {"since": at - TOLD_WITHIN}).fetchall()
        return Known(
            tuple(RecorderEntry(*map(str, row)) for row in entries),
            _cameras(cursor),
            memories(cursor),
            {(recorder_id, question): told_at for recorder_id, question, told_at in told},
            identities(cursor),
        )


def identities(cursor: duckdb.DuckDBPyConnection) -> Identities:
    """Needs the known views."""
    rows = cursor.execute(QUERIES["identities"]).fetchall()
    return Identities({(row[0], row[1]): row[2] for row in rows}, {(row[0], row[1]): row[3] for row in rows})


def _cameras(cursor: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[str, ...]]:
    rows = cursor.execute(
        "SELECT recorder_id, channel, list(camera_id ORDER BY camera_id) FROM known_cameras"
        " WHERE recorder_id IS NOT NULL AND channel IS NOT NULL AND duty_from <= getvariable('as_of')"
        " AND coalesce(getvariable('as_of') < duty_to, true) GROUP BY ALL"
    ).fetchall()
    return {(recorder_id, channel): tuple(camera_ids) for recorder_id, channel, camera_ids in rows}
