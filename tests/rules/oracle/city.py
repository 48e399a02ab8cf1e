"""The facts of a bundle as the oracle reads them: whole milliseconds of local time, days numbered from 1970-01-01."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
Span = tuple[int, int]

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
FOREVER = 10**15
LOCAL = timezone(timedelta(hours=8))


@lru_cache(maxsize=100_000)
def ms(text: str) -> int:
    """A cell of type time."""
    at = datetime.fromisoformat(text)
    local = at.astimezone(LOCAL).replace(tzinfo=None) if at.tzinfo else at
    return (local - datetime(1970, 1, 1)) // timedelta(milliseconds=1)


def day_no(text: str) -> int:
    """A cell of type date."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def day_text(day: int) -> str:
    return str(date(1970, 1, 1) + timedelta(days=day))


def month_text(at: int) -> str:
    return day_text(at // DAY_MS)[:7]


def back(at: int, months: int) -> int:
    """The same local time of day that many calendar months earlier, clamped to the month's end."""
    day = date(1970, 1, 1) + timedelta(days=at // DAY_MS)
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    number = day.day
    while True:
        try:
            clamped = date(year, month + 1, number)
            break
        except ValueError:
            number -= 1
    return (clamped - date(1970, 1, 1)).days * DAY_MS + at % DAY_MS


def inside(spans: Iterable[Span], at: int) -> bool:
    return any(s <= at < e for s, e in spans)


def cells(whole: Span, edges: Iterable[int]) -> Iterator[Span]:
    """`whole` cut at every edge: within a cell nothing changes, so its first instant speaks for all of it."""
    cuts = sorted({*whole, *(e for e in edges if whole[0] < e < whole[1])})
    return ((a, b) for a, b in pairwise(cuts) if a < b)


def covers(spans: list[Span], span: Span) -> bool:
    """Whether they contain all of it together."""
    return all(inside(spans, a) for a, _ in cells(span, (e for s in spans for e in s)))


def without(exempt: list[Span], span: Span) -> list[Span]:
    """What is left of the span when exempt time is taken out of it, in cells; a span of no length holds nothing."""
    if span[0] >= span[1]:
        return []
    return [c for c in cells(span, (e for x in exempt for e in x)) if not inside(exempt, c[0])]


def length(spans: Iterable[Span]) -> int:
    return sum(e - s for s, e in spans)


def joined(parts: Iterable[Span]) -> list[Span]:
    """Cells that touch, as the maximal intervals they form; the parts come sorted."""
    whole: list[Span] = []
    for s, e in parts:
        if whole and whole[-1][1] == s:
            whole[-1] = (whole[-1][0], e)
        else:
            whole.append((s, e))
    return whole


def overlap(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


class City:
    """The rows of a bundle, without the facts learned after `as_of`."""

    def __init__(self, rows: Rows, as_of: int) -> None:
        self.rows = rows
        self.as_of = as_of
        self._cameras_rows: dict[str, dict[str, list[dict[str, Any]]]] = {}

    def table(self, name: str) -> list[dict[str, Any]]:
        return self.rows.get(name, [])

    def by_id(self, name: str, key: str) -> dict[str, dict[str, Any]]:
        return {row[key]: row for row in self.table(name)}

    @cached_property
    def premises(self) -> dict[str, dict[str, Any]]:
        return self.by_id("premises", "premises_id")

    @cached_property
    def rooms(self) -> dict[str, dict[str, Any]]:
        return self.by_id("rooms", "room_id")

    @cached_property
    def recorders(self) -> dict[str, dict[str, Any]]:
        return self.by_id("recorders", "recorder_id")

    @cached_property
    def cameras(self) -> dict[str, dict[str, Any]]:
        return self.by_id("cameras", "camera_id")

    @cached_property
    def devices(self) -> dict[str, dict[str, Any]]:
        return self.by_id("devices", "device_id")

    def in_use(self, thing: dict[str, Any]) -> Span:
        """A room's or a device's days."""
        last = thing.get("in_use_to")
        return day_no(thing["in_use_from"]) * DAY_MS, day_no(last) * DAY_MS if last else FOREVER

    @cached_property
    def duties(self) -> dict[str, Span]:
        """By camera; for a camera in a room within the room's days in use."""
        found = {}
        for camera_id, camera in self.cameras.items():
            own = ms(camera["duty_from"]), ms(camera["duty_to"]) if camera.get("duty_to") else FOREVER
            room = self.rooms.get(camera.get("room_id") or "")
            found[camera_id] = overlap(own, self.in_use(room)) if room else own
        return found

    def duty(self, camera: dict[str, Any]) -> Span:
        return self.duties[camera["camera_id"]]

    def on_duty(self, camera: dict[str, Any], span: Span) -> bool:
        s, e = overlap(self.duty(camera), span)
        return s < e

    def known_of(self, name: str, camera_id: str, known_at: str) -> list[dict[str, Any]]:
        """The camera's rows of a table whose facts were learned at `known_at`."""
        return [row for row in self._by_camera(name).get(camera_id, []) if ms(row[known_at]) <= self.as_of]

    def polls(self, camera_id: str) -> list[dict[str, Any]]:
        return self.known_of("polls", camera_id, "asked_at")

    def footage_of(self, poll: dict[str, Any]) -> list[dict[str, Any]]:
        """What the poll listed, as it stands there."""
        return [f for f in self._by_camera("footage").get(poll["camera_id"], []) if f["poll_id"] == poll["poll_id"]]

    def _by_camera(self, name: str) -> dict[str, list[dict[str, Any]]]:
        if name not in self._cameras_rows:
            rows = self._cameras_rows[name] = defaultdict(list)
            for row in self.table(name):
                rows[row["camera_id"]].append(row)
        return self._cameras_rows[name]

    def agency_of(self, camera: dict[str, Any]) -> str:
        homes = self.rooms.get(camera.get("room_id") or ""), self.recorders.get(camera.get("recorder_id") or "")
        return next((self.agency_at(place) for place in homes if place), str(camera.get("agency_id")))

    def agency_at(self, place: dict[str, Any]) -> str:
        """Of a room or a recorder."""
        return str(self.premises[place["premises_id"]]["agency_id"])

    def scopes(self, row: dict[str, Any]) -> set[tuple[str, str]]:
        """Every scope that contains the subject of this row, itself included."""
        homes = {"room": self.rooms, "recorder": self.recorders, "premises": self.premises}
        found: set[tuple[str, str]] = set()
        for kind in ("agency", "premises", "room", "recorder", "camera"):
            if own := row.get(f"{kind}_id"):
                found.add((kind, own))
                home = homes.get(kind, {}).get(own, row)
                found |= self.scopes(home) if home is not row else set()
        return found

    def exempt(self, row: dict[str, Any]) -> list[Span]:
        """When the subject of this row is exempt, as far as that had been entered."""
        return self.exempt_in(self.scopes(row))

    def exempt_in(self, scopes: set[tuple[str, str]]) -> list[Span]:
        return [
            (ms(x["from_at"]), ms(x["to_at"]))
            for x in self.table("exemptions")
            if (x["scope_type"], x["scope_id"]) in scopes and ms(x["entered_at"]) <= self.as_of
        ]
