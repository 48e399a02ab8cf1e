"""Which minutes are drawn: a pure function of a seed and of the minutes that were held, for anybody to compute again.

1. Before a local day begins a seed of 32 random bytes is made and its SHA-256 published. The seed stays secret.
2. When the day is over, what the ledger then held is written as a list, one line for each camera and day, in the order
   of recorder, camera and day: the JSON array `[recorder_id,camera_id,"YYYY-MM-DD",poll_id,[[a,b],…]]` without spaces,
   non-ASCII as it is, then a line feed. `poll_id` is the answer the state rests on, `[a,b)` are minutes of the local
   day that are held from their first to their last millisecond. The list's SHA-256 is published, and the seed with it.
3. Draw k (from 0) of a recorder is number n of its minutes in the order of the list, from 0, where n is the SHA-256 of
   the text `<seed in hex> <SHA-256 of the list in hex> <recorder_id> <k>`, taken as a big-endian number, modulo the
   number of its minutes (2^256 is so much larger that this favours none).

Who made the seed could not know the list, which holds the answers of the day that followed; who can still change the
list, by what a recorder answers, does not know the seed.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, groupby

from data.periods import day_starts_at


@dataclass(frozen=True, slots=True)
class HeldDay:
    """The whole minutes held of one camera and local day: half-open ranges, minutes of the day."""

    recorder_id: str
    camera_id: str
    day: date
    poll_id: str
    minutes: tuple[tuple[int, int], ...]

    @property
    def line(self) -> str:
        content = [self.recorder_id, self.camera_id, self.day.isoformat(), self.poll_id, self.minutes]
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"

    @property
    def minute_count(self) -> int:
        return sum(b - a for a, b in self.minutes)


@dataclass(frozen=True, slots=True)
class Drawn:
    recorder_id: str
    ordinal: int
    camera_id: str
    minute_at: datetime
    """Start of the minute, naive UTC."""


def in_order(held: Sequence[HeldDay]) -> list[HeldDay]:
    return sorted(held, key=lambda row: (row.recorder_id, row.camera_id, row.day))


def list_sha256(held: Sequence[HeldDay]) -> str:
    digest = hashlib.sha256()
    for row in in_order(held):
        digest.update(row.line.encode())
    return digest.hexdigest()


def seed_sha256(seed: str) -> str:
    """Of the bytes that `seed` writes in hex."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def draw(seed: str, held: Sequence[HeldDay], count: int) -> list[Drawn]:
    """`count` minutes of each recorder that has any, with replacement, so that draws are independent."""
    listed = list_sha256(held)
    drawn: list[Drawn] = []
    for recorder_id, rows in groupby(in_order(held), key=lambda row: row.recorder_id):
        days = list(rows)
        ends = list(accumulate(day.minute_count for day in days))
        if ends[-1] == 0:
            continue
        for ordinal in range(count):
            number = _number(f"{seed} {listed} {recorder_id} {ordinal}") % ends[-1]
            index = bisect_right(ends, number)
            day = days[index]
            minute = _minute(day, number - (ends[index] - day.minute_count))
            minute_at = day_starts_at(day.day) + timedelta(minutes=minute)
            drawn.append(Drawn(recorder_id, ordinal, day.camera_id, minute_at))
    return drawn


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


def _minute(day: HeldDay, number: int) -> int:
    for a, b in day.minutes:
        if number < b - a:
            return a + number
        number -= b - a
    raise IndexError(f"{day.camera_id} holds fewer minutes of {day.day} than were counted")
