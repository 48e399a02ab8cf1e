"""Exchanges the times in an answer: other formats, impossible ones, swapped, doubled, backward, from the future."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

_STAMP = re.compile(
    rb"\d{4}-\d\d-\d\d(?:[T -]\d\d[:-]\d\d[:-]\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?|\b1[789]\d{8}(?:\d{3})?(?:\.\d+)?\b"
)
_DIGITS = re.compile(rb"(\d{4}-\d\d-\d\d)([T -])(\d\d)([:-])(\d\d)[:-](\d\d)")
_ODD = (b"0001-01-01T00:00:00Z", b"1970-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"2026-10-01T24:00:00Z",
        b"2026-09-30T23:59:60Z", b"2026-02-30T12:00:00Z", b"2026-13-45T25:61:61Z", b"", b"soon", b"2026-10-01",
        b"12:00", b"20261001T040000Z", b"01/10/2026 04:00:00", b"2026-10-01T04:00:00+14:00",
        b"2026-10-01T04:00:00-99:99", b"2026-10-01 04:00:00", b"2026/10/01 04:00:00", b"2026-1-1 4:0:0",
        b"9999-12-31 23:59:59", b"0000-00-00 00:00:00", b"2026-10-01T04:00:00.123456789123Z",
        b"2026-W40-4", "２０２６-10-01".encode(), b"0", b"-1", b"1e400",
        b"253402300800", b"4102444800000", b"1790000000.5", b"9999-12-31-23-59-59-0.mp4")  # fmt: skip
_DATES = ("", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0001 00:00:00 GMT",
          "Thu, 01 Oct 2026 24:00:00 GMT", "Wed, 30 Sep 2026 23:59:60 GMT", "Thu, 01 Oct 2026 04:00:00 +9999",
          "Thu, 32 Oct 2026 04:00:00 GMT", "Thu, 01 Oct 2026 04:00:00", "Thu, 01 Oct 99999 04:00:00 GMT", "1790827200",
          "2026-10-01T04:00:00Z", "Thu, 01 Oct 2026 04:00:00 GMT, Thu, 01 Oct 2026 05:00:00 GMT", "x" * 9000,
          "Thu, 01 Oct 2026 04:00:00 -2359", "Mon, 31 Dec 9999 23:59:59 -2359")  # fmt: skip
_SHIFTS_S = (1, -1, 60, -60, 3600, -3600, 28_800, -28_800, 86_400, -86_400, 400_000_000, -3_000_000_000)

Change = Callable[[list[bytes], Random], None]


def retime(body: bytes, chance: Random) -> bytes:
    found = list(_STAMP.finditer(body))
    if not found:
        return body
    stamps = [match[0] for match in found]
    chance.choice(_CHANGES)(stamps, chance)
    pieces, at = [], 0
    for match, stamp in zip(found, stamps, strict=True):
        pieces += [body[at : match.start()], stamp]
        at = match.end()
    return b"".join([*pieces, body[at:]])


def odd_date(chance: Random) -> str:
    """For the header of that name; half of the time one that is well formed and wrong."""
    at = datetime(2026, 10, 1, 4) + timedelta(seconds=chance.choice(_SHIFTS_S[:10]) * chance.randint(1, 5))
    return chance.choice([chance.choice(_DATES), f"{at:%a, %d %b %Y %H:%M:%S} GMT"])


def _odd(stamps: list[bytes], chance: Random) -> None:
    for _ in range(chance.choice([1, 1, 3, len(stamps)])):
        stamps[chance.randrange(len(stamps))] = chance.choice(_ODD)


def _swap(stamps: list[bytes], chance: Random) -> None:
    """Starts and ends change places in one entry or in all."""
    one = chance.randrange(len(stamps))
    for at in range(0, len(stamps) - 1, 2):
        if chance.random() < 0.5 or at == one:
            stamps[at], stamps[at + 1] = stamps[at + 1], stamps[at]


def _double(stamps: list[bytes], chance: Random) -> None:
    stamp = chance.choice(stamps)
    for at in range(len(stamps)):
        if chance.random() < 0.5:
            stamps[at] = stamp


def _backward(stamps: list[bytes], _: Random) -> None:
    stamps.reverse()


def _shift(stamps: list[bytes], chance: Random) -> None:
    """All, or each by its own."""
    shift_s, alone = chance.choice(_SHIFTS_S), chance.random() < 0.3
    for at, stamp in enumerate(stamps):
        stamps[at] = _moved(stamp, chance.choice(_SHIFTS_S) if alone else shift_s)


def _moved(stamp: bytes, shift_s: int) -> bytes:
    match = _DIGITS.match(stamp)
    try:
        if match is None:
            return str(float(stamp) + shift_s).encode() if b"-" not in stamp else stamp
        at = datetime.fromisoformat(f"{match[1].decode()}T{b':'.join(match.group(3, 5, 6)).decode()}")
        moved = at + timedelta(seconds=shift_s)
    except (ValueError, OverflowError):
        return stamp
    sep, mid = match[2].decode(), match[4].decode()
    return f"{moved:%Y-%m-%d}{sep}{moved:%H}{mid}{moved:%M}{mid}{moved:%S}".encode() + stamp[match.end() :]


def _rewrite(stamps: list[bytes], chance: Random) -> None:
    """The same digits in another dress."""
    dress = chance.choice([(b"T", b" "), (b" ", b"T"), (b"Z", b""), (b"Z", b"+08:00"), (b"-", b"/"), (b":", b"")])
    stamps[:] = [stamp.replace(*dress) for stamp in stamps]


_CHANGES: tuple[Change, ...] = (_odd, _odd, _swap, _double, _backward, _shift, _shift, _rewrite)
