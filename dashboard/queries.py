"""Every read of the pages, typed. A `Reader` is one viewer's sight of the store at one instant: pages, exports and the
API ask through it, so none of them can show more than the viewer may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TypeVar

from collectors.identity import Doubt
from dashboard import rows
from dashboard.causes import Explained, explained
from dashboard.causes.ladder import SEAM
from dashboard.collecting.known import identities
from data.known import create_known_views
from data.named import named_queries
from data.periods import DAY_MS, Month, day_ends_at, day_starts_at, local_day, months_before
from data.store import Store

Row = TypeVar("Row")
NEIGHBOURING = timedelta(days=1)
"""On either side of a day whose gaps are to be explained."""
WEEK = timedelta(days=7)
HOUR_MS = 3_600_000
TERM_MONTHS = 6  # the retention term of the guide, the length of the long strip


@cache
def _statements() -> dict[str, str]:
    """The statements of the files by name, each `({body})` filled with the query that the dossier has it from too."""
    text = "\n".join(_file(name) for name in ("queries.sql", "records.sql", "recorders.sql"))
    text = text.replace("({findings})", f"({_file('findings.sql').replace('{bad}', 'bad')})")
    month = _file("exemptions.sql")
    for name in ("from_at", "to_at", "now_at"):
        month = month.replace(f"{{{name}}}", f"CAST(${name} AS TIMESTAMP)")
    return named_queries(text.replace("({exemptions})", f"({month})"))


def _file(name: str) -> str:
    return files("dashboard").joinpath(name).read_text(encoding="utf-8")


class Reader:
    """Belongs to one thread. `now_at` is also the instant of knowledge: nothing learned later shows through."""

    def __init__(self, store: Store, scope: rows.Scope, now_at: datetime) -> None:
        self.now_at = now_at
        self.scope = scope
        self._cursor = store.cursor()
        create_known_views(self._cursor, now_at)
        self._cursor.execute("SET VARIABLE viewer_agency = CAST($1 AS TEXT)", [scope.agency_id])
        self._cursor.execute(_statements()["views"])

    def close(self) -> None:
        self._cursor.close()

    def select(self, kind: type[Row], statement: str, **parameters: object) -> list[Row]:
        """The rows of a statement by name; records.py asks by this for what verdicts rest on."""
        found = self._cursor.execute(_statements()[statement], parameters).fetchall()
        columns = [column[0] for column in self._cursor.description or ()]
        return [kind(**dict(zip(columns, row, strict=True))) for row in found]

    def months(self) -> list[str]:
        """Months that were ever judged, newest first."""
        return [row[0] for row in self._cursor.execute(_statements()["months"]).fetchall()]

    def judgement(self, month: str | None = None) -> rows.Judgement | None:
        """The last judgement, of `month` or of any."""
        return next(iter(self.select(rows.Judgement, "judgement", month=month)), None)

    def rule_counts(self, month: str) -> list[rows.RuleCount]:
        return self.select(rows.RuleCount, "rule_counts", month=month)

    def agency_counts(self, month: str) -> list[rows.AgencyCount]:
        return self.select(rows.AgencyCount, "agency_counts", month=month)

    def agency_rule_counts(self, month: str) -> list[rows.MatrixCount]:
        return self.select(rows.MatrixCount, "agency_rule_counts", month=month)

    def findings(
        self, month: str | None = None, agency_id: str | None = None, subject_id: str | None = None
    ) -> list[rows.Finding]:
        """Newest change first; `month` keeps the findings that touch it."""
        return self.select(rows.Finding, "findings", month=month, agency_id=agency_id, subject_id=subject_id)

    def finding_periods(self, finding: rows.Finding) -> list[rows.FindingPeriod]:
        return self.select(
            rows.FindingPeriod,
            "finding_periods",
            rule_id=finding.rule_id,
            subject_type=finding.subject_type,
            subject_id=finding.subject_id,
            first_period=finding.first_period,
            last_period=finding.last_period,
        )

    def agencies(self, agency_id: str | None = None) -> list[rows.Agency]:
        return self.select(rows.Agency, "agency", agency_id=agency_id)

    def rooms(self, agency_id: str | None = None, room_id: str | None = None) -> list[rows.Room]:
        return self.select(rows.Room, "rooms", agency_id=agency_id, room_id=room_id)

    def cameras(
        self, agency_id: str | None = None, room_id: str | None = None, camera_id: str | None = None
    ) -> list[rows.Camera]:
        return self.select(rows.Camera, "cameras", agency_id=agency_id, room_id=room_id, camera_id=camera_id)

    def room_matrix(self, month: str, agency_id: str) -> list[rows.MatrixCount]:
        """Outcomes per room and rule, those of the room's cameras included."""
        return self.select(rows.MatrixCount, "room_matrix", month=month, agency_id=agency_id)

    def camera_matrix(
        self, month: str, room_id: str | None = None, camera_id: str | None = None, agency_id: str | None = None
    ) -> list[rows.MatrixCount]:
        return self.select(
            rows.MatrixCount,
            "camera_matrix",
            month=month,
            room_id=room_id,
            camera_id=camera_id,
            agency_id=agency_id,
        )

    def term(self, camera_id: str) -> list[rows.Coverage]:
        """The days of the retention term up to today, one row each."""
        today = local_day(self.now_at)
        return self._coverage(camera_id, months_before(today, TERM_MONTHS), today, DAY_MS)

    def hours(self, camera_id: str, month: Month) -> list[rows.Coverage]:
        return self._coverage(camera_id, month.first_day, month.days[-1], HOUR_MS)

    def _coverage(self, camera_id: str, first: date, last: date, slot_ms: int) -> list[rows.Coverage]:
        return self.select(
            rows.Coverage,
            "coverage",
            camera_id=camera_id,
            first=first,
            last=last,
            slot_ms=slot_ms,
            now_at=self.now_at,
        )

    def day(self, camera_id: str, day: date) -> rows.Day | None:
        """Exact intervals of the day; None when the viewer has no such camera."""
        found = self.select(rows.Day, "day", camera_id=camera_id, day=day, now_at=self.now_at)
        return next(iter(found), None)

    def causes(self, camera_id: str, day: date) -> list[Explained]:
        """Why footage of the day is missing, or an answer about it; nothing for a camera the viewer does not have.

        A gap across midnight is explained as a whole, because what proves its cause may lie on its other side.
        """
        if not self.cameras(camera_id=camera_id):
            return []
        from_at, to_at = day_starts_at(day), day_ends_at(day)
        found = explained(self._cursor, camera_id, from_at - NEIGHBOURING, to_at + NEIGHBOURING)
        clipped = [replace(x, from_at=max(x.from_at, from_at), to_at=min(x.to_at, to_at)) for x in found]
        return [x for x in clipped if x.to_at - x.from_at > (SEAM if x.kind == "missing" else timedelta())]

    def doubts(self, recorder_id: str) -> list[Doubt]:
        """What of a recorder, its channels and the cameras registered there looks different from what was known."""
        cameras = {camera.camera_id for camera in self.cameras() if camera.recorder_id == recorder_id}
        subjects = cameras | {recorder_id}
        return [
            doubt
            for doubt in identities(self._cursor).doubts()
            if doubt.subject_id in subjects or doubt.subject_id.startswith(f"{recorder_id}/")
        ]

    def exemptions(self, camera_id: str, day: date) -> list[rows.Exemption]:
        return self.select(rows.Exemption, "exemptions", camera_id=camera_id, day=day)

    def day_polls(self, camera_id: str, day: date) -> list[rows.Poll]:
        """Polls whose window touches the day, newest first, whatever came back."""
        return self.select(rows.Poll, "day_polls", camera_id=camera_id, day=day)

    def sources(self) -> list[rows.Source]:
        """Recorders, then live relays."""
        week_from = self.now_at - WEEK
        return [
            source
            for statement in ("recorder_sources", "relay_sources")
            for source in self.select(rows.Source, statement, week_from=week_from)
        ]

    def planned(self, month: Month) -> list[rows.PlannedCount]:
        return self.select(rows.PlannedCount, "planned", from_at=month.starts_at, to_at=month.ends_at)

    def unknown_by_recorder(self, month: Month) -> list[rows.UnknownTime]:
        return self.select(
            rows.UnknownTime,
            "unknown_by_recorder",
            first=month.first_day,
            last=month.days[-1],
            now_at=self.now_at,
        )

    def offsets(self, recorder_id: str, month: Month) -> list[rows.Offset]:
        return self.select(
            rows.Offset,
            "offsets",
            recorder_id=recorder_id,
            from_at=month.starts_at,
            to_at=month.ends_at,
        )
