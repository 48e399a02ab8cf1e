"""The rules about key images: here those on clips of failure and on cores, and all of them by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.rules.oracle import records, static_load
from tests.rules.oracle.city import City, inside, ms, overlap
from tests.rules.oracle.frame import Frame, Judging, Row
from tests.rules.oracle.reports import (
    Report,
    Rows,
    belonging,
    is_clip,
    is_photo,
    judged_reports,
    known,
    length_ms,
    span,
)

CUBE_MS = 20_000


def key_clip_rebar(city: City, frame: Frame) -> Iterator[Row]:
    for report in judged_reports(city, frame, {"REBAR_TENSILE"}):
        yield _key_clip(report, shortest_ms=0)


def key_clip_cube(city: City, frame: Frame) -> Iterator[Row]:
    for report in judged_reports(city, frame, {"CUBE_COMP"}):
        yield _key_clip(report, shortest_ms=CUBE_MS)


def _key_clip(report: Report, shortest_ms: int) -> Row:
    if not report.sessions:
        return report.unrecorded(any(is_clip(i, "failure") for i in report.there))
    valid = [
        [i for i in belonging(session, report.there) if is_clip(i, "failure") and _shows(i, session)]
        for session in report.owing
    ]
    served = sum(bool(clips) for clips in valid)
    short = any(clips and all(length_ms(i) < shortest_ms for i in clips) for clips in valid)
    outcome = "fail" if served < len(valid) else "suspect" if short else "pass"
    return report.row(outcome, str(served), str(len(valid)))


def _shows(clip: dict[str, Any], session: dict[str, Any]) -> bool:
    """The moment of failure, or where that is not on record some of the session."""
    if known(session, "peak_at"):
        return inside([span(clip)], ms(session["peak_at"]))
    start, end = overlap(span(clip), span(session))
    return start < end


def pile_core_photos(city: City, frame: Frame) -> Iterator[Row]:
    for report in judged_reports(city, frame, {"PILE_CORE"}):
        piles = _piles(report.sessions) or _piles(report.there)
        owed = set() if report.is_exempt else piles  # they leave both numbers
        complete = sum(_of_two(i for i in report.there if i.get("pile_no") == pile) == 2 for pile in owed)
        outcome = "pass" if piles and complete == len(owed) else "fail"
        yield report.of_issue(outcome, str(complete), str(len(owed)))


def _piles(rows: Rows) -> set[str]:
    return {row["pile_no"] for row in rows if known(row, "pile_no")}


def _of_two(images: Iterator[dict[str, Any]]) -> int:
    """How many of the core and its dimensions have a photo."""
    photos = list(images)
    return sum(any(is_photo(i, role) for i in photos) for role in ("core", "core_dimension"))


def wall_core_photos(city: City, frame: Frame) -> Iterator[Row]:
    return _labelled_cores(city, frame, "WALL_CORE", ("project", "building", "floor", "axis"))


def road_core_photos(city: City, frame: Frame) -> Iterator[Row]:
    return _labelled_cores(city, frame, "ROAD_CORE", ("project", "road_section", "position"))


def _labelled_cores(city: City, frame: Frame, test_item: str, labels: tuple[str, ...]) -> Iterator[Row]:
    for report in judged_reports(city, frame, {test_item}):
        measured = _of_two(i for i in report.there if known(i, *labels))
        yield report.of_issue("pass" if measured == 2 else "fail", str(measured), "2")


IMAGE_RULES: dict[str, Judging] = {
    "key_clip_rebar": key_clip_rebar,
    "key_clip_cube": key_clip_cube,
    "pile_stage_clips": static_load.pile_stage_clips,
    "pile_unload_clip": static_load.pile_unload_clip,
    "pile_stack_photos": static_load.pile_stack_photos,
    "load_box_clip": static_load.load_box_clip,
    "load_box_photo": static_load.load_box_photo,
    "pile_core_photos": pile_core_photos,
    "wall_core_photos": wall_core_photos,
    "road_core_photos": road_core_photos,
    "key_images_reviewed": records.key_images_reviewed,
    "key_images_stored_in_time": records.key_images_stored_in_time,
    "key_image_term": records.key_image_term,
    "key_image_reused": records.key_image_reused,
}
"""All but `key_image_changed`, which asks for more than one bundle."""
