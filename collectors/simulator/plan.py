"""When the simulated city runs and when it is asked: planted faults rely on this, the collecting must keep to it.

At `night(d)` of every day from the first to the one after the last, each recorder is asked for what is not yet
answered, and once more for the day `REASK_AFTER_DAYS` back. At `probe(d)` every live camera is watched once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.periods import LOCAL_OFFSET, Month, day_ends_at, day_starts_at, local_day

NIGHTLY_AT = timedelta(minutes=30)
"""Local time of day. The run may spread over 00:00 to 04:00, in which no planted device fault changes."""
LIVE_PROBE_AT = timedelta(hours=10)
"""Local time of day of the one live probe; planted outages keep half an hour away from it or cover it."""
REASK_AFTER_DAYS = 7
"""The day d is first asked at night(d + 1) and again at night(d + 7), one night later at most."""
BACKFILLED_AFTER_DAYS = 10
"""Footage older than the simulated period is asked completely within so many nights."""
JUDGED_AFTER = timedelta(hours=6)
"""From the end of the last day to the judgement: the grace of day rules."""
HISTORY_DAYS = 230
"""How long before the period long-standing agencies went into operation: more than seven months."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`days` local days from `first_day`; instants are naive UTC."""

    first_day: date
    days: int

    @property
    def end_day(self) -> date:
        """The first day after the period; its night run still collects the last day."""
        return self.first_day + timedelta(days=self.days)

    @property
    def judged_at(self) -> datetime:
        return day_starts_at(self.end_day) + JUDGED_AFTER

    @property
    def opened_at(self) -> datetime:
        """When the cameras of newly equipped agencies go on duty: the evening before the first day."""
        return day_starts_at(self.first_day) - timedelta(hours=6)

    @property
    def work_given_at(self) -> datetime:
        """When agencies hand in their sessions, reports and images: the evening of the last day."""
        return self.at(self.days - 1, 18)

    @property
    def corrected_at(self) -> datetime:
        """When some of them hand in images again."""
        return self.at(self.days - 1, 21)

    @property
    def history_day(self) -> date:
        return self.first_day - timedelta(days=HISTORY_DAYS)

    @property
    def recorded_until(self) -> datetime:
        return day_starts_at(self.end_day) + timedelta(days=2)

    @property
    def months(self) -> list[Month]:
        """The months judged: each has a day of the period that has ended."""
        return sorted({Month.of(self.day(i)) for i in range(self.days)})

    def day(self, number: int) -> date:
        """The day `number` of the period, 0 for the first."""
        return self.first_day + timedelta(days=number)

    def ended_days(self, month: Month) -> list[date]:
        return [day for day in month.days if day < self.end_day]

    def at(self, number: int, hours: float = 0.0) -> datetime:
        """So many hours after local midnight of day `number`."""
        return day_starts_at(self.day(number)) + timedelta(hours=hours)

    def retention_day(self, month: Month) -> date:
        """D of the rule catalogue: the local day of judgement, at most the first day after the month."""
        return min(local_day(self.judged_at), month.next_first_day)


def night(day: date) -> datetime:
    return day_starts_at(day) + NIGHTLY_AT


def probe(day: date) -> datetime:
    return day_starts_at(day) + LIVE_PROBE_AT


def local_text(at: datetime) -> str:
    """ISO 8601 with Beijing offset, as bundles write times."""
    return f"{(at + LOCAL_OFFSET).isoformat()}+08:00"


def days_between(from_at: datetime, to_at: datetime) -> list[date]:
    """The local days that `[from_at, to_at)` touches."""
    first, last = local_day(from_at), local_day(to_at - timedelta(microseconds=1))
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def day_of(day: date) -> tuple[datetime, datetime]:
    return day_starts_at(day), day_ends_at(day)
