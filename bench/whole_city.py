"""A whole city with everything a lab keeps, laid straight into a store: what all rules together cost, not one alone.

Every number follows from the size by arithmetic on row numbers, so the same size gives the same city. One thing in a
hundred is wrong in some way, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from data.periods import day_starts_at
from data.store import Store

CITY_SQL = files("bench").joinpath("whole_city.sql").read_text(encoding="utf-8")
LAST_DAY = date(2026, 10, 31)


@dataclass(frozen=True)
class CitySize:
    """Channels, half of them far and half near; what is tested in a month; days of footage on record."""

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
    values = {
        "channels": size.channels,
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
        for statement in CITY_SQL.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
