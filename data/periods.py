"""Local days and months: the one place that knows where midnight is.

Stored time is naive UTC. The law counts local days of Asia/Shanghai, which has kept UTC+8 without daylight
saving since 1991, so a fixed offset is exact for every day this system can judge.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LOCAL_OFFSET = timedelta(hours=8)
DAY_MS = 86_400_000

PERIOD_MACROS = f"""
CREATE OR REPLACE MACRO local_day(instant) AS CAST(instant + INTERVAL {LOCAL_OFFSET.seconds} SECOND AS DATE);
CREATE OR REPLACE MACRO day_starts_at(day) AS CAST(day AS TIMESTAMP) - INTERVAL {LOCAL_OFFSET.seconds} SECOND;
CREATE OR REPLACE MACRO day_ends_at(day) AS CAST(day AS TIMESTAMP) + INTERVAL {86400 - LOCAL_OFFSET.seconds} SECOND;
CREATE OR REPLACE MACRO ms_of_day(instant, day) AS
    CASE WHEN instant IS NOT NULL
         THEN CAST(least(greatest(epoch_ms(instant) - epoch_ms(day_starts_at(day)), 0), {DAY_MS}) AS INTEGER) END;
CREATE OR REPLACE MACRO instant_of(day, ms) AS day_starts_at(day) + to_milliseconds(ms);
CREATE OR REPLACE MACRO months_before(instant, months) AS
    (instant + INTERVAL {LOCAL_OFFSET.seconds} SECOND) - to_months(CAST(months AS INTEGER))
    - INTERVAL {LOCAL_OFFSET.seconds} SECOND;
"""
"""The same arithmetic for queries. `ms_of_day` clamps an instant to the day; `months_before` goes back calendar
months of local time and clamps to the month's end, as `months_before()` below does."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A local calendar month, written `YYYY-MM`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM`; raises ValueError that names the accepted form."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
            raise ValueError(f"'{text}' is not a month; write YYYY-MM, for example 2026-10")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next_first_day(self) -> date:
        return self.first_day + timedelta(days=calendar.monthrange(self.year, self.number)[1])

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=i) for i in range((self.next_first_day - self.first_day).days)]

    @property
    def starts_at(self) -> datetime:
        return day_starts_at(self.first_day)

    @property
    def ends_at(self) -> datetime:
        return day_starts_at(self.next_first_day)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def day_starts_at(day: date) -> datetime:
    """The naive UTC instant of local 00:00."""
    return datetime(day.year, day.month, day.day) - LOCAL_OFFSET


def day_ends_at(day: date) -> datetime:
    """The naive UTC instant of local 24:00."""
    return day_starts_at(day) + timedelta(days=1)


def local_day(instant: datetime) -> date:
    return (instant + LOCAL_OFFSET).date()


def months_before(day: date, months: int) -> date:
    """`months` calendar months earlier, clamped to the month's end: 31 August − 6 months = 28 or 29 February."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def to_local_text(instant: datetime, *, seconds: bool = True) -> str:
    """Beijing time for people: `2026-10-01 08:00:00`."""
    return (instant + LOCAL_OFFSET).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def parse_instant(text: str) -> datetime:
    """ISO 8601 with an offset, or without one in Beijing time, to naive UTC; ValueError names the accepted form."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"'{text}' is not a time; write ISO 8601, for example 2026-10-01T08:00:00+08:00") from None
    offset = instant.utcoffset()
    return instant.replace(tzinfo=None) - (LOCAL_OFFSET if offset is None else offset)


def to_iso(instant: datetime) -> str:
    """For machines: Beijing time with its offset, `2026-10-01T08:00:00+08:00`."""
    return (instant + LOCAL_OFFSET).isoformat() + "+08:00"
