"""What public clients of these recorders make of one page of a listing; those that are not installed are left out.

Each gets the text that its own HTTP layer would hand it and gives what it gives its user. Turning that into rows that
can be compared is not part of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, NamedTuple


class Listed(NamedTuple):
    """A file as the page has it; the digits of its times."""

    channel: str
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Rival:
    """`reader` imports the client and gives its reader of a page; `rows` are what its answer lists."""

    title: str
    package: str
    reader: Callable[[], Callable[[str], Any]]
    rows: Callable[[Any], Iterator[Listed]]


def _hikvisionapi() -> Callable[[str], Any]:
    parse: Callable[[str], Any] = import_module("hikvisionapi.hikvisionapi").response_parser
    return parse


def _hikvisionapi_rows(answer: Any) -> Iterator[Listed]:
    for item in answer["CMSearchResult"]["matchList"]["searchMatchItem"]:
        span = item["timeSpan"]
        yield Listed(item["trackID"], _digits(span["startTime"]), _digits(span["endTime"]))


def _nvr_downloader() -> Callable[[str], Any]:
    """Without the line it prints about every page."""
    module = import_module("hikvision_nvr_downloader.hikvision_nvr_downloader")
    module.print = lambda *_: None  # type: ignore[attr-defined]
    client = object.__new__(module.HikvisionNVRClient)
    parse: Callable[[str], Any] = client._parse_search_results
    return parse


def _nvr_downloader_rows(answer: Any) -> Iterator[Listed]:
    for item in answer:
        yield Listed(str(item.track_id), item.start_time.replace(tzinfo=None), item.end_time.replace(tzinfo=None))


def _aiodahua() -> Callable[[str], Any]:
    parse: Callable[[str], Any] = import_module("aiodahua.parsers").parse_media_files
    return parse


def _aiodahua_rows(answer: Any) -> Iterator[Listed]:
    for item in answer[1]:
        yield Listed(item["channel"], _digits(item["start_time"]), _digits(item["end_time"]))


def _amcrest_downloader() -> Callable[[str], Any]:
    client = object.__new__(import_module("amcrest_downloader.api").AmcrestClient)
    parse: Callable[[str], Any] = client._parse_recordings
    return parse


def _amcrest_downloader_rows(answer: Any) -> Iterator[Listed]:
    for item in answer:
        yield Listed(str(item.channel), item.start_time, item.end_time)


def _digits(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


RIVALS = {
    "isapi": [
        Rival("hikvisionapi (xmltodict)", "hikvisionapi", _hikvisionapi, _hikvisionapi_rows),
        Rival(
            "hikvision-nvr-downloader (ElementTree)", "hikvision_nvr_downloader", _nvr_downloader, _nvr_downloader_rows
        ),
    ],
    "dahua": [
        Rival("aiodahua", "aiodahua", _aiodahua, _aiodahua_rows),
        Rival("amcrest-downloader", "amcrest_downloader", _amcrest_downloader, _amcrest_downloader_rows),
    ],
}
