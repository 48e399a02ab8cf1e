"""The searches a simulated Dahua recorder has open: there are few of them, and only `destroy` gives one back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collectors.simulator import dahua_words as words
from collectors.simulator.http import Response
from collectors.simulator.recorder import SimulatedRecorder
from collectors.simulator.shelf import File, Shelf
from data.periods import LOCAL_OFFSET

ERROR = Response(400, words.lines(words.REJECTED))
OK = Response(200, words.lines(["OK"]))
FIRST_HANDLE = 2731


@dataclass(frozen=True, slots=True)
class Listing:
    """How this firmware lists. `writing`: the file being written ends `now`, is `absent`, or ends as `planned`.

    `is_by_start`: a file is found for the time it starts in only. `has_copies`: every file is on a redundant disk too.
    """

    base: int = 1
    page_rows: int = 100
    writing: str = "now"
    trail: timedelta = timedelta(seconds=4)
    rejects_nothing: bool = False
    is_by_start: bool = False
    has_extra_stream: bool = False
    has_copies: bool = False
    is_padded: bool = True
    fails_at_end: bool = False
    max_open: int = 8


@dataclass(slots=True)
class _Search:
    rows: list[list[str]] | None = None
    position: int = 0
    failure: Response | None = None
    is_closed: bool = False


@dataclass(slots=True)
class Finders:
    recorder: SimulatedRecorder
    now: Callable[[], datetime]
    listing: Listing
    opened: dict[str, _Search] = field(default_factory=dict)
    count: int = 0
    _shelves: dict[str, Shelf] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shelves = {name: Shelf(self.recorder, channel) for name, channel in self.recorder.channels.items()}

    def answer(self, query: dict[str, str]) -> Response:
        action, handle = query.get("action", ""), query.get("object", "")
        if action == "factory.create":
            return self._create()
        if action not in ("findFile", "findNextFile", "close", "destroy"):
            return Response(400, words.lines(words.WRONG_ACTION))
        search = self.opened.get(handle)
        if search is None:
            return ERROR
        if action == "findFile":
            return self._define(search, query)
        if action == "findNextFile":
            return self._next(search, int(query.get("count", "0")))
        if action == "close":
            search.is_closed = True
        else:
            del self.opened[handle]
        return OK

    def _create(self) -> Response:
        if len(self.opened) >= self.listing.max_open:
            return Response(200, words.lines(["result=0"]))
        handle = str(FIRST_HANDLE + self.count)
        self.count += 1
        self.opened[handle] = _Search()
        return Response(200, words.lines([f"result={handle}"]))

    def _define(self, search: _Search, query: dict[str, str]) -> Response:
        try:
            place = int(query["condition.Channel"]) - self.listing.base
            start, end = (
                datetime.fromisoformat(query[f"condition.{name}Time"]) - LOCAL_OFFSET for name in ("Start", "End")
            )
        except (KeyError, ValueError):
            return ERROR
        if str(place + 1) not in self._shelves:
            return ERROR
        at = self.now()
        broken = self._broken(start, end, at)
        if broken is not None:
            return broken
        files = self._files(str(place + 1), start, end, at)
        if not files and self.listing.rejects_nothing:
            return ERROR
        search.rows = [row for file in files for row in self._rows(place, file)]
        search.position = 0
        return OK

    def _broken(self, start: datetime, end: datetime, at: datetime) -> Response | None:
        wide = self.recorder.active("wide_500", at)
        if wide and end - start > timedelta(hours=float(wide.detail.get("max_hours", "6"))):
            return Response(500, b"")
        bad = self.recorder.active("bad_window", at)
        if bad is not None:
            first, last = (
                self.recorder.device_time(datetime.fromisoformat(bad.detail[name])) for name in ("from", "to")
            )
            return Response(500, b"") if start < last and end > first else None
        return None

    def _files(self, channel: str, start: datetime, end: datetime, at: datetime) -> list[File]:
        found = self._shelves[channel].listed(start, end, at, self.listing.trail)
        if self.listing.is_by_start:
            found = [file for file in found if file.started_at >= start]
        if self.listing.writing == "absent":
            return [file for file in found if not file.is_open]
        if self.listing.writing == "planned":
            length = self.recorder.channels[channel].file_length
            return [replace(file, ended_at=_next(file.started_at, length)) if file.is_open else file for file in found]
        return found

    def _rows(self, place: int, file: File) -> list[list[str]]:
        kinds = [("Main", False)]
        kinds += [("Extra1", False)] if self.listing.has_extra_stream else []
        kinds += [("Main", True)] if self.listing.has_copies else []
        padded = self.listing.is_padded
        return [words.item(0, place, file, stream=s, is_copy=copy, is_padded=padded) for s, copy in kinds]

    def _next(self, search: _Search, count: int) -> Response:
        if search.rows is None or search.is_closed or not count > 0:
            return ERROR
        at = self.now()
        start = 0 if self.recorder.active("stuck_paging", at) else search.position
        page = search.rows[start : start + min(count, self.listing.page_rows, 100)]
        search.position += len(page)
        if not page and search.position and self.listing.fails_at_end:
            return ERROR
        liar = self.recorder.active("lying_counter", at)
        found = int(liar.detail.get("count", len(page) + 1)) if liar and page else len(page)
        items = [line.replace("items[0]", f"items[{n}]", 1) for n, row in enumerate(page) for line in row]
        return Response(200, words.lines([f"found={found}", *items]))


def _next(started_at: datetime, length: timedelta) -> datetime:
    epoch = datetime(2000, 1, 1)
    return epoch + ((started_at - epoch) // length + 1) * length
