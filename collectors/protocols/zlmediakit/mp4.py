"""How long an MP4 file is and when it was made: the movie header, found by reading as little of the file as possible.

ISO/IEC 14496-12: a file is a row of boxes, each with its size and type; `mvhd` is the first box inside `moov`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

PART_BYTES = 512
"""Enough for the small boxes at the start of a file and for the movie header wherever it is."""
MAX_PARTS = 8
LONGEST = timedelta(hours=24)
_SINCE_1904 = datetime(1904, 1, 1)
_LATEST_S = int((datetime(2101, 1, 1) - _SINCE_1904).total_seconds())

Fetch = Callable[[int, int], bytes]
"""Position and number of bytes."""


class NoMovieError(Exception):
    """The file has no usable movie header; the message says why."""


@dataclass(frozen=True, slots=True)
class Movie:
    """`made_at` is naive UTC by the server's clock, None when the file does not say."""

    length: timedelta
    made_at: datetime | None


def read_movie(fetch: Fetch) -> Movie:
    """Walks over the boxes; the one with the pictures is skipped, not read."""
    at = 0
    for _ in range(MAX_PARTS):
        part, start = fetch(at, PART_BYTES), at
        while at - start + 16 <= len(part):
            kind, size, head = _box(part[at - start :])
            if kind == b"moov":
                return _header_in(part[at - start + head :] if len(part) - (at - start) > 64 else fetch(at + head, 64))
            at += size
        if len(part) < 16:
            break
    raise NoMovieError("it has no movie header; it was cut off or is no MP4 file")


def _box(data: bytes) -> tuple[bytes, int, int]:
    """Type, size and size of its head."""
    size, kind = int.from_bytes(data[:4]), data[4:8]
    head = 8
    if size == 1:
        size, head = int.from_bytes(data[8:16]), 16
    if size < head:
        raise NoMovieError("its boxes have no sizes; it was cut off or is no MP4 file")
    return kind, size, head


def _header_in(movie: bytes) -> Movie:
    if len(movie) < 44 or movie[4:8] != b"mvhd":
        raise NoMovieError("its movie does not begin with a header")
    wide = movie[8] == 1
    made_s = int.from_bytes(movie[12:20] if wide else movie[12:16])
    scale = int.from_bytes(movie[28:32] if wide else movie[20:24])
    units = int.from_bytes(movie[32:40] if wide else movie[24:28])
    if scale == 0 or units == 0 or units / scale > LONGEST.total_seconds():
        raise NoMovieError("it does not say how long it is; fragmented files do not")
    made_at = _SINCE_1904 + timedelta(seconds=made_s) if 0 < made_s < _LATEST_S else None
    return Movie(timedelta(seconds=units / scale), made_at)
