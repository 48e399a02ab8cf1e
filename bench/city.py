"""A month of a whole city as a bundle: 2,100 far-view cameras, one poll a day each, hourly files, seeded holes.

The same seed gives the same bytes. One camera-day in a hundred could not be asked; of the others most are whole, some
have a hole, some only the seams a recorder leaves when it switches files.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TextIO

FIRST_DAY = date(2026, 9, 1)
MONTH, NOW = "2026-09", "2026-10-02T00:00:00+08:00"
TOLERATED_S = 5
DAY_S = 86_400
ROOMS_PER_AGENCY = 30
SEED = 20_260_901


@dataclass(frozen=True)
class Size:
    cameras: int = 2_100
    days: int = 30


def write_city(folder: Path, size: Size) -> int:
    """Write the bundle into `folder`; the number of footage rows."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_register(folder, size)
    dice = random.Random(SEED)
    count = 0
    with (
        (folder / "polls.csv").open("w", encoding="utf-8", newline="") as polls,
        (folder / "footage.csv").open("w", encoding="utf-8", newline="") as footage,
    ):
        polls.write("poll_id,camera_id,asked_at,covers_from,covers_to,outcome,complete,clock_offset_ms\n")
        footage.write("poll_id,camera_id,started_at,ended_at\n")
        for day in (FIRST_DAY + timedelta(days=number) for number in range(size.days)):
            clock = _Clock(day)
            for number in range(size.cameras):
                count += _write_day(polls, footage, number, clock, dice)
    return count


def camera_id(number: int) -> str:
    return f"C{number:05d}"


class _Clock:
    """Times of one local day as text, in second of the day; the texts of whole seconds are made once."""

    def __init__(self, day: date) -> None:
        self.midnight = datetime(day.year, day.month, day.day)
        self.name = f"{day:%m%d}"
        self._texts: dict[int, str] = {}

    def at(self, second: int) -> str:
        text = self._texts.get(second)
        if text is None:
            text = self._texts[second] = f"{(self.midnight + timedelta(seconds=second)).isoformat()}+08:00"
        return text


def _write_day(polls: TextIO, footage: TextIO, number: int, clock: _Clock, dice: random.Random) -> int:
    camera = camera_id(number)
    poll_id = f"{camera}-{clock.name}"
    offset_s = number % 7 - 3  # device time; footage is written in it, the poll tells the offset
    asked = f"{poll_id},{camera},{clock.at(DAY_S + 7_200)},{clock.at(0)},{clock.at(DAY_S)}"
    kind = dice.random()
    if kind < 0.01:
        polls.write(f"{asked},unreachable,no,\n")
        return 0
    polls.write(f"{asked},ok,yes,{offset_s * 1000}\n")
    holes = list(_holes(kind, dice))
    files = [span for hour in range(24) for span in _without(hour * 3600, hour * 3600 + 3600, holes)]
    footage.writelines(f"{poll_id},{camera},{clock.at(s + offset_s)},{clock.at(e + offset_s)}\n" for s, e in files)
    return len(files)


def _holes(kind: float, dice: random.Random) -> Iterator[tuple[int, int]]:
    if kind < 0.02:
        yield 0, DAY_S
    elif kind < 0.08:
        start = dice.randrange(DAY_S - 7_200)
        yield start, start + dice.randrange(10, 7_200)
    elif kind < 0.10:
        for hour in range(1, 24):
            yield hour * 3600, hour * 3600 + dice.randrange(1, 9)


def _without(start: int, end: int, holes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for hole_start, hole_end in holes:
        if hole_start < end and hole_end > start:
            if start < hole_start:
                yield start, hole_start
            start = max(start, hole_end)
    if start < end:
        yield start, end


def _write_register(folder: Path, size: Size) -> None:
    agencies = [f"{number:03d}" for number in range(-(-size.cameras // ROOMS_PER_AGENCY))]
    rooms = [(camera_id(n), f"{n // ROOMS_PER_AGENCY:03d}", n % ROOMS_PER_AGENCY) for n in range(size.cameras)]
    fixed = ("far", "fixed", "inside", "2026-01-01T00:00:00+08:00")
    tables: dict[str, tuple[str, list[tuple[str, ...]]]] = {
        "agencies": ("agency_id,name,is_fictional", [(f"A{a}", f"示例检测{a}", "yes") for a in agencies]),
        "premises": ("premises_id,agency_id,name,kind", [(f"P{a}", f"A{a}", "本部", "main") for a in agencies]),
        "rooms": (
            "room_id,premises_id,name,kind,in_use_from",
            [(f"R{c}", f"P{a}", f"{place + 1}室", "test_room", "2026-01-01") for c, a, place in rooms],
        ),
        "recorders": (
            "recorder_id,premises_id,protocol,address",
            [(f"N{a}", f"P{a}", "isapi", "http://127.0.0.1:1") for a in agencies],
        ),
        "cameras": (
            "camera_id,room_id,recorder_id,channel,view,mount,position,duty_from",
            [(c, f"R{c}", f"N{a}", f"{place + 1}01", *fixed) for c, a, place in rooms],
        ),
    }
    for table, (header, rows) in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(f"{header}\n")
            csv.writer(file, lineterminator="\n").writerows(rows)
