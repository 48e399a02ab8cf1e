"""Words of gap causes. Instants are naive UTC, intervals half-open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from collectors.intervals import Interval

Cause = Literal[
    "ours", "network", "login", "recorder", "camera_offline", "disk", "clock_step", "deleted", "plan", "unknown"
]
HoleKind = Literal["missing", "unobserved"]
"""missing: an answer denies footage. unobserved: no answer speaks about it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A row that a cause rests on. `ref` is a poll_id for `poll`, else the recorder_id or camera_id it is about."""

    kind: Literal["poll", "look", "round", "plan"]
    ref: str
    at: datetime
    says: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A stretch of time without footage, or without an answer, and why as far as rows prove it."""

    from_at: datetime
    to_at: datetime
    kind: HoleKind
    cause: Cause
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedPoll:
    """A poll that is no answer."""

    poll_id: str
    asked_at: datetime
    covers: Interval
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """The state of the camera's `days` after one answer: what was held of them then."""

    poll_id: str
    asked_at: datetime
    held: tuple[Interval, ...]
    days: tuple[Interval, ...]

    def touches(self, gap: Interval) -> bool:
        return any(a < gap[1] and gap[0] < b for a, b in self.days)


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at the recorder. None: it did not tell that. `failure`: the outcome with which the look ended early."""

    observed_at: datetime
    failure: str = ""
    is_online: bool | None = None
    has_failed_disk: bool | None = None


@dataclass(frozen=True, slots=True)
class PlanSight:
    observed_at: datetime
    mode: str


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """A round that was due for the recorder; `recorder_id` begins with `*` when we missed rounds of all of them."""

    planned_at: datetime
    recorder_id: str
    status: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything on record that may explain holes of one camera in one stretch of time.

    `siblings_held`, `siblings_asked`: for every other camera of the recorder. `others`: looks at other recorders, true
    when something was answered.
    """

    camera_id: str
    recorder_id: str
    duty: tuple[Interval, ...]
    asked: tuple[Interval, ...]
    versions: tuple[Version, ...]
    """Oldest first; the last one of a day is what counts."""
    held: tuple[Interval, ...]
    failed_polls: Sequence[FailedPoll] = ()
    sights: Sequence[Sight] = ()
    plans: Sequence[PlanSight] = ()
    rounds: Sequence[PlannedRound] = ()
    siblings: Sequence[tuple[Sequence[Interval], Sequence[Interval]]] = field(default=())
    """(asked, held) of each other camera of the recorder on duty."""
    others: Sequence[tuple[datetime, bool]] = ()
