"""A recorder that is exchanged for another one, or set differently, while it is being asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from collectors.simulator.http import End, Request, Response
from collectors.simulator.recorder import SimulatedRecorder


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on (true time) what answers is `recorder`."""

    at: datetime
    recorder: SimulatedRecorder


def end_of(recorder: SimulatedRecorder, changes: Sequence[Change], now: Callable[[], datetime]) -> End:
    """The end of its protocol; `changes` in time order."""
    protocol = import_module(f"collectors.simulator.{recorder.protocol}")
    first: End = protocol.end(recorder, now)
    later: list[tuple[datetime, End]] = [(change.at, protocol.end(change.recorder, now)) for change in changes]

    def answer(request: Request) -> Response:
        at = now()
        current = [end for from_at, end in later if from_at <= at]
        return (current[-1] if current else first)(request)

    return answer
