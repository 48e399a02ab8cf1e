"""The rows of one page of a search, as the device lists them (fact sheet §3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.answers import Malformed
from collectors.protocols.dahua.words import device_time, number, pairs, switch

PICTURES = {"jpg", "jpeg", "png", "bmp"}
MAIN = "Main"
_ITEM = re.compile(r"items\[(\d{1,6})", re.ASCII)
LONGEST_PATH = 500
_IN_PATH = re.compile(r"(\d{4}-\d\d-\d\d)/(?:.*/)?(\d\d)\.(\d\d)\.(\d\d)-(\d\d)\.(\d\d)\.(\d\d)\[", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One file in device time, as listed: it may be inverted, of no length, or lie in the future.

    `channel` counts from 0. `is_copy`: a second recording of the same time on a redundant disk.
    """

    channel: int
    started_at: datetime
    ended_at: datetime
    stream: str = MAIN
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`found` is the device's own count. A `doubt` says why not all it announced could be read."""

    found: int
    rows: tuple[Row, ...]
    doubt: str = ""


def page_of(text: str, source: str) -> Page:
    lines = pairs(text, source)
    found = number(lines.get("found"))
    if found is None:
        raise Malformed(f"{source} does not say how many files it found; nothing of it was used")
    items = _items(lines)
    videos = [item for item in items.values() if item.get("Type", "").lower() not in PICTURES]
    rows = [row for row in map(_row, videos) if row is not None]
    if len(rows) < len(videos):
        return Page(found, tuple(rows), "a row could not be read")
    return Page(found, tuple(rows), "fewer rows are listed than announced" if len(items) < found else "")


def _items(lines: dict[str, str]) -> dict[int, dict[str, str]]:
    """The fields of each item by its number. The lines of an item begin alike, so that its number is read once."""
    items: dict[int, dict[str, str]] = {}
    by_head: dict[str, dict[str, str]] = {}
    for key, value in lines.items():
        head, _, name = key.partition("].")
        if not name:
            continue
        fields = by_head.get(head)
        if fields is None:
            match = _ITEM.fullmatch(head)
            if match is None:
                continue
            fields = by_head[head] = items.setdefault(int(match[1]), {})
        fields[name] = value
    return items


def _row(item: dict[str, str]) -> Row | None:
    """None when channel or times are missing. Broken times can be had from the name of the file."""
    channel = number(item.get("Channel"))
    started_at, ended_at = device_time(item.get("StartTime", "")), device_time(item.get("EndTime", ""))
    if started_at is None or ended_at is None:
        named = _named(item.get("FilePath", ""))
        started_at, ended_at = started_at or named[0], ended_at or named[1]
    if channel is None or started_at is None or ended_at is None:
        return None
    return Row(channel, started_at, ended_at, item.get("VideoStream") or MAIN, switch(item.get("Redundant")) is True)


def _named(path: str) -> tuple[datetime | None, datetime | None]:
    """`.../2026-03-02/2/dav/00/1/0/1/00.00.00-01.00.00[R][0@0][0].dav`; past midnight the day is that of the start."""
    match = _IN_PATH.search(path[-LONGEST_PATH:])
    if match is None:
        return None, None
    started_at, ended_at = (device_time(f"{match[1]} {match[n]}:{match[n + 1]}:{match[n + 2]}") for n in (2, 5))
    if started_at is not None and ended_at is not None and ended_at < started_at:
        ended_at += timedelta(days=1)
    return started_at, ended_at
