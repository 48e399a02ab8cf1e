"""What is judged: the month, its days, and the form of a verdict."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tests.rules.oracle.city import DAY_MS, HOUR_MS, City, Span, day_no

GRACE_MS = 6 * HOUR_MS


class Row(NamedTuple):
    """What two programs must agree on, as published; a rule about one type of subject may leave the type out."""

    subject_id: str
    agency_id: str
    period: str
    outcome: str
    measured: str
    required: str
    subject_type: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.subject_type, self.subject_id, self.period


@dataclass(frozen=True)
class Frame:
    """Month `YYYY-MM`, the instant of judgement, and whether exempt time is left out."""

    month: str
    now: int
    exempting: bool

    @property
    def first(self) -> int:
        return day_no(self.month + "-01")

    @property
    def after(self) -> int:
        """The first day after the month."""
        year, month = map(int, self.month.split("-"))
        return self.first + calendar.monthrange(year, month)[1]

    @property
    def judgement_day(self) -> int:
        """The local day of now, at most the first day after the month."""
        return min(self.now // DAY_MS, self.after)

    @property
    def graced_days(self) -> list[int]:
        """Day rules: days of the month whose end + 6 h has come."""
        return [d for d in range(self.first, self.after) if whole(d)[1] + GRACE_MS <= self.now]

    @property
    def ended_days(self) -> list[int]:
        """Month rules: days of the month that have ended."""
        return [d for d in range(self.first, self.after) if whole(d)[1] <= self.now]


Judging = Callable[[City, Frame], Iterator[Row]]


def whole(day: int) -> Span:
    return day * DAY_MS, (day + 1) * DAY_MS


def seconds(length_ms: int) -> str:
    return plain(Decimal(length_ms) / 1000)


def plain(number: Decimal) -> str:
    """No exponent, no idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(number: Decimal, decimals: int) -> str:
    return str(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
