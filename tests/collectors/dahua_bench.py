"""A simulated Dahua recorder and a device wired to it without sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.answers import FootageAnswer
from collectors.protocols import dahua
from collectors.protocols.dahua.server import DahuaDevice
from collectors.simulator import dahua as simulated
from collectors.simulator.dahua import Manners
from collectors.simulator.dahua_finders import Listing
from collectors.simulator.http import Request, Response
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import InProcess, plug
from tests.collectors.recorders import ALWAYS, SECRET, Parts

NOON = datetime(2026, 10, 1, 4)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
Spoil = Callable[[Request, Response], Response]


def at(hours: float) -> datetime:
    """Hours from noon; footage before noon is negative."""
    return NOON + timedelta(hours=hours)


def on(action: str, answer: Response) -> Spoil:
    return lambda request, honest: answer if request.query.get("action") == action else honest


@dataclass
class Bench:
    """`now` can be moved; `memory` survives like that of a caller; `pauses` are those the device was given."""

    recorder: SimulatedRecorder
    now: datetime
    manners: Manners = field(default_factory=Manners)
    memory: dict[str, str] = field(default_factory=dict)
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.end = simulated.Recorder(self.recorder, lambda: self.now, self.manners)
        self.device: DahuaDevice = dahua.open_device(
            "http://192.0.2.1", secret=SECRET, now=lambda: self.now, memory=self.memory
        )
        self.wire: InProcess = plug(self.device, self.end)
        self.device.pause = self.pauses.append

    def spoil(self, answer: Callable[[Request, Response], Response]) -> None:
        """Puts `answer` between the recorder and the device."""
        self.wire = plug(self.device, lambda request: answer(request, self.end(request)))
        self.device.pause = self.pauses.append

    def footage(self, covers_from: datetime, covers_to: datetime, channel: str = "1") -> list[FootageAnswer]:
        return list(dahua.footage(self.device, channel, covers_from, covers_to))

    def asked(self, action: str) -> list[Request]:
        return [request for request in self.wire.asked if request.query.get("action") == action]


def bench(
    recorded: Parts,
    now: datetime,
    *,
    faults: Iterable[str | Fault] = (),
    clock_steps: tuple[tuple[datetime, int], ...] = (),
    file_length: timedelta = timedelta(hours=1),
    listing: Listing | None = None,
    manners: Manners | None = None,
    memory: dict[str, str] | None = None,
    channel: str = "1",
    others: Iterable[SimulatedChannel] = (),
) -> Bench:
    """`faults` given by name are active always; `memory` defaults to a device whose way of counting is known."""
    channels = {channel: SimulatedChannel(channel, tuple(recorded), file_length=file_length)}
    recorder = SimulatedRecorder(
        "R1",
        "dahua",
        SECRET,
        {**channels, **{other.channel: other for other in others}},
        clock_steps,
        tuple(Fault(fault, *ALWAYS) if isinstance(fault, str) else fault for fault in faults),
    )
    manners = manners or Manners(listing=listing or Listing())
    known = {f"base_{channel}": str(manners.listing.base), "finder": "ok"} if memory is None else memory
    return Bench(recorder, now, manners, known)
