"""The names of recorded files: what `getMp4RecordFile` says, which is when each begins and nothing more.

*Digits* are what names say: the server's local time without a zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from collectors import json_reply
from collectors.answers import Malformed
from collectors.protocols.zlmediakit.server import VHOST, ZlmDevice
from collectors.xml import quoted

CALL = "getMp4RecordFile"
"""Spelled as builds before December 2023 want it; newer ones take any spelling."""
YEARS = range(1970, 2101)
_TIME = r"(\d\d)-(\d\d)-(\d\d)(?:-\d{1,9})?\.mp4"
_NAME = re.compile(rf"(?:(\d{{4}}-\d\d-\d\d)-)?{_TIME}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class File:
    """A recorded file: the digits it begins with, and where it lies on the server."""

    digits: datetime
    path: str


@dataclass(slots=True)
class Names:
    """Files by their digits. `strange`: names of films that say no time, which may be footage of any time."""

    files: list[File] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def recorded_days(server: ZlmDevice, app: str, stream: str, days: Iterable[date]) -> frozenset[date]:
    """The days of the months of `days` that have a directory, in the server's local time."""
    months = sorted({day.strftime("%Y-%m") for day in days})
    names = (name for month in months for name in _paths(server, app, stream, month))
    return frozenset(day for name in names if (day := _day(name)) is not None)


def names_of(server: ZlmDevice, app: str, stream: str, days: Iterable[date]) -> Names:
    """The files in the directories of `days`. A file that spans midnight lies under the day it begins."""
    names = Names()
    for day in sorted(days):
        for name in _paths(server, app, stream, day.isoformat()):
            digits = _digits(name, day)
            if digits is not None:
                names.files.append(File(digits, f"/record/{app}/{stream}/{day.isoformat()}/{name}"))
            elif name.endswith(".mp4") and not name.startswith("."):
                names.strange.append(quoted(name))
    names.files.sort()
    return names


def days_around(window: tuple[datetime, datetime], now: datetime) -> list[date]:
    """The days whose directories may hold files of `window`, in whatever zone: names can be a day early or late."""
    first, last = (window[0] - timedelta(days=2)).date(), (max(window[1], now) + timedelta(days=1)).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _paths(server: ZlmDevice, app: str, stream: str, period: str) -> list[str]:
    content = server.ask(CALL, vhost=VHOST, app=app, stream=stream, period=period)
    source = f"{server.address}/index/api/{CALL} ({period})"
    paths = json_reply.as_object(content.get("data"), source).get("paths")
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise Malformed(f"{source} lists no paths; check that this is a ZLMediaKit server")
    return [str(path).rstrip("/").rpartition("/")[2] for path in paths]


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(name) if re.fullmatch(r"\d{4}-\d\d-\d\d", name, re.ASCII) else None
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None


def _digits(name: str, day: date) -> datetime | None:
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        return datetime.fromisoformat(f"{match[1] or day.isoformat()}T{match[2]}:{match[3]}:{match[4]}")
    except ValueError:
        return None
