"""A process that is killed while it writes loses nothing it has acknowledged, and the ledger stays a ledger."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from data import ledger
from data.bundle import take_in
from data.facts import Poll, RawAnswer
from data.intake import Batch, take_in_batch
from data.store import Store
from rules.cases import write_bundle
from tests.dashboard.small import rows

ROOT = Path(__file__).parents[2]
BASE = datetime(2026, 10, 1)
HOUR = timedelta(hours=1)
KILLS = 10
CAMERAS = ("C1", "C2")
CHECKPOINT_EVERY = 4
HALF_WRITTEN = """
SELECT poll_id FROM polls WHERE submission_id IS NULL AND poll_id NOT IN (SELECT poll_id FROM raw_answers)
UNION ALL SELECT poll_id FROM polls WHERE submission_id NOT IN (SELECT submission_id FROM submissions)
UNION ALL SELECT poll_id FROM footage_days WHERE poll_id NOT IN (SELECT poll_id FROM polls)
"""
LEDGER = "SELECT camera_id, day, asked_at, poll_id, revision, known_from, held, asked FROM footage_days ORDER BY ALL"


def poll(number: int) -> Poll:
    """The answer of this number; every third is late, so that versions after it have to be corrected."""
    dice = random.Random(number)
    asked_at = BASE + timedelta(days=4) + (number - (5 if number % 3 == 0 else 0)) * HOUR
    start = BASE + dice.randrange(60) * HOUR
    end = start + dice.randrange(1, 40) * HOUR
    edges = sorted(start + (end - start) * dice.random() for _ in range(6))
    spans = tuple(zip(edges[::2], edges[1::2], strict=True))
    return Poll(f"q{number:04d}", CAMERAS[number % 2], asked_at, start, end, "ok", True, 0, spans=spans)


def keep(store: Store, number: int, folder: Path) -> None:
    """Every fourth answer comes as a bundle, the others from our collectors."""
    said = poll(number)
    if number % 4:
        raw = RawAnswer(said.poll_id, 0, "GET /", 200, str(number).encode())
        take_in_batch(store, Batch([said], [raw]), now=lambda: said.asked_at)
        return
    content: dict[str, list[dict[str, Any]]] = {name: rows()[name] for name in ("agencies",)}
    own = {"poll_id": said.poll_id, "camera_id": said.camera_id}
    content["polls"] = [own | {"asked_at": f"{said.asked_at}Z", "covers_from": f"{said.covers_from}Z",
                               "covers_to": f"{said.covers_to}Z", "outcome": "ok", "complete": "yes",
                               "clock_offset_ms": 0}]  # fmt: skip
    content["footage"] = [own | {"started_at": f"{a}Z", "ended_at": f"{b}Z"} for a, b in said.spans]
    place = folder / f"bundle{number}"
    place.mkdir(exist_ok=True)
    write_bundle(place, content)
    take_in(store, place, taken_in_at=said.asked_at)


def write_until_killed(file: str, first: int, dies_at: int) -> None:
    """Runs in a process of its own: says each number once it is stored. Dies of itself in the midst of the transaction
    of `dies_at`, when the ledger is written and the rest is not."""
    append = ledger.append_staged

    def append_and_die(cursor: duckdb.DuckDBPyConnection) -> int:
        count = append(cursor)
        if number == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return count

    ledger.append_staged = append_and_die
    with Store.open(file) as store:
        for number in range(first, first + 10_000):
            keep(store, number, Path(file).parent)
            os.write(1, f"{number}\n".encode())
            if number % CHECKPOINT_EVERY == 0:
                store.cursor().execute("CHECKPOINT store")


def test_what_was_acknowledged_survives_being_killed(tmp_path: Path) -> None:
    file = str(tmp_path / "store.duckdb")
    with Store.open(file) as store:
        write_bundle(tmp_path, {name: rows()[name] for name in rows() if name not in ("polls", "footage")})
        take_in(store, tmp_path, taken_in_at=BASE)
    dice = random.Random(20_261_001)
    kept = 0
    for kill in range(KILLS):
        wait_for = dice.randrange(1, 7)
        dies_at = kept + wait_for if kill % 2 else -1
        acknowledged = killed_while_writing(file, kept, wait_for, dies_at=dies_at, more_s=dice.random() / 50)
        with Store.open(file) as store:
            polls = [row[0] for row in store.cursor().execute("SELECT poll_id FROM polls ORDER BY ALL").fetchall()]
            assert polls == [f"q{number:04d}" for number in range(len(polls))]
            assert acknowledged <= len(polls) <= acknowledged + 1
            assert dies_at < 0 or len(polls) == dies_at
            kept = len(polls)
            assert store.cursor().execute(HALF_WRITTEN).fetchall() == []
            assert_is_ledger(store)
    assert_same_ledger(file, kept, tmp_path)


def killed_while_writing(file: str, first: int, wait_for: int, *, dies_at: int, more_s: float) -> int:
    """Start a writer that dies of itself, or is killed some moments after so many acknowledgements; how many there are
    in all."""
    call = f"write_until_killed({file!r}, {first}, {dies_at})"
    code = f"from tests.dashboard.test_restart import write_until_killed; {call}"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(wait_for)]
        if dies_at < 0:
            time.sleep(more_s)  # the kill shall come in the midst of something
            writer.kill()
        lines += writer.stdout.read().splitlines()
    return int(lines[-1]) + 1


def assert_is_ledger(store: Store) -> None:
    for camera, day, *_, held, asked in store.cursor().execute(LEDGER).fetchall():
        for intervals in (held, asked):
            assert all(0 <= i["s"] < i["e"] <= 86_400_000 for i in intervals), (camera, day)
            assert all(a["e"] < b["s"] for a, b in pairwise(intervals)), (camera, day)
        assert all(any(a["s"] <= h["s"] and h["e"] <= a["e"] for a in asked) for h in held), (camera, day)


def assert_same_ledger(file: str, count: int, folder: Path) -> None:
    """The killed writers' ledger is the one that nobody had interrupted."""
    with Store.open(file) as store, Store.in_memory() as calm:
        take_in(calm, folder, taken_in_at=BASE)
        for number in range(count):
            keep(calm, number, folder)
        assert versions(store) == versions(calm) != []


def versions(store: Store) -> list[tuple[object, ...]]:
    return store.cursor().execute(LEDGER).fetchall()
