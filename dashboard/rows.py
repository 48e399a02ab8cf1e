"""What the queries return: one frozen record per statement, its fields named as the statement's columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer may see: the whole city (None), or one agency."""

    agency_id: str | None = None


WHOLE_CITY = Scope()


@dataclass(frozen=True, slots=True)
class Judgement:
    month: str
    now_at: datetime
    as_of: datetime
    ruleset: str
    fingerprint: str | None
    verdict_count: int
    known_from: datetime


@dataclass(frozen=True, slots=True)
class RuleCount:
    rule_id: str
    outcome: str
    verdict_count: int


@dataclass(frozen=True, slots=True)
class AgencyCount:
    """`outcome` is None for an agency without any verdict; camera_days are those of the 24-hour rule."""

    agency_id: str
    name: str
    district_code: str | None
    outcome: str | None
    verdict_count: int
    camera_days: int


@dataclass(frozen=True, slots=True)
class MatrixCount:
    """`row_id` is a room or a camera."""

    row_id: str
    rule_id: str
    outcome: str
    verdict_count: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Consecutive failing or suspect periods of one rule and subject; measured and the like are the last period's."""

    finding_id: str
    rule_id: str
    subject_type: str
    subject_id: str
    agency_id: str
    agency_name: str | None
    first_period: str
    last_period: str
    period_count: int
    outcome: str
    measured: str
    required: str
    unit: str
    reason: str
    clause: str
    changed_at: datetime
    place: str | None
    site: str | None
    room_id: str | None
    camera_id: str | None
    recorder_id: str | None


@dataclass(frozen=True, slots=True)
class FindingPeriod:
    period: str
    outcome: str
    measured: str
    required: str
    unit: str
    reason: str
    evidence: str
    known_from: datetime


@dataclass(frozen=True, slots=True)
class Agency:
    agency_id: str
    name: str
    district_code: str | None
    cma: bool | None
    is_fictional: bool | None
    premises_count: int
    room_count: int
    camera_count: int
    recorder_count: int


@dataclass(frozen=True, slots=True)
class Room:
    room_id: str
    name: str
    kind: str
    disciplines: list[str] | None
    premises_name: str
    agency_id: str
    agency_name: str
    in_use_from: date
    in_use_to: date | None


@dataclass(frozen=True, slots=True)
class Camera:
    camera_id: str
    room_id: str | None
    room_name: str | None
    agency_id: str
    agency_name: str
    recorder_id: str | None
    channel: str | None
    view: str
    mount: str
    position: str | None
    live_url: str | None
    duty_from: datetime
    duty_to: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Milliseconds of one slot of a day, on duty; exempt is what else would be missing or unknown."""

    day: date
    slot: int
    required_ms: int
    held_ms: int
    missing_ms: int
    unknown_ms: int
    exempt_ms: int
    is_future: bool


@dataclass(frozen=True, slots=True)
class Day:
    """Exact intervals of one day, in milliseconds of the local day."""

    held: list[dict[str, int]]
    missing: list[dict[str, int]]
    unknown: list[dict[str, int]]
    off_duty: list[dict[str, int]]


@dataclass(frozen=True, slots=True)
class Exemption:
    exemption_id: str
    scope_type: str
    scope_id: str
    from_at: datetime
    to_at: datetime
    reason: str
    document_no: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Poll:
    poll_id: str
    asked_at: datetime
    covers_from: datetime
    covers_to: datetime
    outcome: str
    complete: bool
    clock_offset_ms: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A recorder or a live relay; asked and answered in the last seven days count windows of cameras."""

    source_id: str
    protocol: str
    address: str
    agency_id: str
    agency_name: str
    premises_name: str
    camera_count: int
    asked_at: datetime | None
    answered_at: datetime | None
    outcome: str | None
    reason: str
    asked_7d: int
    answered_7d: int
    clock_offset_ms: int | None


@dataclass(frozen=True, slots=True)
class PlannedCount:
    source_id: str
    status: str
    work_count: int


@dataclass(frozen=True, slots=True)
class UnknownTime:
    source_id: str
    required_ms: int
    unknown_ms: int


@dataclass(frozen=True, slots=True)
class Offset:
    asked_at: datetime
    clock_offset_ms: int
