"""Evidence of a verdict as it was stored: a JSON list of {kind, from_at, to_at, ref}, and what a `ref` names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from data.periods import local_day, to_iso

RESTS_ON = {
    "missing": "footage",
    "not_asked": "footage",
    "not_kept": "footage",
    "deleted_early": "denial",
    "no_camera": "cameras",
    "no_live_camera": "cameras",
    "unclassified_camera": "camera",
    "clock_offset": "poll",
    "ok": "poll",
    "malformed": "poll",
    "unreachable": "attempt",
    "refused": "attempt",
    "no_media": "probe",
    "slow_first_frame": "probe",
    "black_or_frozen": "probe",
    "no_watermark": "probe",
    "not_read": "probe",
    "osd_off": "probe",
    "plan_event": "plan",
    "plan_off": "plan",
    "session_without_clip": "session",
    "session_with_short_clip": "session",
    "unloading_without_clip": "session",
    "running_too": "session",
    "stage_without_clip": "stage",
    "clip_without_session": "image",
    "clip_without_stage": "image",
    "clip_short": "image",
    "label_missing": "image",
    "taken_after_loading": "image",
    "stored_late": "image",
    "storing_not_recorded": "image",
    "term_not_recorded": "image",
    "term_too_short": "image",
    "structural_term_too_short": "image",
    "last_capture": "image",
    "reused_image": "image",
    "other_report": "image",
    "handed_in_changed": "versions",
    "core_missing": "report",
    "core_dimension_missing": "report",
    "review": "reviews",
}
"""What a piece of each kind rests on, which decides what its `ref` is:

footage   the answers about a stretch; cameras by id, with blanks between, or none: then those of the subject
denial    the same, and the poll that first denied it
cameras   the register: the cameras of the subject's room; no ref
camera    the register: a camera
poll      a poll
attempt   of a recorder a poll, of a camera probes
probe     probes of a camera in that stretch
plan      a recording plan of a camera, read at that instant
session   a session
stage     a session and, after the last blank, the number of its stage
image     an image
versions  every time the subject was handed in; the submission
report    the subject; which pile or report it is about
reviews   the reviews of the subject; in which role
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Times are naive UTC; None is a piece without that edge. `ref` names the poll, image or other record."""

    kind: str
    from_at: datetime | None
    to_at: datetime | None
    ref: str

    @property
    def day(self) -> date | None:
        return local_day(self.from_at) if self.from_at else None

    @property
    def length_ms(self) -> int | None:
        if self.from_at is None or self.to_at is None:
            return None
        return round((self.to_at - self.from_at).total_seconds() * 1000)

    @property
    def key(self) -> dict[str, str | None]:
        """What tells it from the other pieces of its verdict, as parameters of an address."""
        return {"kind": self.kind, "from": to_iso(self.from_at) if self.from_at else None, "ref": self.ref or None}

    def rests_on(self, subject_type: str) -> str:
        """A word of RESTS_ON; "" for a kind of a rule that is no longer in the catalogue."""
        found = RESTS_ON.get(self.kind, "")
        if found == "attempt":
            return "poll" if subject_type == "recorder" else "probe"
        return found


def read(stored: str) -> list[Evidence]:
    return [
        Evidence(piece["kind"], _instant(piece.get("from_at")), _instant(piece.get("to_at")), piece.get("ref") or "")
        for piece in json.loads(stored or "[]")
    ]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
