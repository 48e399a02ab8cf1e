"""Asks a recorder what it tells beside footage: itself, its clock, channels, plans and disks.

Each question is asked on its own, so that a missing right costs one answer and not the look; a device that cannot be
reached or refuses the login is not asked further.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from collectors.answers import (
    ChannelReading,
    ClockReading,
    Description,
    DeviceFailure,
    DiskReading,
    Malformed,
    PlanReading,
    Refused,
    Unreachable,
)
from collectors.device import Device
from collectors.protocols import RecorderProtocol, TellsChannels, TellsDisks, TellsPlans

log = logging.getLogger(__name__)

QUESTIONS = ("describe", "clock", "channels", "plans", "disks")


@dataclass(frozen=True, slots=True)
class Look:
    """What one look gave. None: not asked, not answered, or the device cannot tell. `failures`: asked in vain."""

    observed_at: datetime
    description: Description | None = None
    clock: ClockReading | None = None
    channels: tuple[ChannelReading, ...] | None = None
    plans: tuple[PlanReading, ...] | None = None
    disks: tuple[DiskReading, ...] | None = None
    failures: tuple[tuple[str, DeviceFailure], ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        given = (self.description, self.clock, self.channels, self.plans, self.disks)
        return tuple(question for question, answer in zip(QUESTIONS, given, strict=True) if answer is not None)

    @property
    def stopped_by(self) -> DeviceFailure | None:
        """The failure after which nothing more may be asked in this round."""
        return next((failure for _, failure in self.failures if _ends(failure)), None)


def look(protocol: RecorderProtocol, device: Device, questions: Collection[str] = QUESTIONS) -> Look:
    """Ask `questions` in their fixed order; never raises for the device's trouble."""
    observed_at = device.now()
    answers: dict[str, object] = {}
    failures: list[tuple[str, DeviceFailure]] = []
    for question, ask in _askable(protocol, device).items():
        if question not in questions:
            continue
        try:
            answers[question] = ask()
        except DeviceFailure as failure:
            failures.append((question, failure))
            if _ends(failure):
                break
        except Exception as error:  # a fault of our own client costs this question only
            log.exception("the client of %s broke off", device.address)
            failures.append((question, Malformed(f"our client broke off ({type(error).__name__}) on {question}")))
    return Look(
        observed_at,
        cast(Description | None, answers.get("describe")),
        cast(ClockReading | None, answers.get("clock")),
        cast("tuple[ChannelReading, ...] | None", answers.get("channels")),
        cast("tuple[PlanReading, ...] | None", answers.get("plans")),
        cast("tuple[DiskReading, ...] | None", answers.get("disks")),
        tuple(failures),
    )


def _askable(protocol: RecorderProtocol, device: Device) -> dict[str, Callable[[], object]]:
    asks: dict[str, Callable[[], object]] = {
        "describe": lambda: protocol.describe(device),
        "clock": lambda: protocol.clock(device),
    }
    if isinstance(protocol, TellsChannels):
        asks["channels"] = lambda: protocol.channels(device)
    if isinstance(protocol, TellsPlans):
        asks["plans"] = lambda: protocol.plans(device)
    if isinstance(protocol, TellsDisks):
        asks["disks"] = lambda: protocol.disks(device)
    return asks


def _ends(failure: DeviceFailure) -> bool:
    return isinstance(failure, Unreachable) or (isinstance(failure, Refused) and failure.definitive)
