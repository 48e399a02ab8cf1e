"""When a recorder will no longer hold six months, foretold from its disks and from the oldest footage on it.

A disk that still fills shows its write rate; a full one overwrites its oldest footage, and then the age of the oldest
day is what the disk is worth. Both are told with an error band, and not at all from too few days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean, linear_regression, stdev
from typing import Literal

from data.periods import months_before

TERM_MONTHS = 6
FEWEST_DAYS = 4
"""Days of readings below which nothing is foretold: a weekend differs from a working day."""
FULL_SHARE = 0.02
"""Recorders begin to overwrite a little before the last byte."""
BAND_SIGMAS = 2.0
WHOLE_DAY_ERROR = 0.5
"""The oldest footage is told as a whole day, so its age is good to half of one."""
FURTHEST_DAYS = 3650
"""What lies further ahead is not worth a date."""
CLOSE_DAYS = 366
"""Within which the unlucky end of the band is reason enough not to promise anything."""


@dataclass(frozen=True, slots=True)
class DiskDay:
    """The recorder's disks on one local day, at its last reading: bytes in all, and bytes free."""

    day: date
    capacity_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class OldestDay:
    """The oldest local day of which the recorder held anything, as told on `day`."""

    day: date
    oldest: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """`keeps`: as far as can be seen. `falls_short`: on `on_day`, somewhere from `earliest` to `latest` (None: not in
    sight). `short_now`: it overwrites what is younger than six months. `cannot_tell`: `reason` says why.

    `span_days` is what the disks hold at today's rate, give or take `span_error_days`.
    """

    state: Literal["keeps", "falls_short", "short_now", "cannot_tell"]
    reason: str = ""
    span_days: float | None = None
    span_error_days: float | None = None
    on_day: date | None = None
    earliest: date | None = None
    latest: date | None = None


def foretell(disks: Sequence[DiskDay], oldest: Sequence[OldestDay], today: date) -> Forecast:
    """`disks` and `oldest` in the order of their days, one a day; footage is owed for the six months up to each day."""
    if not disks:
        return Forecast("cannot_tell", "no_disks")
    last = disks[-1]
    if last.capacity_bytes <= 0:
        return Forecast("cannot_tell", "no_capacity")
    if last.free_bytes <= FULL_SHARE * last.capacity_bytes:
        return _full(oldest, today)
    return _filling(disks, oldest, today)


def _filling(disks: Sequence[DiskDay], oldest: Sequence[OldestDay], today: date) -> Forecast:
    """Bytes a day from one reading to the next, where the capacity stayed and nothing was erased."""
    pairs = [(a, b) for a, b in pairwise(disks) if a.capacity_bytes == b.capacity_bytes]
    rates = [(a.free_bytes - b.free_bytes) / (b.day - a.day).days for a, b in pairs if b.free_bytes < a.free_bytes]
    if len(rates) < FEWEST_DAYS - 1:
        return Forecast("cannot_tell", "too_few_days")
    last, rate = disks[-1], fmean(rates)
    error = BAND_SIGMAS * stdev(rates) / math.sqrt(len(rates))
    kept_from = oldest[-1].oldest if oldest else today
    band = [max(r, 1.0) for r in (rate, rate + error, rate - error)]
    span, shortest, longest = (min(last.capacity_bytes / r, FURTHEST_DAYS) for r in band)
    days = [_overwritten_on(today, kept_from, last.free_bytes / r, last.capacity_bytes / r) for r in band]
    return _between(today, days, span, max(span - shortest, longest - span))


def _full(oldest: Sequence[OldestDay], today: date) -> Forecast:
    """The age of the oldest day, and whither it goes."""
    if len(oldest) < FEWEST_DAYS:
        return Forecast("cannot_tell", "too_few_days")
    days = [float((told.day - today).days) for told in oldest]
    ages = [float((told.day - told.oldest).days) for told in oldest]
    slope, age = linear_regression(days, ages)
    spread = math.sqrt(fmean((a - (age + slope * d)) ** 2 for d, a in zip(days, ages, strict=True)))
    error_days = BAND_SIGMAS * max(spread, WHOLE_DAY_ERROR)
    error = error_days / math.sqrt(sum((d - fmean(days)) ** 2 for d in days))
    if oldest[-1].oldest > months_before(today, TERM_MONTHS):
        return Forecast("short_now", "", ages[-1], error_days)
    ends = [_shrinks_to_term(today, ages[-1], s) for s in (slope, slope - error, slope + error)]
    return _between(today, ends, ages[-1], error_days)


def _between(today: date, days: Sequence[date | None], span_days: float, error_days: float) -> Forecast:
    """`days`: the day foretold, the earliest and the latest; None: not within sight."""
    on_day, earliest, latest = days
    if on_day is not None:
        return Forecast("falls_short", "", span_days, error_days, on_day, earliest, latest)
    if earliest is not None and (earliest - today).days <= CLOSE_DAYS:
        return Forecast("cannot_tell", "too_close", span_days, error_days, None, earliest, None)
    return Forecast("keeps", "", span_days, error_days)


def _overwritten_on(today: date, kept_from: date, days_left: float, span_days: float) -> date | None:
    """The first day on which footage still owed is overwritten, by a disk that is full in `days_left` and holds
    `span_days` at today's rate; what is on it since `kept_from` may have been written at another."""
    if days_left >= FURTHEST_DAYS:
        return None
    full_on = today + timedelta(days=math.floor(days_left))
    held_days, term_days = (full_on - kept_from).days, _term_days(full_on)
    if held_days < term_days:
        return full_on
    if span_days >= term_days:
        return None
    # A day of today's rate overwrites held/span days of the old one, so the days held shrink to `span_days`.
    shrinks_by = held_days / span_days - 1
    return full_on + timedelta(days=math.ceil((held_days - term_days) / shrinks_by))


def _shrinks_to_term(today: date, age_days: float, slope: float) -> date | None:
    """The first day on which the age is below the term; None when it does not shrink, or only in the far future."""
    ahead = (age_days - _term_days(today)) / -slope if slope < 0 else FURTHEST_DAYS
    return today + timedelta(days=math.floor(ahead) + 1) if ahead < FURTHEST_DAYS else None


def _term_days(at: date) -> int:
    return (at - months_before(at, TERM_MONTHS)).days
