"""How far back a recorder's footage reaches: by its own calendar, else by asking for single days."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.device import Device
from collectors.protocols import RecorderProtocol, TellsDays
from data.periods import day_ends_at, day_starts_at, local_day, months_before

TERM_MONTHS = 6
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Effort:
    """The most that is spent on all channels of one device together."""

    requests: int = 600
    seconds: float = 180.0
    elapsed_s: Callable[[], float] = field(default=time.monotonic)


@dataclass(frozen=True, slots=True)
class Oldest:
    """`day`: the oldest local day seen with footage within the term; None: none was.

    `by`: `calendar` (the device's own), `search` (days asked singly, halving the term, which an early gap can mislead),
    `nothing` (no answer; `failure` says why, None: the effort was spent). `is_exact`: the day before has none.
    """

    channel: str
    by: Literal["calendar", "search", "nothing"]
    day: date | None = None
    is_exact: bool = False
    failure: DeviceFailure | None = None


def oldest_footage(
    protocol: RecorderProtocol, device: Device, channels: Sequence[str], effort: Effort
) -> tuple[Oldest, ...]:
    """One per channel, never raising for the device's trouble; after a definitive failure nothing more is asked."""
    until_s, until_count = effort.elapsed_s() + effort.seconds, device.request_count + effort.requests
    found: list[Oldest] = []
    ended: DeviceFailure | None = None
    for channel in channels:
        if ended is not None or effort.elapsed_s() > until_s or device.request_count >= until_count:
            found.append(Oldest(channel, "nothing", failure=ended))
            continue
        try:
            found.append(_oldest(protocol, device, channel))
        except DeviceFailure as failure:
            found.append(Oldest(channel, "nothing", failure=failure))
            ended = failure if _ends(failure) else None
    return tuple(found)


def _oldest(protocol: RecorderProtocol, device: Device, channel: str) -> Oldest:
    today = local_day(device.now())
    first = months_before(today, TERM_MONTHS)
    if isinstance(protocol, TellsDays):
        try:
            days = protocol.days_held(device, channel, first, today)
            return Oldest(channel, "calendar", min(days, default=None), is_exact=first not in days)
        except Malformed:
            pass  # this model has no calendar
        except Refused as refusal:
            if refusal.definitive:
                raise
    return _searched(channel, first, today, lambda day: _holds(protocol, device, channel, day))


def _searched(channel: str, first: date, today: date, holds: Callable[[date], bool | None]) -> Oldest:
    """At most ten days are asked about: the term has 184."""
    if holds(first):
        return Oldest(channel, "search", first)
    newest = next((day for day in (today, today - ONE_DAY) if holds(day)), None)
    if newest is None:
        return Oldest(channel, "search")
    without, with_footage = first, newest
    while (with_footage - without).days > 1:
        middle = without + (with_footage - without) // 2
        found = holds(middle)
        if found is None:
            return Oldest(channel, "search", with_footage)
        without, with_footage = (without, middle) if found else (middle, with_footage)
    return Oldest(channel, "search", with_footage, is_exact=True)


def _holds(protocol: RecorderProtocol, device: Device, channel: str, day: date) -> bool | None:
    """None: the device did not say."""
    answers = list(protocol.footage(device, channel, day_starts_at(day), min(day_ends_at(day), device.now())))
    if any(answer.spans for answer in answers):
        return True
    is_denied = bool(answers) and all(answer.outcome == "ok" and answer.complete for answer in answers)
    return False if is_denied else None


def _ends(failure: DeviceFailure) -> bool:
    return not isinstance(failure, Malformed) and not (isinstance(failure, Refused) and not failure.definitive)
