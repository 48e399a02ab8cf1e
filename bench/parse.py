"""One full page of a listing, read by us and by public clients of the same recorders, in one process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import installed
from bench.parse_pages import HEADERS, record
from bench.parse_rivals import RIVALS, Listed
from collectors.device import Reply
from collectors.protocols.dahua import errors as dahua_errors
from collectors.protocols.dahua.rows import page_of as dahua_page
from collectors.protocols.isapi import errors as isapi_errors
from collectors.protocols.isapi.search import page_of as isapi_page
from collectors.protocols.isapi.times import TimeBase
from data.periods import LOCAL_OFFSET

SOURCE = "http://192.0.2.1/search"
FILE_LENGTH, SEAM = timedelta(minutes=5), timedelta(seconds=2)


@dataclass(frozen=True)
class Beside:
    protocol: str
    pages: int = 200
    repeats: int = 5


def _isapi(body: bytes) -> Any:
    root = isapi_errors.root_of(Reply(200, HEADERS, body), ("CMSearchResult",), SOURCE)
    return isapi_page(root, TimeBase.local(), SOURCE)


def _dahua(body: bytes) -> Any:
    return dahua_page(dahua_errors.text_of(Reply(200, HEADERS, body), SOURCE), SOURCE)


def _isapi_rows(page: Any) -> Iterator[Listed]:
    for row in page.rows:
        yield Listed(row.track, row.started_at + LOCAL_OFFSET, row.ended_at + LOCAL_OFFSET)


def _dahua_rows(page: Any) -> Iterator[Listed]:
    for row in page.rows:
        yield Listed(str(row.channel), row.started_at + LOCAL_OFFSET, row.ended_at + LOCAL_OFFSET)


OURS: dict[str, tuple[Callable[[bytes], Any], Callable[[Any], Iterator[Listed]]]] = {
    "isapi": (_isapi, _isapi_rows),
    "dahua": (_dahua, _dahua_rows),
}


def compare(beside: Beside, _: Path) -> dict[str, Any]:
    """Microseconds of one core for each segment, ours and theirs in turn, so that a busy moment strikes both alike."""
    body = full_page(beside.protocol)
    text = body.decode()
    read, listed = OURS[beside.protocol]
    expected = list(listed(read(body)))
    here = [rival for rival in RIVALS[beside.protocol] if installed(rival.package)]
    ways: dict[str, Callable[[], Any]] = {"Liuhen": lambda: read(body)}
    agrees = {"Liuhen": bool(expected)}
    for rival in here:
        reader = rival.reader()
        agrees[rival.title] = list(rival.rows(reader(text))) == expected
        ways[rival.title] = lambda reader=reader: reader(text)  # type: ignore[misc]
    runs = [{title: _seconds(way, beside.pages) for title, way in ways.items()} for _ in range(beside.repeats)]
    each_us = 1e6 / (beside.pages * len(expected))
    return {
        "protocol": beside.protocol,
        "rows": len(expected),
        "each_us": {title: median(run[title] for run in runs) * each_us for title in ways},
        "agrees": agrees,
        "missing": [rival.title for rival in RIVALS[beside.protocol] if rival not in here],
        "load": os.getloadavg()[0],
    }


def full_page(protocol: str) -> bytes:
    """The longest answer of a day in five-minute files."""
    recorded = record(protocol, 1, FILE_LENGTH, SEAM)
    return max((reply.body for reply in recorded.conversations[0].replies), key=len)


def _seconds(way: Callable[[], Any], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        way()
    return time.process_time() - started
