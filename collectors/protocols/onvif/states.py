"""From the steps of a track to when it has data, when not, and when nobody can tell (fact sheet §4.3).

A state that the device only asserts for the start of a window is believed once a change follows that fits it. Devices
are known that assert the same whatever happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.chunks import Flaw
from collectors.intervals import Interval
from collectors.protocols.onvif.steps import SAME, Step

AFTERMATH = timedelta(minutes=1)
"""What is still written after data is said to have ended."""
NO_STATE = "the device does not say whether it had footage before the first change it lists"
RESTARTED = "the device was restarted, and does not tell when it stopped before"
CONTRADICTED = "what the device says about its footage contradicts itself"
UNCONFIRMED = "whether the device had footage rests on a state that nothing confirms"


@dataclass(slots=True)
class Track:
    """`inferred` is likely held, but not told; it lies in a doubtful part."""

    held: list[Interval] = field(default_factory=list)
    inferred: list[Interval] = field(default_factory=list)
    doubts: list[Flaw] = field(default_factory=list)


def walk(steps: Iterable[Step], stretch: Interval, *, newest: datetime | None, is_to_now: bool) -> Track:
    """`newest`: where the device says that the track's data ends; `is_to_now`: `stretch` reaches up to now."""
    steps = list(steps)
    changes = [step.at for step in steps if step.kind in ("row", "restart")]
    walker = _Walker(stretch[0])
    for step in steps:
        if step.kind == "start" and walker.state is not None and any(abs(at - step.at) <= SAME for at in changes):
            continue  # it may be the state before or after that change
        getattr(walker, f"take_{step.kind}")(step)
    walker.finish(stretch[1], newest, is_to_now)
    return walker.result()


class _Walker:
    def __init__(self, at: datetime) -> None:
        self.state: bool | None = None
        self._at = at
        self._is_told = False
        self._repeats = False
        self._absent: list[Interval] = []
        self._track = Track()

    def take_start(self, step: Step) -> None:
        if self.state is None:
            self._doubt(step.at, NO_STATE)
            self.state, self._is_told = step.value, False
        elif step.value != self.state:
            self._doubt(step.at, CONTRADICTED)
            self.state = None

    def take_row(self, step: Step) -> None:
        is_repeated = step.value == self.state and step.at - self._at > SAME
        self._repeats |= is_repeated
        if self.state is None:
            if step.value is False:
                self._track.inferred.append((self._at, step.at))
            self._doubt(step.at, NO_STATE)
        elif is_repeated and not self._is_told:
            self._doubt(step.at, CONTRADICTED)
        else:
            self._keep(step.at)
        self.state, self._is_told = step.value, True

    def take_restart(self, step: Step) -> None:
        if self.state is False and self._is_told:
            self._keep(step.at)
        else:
            self._doubt(step.at, RESTARTED)
            self.state = None
        if step.value is not None:
            self.state, self._is_told = step.value, True

    def take_sign(self, step: Step) -> None:
        if self.state is not None and self._is_told:
            self._keep(step.at)

    def take_lost(self, step: Step) -> None:
        if self.state is not None and self._is_told:
            self._keep(step.at)
        else:
            self._doubt(step.at, NO_STATE if self.state is None else UNCONFIRMED)
        self.state = None

    def finish(self, at: datetime, newest: datetime | None, is_to_now: bool) -> None:
        """Only a fresh or an old end of data can confirm the last state, and only if nothing was left unasked."""
        if self.state is None:
            self._doubt(at, NO_STATE)
        elif not self._is_told and (not is_to_now or (newest is None and not self.state)):
            self._doubt(at, UNCONFIRMED)
        elif is_to_now and not self.state and newest is not None and newest > self._at + AFTERMATH:
            self._doubt(at, CONTRADICTED)
        else:
            self._keep(at)

    def result(self) -> Track:
        """Where changes do not alternate, one is missing or the clock was stepped: no absence is sure then."""
        if self._repeats:
            self._track.doubts += [Flaw(part, CONTRADICTED) for part in self._absent]
        return self._track

    def _keep(self, at: datetime) -> None:
        (self._track.held if self.state else self._absent).append((self._at, at))
        self._at = max(self._at, at)

    def _doubt(self, at: datetime, reason: str) -> None:
        if at > self._at:
            self._track.doubts.append(Flaw((self._at, at), reason))
        self._at = max(self._at, at)
