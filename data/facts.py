"""What our own collectors saw, as plain rows on their way into the store. Instants are naive UTC."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Poll:
    """One window of time a recorder was asked about for one camera. `spans` are device time, as listed."""

    poll_id: str
    camera_id: str
    asked_at: datetime
    covers_from: datetime
    covers_to: datetime
    outcome: str
    complete: bool
    clock_offset_ms: int | None = None
    reason: str = ""
    spans: tuple[tuple[datetime, datetime], ...] = ()


def poll_id_of(camera_id: str, asked_at: datetime, covers_from: datetime, covers_to: datetime) -> str:
    """One id for one question: the same camera asked at the same instant about the same window."""
    identity = f"{camera_id} {asked_at} {covers_from} {covers_to}"
    return hashlib.sha256(identity.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One exchange behind a poll, as it came."""

    poll_id: str
    ordinal: int
    request: str
    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LiveProbe:
    camera_id: str
    probed_at: datetime
    outcome: str
    first_frame_ms: int | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    black: bool | None = None
    frozen: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPoll:
    """A round of collecting that was due for one source. `status`: run, merged, skipped; planned is their sum.

    Of its `window_count` windows `skipped_count` were not asked, for the `reason` given.
    """

    planned_at: datetime
    source_id: str
    kind: str
    status: str
    outcome: str | None = None
    reason: str = ""
    finished_at: datetime | None = None
    request_count: int = 0
    window_count: int = 0
    skipped_count: int = 0


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """One channel as its recorder names it; None and empty text: it did not say."""

    channel: str
    name: str = ""
    is_online: bool | None = None
    address: str = ""
    osd_time: bool | None = None
    osd_name: bool | None = None


@dataclass(frozen=True, slots=True)
class DiskSeen:
    disk_id: str
    state: str
    state_text: str = ""
    capacity_bytes: int | None = None
    free_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class RecorderLook:
    """One look at a recorder, whatever came back. `channels` and `disks` are None when it did not tell them.

    `failures` are (question, outcome, reason).
    """

    recorder_id: str
    address: str
    observed_at: datetime
    told: tuple[str, ...]
    failures: tuple[tuple[str, str, str], ...] = ()
    model: str = ""
    firmware: str = ""
    serial_number: str = ""
    clock_offset_ms: int | None = None
    round_trip_ms: int | None = None
    channels: tuple[ChannelSeen, ...] | None = None
    disks: tuple[DiskSeen, ...] | None = None


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """What a recorder is set to record for one camera: continuous, event, off or unknown."""

    camera_id: str
    observed_at: datetime
    mode: str


@dataclass(frozen=True, slots=True)
class DayClaimed:
    """What a recorder's own calendar says of one local day of one camera."""

    camera_id: str
    day: date
    observed_at: datetime
    has_footage: bool


@dataclass(frozen=True, slots=True)
class IdentityConfirmed:
    """A person vouches that what `subject_id` shows now is the one that is meant."""

    kind: str
    subject_id: str
    identity: str
    confirmed_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecorderMemory:
    """What was learned about a recorder's manners, and until when, and why, it is left alone."""

    recorder_id: str
    learned: Mapping[str, str]
    not_before: datetime | None = None
    reason: str = ""
    failure_count: int = 0
