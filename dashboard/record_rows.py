"""The rows that verdicts rest on, as the statements of records.sql give them; pages show their fields in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict as it stands, with its subject in words."""

    month: str
    rule_id: str
    subject_type: str
    subject_id: str
    agency_id: str
    agency_name: str | None
    period: str
    outcome: str
    measured: str
    required: str
    unit: str
    reason: str
    clause: str
    evidence: str
    known_from: datetime
    place: str | None
    site: str | None
    room_id: str | None
    camera_id: str | None
    recorder_id: str | None

    @property
    def last_period(self) -> str:
        return self.period


@dataclass(frozen=True, slots=True)
class ListedVerdict:
    """A line of a list; `total_count` is how many the whole list has."""

    rule_id: str
    subject_type: str
    subject_id: str
    agency_id: str
    agency_name: str | None
    period: str
    outcome: str
    measured: str
    required: str
    unit: str
    reason: str
    piece_count: int
    place: str | None
    site: str | None
    total_count: int


@dataclass(frozen=True, slots=True)
class CameraId:
    camera_id: str


@dataclass(frozen=True, slots=True)
class PollRow:
    poll_id: str
    camera_id: str
    asked_at: datetime
    covers_from: datetime
    covers_to: datetime
    outcome: str
    complete: bool
    clock_offset_ms: int | None
    reason: str | None
    known_from: datetime


@dataclass(frozen=True, slots=True)
class ProbeRow:
    camera_id: str
    probed_at: datetime
    outcome: str
    first_frame_ms: int | None
    width: int | None
    height: int | None
    fps: float | None
    black: bool | None
    frozen: bool | None
    osd_text: str | None
    osd_time: datetime | None
    reason: str | None
    known_from: datetime


@dataclass(frozen=True, slots=True)
class PlanRow:
    camera_id: str
    observed_at: datetime
    mode: str
    known_from: datetime


@dataclass(frozen=True, slots=True)
class CameraRow:
    camera_id: str
    room_id: str | None
    view: str
    mount: str
    position: str | None
    covers: list[str] | None
    recorder_id: str | None
    has_live: bool | None
    duty_from: datetime
    duty_to: datetime | None


@dataclass(frozen=True, slots=True)
class ImageRow:
    """`labels` are what the image says of project, building, floor, axis, road section, position and side."""

    image_id: str
    report_no: str
    session_id: str | None
    role: str
    media: str
    started_at: datetime
    ended_at: datetime | None
    stage_no: int | None
    pile_no: str | None
    labels: str
    source: str | None
    file: str | None
    sha256: str | None
    size_bytes: int | None
    stored_at: datetime | None
    keep_until: date | None
    submission_id: str | None
    known_from: datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    session_id: str
    kind: str
    report_no: str | None
    test_item: str | None
    method: str | None
    room_id: str | None
    device_id: str | None
    camera_ids: list[str] | None
    pile_no: str | None
    started_at: datetime
    ended_at: datetime | None
    peak_at: datetime | None


@dataclass(frozen=True, slots=True)
class StageRow:
    session_id: str
    stage_no: int
    direction: str
    started_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    report_no: str
    agency_id: str
    test_item: str
    method: str | None
    project: str | None
    issued_at: datetime
    tester: str | None
    reviewer: str | None
    approver: str | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    report_no: str
    person: str
    role: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceRow:
    device_id: str
    name: str
    room_id: str
    produces_test_result: bool
    parallel_capacity: int | None
    in_use_from: date
    in_use_to: date | None


@dataclass(frozen=True, slots=True)
class MonthExemption:
    """`excused_count`: verdicts of the month it excused; `state`: in_force, unused, expired or ahead."""

    exemption_id: str
    scope_type: str
    scope_id: str
    from_at: datetime
    to_at: datetime
    reason: str
    document_no: str
    approved_by: str
    excused_count: int
    state: str
