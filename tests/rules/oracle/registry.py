"""The rules about recorders and live views."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.rules.oracle.city import HOUR_MS, City, Span, covers, day_text, inside, ms
from tests.rules.oracle.frame import Frame, Row, fixed, whole

LIVE_DISCIPLINES = {"rebar_mechanics", "concrete_mechanics"}


def _recorder_days(city: City, frame: Frame) -> Iterator[tuple[dict[str, Any], int, list[dict[str, Any]], bool]]:
    """Recorder, day on which one of its cameras is on duty, the polls of its cameras, whether it is all exempt."""
    for recorder_id, recorder in city.recorders.items():
        cameras = [c for c in city.cameras.values() if c.get("recorder_id") == recorder_id]
        polls = [p for c in cameras for p in city.polls(c["camera_id"])]
        exempt = city.exempt(recorder) if frame.exempting else []
        for day in frame.graced_days:
            if any(city.on_duty(c, whole(day)) for c in cameras):
                left = [p for p in polls if not inside(exempt, ms(p["asked_at"]))]
                yield recorder, day, left, covers(exempt, whole(day))


def clock_accurate(city: City, frame: Frame) -> Iterator[Row]:
    for recorder, day, polls, all_exempt in _recorder_days(city, frame):
        offsets = [
            abs(int(p["clock_offset_ms"]))
            for p in polls
            if p["outcome"] == "ok"
            and p.get("clock_offset_ms") not in (None, "")
            and inside([whole(day)], ms(p["asked_at"]))
        ]
        worst = max(offsets, default=None)
        if all_exempt:
            outcome = "pass"
        elif worst is None:
            outcome = "unknown"
        else:
            outcome = "pass" if worst <= 5_000 else "suspect" if worst <= 30_000 else "fail"
        measured = "" if worst is None else fixed(Decimal(worst) / 1000, 3)
        agency = str(city.premises[recorder["premises_id"]]["agency_id"])
        yield Row(recorder["recorder_id"], agency, day_text(day), outcome, measured, "5")


def recorder_answers(city: City, frame: Frame) -> Iterator[Row]:
    """An answer given in exempt time is an answer: exemptions only take the duty away."""
    unexempted = Frame(frame.month, frame.now, exempting=False)
    all_exempt = {(r["recorder_id"], day): gone for r, day, _, gone in _recorder_days(city, frame)}
    for recorder, day, polls, _ in _recorder_days(city, unexempted):
        end = whole(day)[1]
        answered = any(
            (p["outcome"], p["complete"]) == ("ok", "yes") and end - 48 * HOUR_MS <= ms(p["asked_at"]) < end
            for p in polls
        )
        outcome = "pass" if answered or all_exempt[recorder["recorder_id"], day] else "suspect"
        agency = str(city.premises[recorder["premises_id"]]["agency_id"])
        yield Row(recorder["recorder_id"], agency, day_text(day), outcome, "", "")


def is_mandatory(room: dict[str, Any]) -> bool:
    disciplines = set(str(room.get("disciplines") or "").split())
    return room["kind"] == "sample_reception" or (room["kind"] == "test_room" and bool(disciplines & LIVE_DISCIPLINES))


def live_viewable(city: City, frame: Frame) -> Iterator[Row]:
    for camera_id, camera in city.cameras.items():
        room = city.rooms.get(camera.get("room_id") or "")
        if camera["view"] != "far" or not camera.get("live_url") or room is None or not is_mandatory(room):
            continue
        exempt = city.exempt(camera) if frame.exempting else []
        for day in frame.graced_days:
            if city.on_duty(camera, whole(day)):
                outcome, measured = _viewable(city, camera_id, day, exempt)
                if covers(exempt, whole(day)):
                    outcome = "pass"
                yield Row(camera_id, city.agency_of(camera), day_text(day), outcome, measured, "0.95")


def _viewable(city: City, camera_id: str, day: int, exempt: list[Span]) -> tuple[str, str]:
    seen = [
        p["outcome"] == "ok" and p.get("first_frame_ms") not in (None, "") and int(p["first_frame_ms"]) <= 10_000
        for p in city.table("live_probes")
        if p["camera_id"] == camera_id
        and p["outcome"] != "not_probed"
        and ms(p["probed_at"]) <= city.as_of
        and inside([whole(day)], ms(p["probed_at"]))
        and not inside(exempt, ms(p["probed_at"]))
    ]
    if not seen:
        return "unknown", ""
    enough = 100 * sum(seen) >= 95 * len(seen)
    return "pass" if enough else "fail", fixed(Decimal(sum(seen)) / len(seen), 4)
