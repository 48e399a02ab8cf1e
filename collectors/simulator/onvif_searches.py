"""Searches of a simulated ONVIF recorder: opened, read page by page, ended, forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from collectors import xml
from collectors.simulator import onvif_words as words
from collectors.simulator.http import Response
from collectors.simulator.onvif_manners import Manners, fault, soap


@dataclass(slots=True)
class _Search:
    items: list[str]
    position: int = 0
    pages: int = 0


class Searches:
    """`opened` counts all there were, `left_open` those that were neither read to their end nor ended."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._open: dict[str, _Search] = {}
        self._forgot = False
        self.opened = 0

    @property
    def left_open(self) -> int:
        return len(self._open)

    @property
    def is_full(self) -> bool:
        return len(self._open) >= self._manners.max_open

    def open(self, operation: str, items: list[str]) -> Response:
        self.opened += 1
        token = f"SearchToken[{self.opened}]"
        self._open[token] = _Search(items)
        return soap(words.response("search", operation, f"<tse:SearchToken>{token}</tse:SearchToken>"))

    def answer(self, operation: str, asked: etree._Element, *, is_stuck: bool) -> Response:
        token = xml.text_of(asked, "SearchToken")
        if token not in self._open:
            return fault(400, "Sender", "InvalidArgVal", "InvalidToken")
        if operation == "EndSearch":
            del self._open[token]
            return soap(words.response("search", operation, "<tse:Endpoint>2026-01-01T00:00:00Z</tse:Endpoint>"))
        search = self._open[token]
        search.pages += 1
        if self._manners.forgets_after and not self._forgot and search.pages > self._manners.forgets_after:
            self._forgot = True
            del self._open[token]
            return fault(400, "Sender", "InvalidArgVal", "InvalidToken")
        if is_stuck:
            return _page(operation, "Searching", [])
        if search.pages <= self._manners.queued_pages:
            return _page(operation, "Queued", [])
        return self._page(operation, token, search, int(xml.text_of(asked, "MaxResults") or 100))

    def _page(self, operation: str, token: str, search: _Search, rows: int) -> Response:
        first = search.position
        search.position += min(rows, self._manners.page_rows)
        is_last = search.position >= len(search.items)
        if is_last:
            del self._open[token]
        return _page(operation, "Completed" if is_last else "Searching", search.items[first : search.position])


def _page(operation: str, state: str, items: list[str]) -> Response:
    listed = f"<tse:ResultList><tt:SearchState>{state}</tt:SearchState>{''.join(items)}</tse:ResultList>"
    return soap(words.response("search", operation, listed))
