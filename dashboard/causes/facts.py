"""Reads the rows that may explain the gaps of one camera."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import groupby
from typing import Any

import duckdb

from collectors.intervals import Interval, merged
from dashboard.causes.model import Facts, FailedPoll, PlannedRound, PlanSight, Sight, Version
from data.named import named_queries
from data.periods import day_ends_at, day_starts_at

QUERIES = named_queries(files("dashboard.causes").joinpath("facts.sql").read_text(encoding="utf-8"))
MILLISECOND = timedelta(milliseconds=1)


def read_facts(cursor: duckdb.DuckDBPyConnection, camera_id: str, from_at: datetime, to_at: datetime) -> Facts | None:
    """None when no such camera, or not on duty then. The cursor has the known views, whose instant ends what is due."""
    where = {"camera_id": camera_id, "from_at": from_at, "to_at": to_at}
    camera = cursor.execute(QUERIES["camera"], where).fetchone()
    if camera is None or camera[2] >= camera[3]:
        return None
    recorder_id, channel, *duty = camera

    def rows(name: str, **values: object) -> list[tuple[Any, ...]]:
        query = QUERIES[name]
        given = {**where, "recorder_id": recorder_id or "", "channel": channel or "", **values}
        return cursor.execute(query, {key: value for key, value in given.items() if f"${key}" in query}).fetchall()

    versions = rows("versions")
    polls = [FailedPoll(row[0], row[1], (row[2], row[3]), row[4], row[5] or "") for row in rows("failed_polls")]
    others_to = max([to_at, *(poll.asked_at for poll in polls)]) + timedelta(hours=1)
    newest = {day: (asked, held) for _, _, day, held, asked in versions}
    return Facts(
        camera_id,
        recorder_id or "",
        duty=((duty[0], duty[1]),),
        asked=tuple(_instants((day, asked) for day, (asked, _) in newest.items())),
        held=tuple(_instants((day, held) for day, (_, held) in newest.items())),
        versions=tuple(_versions(versions)),
        failed_polls=polls,
        sights=[Sight(*row) for row in rows("sights")],
        plans=[PlanSight(*row) for row in rows("plans")],
        rounds=[PlannedRound(*row) for row in rows("rounds")],
        siblings=_siblings(rows("siblings")),
        others=[(row[0], row[1]) for row in rows("others", others_to=others_to)],
    )


def _versions(rows: Sequence[tuple[Any, ...]]) -> Iterator[Version]:
    for (asked_at, poll_id), group in groupby(rows, key=lambda row: (row[1], row[0])):
        states = [(day, held) for _, _, day, held, _ in group]
        days = tuple((day_starts_at(day), day_ends_at(day)) for day, _ in states)
        yield Version(poll_id, asked_at, tuple(_instants(states)), days)


def _siblings(rows: Sequence[tuple[Any, ...]]) -> list[tuple[list[Interval], list[Interval]]]:
    asked: defaultdict[str, list[tuple[date, Any]]] = defaultdict(list)
    held: defaultdict[str, list[tuple[date, Any]]] = defaultdict(list)
    for camera_id, day, asked_ms, held_ms in rows:
        asked[camera_id].append((day, asked_ms))
        held[camera_id].append((day, held_ms))
    return [(_instants(asked[camera_id]), _instants(held[camera_id])) for camera_id in asked]


def _instants(days: Iterable[tuple[date, Sequence[dict[str, int]]]]) -> list[Interval]:
    """Milliseconds of days as instants, joined across midnight."""
    return merged(
        (day_starts_at(day) + part["s"] * MILLISECOND, day_starts_at(day) + part["e"] * MILLISECOND)
        for day, parts in days
        for part in parts
    )
