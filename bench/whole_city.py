"""A whole city with everything a lab keeps, laid straight into a store: what all rules together cost, not one alone.

Every number follows from the size by arithmetic on row numbers, so the same size gives the same city. About one thing
in a hundred is wrong in some way, as in life; whole_city.sql says what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

import duckdb
import pyarrow as pa

from data.periods import day_starts_at
from data.store import Store

CITY_SQL = files("bench").joinpath("whole_city.sql").read_text(encoding="utf-8")
LAST_DAY = date(2026, 10, 31)
CHANNELS_PER_AGENCY = 30


class Shot(NamedTuple):
    """A key image of a report; minutes after its session starts, `to_min` for clips only."""

    role: str
    media: str
    from_min: int
    to_min: int | None = None
    side: str | None = None
    stage_no: int | None = None


class Item(NamedTuple):
    """What `share` of a hundred reports is about, and the images each should have."""

    test_item: str
    method: str | None
    share: int
    shots: list[Shot]


STAGES = [Shot("load_stage", "clip", 20 * no - 21, 20 * no - 4, stage_no=no) for no in range(1, 9)]
PILE = [*STAGES, Shot("unload", "clip", 190, 196)]
STACK = [Shot("stack_side", "photo", -30, side=side) for side in "东南西北"]
BOX = [Shot("load_box_insertion", "clip", -20, -18), Shot("nameplate", "photo", -17)]
CORE = [Shot("core", "photo", 10), Shot("core_dimension", "photo", 11)]
ITEMS = [
    Item("REBAR_TENSILE", None, 40, [Shot("failure", "clip", 8, 12), Shot("failure", "photo", 13)]),
    Item("CUBE_COMP", None, 35, [Shot("failure", "clip", 9, 11)]),
    Item("PILE_COMP", "kentledge", 2, PILE + STACK),
    Item("PILE_COMP", "self_balanced", 1, PILE + BOX),
    Item("PILE_UPLIFT", "kentledge", 1, PILE + STACK),
    Item("PILE_LATERAL", "anchor_pile", 1, PILE),
    Item("PILE_CORE", None, 2, CORE),
    Item("WALL_CORE", None, 2, CORE),
    Item("ROAD_CORE", None, 2, CORE),
    Item("SOIL", None, 14, [Shot("self_declared", "clip", 9, 11)]),
]
"""A hundred reports have two hundred images."""


@dataclass(frozen=True)
class CitySize:
    """Channels, one of thirty on site and of the others half far and half near; what is tested in a month; days of
    footage on record."""

    channels: int = 2_100
    reports: int = 60_000
    live_cameras: int = 250
    days: int = 184

    @property
    def label(self) -> str:
        return f"{self.channels} channels, {self.reports} reports, {2 * self.reports} images a month, {self.days} days"


def lay_out(store: Store, size: CitySize) -> None:
    """Fill an empty store. Reports, sessions and images fill the last month or, with fewer days, those days."""
    first_day = LAST_DAY - timedelta(days=size.days - 1)
    agency_count = -(-size.channels // CHANNELS_PER_AGENCY)
    values = {
        "agency_count": agency_count,
        "room_count": (size.channels - agency_count) // 2,
        "reports": size.reports,
        "live_cameras": size.live_cameras,
        "first_day": first_day,
        "last_day": LAST_DAY,
        "month_first": max(first_day, LAST_DAY.replace(day=1)),
        "known_from": day_starts_at(date(2026, 1, 1)),
    }
    with store.write() as cursor:
        for name, value in values.items():
            cursor.execute(f"SET VARIABLE {name} = $value", {"value": value})
        _register_items(cursor)
        for statement in CITY_SQL.split(";\n"):
            if statement.strip():
                cursor.execute(statement)


def _register_items(cursor: duckdb.DuckDBPyConnection) -> None:
    next_no = list(accumulate(item.share for item in ITEMS))
    items = [
        {
            "item_no": no,
            "test_item": item.test_item,
            "method": item.method,
            "first_no": end - item.share,
            "next_no": end,
        }
        for no, (item, end) in enumerate(zip(ITEMS, next_no, strict=True))
    ]
    shots = [
        {"item_no": no, "shot_no": shot_no, **shot._asdict()}
        for no, item in enumerate(ITEMS)
        for shot_no, shot in enumerate(item.shots)
    ]
    cursor.register("items", pa.Table.from_pylist(items))
    cursor.register("shots", pa.Table.from_pylist(shots))
