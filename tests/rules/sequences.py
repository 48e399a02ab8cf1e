"""A store whose facts arrive piece by piece while time goes on: bundles, polls, exemptions given and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from data.bundle import take_in
from data.bundle.format import TABLES
from data.periods import parse_instant
from data.store import Store
from rules.cases import write_bundle
from tests.rules import reports, watched
from tests.rules.histories import DAY_S, Chronicle
from tests.rules.oracle.city import Rows

REGISTER = ("agencies", "premises", "rooms", "devices", "recorders", "cameras")
PARENTS = {
    "load_stages": [("session_id", "sessions")],
    "key_images": [("report_no", "reports"), ("session_id", "sessions")],
    "image_reviews": [("report_no", "reports")],
    "footage": [("poll_id", "polls")],
}
SHORT = (timedelta(), timedelta(milliseconds=1), timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5))
LONG = (timedelta(hours=6), timedelta(hours=18), timedelta(days=1), timedelta(days=9))
TAKE_BACK_SQL = """
INSERT INTO exemptions BY NAME
SELECT * REPLACE (CAST($at AS TIMESTAMP) AS known_from, true AS withdrawn) FROM exemptions
WHERE exemption_id = $id AND NOT withdrawn
"""


@dataclass(frozen=True)
class Arrival:
    """What is handed in between two judgements, the exemption that is taken back, and when the next judgement is."""

    rows: Rows
    taken_back: str | None
    now_at: datetime


def sequence(seed: int, cities: int, steps: int) -> Iterator[Arrival]:
    """Everything there is to know of a few cities in `steps` arrivals, the register first."""
    chance = Random(seed)
    origin = datetime.fromisoformat(chance.choice(watched.ORIGINS))
    rows = _cities(chance, origin, cities)
    at = _arrivals(chance, rows, steps)
    now_at = parse_instant(origin.isoformat()) + timedelta(days=chance.choice((1, 2)))
    for step in range(steps):
        arriving = {table: [r for n, r in enumerate(rows[table]) if at[table][n] == step] for table in rows}
        if step:
            arriving["agencies"] = [chance.choice(rows["agencies"])]  # no bundle is without
            known = {table: [r for n, r in enumerate(rows[table]) if at[table][n] < step] for table in rows}
            _change_something(chance, known, arriving)
        given = [x["exemption_id"] for n, x in enumerate(rows["exemptions"]) if at["exemptions"][n] < step]
        yield Arrival(arriving, chance.choice(given) if given and chance.random() < 0.3 else None, now_at)
        now_at += chance.choice(SHORT if chance.random() < 0.75 else LONG)


def arrive(store: Store, arrival: Arrival) -> None:
    taken_in_at = arrival.now_at
    lines = {table: lines for table, lines in arrival.rows.items() if lines}
    if len(lines) > 1:
        with TemporaryDirectory() as folder:
            write_bundle(Path(folder), lines)
            take_in(store, Path(folder), taken_in_at=taken_in_at)
    if arrival.taken_back:
        with store.write() as cursor:
            cursor.execute(TAKE_BACK_SQL, {"at": taken_in_at, "id": arrival.taken_back})


def _cities(chance: Random, origin: datetime, cities: int) -> Rows:
    rows: Rows = {table: [] for table in TABLES}
    issues = [chance.randint(0, 3) * DAY_S + chance.choice((0, -0.001, 36_000)) for _ in range(4)]
    for city in range(cities):
        watched.add_city(rows, Chronicle(Random(chance.random()), origin, fine=True), f"{city}")
    for city in range(cities):
        reports.add_city(rows, Chronicle(Random(chance.random()), origin, fine=True), f"r{city}", issues)
    return rows


def _arrivals(chance: Random, rows: Rows, steps: int) -> dict[str, list[int]]:
    """In which step each row arrives: half of them at once, the others city by city, each after what it refers to."""
    at: dict[str, list[int]] = {}
    first: dict[tuple[str, str], int] = {}
    for table in TABLES:
        at[table] = []
        for number, row in enumerate(rows[table]):
            later = 1 + number * (steps - 1) // len(rows[table])
            step = 0 if table in REGISTER or chance.random() < 0.5 else later
            for name, parent in PARENTS.get(table, ()):
                step = max(step, first.get((parent, str(row.get(name))), 0))
            if table == "footage":  # with its poll
                step = first["polls", f"{row['poll_id']} {row['camera_id']}"]
            key = " ".join(str(row.get(name)) for name in TABLES[table].key or ())
            first[table, key] = step
            at[table].append(step)
    return at


def _change_something(chance: Random, known: Rows, arriving: Rows) -> None:
    """Something on record is no longer as it was: a camera moved, a room closed, an image is another file."""
    table, change = chance.choice(((None, {}), *_changes(chance, known)))
    if table and known[table]:
        arriving[table] = [*arriving[table], chance.choice(known[table]) | change]


def _changes(chance: Random, rows: Rows) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("cameras", {"recorder_id": chance.choice(rows["recorders"])["recorder_id"], "room_id": None}),
        ("cameras", {"room_id": chance.choice(rows["rooms"])["room_id"]}),
        ("cameras", {"view": chance.choice(("far", "near"))}),
        ("rooms", {"kind": "test_room", "disciplines": "rebar_mechanics"}),
        ("rooms", {"premises_id": chance.choice(rows["premises"])["premises_id"]}),
        ("premises", {"agency_id": chance.choice(rows["agencies"])["agency_id"]}),
        ("devices", {"parallel_capacity": 2}),
        ("sessions", {"report_no": None}),
        ("sessions", {"agency_id": chance.choice(rows["agencies"])["agency_id"]}),
        ("reports", {"agency_id": chance.choice(rows["agencies"])["agency_id"]}),
        ("key_images", {"sha256": "0" * 64}),
    ]
