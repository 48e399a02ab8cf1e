"""One page of `POST /ISAPI/ContentMgmt/search`: how it is asked and what comes back (fact sheet §3 and §4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from lxml import etree

from collectors import xml
from collectors.answers import Malformed
from collectors.device import Device
from collectors.protocols.isapi import addresses, forms, interface, times
from collectors.protocols.isapi.errors import RequestRejectedError
from collectors.protocols.isapi.times import TimeBase

PATH = "/ContentMgmt/search"
NO_VIDEO = {"picture", "image", "metadata", "text", "audio"}
SECOND = timedelta(seconds=1)
_FIELDS = xml.Fields("trackID", "startTime", "endTime", "playbackURI", "contentType")
_NAME = re.compile(r"[?&]name=([^&]+)")


@dataclass(frozen=True, slots=True)
class Window:
    """Device time in whole seconds, half-open."""

    from_at: datetime
    to_at: datetime

    @property
    def last_second(self) -> datetime:
        """Searches include their end, days therefore end at 23:59:59; start and end must differ."""
        return max(self.to_at - SECOND, self.from_at + SECOND)


@dataclass(frozen=True, slots=True)
class Row:
    """One listed file in device time, as listed: it may be inverted, of no length, or lie in the future."""

    track: str
    started_at: datetime
    ended_at: datetime
    name: str
    video: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same file when it is listed again: the end of the file being written moves."""
        return (self.track, self.started_at, self.name or self.ended_at)


@dataclass(frozen=True, slots=True)
class Page:
    status: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A window of one track in one search; pages of one search share `search_id`."""

    track: str
    window: Window
    search_id: str
    position: int = 0
    position_word: str = ""


def ask(device: Device, base: TimeBase, question: Question) -> Page:
    """One page; tries the other forms when the device rejects ours, and remembers the one it accepts."""
    source = f"{interface.source_of(device, PATH)} (track {question.track})"
    rejected: RequestRejectedError | None = None
    for key, form in forms.ladder(device.memory):
        try:
            root = interface.query(device, PATH, forms.body(form, _search(question, base)), "CMSearchResult")
        except RequestRejectedError as error:
            if question.position_word:
                raise
            rejected = rejected or error
            continue
        page = page_of(root, base, source)
        device.memory[forms.FORM_KEY] = key
        addresses.learn(device, root)
        return page
    raise Malformed(f"{rejected}; no form of the request is accepted, check the channel and the firmware")


def _search(question: Question, base: TimeBase) -> forms.Search:
    return forms.Search(
        question.track,
        question.search_id,
        base.written(question.window.from_at),
        base.written(question.window.last_second),
        question.position,
        question.position_word,
    )


def page_of(root: etree._Element, base: TimeBase, source: str) -> Page:
    status = " ".join(xml.text_of(root, "responseStatusStrg").upper().split())
    return Page(status, tuple(_row(item, base, source) for item in xml.each(root, "searchMatchItem")))


def _row(item: etree._Element, base: TimeBase, source: str) -> Row:
    track, start, end, address, kind = xml.texts_of(item, _FIELDS)
    return Row(
        track,
        base.device_time(times.parse(start, source)),
        base.device_time(times.parse(end, source)),
        _file_name(address),
        kind.lower() not in NO_VIDEO,
    )


def _file_name(address: str) -> str:
    """The file's number and part; the rest of the address (end, size) moves while the file is being written."""
    found = _NAME.search(address)
    return found[1] if found else ""


def distinct(rows: Iterable[Row]) -> list[Row]:
    """One row per file, the one that reaches furthest, oldest first."""
    files: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = row.key
        known = files.get(key)
        if known is None or row.ended_at > known.ended_at:
            files[key] = row
    return sorted(files.values(), key=attrgetter("started_at", "ended_at"))
