"""How long each file of a row is: files that follow each other in a steady rhythm are not opened, all others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.chunks import Flaw
from collectors.intervals import Interval
from collectors.protocols.zlmediakit.listing import File
from collectors.protocols.zlmediakit.mp4 import Movie, NoMovieError, read_movie
from collectors.protocols.zlmediakit.server import FileClosedError, ZlmDevice

ZONE_KEY = "zone_min"
SEAM = timedelta(seconds=5)
"""Between two files of one recording there are two to five seconds."""
RHYTHM = 2
"""So many files that reach to their successor show what the distance between two of them is worth."""
STEADY = timedelta(seconds=2)
"""Files are cut at the first whole picture after their time is up."""
MAX_OPENED = 400
MAX_REFUSED = 3
QUARTER = timedelta(minutes=15)
MADE_LATE = timedelta(seconds=90)
"""The header of a file is begun with its first picture, its name a moment before."""
FARTHEST = timedelta(hours=15)


@dataclass(slots=True)
class Row:
    """What files hold, in digits, and where it is not known; `zones`: by how much names run ahead of UTC."""

    held: list[Interval] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    zones: set[timedelta] = field(default_factory=set)


class Opener:
    """Opens files of one session, each once; a server that keeps them closed is not asked for every one."""

    def __init__(self, server: ZlmDevice) -> None:
        self._server = server
        self._opened = server.notes.setdefault("opened", {})
        self._refused = self._count = 0

    def movie(self, file: File) -> Movie:
        """Raises FileClosedError or NoMovieError."""
        assert isinstance(self._opened, dict)
        if file.path not in self._opened:
            self._opened[file.path] = self._read(file)
        found = self._opened[file.path]
        if isinstance(found, Movie):
            return found
        raise found

    def _read(self, file: File) -> Movie | Exception:
        if self._refused >= MAX_REFUSED or self._count >= MAX_OPENED:
            return FileClosedError("it was not opened: too many before it could not be, or had to be")
        self._count += 1
        try:
            movie = read_movie(lambda at, count: self._server.read_file(file.path, at, count))
        except FileClosedError as failure:
            self._refused += 1
            return failure
        except NoMovieError as failure:
            return failure
        self._refused = 0
        return movie


def row_of(opener: Opener, files: Sequence[File], relevant: Interval) -> Row:
    """`files` sorted; only those that may reach into `relevant` (digits) are looked at. The first of a run is opened:
    a stream that comes and goes can fall into the rhythm by chance."""
    row, rhythms = Row(), list[timedelta]()
    for number, file in enumerate(files):
        follower = files[number + 1].digits if number + 1 < len(files) else None
        if file.digits >= relevant[1] or (follower is not None and follower <= relevant[0]):
            continue
        distance = None if follower is None else follower - file.digits
        is_reached = bool(row.held) and abs(file.digits - row.held[-1][1]) <= SEAM
        if distance is not None and is_reached and _in_rhythm(distance, rhythms):
            row.held.append((file.digits, file.digits + distance))
            continue
        _open(opener, file, distance, row, rhythms)
    return row


def _open(opener: Opener, file: File, distance: timedelta | None, row: Row, rhythms: list[timedelta]) -> None:
    try:
        movie = opener.movie(file)
    except (FileClosedError, NoMovieError) as failure:
        until = file.digits + (distance if distance is not None else timedelta(days=1))
        row.flaws.append(Flaw((file.digits, until), f"how long {file.path} is cannot be told: {failure}", "malformed"))
        return
    row.held.append((file.digits, file.digits + movie.length))
    zone = zone_of(file.digits, movie.made_at)
    if zone is not None:
        row.zones.add(zone)
    if distance is not None and abs(distance - movie.length) <= SEAM:
        rhythms.append(distance)


def _in_rhythm(distance: timedelta, rhythms: list[timedelta]) -> bool:
    """Only the longest distance is a rhythm: it is how long the server lets a file become, shorter ones are chance."""
    longest = max(rhythms, default=timedelta(0))
    return abs(distance - longest) <= STEADY and sum(longest - each <= STEADY for each in rhythms) >= RHYTHM


def zone_told(opener: Opener, files: Sequence[File]) -> timedelta | None:
    """By one of the newest files, which are the surest to be there still."""
    for file in reversed(files[-MAX_REFUSED:]):
        try:
            zone = zone_of(file.digits, opener.movie(file).made_at)
        except (FileClosedError, NoMovieError):
            continue
        if zone is not None:
            return zone
    return None


def zone_of(digits: datetime, made_at: datetime | None) -> timedelta | None:
    """None unless the two differ by whole quarters of an hour, as zones do."""
    if made_at is None or abs(digits - made_at) > FARTHEST:
        return None
    zone = round((digits - made_at) / QUARTER) * QUARTER
    return zone if abs(digits - made_at - zone) <= MADE_LATE else None
