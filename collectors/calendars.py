"""Reads a recorder's own calendar: on which days it says that it holds any footage of a camera.

A claim, cheap to ask for half a year at once, and never proof: it shows which days are worth asking again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.device import Device
from collectors.protocols import TellsDays


@dataclass(frozen=True, slots=True)
class Days:
    """Inclusive, as a calendar is read."""

    first: date
    last: date


@dataclass(slots=True)
class Calendar:
    """`held`: the days claimed, by camera; a camera that is missing was not answered for."""

    days: Days
    held: dict[str, frozenset[date]] = field(default_factory=dict)
    failure: DeviceFailure | None = None


def read_calendar(
    protocol: TellsDays,
    device: Device,
    channels: Mapping[str, str],
    days: Days,
    *,
    budget_s: float,
    elapsed_s: Callable[[], float] = time.monotonic,
) -> Calendar:
    """Ask for every camera of `channels` (channel by camera_id) until the budget is spent; never raises for the device.

    A refusal or silence ends the reading; a calendar that cannot be read costs that camera only.
    """
    calendar = Calendar(days)
    give_up_at = elapsed_s() + budget_s
    for camera_id, channel in channels.items():
        if elapsed_s() > give_up_at:
            break
        try:
            calendar.held[camera_id] = protocol.days_held(device, channel, days.first, days.last)
        except Malformed as failure:
            calendar.failure = failure
        except (Refused, Unreachable) as failure:
            calendar.failure = failure
            break
    return calendar
