"""The recording history of a simulated channel: when data of its track begins and ends, by the device's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.intervals import Interval, without
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder

NEVER = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Change:
    """`at` by the device's clock. `is_restart`: written when the device came up, with the state it then had."""

    at: datetime
    has_data: bool
    is_restart: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """`keeps_overwritten`: the log goes back further than the footage; else it is made from the index of what is held.

    `outages` are (down_from, up_at) in true time: without power nothing is recorded and nothing is logged.
    """

    recorder: SimulatedRecorder
    channel: SimulatedChannel
    keeps_overwritten: bool = False
    outages: tuple[Interval, ...] = ()

    def held(self, at: datetime) -> list[Interval]:
        return without(self.channel.held(at), self.outages)

    def changes(self, at: datetime) -> list[Change]:
        """What the device has in its log at true time `at`, sorted by its stamps as a database does."""
        written = [(a, min(b, at)) for a, b in self.channel.recorded if a < at] if self.keeps_overwritten else []
        parts = without(written, self.outages) if self.keeps_overwritten else self.held(at)
        found: list[Change] = []
        for start, end in parts:
            found.append(Change(self._stamp(start), True, any(start == up_at for _, up_at in self.outages)))
            if end < at and not any(end == down_from for down_from, _ in self.outages):
                found.append(Change(self._stamp(end), False))
        found += [
            Change(self._stamp(up_at), False, True)
            for _, up_at in self.outages
            if up_at <= at and not any(start == up_at for start, _ in parts)
        ]
        return sorted(found, key=lambda change: change.at)

    def state_at(self, device_time: datetime, at: datetime) -> Change:
        """The last change up to `device_time`."""
        before = [change for change in self.changes(at) if change.at <= device_time]
        return before[-1] if before else Change(NEVER, False)

    def ends(self, at: datetime, lag: timedelta) -> tuple[datetime, datetime] | None:
        """The oldest and the newest footage by the device's clock; the newest is known `lag` late."""
        held = self.held(at)
        if not held:
            return None
        newest = max(min(held[-1][1], at - lag), held[-1][0])
        return self._stamp(held[0][0]), self._stamp(newest)

    def _stamp(self, at: datetime) -> datetime:
        return self.recorder.device_time(at).replace(microsecond=0)
