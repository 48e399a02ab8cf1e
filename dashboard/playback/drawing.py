"""Commits a draw before its day begins, and reveals it when the day is over. The seed is kept beside the store."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import duckdb

from collectors.playback.drawing import Drawn, HeldDay, draw, list_sha256, seed_sha256
from data.known import create_known_views
from data.named import named_queries
from data.periods import day_ends_at, day_starts_at, months_before, to_local_text
from data.store import Store

QUERIES = named_queries(files("dashboard.playback").joinpath("queries.sql").read_text(encoding="utf-8"))
TERM_MONTHS = 6
SEED_BYTES = 32
LARGEST_COUNT = 1000


class DrawError(Exception):
    """The draw cannot be made or used; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """A draw in use. `drawn` follows from the other fields and the ledger as known at `as_of`."""

    day: date
    seed_sha256: str
    seed: str
    count: int
    as_of: datetime
    first_day: date
    list_sha256: str
    minute_count: int
    drawn: tuple[Drawn, ...]


def commit(store: Store, day: date, count: int, *, now: Callable[[], datetime], folder: Path) -> str:
    """Bind the draw of `day` to a new seed; gives the seed's SHA-256. The seed goes into `folder`, for us only."""
    if not 0 < count <= LARGEST_COUNT:
        raise DrawError(f"{count} draws are not possible; choose 1 to {LARGEST_COUNT}")
    with store.write() as cursor:
        at = now()
        if at >= day_starts_at(day):
            raise DrawError(f"{day} has begun, and its draw must be bound before; draw for a later day")
        if cursor.execute(QUERIES["draw"], {"day": day}).fetchone():
            raise DrawError(f"the draw of {day} is bound already; a second one would be a choice")
        seed = secrets.token_hex(SEED_BYTES)
        _keep(_seed_file(folder, day), seed)
        cursor.execute("INSERT INTO playback_draws VALUES (?, ?, ?, ?)", [day, seed_sha256(seed), count, at])
    return seed_sha256(seed)


def reveal(store: Store, day: date, *, now: Callable[[], datetime], folder: Path) -> Revealed:
    """The draw of `day`, whose seed becomes public by this; again and again the same."""
    with store.cursor() as cursor:
        bound = cursor.execute(QUERIES["draw"], {"day": day}).fetchone()
        if bound is None:
            raise DrawError(f"no draw was bound for {day}; `liuhen sample-playback draw` does that before a day begins")
        if now() < day_ends_at(day):
            raise DrawError(f"the draw of {day} can be used from {to_local_text(day_ends_at(day))} Beijing time on")
        told = cursor.execute(QUERIES["reveal"], {"day": day}).fetchone()
        seed = told[0] if told else _read(_seed_file(folder, day))
        if seed_sha256(seed) != bound[0]:
            raise DrawError(f"the seed of {day} is not the one that was bound; the draw cannot be used")
        as_of, first_day = (told[1], told[2]) if told else (day_ends_at(day), months_before(day, TERM_MONTHS))
        held = held_minutes(cursor, first_day, day, as_of)
    listed = list_sha256(held)
    if told is not None and listed != told[3]:
        raise DrawError(f"the ledger no longer gives the list that the draw of {day} was made from")
    minute_count = sum(row.minute_count for row in held)
    if told is None:
        row = [day, seed, as_of, first_day, listed, minute_count]
        with store.write() as cursor:
            cursor.execute("INSERT INTO playback_reveals VALUES (?, ?, ?, ?, ?, ?, ?)", [*row, now()])
    drawn = tuple(draw(seed, held, bound[1]))
    return Revealed(day, bound[0], seed, bound[1], as_of, first_day, listed, minute_count, drawn)


def latest(store: Store, last: date) -> date:
    """The newest day up to `last` that a draw is bound for."""
    with store.cursor() as cursor:
        found = cursor.execute(QUERIES["latest"], {"last": last}).fetchone()
    if found is None or found[0] is None:
        raise DrawError(f"no draw is bound for {last} or a day before; `liuhen sample-playback draw` binds one")
    day: date = found[0]
    return day


def held_minutes(cursor: duckdb.DuckDBPyConnection, first: date, last: date, as_of: datetime) -> list[HeldDay]:
    create_known_views(cursor, as_of)
    rows = cursor.execute(QUERIES["held"], {"first": first, "last": last}).fetchall()
    return [
        HeldDay(recorder_id, camera_id, day, poll_id, tuple((a, b) for a, b in minutes))
        for recorder_id, camera_id, day, poll_id, minutes in rows
    ]


def _seed_file(folder: Path, day: date) -> Path:
    return folder / f"playback-{day}.seed"


def _keep(path: Path, seed: str) -> None:
    """A file that is there already is a draw whose commit failed; its seed was never bound to anything."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
            stream.write(seed)
    except OSError as error:
        raise DrawError(f"the seed cannot be kept in {path} ({error.strerror}); make its folder writable") from None


def _read(path: Path) -> str:
    try:
        seed = path.read_text(encoding="ascii").strip()
        bytes.fromhex(seed)
    except (OSError, ValueError):
        raise DrawError(f"the seed in {path} cannot be read; without it the draw cannot be used") from None
    return seed
