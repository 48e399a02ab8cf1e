"""Simulated recorders for tests: one hour files, a clock the test moves, and a device wired to them without sockets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.answers import FootageAnswer
from collectors.device import Device, Secret
from collectors.protocols import isapi
from collectors.simulator import isapi as simulated
from collectors.simulator.isapi import Manners
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import InProcess, plug

SECRET = Secret("collector", "correct horse")
ALWAYS = (datetime(2000, 1, 1), datetime(2100, 1, 1))
Parts = Iterable[tuple[datetime, datetime]]


@dataclass
class Bench:
    """A recorder and the device that asks it. `now` can be moved; `memory` survives like that of a caller."""

    recorder: SimulatedRecorder
    manners: Manners
    now: datetime
    memory: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.device: Device = isapi.open_device(
            "http://192.0.2.1", secret=SECRET, now=lambda: self.now, memory=self.memory
        )
        self.wire: InProcess = plug(self.device, simulated.end(self.recorder, lambda: self.now, self.manners))

    def footage(self, covers_from: datetime, covers_to: datetime, channel: str = "1") -> list[FootageAnswer]:
        return list(isapi.footage(self.device, channel, covers_from, covers_to))


def bench(
    recorded: Parts,
    now: datetime,
    *,
    faults: Iterable[str | Fault] = (),
    clock_steps: tuple[tuple[datetime, int], ...] = (),
    file_length: timedelta = timedelta(hours=1),
    manners: Manners | None = None,
    memory: dict[str, str] | None = None,
) -> Bench:
    """`faults` given by name are active always; `memory` defaults to a device whose `Z` is known to be local."""
    recorder = SimulatedRecorder(
        "R1",
        "isapi",
        SECRET,
        {"1": SimulatedChannel("1", tuple(recorded), file_length=file_length)},
        clock_steps,
        tuple(Fault(fault, *ALWAYS) if isinstance(fault, str) else fault for fault in faults),
    )
    known = {"z_means": "local", "z_probed_at": now.isoformat()} if memory is None else memory
    return Bench(recorder, manners or Manners(), now, known)


def held(answers: Iterable[FootageAnswer]) -> list[tuple[datetime, datetime]]:
    """True time that complete answers list, joined where they touch."""
    parts = sorted(
        (span.started_at - _offset(answer), span.ended_at - _offset(answer))
        for answer in answers
        if answer.outcome == "ok" and answer.complete
        for span in answer.spans
    )
    joined: list[tuple[datetime, datetime]] = []
    for start, end in parts:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _offset(answer: FootageAnswer) -> timedelta:
    return timedelta(milliseconds=answer.clock_offset_ms or 0)
