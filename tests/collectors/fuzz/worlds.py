"""One simulated recorder per protocol and seed: footage with gaps, a clock that may be wrong, manners at random."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from random import Random
from typing import Any

from collectors.intervals import Interval
from collectors.simulator.http import End, Request
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedDisk, SimulatedRecorder
from tests.collectors.fuzz.specs import EVER, HOUR, NOW, SECRET, SPECS, Spec, Topic


@dataclass(frozen=True, slots=True)
class World:
    name: str
    spec: Spec
    recorder: SimulatedRecorder
    end: End
    memory: dict[str, str] = field(default_factory=dict)

    @property
    def hour(self) -> timedelta:
        return HOUR * self.spec.scale

    @property
    def topics(self) -> frozenset[Topic]:
        """Of a folder all files are about footage."""
        told = {topic for topic, _ in self.spec.topics}
        return frozenset(told | {"other"} if self.spec.address else told)

    def topic(self, request: Request) -> Topic:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        said = f"{request.method} {request.path}?{query}\n{request.body.decode('utf-8', 'replace')}"
        return next((topic for topic, pattern in self.spec.topics if re.search(pattern, said)), "other")


def build(name: str, chance: Random) -> World:
    spec = SPECS[name]
    hour = HOUR * spec.scale
    channels = {word: _channel(word, n, hour, chance) for n, word in enumerate(spec.channels)}
    faults = tuple(
        Fault(kind, *EVER, {"max_hours": str(spec.scale * chance.choice([3, 20]))} if kind == "wide_500" else {})
        for kind in spec.faults
        if chance.random() < 0.1
    )
    steps = ((EVER[0], chance.choice(spec.offsets_ms)),)
    disks = (SimulatedDisk("1"), SimulatedDisk("2", 2**40, 2**30, failed=(EVER,)))
    recorder = SimulatedRecorder("R1", name, SECRET, channels, steps, faults, disks=disks)
    return World(name, spec, recorder, _end(recorder, spec, chance), spec.memory(chance))


def _end(recorder: SimulatedRecorder, spec: Spec, chance: Random) -> End:
    """The device's own end; a folder has none."""
    module = import_module(f"collectors.simulator.{recorder.protocol}")
    if not hasattr(module, "end"):
        return _nobody
    manners = module.Manners(**spec.manners(chance)) if hasattr(module, "Manners") else None
    end: End = module.end(recorder, lambda: NOW, *([manners] if manners else []))
    return end


def _nobody(request: Request) -> Any:
    raise AssertionError(f"a protocol without a simulated end asked {request.method} {request.path}")


def _channel(word: str, number: int, hour: timedelta, chance: Random) -> SimulatedChannel:
    """The second records all the time, so that what the times mean can be found out."""
    recorded = ((NOW - 70 * hour, NOW + 9 * hour),) if number == 1 else _recorded(hour, chance)
    gone = Deletion(NOW - hour, _whole(NOW - 20.3 * hour), _whole(NOW - 19.1 * hour))
    return SimulatedChannel(
        word,
        recorded,
        (gone,) if chance.random() < 0.2 else (),
        chance.choice([0.5, 1, 3]) * hour,
        name=chance.choice(["", "示例大厅", "a < b & c"]),
        address=f"192.0.2.{11 + number}",
        plan="event" if number == 2 else "continuous",
    )


def _recorded(hour: timedelta, chance: Random) -> tuple[Interval, ...]:
    """Up to five pieces with holes of half a minute or more; nothing at all at times."""
    at, parts = NOW - 64 * hour, list[Interval]()
    for _ in range(chance.choice([0, 1, 3, 5, 5])):
        start = at + chance.choice([timedelta(seconds=chance.randint(30, 90)), hour * chance.uniform(0.2, 5)])
        at = start + hour * chance.uniform(0.3, 30)
        parts.append((_whole(start), _whole(at)))
    return tuple(parts)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0, second=at.second | 1)
