"""One folder per recorder protocol, found by its name: the word used in `recorders.csv`.

Every protocol module offers

    open_device(address, *, secret, now, memory) -> Device     how to log in; no request is made yet
    describe(device) -> Description
    clock(device) -> ClockReading
    footage(device, channel, covers_from, covers_to) -> Iterator[FootageAnswer]

and, as far as its devices can tell (a function that is not there: they cannot),

    channels(device) -> tuple[ChannelReading, ...]              all channels in use, one reading each
    plans(device) -> tuple[PlanReading, ...]                    what is set to be recorded, by channel
    disks(device) -> tuple[DiskReading, ...]                    empty: the device says it has none
    days_held(device, channel, first_day, last_day) -> frozenset[date]   device-local days it says hold any footage
    playback_url(device, channel, at) -> str                    where one key frame from `at` (true time) can be fetched
    CLIPS_TELL_START: bool                                      clips fetched there carry when their footage begins
    answers_here(device) -> bool                                whether what answers there speaks this protocol
    RIGHTS: Mapping[str, str]                                   the right each question needs, as the device's menu says

`answers_here` gets a device opened without a secret, asks one cheap question that needs no login (a second one where
the first is answered alike by others) and looks for what only this protocol says: that something answers, or wants some
login, is no proof, because the account's password is sent to what was recognised. It raises `Unreachable` when nothing
came back; any other failure means no.

`footage` takes a window of true time and yields answers that together cover it. Every function raises one of the
failures of `collectors.answers` when it got no usable answer; `Refused` with `definitive=False` is a missing right.
Only reading requests may go out. Adding a protocol is adding a folder here and its other end in
`collectors/simulator`; nothing else is edited.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from importlib import import_module
from typing import Protocol, cast, runtime_checkable

from collectors.answers import (
    ChannelReading,
    ClockReading,
    Description,
    DiskReading,
    FootageAnswer,
    PlanReading,
)
from collectors.device import Device, Secret


class RecorderProtocol(Protocol):
    def open_device(
        self, address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]
    ) -> Device: ...

    def describe(self, device: Device) -> Description: ...

    def clock(self, device: Device) -> ClockReading: ...

    def footage(
        self, device: Device, channel: str, covers_from: datetime, covers_to: datetime
    ) -> Iterator[FootageAnswer]: ...


@runtime_checkable
class TellsChannels(Protocol):
    def channels(self, device: Device) -> tuple[ChannelReading, ...]: ...


@runtime_checkable
class TellsPlans(Protocol):
    def plans(self, device: Device) -> tuple[PlanReading, ...]: ...


@runtime_checkable
class TellsDisks(Protocol):
    def disks(self, device: Device) -> tuple[DiskReading, ...]: ...


@runtime_checkable
class TellsDays(Protocol):
    def days_held(self, device: Device, channel: str, first_day: date, last_day: date) -> frozenset[date]: ...


@runtime_checkable
class PlaysBack(Protocol):
    def playback_url(self, device: Device, channel: str, at: datetime) -> str: ...


@runtime_checkable
class StampsClips(Protocol):
    CLIPS_TELL_START: bool


@runtime_checkable
class Recognises(Protocol):
    def answers_here(self, device: Device) -> bool: ...


@runtime_checkable
class NamesRights(Protocol):
    RIGHTS: Mapping[str, str]


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)


def load(name: str) -> RecorderProtocol:
    """The protocol called `name`; KeyError lists the words that are accepted."""
    if name not in names():
        raise KeyError(f"no protocol '{name}'; known: {', '.join(names())}")
    return cast(RecorderProtocol, import_module(f"{__name__}.{name}"))
