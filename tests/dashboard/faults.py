"""Recorders with one planted fault a day, collected every hour by the real clients, and what must be said about each.

Ten kinds: our own outage, a broken line, a refused login, a recorder that stands still, a camera offline, a failed
disk, a clock set wrong, footage deleted, a plan that records on events only, and a gap that nothing explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from collectors.device import Secret
from collectors.intervals import Interval, without
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedDisk, SimulatedRecorder

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FIRST = datetime(2026, 9, 30, 16)
"""1 October in Nanchang."""
SECRET = Secret("collector", "correct horse")
CHANNELS = ("1", "2")
WHOLE_RECORDER = {"network", "login", "recorder", "disk", "clock_step"}
KINDS = (
    "ours", "network", "login", "recorder", "camera_offline", "disk", "clock_step", "deleted", "plan", "unknown",
)  # fmt: skip
OBSERVED = {"recorder", "camera_offline", "disk", "deleted", "plan", "unknown"}
"""Kinds that leave footage missing; of the others nothing is missing once the recorder was asked again."""


@dataclass(frozen=True, slots=True)
class Planted:
    """`seen_at`: when the collector has had every chance to see it. No `channel`: it takes the whole recorder."""

    kind: str
    recorder_id: str
    channel: str
    from_at: datetime
    to_at: datetime

    @property
    def seen_at(self) -> datetime:
        if self.kind == "plan":
            return self.from_at + DAY  # plans are asked once a local day, and it takes one after the gap too
        if self.kind == "deleted":
            return self.to_at + 9 * DAY  # a day that was known is asked again after a week
        return self.to_at + (6 * HOUR if self.kind in OBSERVED else -timedelta(minutes=1))


@dataclass(slots=True)
class Draft:
    """What happens to one recorder."""

    gaps: dict[str, list[Interval]] = field(default_factory=lambda: {channel: [] for channel in CHANNELS})
    offline: dict[str, list[Interval]] = field(default_factory=lambda: {channel: [] for channel in CHANNELS})
    deletions: dict[str, list[Deletion]] = field(default_factory=lambda: {channel: [] for channel in CHANNELS})
    failed: list[Interval] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    clock_steps: list[tuple[datetime, int]] = field(default_factory=list)
    plans: list[tuple[Interval, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """`plan_at` changes what a recorder says it is set to; `our_outages`: when no round runs."""

    recorders: Mapping[str, SimulatedRecorder]
    plans: Mapping[str, list[tuple[Interval, str]]]
    our_outages: tuple[Interval, ...]
    planted: tuple[Planted, ...]

    def recorder(self, recorder_id: str, at: datetime) -> SimulatedRecorder:
        """As it is set at `at`: a plan belongs to the channel it was planted on."""
        recorder = self.recorders[recorder_id]
        now = {channel for (start, end), channel in self.plans[recorder_id] if start <= at < end}
        channels = {c.channel: replace(c, plan="event") if c.channel in now else c for c in recorder.channels.values()}
        return replace(recorder, channels=channels)


def write_story(seed: int, recorder_count: int, days: int) -> Story:
    """One fault per recorder and day, each kind as often as the others; a day before and after stays quiet."""
    rng = Random(seed)
    planted: list[Planted] = []
    outages: list[Interval] = []
    recorders, plans = {}, {}
    for number in range(recorder_count):
        recorder_id, draft = f"N{number:02d}", Draft()
        for day in range(days):
            kind = KINDS[(number + day) % len(KINDS)]
            if kind == "ours":
                continue  # one outage of ours takes every recorder; planted below
            planted.append(_plant(draft, kind, recorder_id, FIRST + (day + 1) * DAY, rng))
        recorders[recorder_id] = _recorder(recorder_id, draft, FIRST + (days + 12) * DAY)
        plans[recorder_id] = draft.plans
    for day in range(days):
        start = FIRST + (day + 1) * DAY + 20 * HOUR + timedelta(minutes=rng.randint(1, 30))
        if day % len(KINDS) == 0:
            outages.append((start, start + 3 * HOUR))
            planted += [Planted("ours", recorder_id, "", *outages[-1]) for recorder_id in recorders]
    return Story(recorders, plans, tuple(outages), tuple(planted))


def _plant(draft: Draft, kind: str, recorder_id: str, midnight: datetime, rng: Random) -> Planted:
    """Between 02:00 and 16:00 of the day, so that the next one finds everything quiet."""
    start = midnight + timedelta(hours=2, seconds=rng.randint(0, 3600))
    end = start + timedelta(hours=rng.randint(8, 11), seconds=rng.randint(0, 3600))
    channel = "" if kind in WHOLE_RECORDER else rng.choice(CHANNELS)
    if kind in ("camera_offline", "unknown", "plan"):
        draft.gaps[channel].append((start, end))
    if kind in ("recorder", "disk"):
        for each in CHANNELS:
            draft.gaps[each].append((start, end))
    if kind in ("network", "recorder"):
        draft.faults.append(Fault("dead", start, end))
    if kind == "camera_offline":
        draft.offline[channel].append((start, end))
    elif kind == "disk":
        draft.failed.append((start, end))
    elif kind == "login":
        draft.faults.append(Fault("locked", start, end))
    elif kind == "clock_step":
        draft.clock_steps += [(start, rng.choice((-1, 1)) * rng.randint(60, 900) * 1000), (end, 0)]
    elif kind == "deleted":
        draft.deletions[channel].append(Deletion(end, start, end))
    elif kind == "plan":
        draft.plans.append(((midnight - 2 * HOUR, midnight + 26 * HOUR), channel))
    return Planted(kind, recorder_id, channel, start, end)


def _recorder(recorder_id: str, draft: Draft, until: datetime) -> SimulatedRecorder:
    return SimulatedRecorder(
        recorder_id,
        "isapi",
        SECRET,
        {
            channel: SimulatedChannel(
                channel,
                tuple(without([(FIRST, until)], draft.gaps[channel])),
                tuple(draft.deletions[channel]),
                offline=tuple(draft.offline[channel]),
                address=f"192.0.2.{channel}",
            )
            for channel in CHANNELS
        },
        tuple(draft.clock_steps),
        tuple(draft.faults),
        disks=(SimulatedDisk("1", failed=tuple(draft.failed)),),
        serial_number=f"SIM{recorder_id}",
    )
