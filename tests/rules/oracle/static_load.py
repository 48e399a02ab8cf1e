"""The rules about key images of static load tests: stages, unloading, the stack, the load box."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.rules.oracle.city import FOREVER, City, inside, ms
from tests.rules.oracle.frame import Frame, Row, seconds
from tests.rules.oracle.reports import (
    STATIC_LOAD_TESTS,
    Report,
    Rows,
    belonging,
    by,
    is_clip,
    is_photo,
    judged_reports,
    known,
    length_ms,
    span,
)

CLIP_MS = 60_000
MARGIN_MS = 30_000
UNLOAD_MS = 60_000
SIDES = 4


def _stages(city: City, session: dict[str, Any], direction: str) -> Rows:
    stages = by(city, "load_stages", "session_id").get(session["session_id"], [])
    return [t for t in stages if t["direction"] == direction]


def _by_method(city: City, frame: Frame, *methods: str) -> Iterator[Report]:
    return (r for r in judged_reports(city, frame, STATIC_LOAD_TESTS) if r.method in methods)


def pile_stage_clips(city: City, frame: Frame) -> Iterator[Row]:
    for report in judged_reports(city, frame, STATIC_LOAD_TESTS):
        clips = [i for i in report.there if is_clip(i, "load_stage")]
        on_record = [(s, t) for s in report.sessions for t in _stages(city, s, "load")]
        if not on_record:
            yield report.unrecorded(any(length_ms(i) >= CLIP_MS for i in clips))
            continue
        owing = [(s, t) for s, t in on_record if not inside(report.exempt, ms(t["started_at"]))]
        served = sum(any(_contains(i, t) for i in belonging(s, clips)) for s, t in owing)
        yield report.row("pass" if served == len(owing) else "fail", str(served), str(len(owing)))


def _contains(clip: dict[str, Any], stage: dict[str, Any]) -> bool:
    return bool(
        known(clip, "stage_no", "pile_no")
        and int(clip["stage_no"]) == int(stage["stage_no"])
        and length_ms(clip) >= CLIP_MS
        and ms(clip["started_at"]) <= ms(stage["started_at"]) - MARGIN_MS
        and ms(clip["ended_at"]) >= ms(stage["completed_at"]) + MARGIN_MS
    )


def pile_unload_clip(city: City, frame: Frame) -> Iterator[Row]:
    for report in _by_method(city, frame, "kentledge", "self_balanced"):
        clips = [i for i in report.there if is_clip(i, "unload")]
        if not any(_stages(city, s, "unload") for s in report.sessions):
            yield report.unrecorded(any(length_ms(i) >= CLIP_MS for i in clips))
            continue
        owing = [s for s in report.owing if _stages(city, s, "unload")]
        served = 0
        for session in owing:
            done = max(ms(t["completed_at"]) for t in _stages(city, session, "unload"))
            spans = [span(i) for i in belonging(session, clips)]
            served += any(start <= done - UNLOAD_MS and end >= done for start, end in spans)
        yield report.row("pass" if served == len(owing) else "fail", str(served), str(len(owing)))


def pile_stack_photos(city: City, frame: Frame) -> Iterator[Row]:
    for report in _by_method(city, frame, "kentledge"):
        photos = [
            i
            for i in report.there
            if is_photo(i, "stack_side") and known(i, "pile_no", "sha256") and _before_loading(city, report, i)
        ]
        sides = {i["side"] for i in photos if known(i, "side")}
        measured = min(len(sides), len({i["sha256"].lower() for i in photos}))
        yield report.of_issue("pass" if measured >= SIDES else "fail", str(measured), str(SIDES))


def _before_loading(city: City, report: Report, photo: dict[str, Any]) -> bool:
    sessions = [s for s in report.sessions if not known(s, "pile_no") or s["pile_no"] == photo["pile_no"]]
    starts = [ms(t["started_at"]) for s in sessions for t in _stages(city, s, "load")]
    return ms(photo["started_at"]) < min(starts, default=FOREVER)


def load_box_clip(city: City, frame: Frame) -> Iterator[Row]:
    for report in _by_method(city, frame, "self_balanced"):
        clips = [i for i in report.there if is_clip(i, "load_box_insertion") and known(i, "pile_no")]
        longest = max((length_ms(i) for i in clips), default=0)
        yield report.of_issue("pass" if longest >= CLIP_MS else "fail", seconds(longest), "60")


def load_box_photo(city: City, frame: Frame) -> Iterator[Row]:
    for report in _by_method(city, frame, "self_balanced"):
        there = any(is_photo(i, "nameplate") and known(i, "pile_no") for i in report.there)
        yield report.of_issue("pass" if there else "fail")
