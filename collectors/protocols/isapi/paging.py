"""Reads a whole search, page by page (fact sheet §5).

No counter of the device is believed: the position advances by the rows not seen before, so that one sent twice hides
none. A device that ignores the position is read by moving the start of the window instead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from collectors.answers import Malformed
from collectors.device import Device
from collectors.protocols.isapi.errors import PagingStalledError
from collectors.protocols.isapi.forms import FORM_KEY, FORMS, MISSPELLED, POSITION_KEY, SPELLED_RIGHT
from collectors.protocols.isapi.search import Page, Question, Row, Window, ask, distinct
from collectors.protocols.isapi.times import TimeBase
from collectors.xml import quoted

MAX_PAGES = 200
PAGING_KEY = "paging"
_CURSOR = "cursor"


def list_rows(device: Device, base: TimeBase, track: str, window: Window) -> list[Row]:
    """Every row listed for `window`, or a failure: never a part of them."""
    reader = _Reader(device, base, track, window)
    if device.memory.get(PAGING_KEY) != _CURSOR and reader.by_position():
        return reader.rows
    reader.by_cursor()
    device.memory[PAGING_KEY] = _CURSOR
    return reader.rows


class _Reader:
    def __init__(self, device: Device, base: TimeBase, track: str, window: Window) -> None:
        self._rows: list[Row] = []
        self._seen: set[tuple[object, ...]] = set()
        self._device, self._base, self._track, self._window = device, base, track, window
        self._source = f"{device.address} (track {track})"
        self._pages = 0

    @property
    def rows(self) -> list[Row]:
        return distinct(self._rows)

    def by_position(self) -> bool:
        """False when the device ignores the position; what it sent until then is kept."""
        search_id, position = _new_id(), 0
        while True:
            page, news = self._page_at(search_id, position)
            if self._is_last(page, position > 0):
                return True
            if not news:
                return False
            position += news

    def by_cursor(self) -> None:
        """Asks again from the start of the newest row, or from its end where the start was asked already."""
        tried: set[datetime] = set()
        from_at = self._next(tried) if self._rows else self._window.from_at
        while True:
            tried.add(from_at)
            page = self._ask(Question(self._track, Window(from_at, self._window.to_at), _new_id()))
            self._take(page)
            if self._is_last(page, bool(self._rows)):
                return
            from_at = self._next(tried)

    def _page_at(self, search_id: str, position: int) -> tuple[Page, int]:
        """The page and how many files on it were new; a position that is ignored is spelled the other way once."""
        question = Question(self._track, self._window, search_id, position)
        page = self._ask(question)
        news = self._take(page)
        memory = self._device.memory
        if news or page.status != "MORE" or position == 0 or POSITION_KEY in memory:
            return page, news
        other_word = MISSPELLED if FORMS[memory[FORM_KEY]].position == SPELLED_RIGHT else SPELLED_RIGHT
        try:
            other = self._ask(replace(question, position_word=other_word))
        except Malformed:
            return page, 0
        news = self._take(other)
        if not news:
            return page, 0
        memory[POSITION_KEY] = other_word
        return other, news

    def _next(self, tried: set[datetime]) -> datetime:
        newest = max(self._rows, key=lambda row: row.started_at, default=None)
        for at in (newest.started_at, newest.ended_at) if newest else ():
            if self._window.from_at <= at < self._window.to_at and at not in tried:
                return at
        raise self._stalled()

    def _ask(self, question: Question) -> Page:
        self._pages += 1
        if self._pages > MAX_PAGES:
            raise self._stalled()
        return ask(self._device, self._base, question)

    def _take(self, page: Page) -> int:
        """How many files were new."""
        before = len(self._seen)
        self._rows += page.rows
        self._seen.update(row.key for row in page.rows)
        return len(self._seen) - before

    def _is_last(self, page: Page, went_on: bool) -> bool:
        """Only NO MATCHES may be empty; `went_on`: earlier pages have brought rows already."""
        if page.status == "MORE":
            return False
        if page.status == "NO MATCHES" and not page.rows:
            return True
        if page.status == "OK" and (page.rows or went_on):
            return True
        raise Malformed(
            f"{self._source} answered '{quoted(page.status)}' with {len(page.rows)} rows, which says nothing"
        )

    def _stalled(self) -> PagingStalledError:
        return PagingStalledError(f"{self._source} promises more rows than it delivers, in {self._pages} pages")


def _new_id() -> str:
    return str(uuid4()).upper()
