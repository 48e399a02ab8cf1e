"""The rows behind verdicts: what each rests on, as one viewer's `Reader` lets them through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import record_rows as rows
from dashboard.outcomes import WORST_FIRST
from dashboard.queries import Reader
from data.periods import Month

SHOWN = 200
"""More rows than this make nothing clearer; every list says when it was cut."""


@dataclass(frozen=True, slots=True)
class Records:
    """Reads through `reader`, so that its scope and its instant of knowledge hold here too."""

    reader: Reader

    def verdict(self, rule_id: str, subject_type: str, subject_id: str, period: str) -> rows.Verdict | None:
        found = self.reader.select(
            rows.Verdict, "verdict", rule_id=rule_id, subject_type=subject_type, subject_id=subject_id, period=period
        )
        return next(iter(found), None)

    def verdicts(self, month: str, *, skipped: int, shown: int, **wanted: str | None) -> list[rows.ListedVerdict]:
        """The month's verdicts, worst first; `wanted` are agency_id, rule_id, outcome, room_id, camera_id."""
        names = ("agency_id", "rule_id", "outcome", "room_id", "camera_id")
        wishes = dict.fromkeys(names) | wanted
        return self.reader.select(
            rows.ListedVerdict,
            "verdicts",
            month=month,
            worst_first=list(WORST_FIRST),
            skipped=skipped,
            shown=shown,
            **wishes,
        )

    def watching(self, subject_type: str, subject_id: str) -> list[str]:
        """The cameras whose footage tells of a subject."""
        found = self.reader.select(rows.CameraId, "watching", subject_type=subject_type, subject_id=subject_id)
        return [row.camera_id for row in found]

    def cameras(self, camera_ids: Sequence[str]) -> list[rows.CameraRow]:
        return self.reader.select(rows.CameraRow, "cameras_of", camera_ids=list(camera_ids))

    def polls(self, camera_ids: Sequence[str], from_at: datetime, to_at: datetime) -> list[rows.PollRow]:
        """Polls whose window touches the stretch, newest first, whatever came back."""
        return self.reader.select(
            rows.PollRow, "polls", camera_ids=list(camera_ids), from_at=from_at, to_at=to_at, shown=SHOWN
        )

    def poll(self, poll_id: str, camera_id: str | None = None) -> list[rows.PollRow]:
        """One poll may have asked about several cameras: a row for each."""
        return self.reader.select(rows.PollRow, "poll", poll_id=poll_id, camera_id=camera_id, shown=SHOWN)

    def probes(self, camera_id: str, from_at: datetime, to_at: datetime) -> list[rows.ProbeRow]:
        """Both ends included: a piece of evidence names the instants of the probes themselves."""
        return self.reader.select(
            rows.ProbeRow, "probes", camera_id=camera_id, from_at=from_at, to_at=to_at, shown=SHOWN
        )

    def plans(self, camera_id: str, from_at: datetime, to_at: datetime) -> list[rows.PlanRow]:
        return self.reader.select(rows.PlanRow, "plans", camera_id=camera_id, from_at=from_at, to_at=to_at, shown=SHOWN)

    def images(
        self, *, image_id: str | None = None, report_no: str | None = None, session_id: str | None = None
    ) -> list[rows.ImageRow]:
        return self.reader.select(
            rows.ImageRow, "images", image_id=image_id, report_no=report_no, session_id=session_id, shown=SHOWN
        )

    def image_versions(self, image_id: str) -> list[rows.ImageRow]:
        """Every time it was handed in, oldest first."""
        return self.reader.select(rows.ImageRow, "image_versions", image_id=image_id, shown=SHOWN)

    def sessions(self, *, session_id: str | None = None, report_no: str | None = None) -> list[rows.SessionRow]:
        return self.reader.select(rows.SessionRow, "sessions", session_id=session_id, report_no=report_no, shown=SHOWN)

    def stages(self, session_id: str) -> list[rows.StageRow]:
        return self.reader.select(rows.StageRow, "stages", session_id=session_id, shown=SHOWN)

    def reports(self, report_no: str) -> list[rows.ReportRow]:
        return self.reader.select(rows.ReportRow, "reports", report_no=report_no)

    def reviews(self, report_no: str) -> list[rows.ReviewRow]:
        return self.reader.select(rows.ReviewRow, "reviews", report_no=report_no, shown=SHOWN)

    def devices(self, device_id: str) -> list[rows.DeviceRow]:
        return self.reader.select(rows.DeviceRow, "devices", device_id=device_id)

    def exemptions(self, month: Month) -> list[rows.MonthExemption]:
        """Those that touch the month, with how many of its verdicts each excused (exemptions.sql)."""
        return self.reader.select(
            rows.MonthExemption,
            "exemptions_of_month",
            month=str(month),
            from_at=month.starts_at,
            to_at=month.ends_at,
            now_at=self.reader.now_at,
        )
