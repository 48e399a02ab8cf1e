"""What a simulated recorder really holds, independent of the protocol it speaks.

All instants are naive UTC. `at` is simulated true time. A protocol end (`isapi.py`, `mediamtx.py`) asks these
objects and adds that protocol's manners and lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import pi, sin

from collectors.answers import PlanMode, Span
from collectors.device import Secret
from collectors.intervals import Interval, without

UNEVEN_DAYS = 0.1
"""By how many days' footage a disk is ahead in the middle of a week: working days have more to write."""
NEVER_SET = datetime(2000, 1, 1)
"""Before any recording: until its first step a device runs true."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a device during `[from_at, to_at)`. `kind` is a word the protocol end understands:

    `dead` (no reply at all) · `wide_500` (a listing wider than `max_hours` fails) · `lying_counter` (the number of
    matches or pages is wrong) · `stuck_paging` (the position is ignored) · `locked` (every login is refused, account
    locked) · `html` (a login page instead of data) · `huge` (an answer far beyond any limit) · `xml_bomb` · `slow`
    (a drip of bytes) · `bad_window` (a damaged file inside makes any listing that touches it fail).
    """

    kind: str
    from_at: datetime
    to_at: datetime
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deletion:
    """Footage of `[from_at, to_at)` that vanished from the disk at `deleted_at`."""

    deleted_at: datetime
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class LateArrival:
    """Footage of `[from_at, to_at)` that the camera kept itself and handed over only at `arrived_at`."""

    arrived_at: datetime
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class SimulatedChannel:
    """One camera's recordings: true-time intervals, sorted and disjoint, up to the end of the plan."""

    channel: str
    recorded: tuple[Interval, ...]
    deletions: tuple[Deletion, ...] = ()
    file_length: timedelta = timedelta(hours=1)
    late: tuple[LateArrival, ...] = ()
    name: str = ""
    address: str = ""
    plan: PlanMode = "continuous"
    offline: tuple[Interval, ...] = ()
    osd_time: bool = True
    osd_name: bool = True

    def is_online(self, at: datetime) -> bool:
        """Whether the recorder sees its camera; it records nothing meanwhile, which `recorded` must say as well."""
        return not any(a <= at < b for a, b in self.offline)

    def held(self, at: datetime) -> list[Interval]:
        """True-time intervals on the disk at `at`, the one being written included up to `at`."""
        written = [(a, min(b, at)) for a, b in self.recorded if a < at]
        gone = [(d.from_at, d.to_at) for d in self.deletions if d.deleted_at <= at]
        not_yet = [(a.from_at, a.to_at) for a in self.late if a.arrived_at > at]
        return without(written, [*gone, *not_yet])


@dataclass(frozen=True, slots=True)
class SimulatedDisk:
    """`free_bytes` were free at `measured_at`; since then about `bytes_a_day` are written to it, some days more."""

    disk_id: str
    capacity_bytes: int = 4_000_000_000_000
    free_bytes: int = 0
    failed: tuple[Interval, ...] = ()
    bytes_a_day: int = 0
    measured_at: datetime = NEVER_SET

    def free(self, at: datetime) -> int:
        days = (at - self.measured_at) / timedelta(days=1)
        written = self.bytes_a_day * (days + UNEVEN_DAYS * sin(2 * pi * days / 7))
        return min(max(round(self.free_bytes - written), 0), self.capacity_bytes)

    def has_failed(self, at: datetime) -> bool:
        return any(a <= at < b for a, b in self.failed)


@dataclass(frozen=True, slots=True)
class SimulatedRecorder:
    """`clock_steps` are (from_at, offset_ms) in time order: from then on the device runs that wrong."""

    recorder_id: str
    protocol: str
    secret: Secret
    channels: Mapping[str, SimulatedChannel]
    clock_steps: tuple[tuple[datetime, int], ...] = ()
    faults: tuple[Fault, ...] = ()
    model: str = "SIM-NVR-16"
    serial_number: str = "SIM0000001"
    firmware: str = "V1.0 build 260101"
    disks: tuple[SimulatedDisk, ...] = (SimulatedDisk("1"),)

    def active(self, kind: str, at: datetime) -> Fault | None:
        return next((f for f in self.faults if f.kind == kind and f.from_at <= at < f.to_at), None)

    def clock_offset(self, at: datetime) -> timedelta:
        offsets = [ms for from_at, ms in self.clock_steps if from_at <= at]
        return timedelta(milliseconds=offsets[-1] if offsets else 0)

    def device_time(self, at: datetime) -> datetime:
        return at + self.clock_offset(at)

    def files(self, channel: str, at: datetime) -> list[Span]:
        """The files of a channel as a listing at `at` gives them: device time, oldest first, whole seconds.

        Files are cut at multiples of the channel's file length, never at midnight, and where the clock is set
        back: there the old file ends late and the new one begins early, so that both overlap.
        """
        set_back = [at for (_, before), (at, after) in pairwise(((NEVER_SET, 0), *self.clock_steps)) if after < before]
        return [
            Span(_whole_second(self.device_time(a)), _whole_second(self._last_moment(b)))
            for start, end in self.channels[channel].held(at)
            for whole in _cut(start, end, self.channels[channel].file_length)
            for a, b in _split(whole, set_back)
        ]

    def _last_moment(self, at: datetime) -> datetime:
        """The device time a file that ends at `at` ends with: by the clock before it is set back."""
        return max(self.device_time(at), at + self.clock_offset(at - timedelta.resolution))


def _whole_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _split(piece: Interval, instants: list[datetime]) -> list[Interval]:
    edges = [piece[0], *(i for i in instants if piece[0] < i < piece[1]), piece[1]]
    return list(pairwise(edges))


def _cut(start: datetime, end: datetime, length: timedelta) -> list[Interval]:
    epoch = datetime(2000, 1, 1)
    edge = epoch + ((start - epoch) // length + 1) * length
    pieces = []
    while edge < end:
        pieces.append((start, edge))
        start, edge = edge, edge + length
    return [*pieces, (start, end)]
