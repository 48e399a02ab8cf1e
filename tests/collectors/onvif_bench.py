"""A simulated ONVIF recorder and the device that asks it, without sockets; no wait takes time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.answers import FootageAnswer
from collectors.device import Device, Secret
from collectors.protocols import onvif
from collectors.simulator import onvif as simulated
from collectors.simulator.onvif_manners import Manners
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import InProcess, plug
from tests.collectors.recorders import ALWAYS, SECRET, Parts

PROVEN = {"time_base": "utc", "time_base_at": "2999-01-01T00:00:00", "event_filter": "A"}


@dataclass
class OnvifBench:
    """`now` can be moved; `memory` survives like that of a caller; `pauses` are the waits asked for, in seconds."""

    recorder: SimulatedRecorder
    manners: Manners
    now: datetime
    memory: dict[str, str] = field(default_factory=dict)
    secret: Secret = SECRET

    def __post_init__(self) -> None:
        self.pauses: list[float] = []
        self.end = simulated.end(self.recorder, lambda: self.now, self.manners)
        self.open()

    def open(self) -> None:
        """A new session with what was learned in the ones before."""
        self.device: Device = onvif.open_device(
            "http://192.0.2.1",
            secret=self.secret,
            now=lambda: self.now,
            memory=self.memory,
        )
        self.wire: InProcess = plug(self.device, self.end)
        self.device.pause = self.pauses.append

    def footage(self, covers_from: datetime, covers_to: datetime, channel: str = "R1") -> list[FootageAnswer]:
        return list(onvif.footage(self.device, channel, covers_from, covers_to))

    def operations(self) -> list[str]:
        """The operations asked so far."""
        return [request.headers["Content-Type"].rstrip('"').rpartition("/")[2] for request in self.wire.asked]


def bench(
    recorded: Parts,
    now: datetime,
    *,
    faults: Iterable[str | Fault] = (),
    clock_steps: tuple[tuple[datetime, int], ...] = (),
    deletions: tuple[Deletion, ...] = (),
    manners: Manners | None = None,
    memory: dict[str, str] | None = None,
    with_living: bool = False,
) -> OnvifBench:
    """`faults` given by name are active always; `memory` defaults to a device that is known to write UTC.

    `with_living`: another recording `R2` has gone on for years, so that what the stamps mean can be seen.
    """
    channel = SimulatedChannel(
        "R1", tuple(recorded), deletions, timedelta(hours=1), name="养护室 示例", address="192.0.2.9"
    )
    channels = {"R1": channel}
    if with_living:
        channels["R2"] = SimulatedChannel("R2", (ALWAYS,))
    recorder = SimulatedRecorder(
        "NVR",
        "onvif",
        SECRET,
        channels,
        clock_steps,
        tuple(Fault(fault, *ALWAYS) if isinstance(fault, str) else fault for fault in faults),
    )
    return OnvifBench(recorder, manners or Manners(), now, dict(PROVEN) if memory is None else memory)
