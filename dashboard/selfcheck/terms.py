"""Until when something can be mended: the term of footage, and the grace before a day or a report is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from dashboard.selfcheck.model import Period
from data.periods import Month, day_ends_at, local_day, months_before
from rules.catalogue import Rule


def months(rules: Mapping[str, Rule]) -> int:
    """How long footage has to be kept, in calendar months."""
    return int(rules["retention_6_months"].parameters["months"].value)


def kept_until(rule: Rule, periods: Sequence[Period], term_months: int) -> tuple[date | None, date | None]:
    """The first and the last day on which the footage of the periods still has to be there; None when none mends it.

    A report's footage is that of its sessions, which are older than the report: the earliest day that the evidence
    names counts, so that nobody is told a day on which the footage may be gone.
    """
    if rule.mend != "footage":
        return None, None
    untils = [months_before(_earliest_day(period), -term_months) for period in periods]
    return min(untils), max(untils)


def _earliest_day(period: Period) -> date:
    return min([days_of(period.period)[0], *(piece.day for piece in period.evidence if piece.day)])


def days_of(period: str) -> list[date]:
    """The local day, or the days of the month, that a period names."""
    return [date.fromisoformat(period)] if len(period) == 10 else Month.parse(period).days


def grace_ends_at(rule: Rule, periods: Sequence[Period], issued_at: datetime | None, now_at: datetime) -> datetime:
    """When the first of the periods, all of them still in their grace at `now_at`, will be judged.

    A report's grace begins with its issue, any other with the end of the local day. Of a month the days that have
    ended and are still in their grace count, for with the first of them the month's verdict can change.
    """
    grace = timedelta(hours=rule.grace_h)
    if issued_at is not None:
        return issued_at + grace
    ends = (day_ends_at(day) + grace for period in periods for day in days_of(period.period))
    return min((end for end in ends if now_at < end and end - grace <= now_at), default=now_at)


def is_over(until: date | None, now_at: datetime) -> bool:
    return until is not None and local_day(now_at) > until
