"""One folder per recorder protocol, found by its name: the word used in `recorders.csv`.

A protocol module offers, as far as its devices can:

    open_device(address, *, secret, now, memory) -> Device     how to log in; no request is made yet
    describe(device) -> Description
    clock(device) -> ClockReading
    footage(device, channel, covers_from, covers_to) -> Iterator[FootageAnswer]

`footage` takes a window of true time and yields answers that together cover it, or raises one of the failures of
`collectors.answers`. Adding a protocol is adding a folder; nothing else is edited.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from collectors.answers import ClockReading, Description, FootageAnswer
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


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)


def load(name: str) -> RecorderProtocol:
    """The protocol called `name`; KeyError lists the words that are accepted."""
    if name not in names():
        raise KeyError(f"no protocol '{name}'; known: {', '.join(names())}")
    return cast(RecorderProtocol, import_module(f"{__name__}.{name}"))
