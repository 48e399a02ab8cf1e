"""One report with its sessions, load stages, key images and reviews, as an agency hands them in: in order at first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.simulator.draft import Draft
from collectors.simulator.plan import local_text
from collectors.simulator.register import Row
from data.periods import local_day, months_before, parse_instant

PEOPLE = {"tester": "张示例", "reviewer": "李示例", "approver": "王虚构"}
STORED_BEFORE, REVIEWED_BEFORE = timedelta(hours=2), timedelta(hours=1)
"""The issue of the report."""
KEPT_YEARS, PILE_KEPT_YEARS = 5, 20
"""From the day of issue: just enough."""


@dataclass
class Dossier:
    report: Row
    issued_at: datetime
    sessions: list[Row] = field(default_factory=list)
    stages: list[Row] = field(default_factory=list)
    images: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)

    @property
    def report_no(self) -> str:
        return self.report["report_no"]

    @property
    def last_capture_at(self) -> datetime:
        return max(parse_instant(image["ended_at"] or image["started_at"]) for image in self.images)

    def images_of(self, role: str) -> list[Row]:
        return [image for image in self.images if image["role"] == role]

    def add_session(self, kind: str, started_at: datetime, ended_at: datetime, **columns: str) -> Row:
        session = {
            **{key: self.report[key] for key in ("report_no", "agency_id", "test_item", "method")},
            "session_id": f"S-{self.report_no}-{len(self.sessions) + 1}",
            "kind": kind,
            "started_at": local_text(started_at),
            "ended_at": local_text(ended_at),
            **columns,
        }
        self.sessions.append(session)
        return session

    def add_image(self, session: Row, role: str, span: tuple[datetime, datetime | None], **labels: str) -> None:
        """A clip, or without an end a photo."""
        started_at, ended_at = span
        image_id = f"{self.report_no}-{len(self.images) + 1:03d}"
        years = PILE_KEPT_YEARS if self.report["test_item"].startswith("PILE") else KEPT_YEARS
        self.images.append(
            {
                "image_id": image_id,
                "report_no": self.report_no,
                "session_id": session["session_id"],
                "role": role,
                "media": "clip" if ended_at else "photo",
                "started_at": local_text(started_at),
                "ended_at": local_text(ended_at) if ended_at else "",
                "pile_no": session.get("pile_no", ""),
                "source": "separate",
                "file": f"{image_id}.{'mp4' if ended_at else 'jpg'}",
                "sha256": hashlib.sha256(image_id.encode()).hexdigest(),
                "stored_at": local_text(self.issued_at - STORED_BEFORE),
                "keep_until": months_before(local_day(self.issued_at), -12 * years).isoformat(),
                **labels,
            }
        )

    def review(self, at: datetime) -> None:
        row = {"report_no": self.report_no, "person": PEOPLE["reviewer"], "role": "reviewer"}
        self.reviews.append({**row, "reviewed_at": local_text(at)})

    def hand_in(self, draft: Draft) -> None:
        work = draft.work
        work.reports.append(self.report)
        work.sessions += self.sessions
        work.load_stages += self.stages
        work.key_images += self.images
        work.image_reviews += self.reviews


def open_dossier(draft: Draft, agency_id: str, test_item: str, day: int, method: str = "") -> Dossier:
    """Of tests on day `day`; the report is issued two days later and judged a day after that."""
    issued_at = draft.plan.at(day + 2, draft.rng.randint(9, 17))
    number = len(draft.work.reports) + 1
    report = {
        "report_no": f"示例{test_item.split('_', maxsplit=1)[0]}-{draft.plan.first_day.year}-{number:04d}",
        "agency_id": agency_id,
        "test_item": test_item,
        "method": method,
        "project": f"示例·湖滨路{number}号地块项目",
        "issued_at": local_text(issued_at),
        **PEOPLE,
    }
    dossier = Dossier(report, issued_at)
    dossier.review(issued_at - REVIEWED_BEFORE)
    return dossier
