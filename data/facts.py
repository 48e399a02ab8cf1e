"""What our own collectors saw, as plain rows on their way into the store. Instants are naive UTC."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime


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
