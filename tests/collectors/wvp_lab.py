"""A WVP platform for the tests: one recorder with two cameras behind it, and one stream the platform records itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from collectors.answers import FootageAnswer
from collectors.device import Secret
from collectors.protocols import wvp
from collectors.protocols.wvp.server import WvpDevice
from collectors.simulator.http import End
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedRecorder
from collectors.simulator.wvp import Manners, end
from tests.collectors.in_process import InProcess, plug

NOW = datetime(2026, 9, 30, 12, 0, 0)
SECRET = Secret("bureau", "look only")
ALWAYS = (datetime(2000, 1, 1), datetime(2100, 1, 1))
HOUR = timedelta(hours=1)
NVR = "34020000001320000001"
FIRST, SECOND = f"{NVR}/34020000001310000001", f"{NVR}/34020000001310000002"
CLOUD = f"rtp/{NVR}_34020000001310000003"
STEADY = ((NOW - 90 * HOUR, NOW + 90 * HOUR),)
GAP = (NOW - 8 * HOUR, NOW - 7 * HOUR)
WITH_GAP = ((NOW - 90 * HOUR, GAP[0]), (GAP[1], NOW + 90 * HOUR))


def recorder(
    recorded: Iterable[tuple[datetime, datetime]] = WITH_GAP,
    *faults: str | Fault,
    secret: Secret = SECRET,
    file_length: timedelta = HOUR,
    offset_ms: int = 0,
    second: Iterable[tuple[datetime, datetime]] = STEADY,
) -> SimulatedRecorder:
    parts = {FIRST: tuple(recorded), SECOND: tuple(second), CLOUD: tuple(recorded)}
    channels = {name: SimulatedChannel(name, held, file_length=file_length) for name, held in parts.items()}
    return SimulatedRecorder(
        "P1",
        "wvp",
        secret,
        channels,
        clock_steps=((ALWAYS[0], offset_ms),),
        faults=tuple(Fault(each, *ALWAYS) if isinstance(each, str) else each for each in faults),
    )


def open_(
    end_: End, secret: Secret | None = SECRET, now: Callable[[], datetime] = lambda: NOW
) -> tuple[WvpDevice, InProcess]:
    device = wvp.open_device("http://192.0.2.5:18080", secret=secret, now=now, memory={}, pause=lambda _: None)
    return device, plug(device, end_)


def footage(
    world: SimulatedRecorder,
    window: tuple[datetime, datetime] = (NOW - 12 * HOUR, NOW - 2 * HOUR),
    channel: str = FIRST,
    manners: Manners | None = None,
) -> list[FootageAnswer]:
    device, _ = open_(end(world, lambda: NOW, manners))
    return list(wvp.footage(device, channel, *window))
