"""The events of one monitor, as listed: page by page, strictly, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from collectors import json_reply
from collectors.answers import Malformed
from collectors.chunks import TooMuchError
from collectors.protocols.zoneminder.server import NoSuchPageError, ZoneminderDevice
from collectors.xml import quoted

PAGE_ROWS = 100
"""More is cut to this."""
MAX_PAGES = 50
ATTEMPTS = 3
EPOCH = datetime(1970, 1, 1)
LONGEST_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Event:
    """Digits of the database, and epoch seconds where the version tells them. `ended`: None until it is closed."""

    event_id: str
    started: datetime
    ended: datetime | None
    length: timedelta
    start_s: float | None = None
    end_s: float | None = None

    @property
    def reached(self) -> datetime:
        return self.ended or self.started + self.length


@dataclass(frozen=True, slots=True)
class _Page:
    events: list[Event]
    count: int | None
    has_next: bool


class EventList:
    """Asks one server about one monitor."""

    def __init__(self, server: ZoneminderDevice, monitor: str) -> None:
        self._server, self._monitor = server, monitor

    def between(self, first: str, last: str) -> list[Event]:
        """Those that start in that stretch of digits, ends included. Open ones have no end to be filtered by."""
        seen: list[set[str]] = []
        for _ in range(ATTEMPTS):
            events, is_sure = self._all_pages((f"StartTime >=:{first}", f"StartTime <=:{last}"))
            seen.append({event.event_id for event in events})
            if is_sure or seen[-1:] == seen[-2:-1]:
                return events
        raise TooMuchError(f"{self._source}: rows come and go while they are listed, in {ATTEMPTS} attempts")

    def newest(self, rows: int, before: str = "") -> list[Event]:
        """The last `rows` that start, or that start before those digits; newest first."""
        page = self._page((f"StartTime <:{before}",) if before else (), 1, "desc", rows)
        return sorted(page.events, key=lambda event: event.started, reverse=True)[:rows]

    @property
    def _source(self) -> str:
        return f"{self._server.address} (events of monitor {self._monitor})"

    def _all_pages(self, filters: tuple[str, ...]) -> tuple[list[Event], bool]:
        """What was listed, and whether the counter agrees: it does not when rows were deleted between two pages."""
        found: dict[str, Event] = {}
        for number in range(1, MAX_PAGES + 1):
            try:
                page = self._page(filters, number, "asc", PAGE_ROWS)
            except NoSuchPageError:
                if number == 1:
                    raise
                return list(found.values()), False
            news = {event.event_id: event for event in page.events if event.event_id not in found}
            found |= news
            if len(news) < len(page.events):
                raise TooMuchError(f"{self._source} repeat a page in place of the next one")
            if not page.has_next:
                return list(found.values()), number == 1 or page.count in (None, len(found))
            if not page.events:
                raise TooMuchError(f"{self._source} promises more pages than it delivers")
        raise TooMuchError(f"{self._source}: more than {MAX_PAGES} pages for one window")

    def _page(self, filters: Iterable[str], number: int, direction: str, rows: int) -> _Page:
        parts = "/".join(quote(each, safe="") for each in (f"MonitorId:{self._monitor}", *filters))
        reply = self._server.ask_object(
            f"/api/events/index/{parts}.json",
            {"sort": "StartTime", "direction": direction, "limit": str(rows), "page": str(number)},
        )
        events = [_event(item, self._source) for item in json_reply.objects(reply.get("events"), self._source)]
        own = [event for monitor, event in events if monitor == self._monitor]
        if len(own) < len(events):
            raise Malformed(f"{self._source} were asked for, and those of other monitors listed; its filter is broken")
        pagination = json_reply.inner(reply, "pagination")
        has_next = pagination.get("nextPage") is True
        return _Page(own, json_reply.whole(pagination.get("count")), has_next)


def _event(item: dict[str, object], source: str) -> tuple[str, Event]:
    """The number of its monitor, and the event; fields were renamed in 1.35."""
    row = json_reply.inner(item, "Event")
    monitor, event_id = (json_reply.whole(row.get(key)) for key in ("MonitorId", "Id"))
    if monitor is None or event_id is None:
        raise Malformed(f"{source} list an event without its own Id and that of its monitor")
    started = _digits(row.get("StartDateTime", row.get("StartTime")), source)
    ended = _digits(row.get("EndDateTime", row.get("EndTime")), source)
    if started is None:
        raise Malformed(f"{source} list an event without a start")
    length_s = json_reply.number(row.get("Length")) or 0.0
    start_s, end_s = (json_reply.number(row.get(key)) for key in ("StartTimeSecs", "EndTimeSecs"))
    length = timedelta(seconds=min(max(length_s, 0.0), LONGEST_S))
    return str(monitor), Event(str(event_id), started, ended, length, start_s, end_s)


def _digits(value: object, source: str) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        at = datetime.fromisoformat(json_reply.text(value))
        if at.tzinfo is not None or not 1970 <= at.year <= 2100:
            raise ValueError
    except ValueError:
        raise Malformed(f"{source} give '{quoted(str(value))}' where a time is expected") from None
    return at
