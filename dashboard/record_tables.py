"""Rows of records as tables and as facts: every field in the row's own order, ids linked to what they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from dashboard import subjects
from dashboard.markup import Column, Content, Html, chip, el, facts, joined, link, table
from dashboard.record_rows import PlanRow, PollRow, ProbeRow
from dashboard.say import instant, t, word

WORDS = {
    "media": "media",
    "view": "view",
    "mount": "mount",
    "position": "position",
    "mode": "plan_mode",
    "kind": "session_kind",
    "direction": "direction",
    "role": "role",
}
"""Fields that hold a word of the data, and the family of its texts."""
IDS = {
    "camera_id": "camera",
    "camera_ids": "camera",
    "covers": "device",
    "room_id": "room",
    "recorder_id": "recorder",
    "device_id": "device",
    "session_id": "session",
    "report_no": "report",
    "agency_id": "agency",
    "image_id": "image",
}
"""Fields that hold an id, and what it names."""
WIDE = {"reason", "labels", "file", "sha256", "osd_text", "project", "source"}
SHORT_DIGEST = 16


def table_of(rows: Sequence[Any], label: str, *, known_by: datetime | None = None) -> Html:
    """`known_by`: what became known only later is marked, because no verdict of then can rest on it."""
    names = [field.name for field in fields(rows[0])]
    columns = [Column(t(f"record.{name}"), "wide" if name in WIDE else None) for name in names]
    return table(columns, [_cells(row, names, known_by) for row in rows], label)


def facts_of(row: Any) -> Html:
    return facts((t(f"record.{field.name}"), _shown(row, field.name)) for field in fields(row))


def _cells(row: Any, names: Iterable[str], known_by: datetime | None) -> list[Content]:
    cells = [_shown(row, name, in_table=True) for name in names]
    if known_by is not None and getattr(row, "known_from", known_by) > known_by:
        late = el("span", t("verdict.learnt_later"), css="chip o-maturing")
        cells[0] = joined([cells[0], " ", late])
    return cells


def _shown(row: Any, name: str, *, in_table: bool = False) -> Content:
    value = getattr(row, name)
    if value is None or value in ("", []):
        return el("span", t("common.none"), css="muted")
    if name in IDS:
        return _linked(IDS[name], value)
    if name in {"outcome", "poll_id", "probed_at", "observed_at"}:
        return _observed(row, name)
    if name == "sha256" and in_table:
        return el("span", f"{value[:SHORT_DIGEST]}…", css="mono", title=value)
    return _figure(value, name) if isinstance(value, bool | int | float) else _plain(value, name)


def _figure(value: float, name: str) -> str:
    if isinstance(value, bool):
        return t("common.yes") if value else t("common.no")
    if name == "clock_offset_ms":
        return f"{value / 1000:+.3f} s"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(value: date | str, name: str) -> Content:
    if isinstance(value, datetime):
        return instant(value, seconds=True)
    if isinstance(value, date):
        return value.isoformat()
    if name in WORDS:
        return word(WORDS[name], value)
    return el("span", value, css="mono") if name in {"sha256", "submission_id"} else value


def _linked(kind: str, value: str | list[str]) -> Html:
    identifiers = [value] if isinstance(value, str) else value
    links = [link(subjects.href(kind, one), el("span", one, css="mono")) for one in identifiers]
    return joined(part for one in links for part in (one, " ")) if len(links) > 1 else links[0]


def _answer(row: Any) -> Html:
    """A poll that came back incomplete is no answer; being silent is no breach and shown as unknown."""
    incomplete = isinstance(row, PollRow) and row.outcome == "ok" and not row.complete
    good = row.outcome == "ok" and not incomplete
    shown = "incomplete" if incomplete else row.outcome
    seen = isinstance(row, ProbeRow) and good
    return chip("pass" if good else "unknown", word("probe_outcome", "ok") if seen else word("answer", shown))


def _observed(row: Any, name: str) -> Html:
    """What was observed, and the address that reopens this one observation."""
    match row:
        case PollRow() if name == "poll_id":
            return link(subjects.href("poll", row.poll_id, camera=row.camera_id), el("span", row.poll_id, css="mono"))
        case ProbeRow() if name == "probed_at":
            return link(subjects.href("probe", row.camera_id, at=row.probed_at), instant(row.probed_at, seconds=True))
        case PlanRow():
            return link(
                subjects.href("plan", row.camera_id, at=row.observed_at), instant(row.observed_at, seconds=True)
            )
    return _answer(row)
