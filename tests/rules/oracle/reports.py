"""What stands at a judged report: its sessions, its images, and when it is exempt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.rules.oracle.city import DAY_MS, FOREVER, HOUR_MS, City, Span, day_text, inside, ms
from tests.rules.oracle.frame import Frame, Row

STATIC_LOAD_TESTS = {"PILE_COMP", "PILE_UPLIFT", "PILE_LATERAL"}
KEY_IMAGE_ITEMS = STATIC_LOAD_TESTS | {"REBAR_TENSILE", "CUBE_COMP", "PILE_CORE", "WALL_CORE", "ROAD_CORE"}
GRACE_MS = 24 * HOUR_MS
Rows = list[dict[str, Any]]


def known(row: dict[str, Any], *columns: str) -> bool:
    """Whether every one of these cells says something."""
    return all(row.get(column) not in (None, "") for column in columns)


@dataclass(frozen=True)
class Report:
    """`images` are filed under it; `there` adds those that name one of its sessions."""

    no: str
    agency_id: str
    test_item: str
    method: str | None
    issued_at: int
    sessions: Rows
    images: Rows
    there: Rows
    exempt: list[Span]

    @property
    def day(self) -> int:
        return self.issued_at // DAY_MS

    @property
    def is_exempt(self) -> bool:
        """Of what is no session's and no load stage's own duty."""
        return inside(self.exempt, self.issued_at)

    @property
    def owing(self) -> Rows:
        """Its sessions whose duty no exemption takes away."""
        return [s for s in self.sessions if not inside(self.exempt, ms(s["started_at"]))]

    def row(self, outcome: str, measured: str = "", required: str = "") -> Row:
        return Row(self.no, self.agency_id, day_text(self.day), outcome, measured, required)

    def of_issue(self, outcome: str, measured: str = "", required: str = "") -> Row:
        """A verdict on duties of the report itself: an exemption takes the duty away, not what was found."""
        return self.row("pass" if self.is_exempt else outcome, measured, required)

    def unrecorded(self, is_there: bool) -> Row:
        """No session or stage says what was to be captured: a person must look at what there is."""
        return self.of_issue("suspect" if is_there else "fail", "0", "0")


def judged_reports(city: City, frame: Frame, items: Collection[str] | None = None) -> Iterator[Report]:
    """Issued in the month, a day of grace ago or longer, of these test items (None: of any)."""
    for row in city.table("reports"):
        report = _report(city, frame, row)
        in_month = frame.first <= report.day < frame.after
        if in_month and report.issued_at + GRACE_MS <= frame.now and (items is None or report.test_item in items):
            yield report


def _report(city: City, frame: Frame, row: dict[str, Any]) -> Report:
    number = row["report_no"]
    sessions = [s for s in by(city, "sessions", "report_no").get(number, []) if s["kind"] in ("test", "onsite")]
    images = by(city, "key_images", "report_no").get(number, [])
    naming = [i for s in sessions for i in by(city, "key_images", "session_id").get(s["session_id"], [])]
    methods = sorted(s["method"] for s in sessions if known(s, "method"))
    return Report(
        no=number,
        agency_id=row["agency_id"],
        test_item=row["test_item"],
        method=row["method"] if known(row, "method") else next(iter(methods), None),
        issued_at=ms(row["issued_at"]),
        sessions=sessions,
        images=images,
        there=images + [i for i in naming if i["report_no"] != number],
        exempt=city.exempt({"agency_id": row["agency_id"]}) if frame.exempting else [],
    )


@lru_cache(maxsize=64)
def by(city: City, table: str, column: str) -> dict[str, Rows]:
    """The rows of a table under each value that this column has."""
    found = defaultdict(list)
    for row in city.table(table):
        if known(row, column):
            found[row[column]].append(row)
    return found


def belonging(session: dict[str, Any], there: Rows) -> Rows:
    """Images that name the session, or that name none and share its report."""
    return [
        i
        for i in there
        if (
            i["session_id"] == session["session_id"]
            if known(i, "session_id")
            else i["report_no"] == session["report_no"]
        )
    ]


def is_clip(image: dict[str, Any], role: str) -> bool:
    return image["role"] == role and image["media"] == "clip" and known(image, "ended_at")


def is_photo(image: dict[str, Any], role: str) -> bool:
    return (image["role"], image["media"]) == (role, "photo")


def length_ms(clip: dict[str, Any]) -> int:
    return ms(clip["ended_at"]) - ms(clip["started_at"])


def span(row: dict[str, Any]) -> Span:
    """Of a clip or a session; one whose end is not on record goes on."""
    return ms(row["started_at"]), ms(row["ended_at"]) if known(row, "ended_at") else FOREVER
