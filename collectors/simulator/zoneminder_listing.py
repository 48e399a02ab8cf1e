"""The list of events of a simulated ZoneMinder: filters as path segments, sorting and pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from collectors.simulator.recorder import SimulatedRecorder
from collectors.simulator.zoneminder_events import EventTable, Item, condition
from collectors.simulator.zoneminder_words import event_item

MAX_LIMIT, LIMIT_SINCE_1_36_36 = 100, 20


class _Manners(Protocol):
    @property
    def version(self) -> str: ...
    @property
    def has_seconds(self) -> bool: ...
    @property
    def listed_too(self) -> tuple[dict[str, object], ...]: ...


@dataclass(frozen=True, slots=True)
class Listing:
    recorder: SimulatedRecorder
    at: datetime
    manners: _Manners
    tables: Mapping[str, EventTable]

    def filtered(self, filters: list[str]) -> list[Item] | None:
        """None for a filter the database would not understand."""
        found = [re.fullmatch(r"(MonitorId|StartTime|EndTime)( <=| >=| <| >)?:(.+)", text) for text in filters]
        parts = [(match[1], (match[2] or "=").strip(), match[3]) for match in found if match]
        if len(parts) < len(filters):
            return None
        wanted = [value for name, _, value in parts if name == "MonitorId"]
        tables = [table for name, table in self.tables.items() if all(name == value for value in wanted)]
        conditions = [condition(*part) for part in parts if part[0] != "MonitorId"]
        items = (item for table in tables for item in table.items(self.at))
        return [item for item in items if all(passes(item) for passes in conditions)]

    def breaks(self, filters: list[str]) -> bool:
        days = [datetime.fromisoformat(each.partition(":")[2]) for each in filters if each.startswith("StartTime")]
        wide, bad = self.recorder.active("wide_500", self.at), self.recorder.active("bad_window", self.at)
        if len(days) < 2:
            return False
        is_wide = wide and days[1] - days[0] > timedelta(hours=float(wide.detail.get("max_hours", "6")))
        inside = bad and all((days[0] < datetime.fromisoformat(bad.detail["to"]), bad.detail["from"] < str(days[1])))
        return bool(is_wide or inside)

    def page(self, items: list[Item], query: Mapping[str, str]) -> dict[str, object] | None:
        """None for a page past the end."""
        items.sort(key=lambda item: item.started, reverse=query.get("direction") == "desc")
        usual = LIMIT_SINCE_1_36_36 if is_since_1_36_36(self.manners.version) else MAX_LIMIT
        limit, number = min(int(query.get("limit") or usual), MAX_LIMIT), int(query.get("page") or 1)
        count = len(items) + (1 if self.recorder.active("lying_counter", self.at) else 0)
        pages = -(-len(items) // limit)
        if number > max(pages, 1):
            return None
        first = 0 if self.recorder.active("stuck_paging", self.at) else (number - 1) * limit
        rows = [event_item(item, self.manners.has_seconds) for item in items[first : first + limit]]
        pagination = {"page": number, "current": len(rows), "count": count, "prevPage": number > 1}
        pagination |= {"nextPage": number < pages, "pageCount": pages, "limit": limit}
        return {"events": [*rows, *self.manners.listed_too], "pagination": pagination}


def is_since_1_36_36(version: str) -> bool:
    return tuple(int(part) for part in version.split(".")) >= (1, 36, 36)
