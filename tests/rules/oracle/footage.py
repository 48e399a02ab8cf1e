"""The rules about footage: what was held, what was asked, what has vanished."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.rules.oracle.answers import JOIN_MS, Answer, Watch, answers_of, held, missing, missing_ms, watch
from tests.rules.oracle.city import (
    DAY_MS,
    FOREVER,
    City,
    Span,
    back,
    cells,
    covers,
    day_no,
    day_text,
    inside,
    joined,
    length,
    overlap,
    without,
)
from tests.rules.oracle.frame import Frame, Row, seconds, whole

TOLERANCE_MS = 60_000
BUDGET_MS = 900_000
TERM_MONTHS = 6
Seconds = npt.NDArray[np.bool_]


def far_24h_by_seconds(city: City, frame: Frame) -> Iterator[Row]:
    """Second by second; every instant in the bundle must lie on a whole second."""
    return _far_24h(city, frame, _missing_seconds)


def far_24h(city: City, frame: Frame) -> Iterator[Row]:
    """Between any two neighbouring edges, to the millisecond."""
    return _far_24h(city, frame, _missing_cells)


def _far_24h(city: City, frame: Frame, missing: Any) -> Iterator[Row]:
    for camera_id, camera in city.cameras.items():
        if camera["view"] != "far" or not camera.get("room_id"):
            continue
        exempt = city.exempt(camera) if frame.exempting else []
        for day in frame.graced_days:
            if not city.on_duty(camera, whole(day)):
                continue
            known, unknown = missing(answers_of(city, camera_id), city.duty(camera), exempt, day)
            outcome = "fail" if known > TOLERANCE_MS else "unknown" if unknown > TOLERANCE_MS else "pass"
            yield Row(camera_id, city.agency_of(camera), day_text(day), outcome, seconds(known), "60")


def _missing_seconds(answers: tuple[Answer, ...], duty: Span, exempt: list[Span], day: int) -> Span:
    required, asked, held = (np.zeros(86_400, bool) for _ in range(3))
    _mark(required, duty, day, True)
    for span in exempt:
        _mark(required, span, day, False)
    for answer in answers:
        _mark(asked, answer.about, day, True)
        _mark(held, answer.about, day, False)
        for span in answer.listed:
            _mark(held, overlap(span, answer.about), day, True)
    missing = required & ~held
    edges = np.flatnonzero(np.diff(np.concatenate(([False], missing, [False])).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        if (end - start) * 1000 <= JOIN_MS:
            missing[start:end] = False
    return 1000 * int((missing & asked).sum()), 1000 * int((missing & ~asked).sum())


def _mark(seconds_of_day: Seconds, span: Span, day: int, value: bool) -> None:
    start, end = overlap(span, whole(day))
    assert span == (0, 0) or start % 1000 == end % 1000 == 0, "this oracle counts whole seconds"
    if start < end:
        seconds_of_day[(start - day * DAY_MS) // 1000 : (end - day * DAY_MS) // 1000] = value


def _missing_cells(answers: tuple[Answer, ...], duty: Span, exempt: list[Span], day: int) -> Span:
    return missing_ms([Watch(duty, answers)], without(exempt, overlap(whole(day), duty)))


def far_gap_budget(city: City, frame: Frame) -> Iterator[Row]:
    """Every second that is known to be missing, also where an interval alone is forgiven."""
    for camera_id, rows in groupby(far_24h(city, frame), key=lambda row: row.subject_id):
        days = {row.period: row.outcome for row in rows}
        if "fail" in days.values():
            continue
        camera = city.cameras[camera_id]
        exempt = city.exempt(camera) if frame.exempting else []
        required = [s for d in days for s in without(exempt, overlap(whole(day_no(d)), city.duty(camera)))]
        sum_ms = length(missing([watch(city, camera)], required)[0])
        outcome = "unknown" if "unknown" in days.values() else "pass"
        outcome = "suspect" if sum_ms > BUDGET_MS else outcome
        yield Row(camera_id, city.agency_of(camera), frame.month, outcome, seconds(sum_ms), "900")


def _counting(city: City, frame: Frame, camera_id: str) -> list[Answer]:
    """The answers that count for keeping: asked up to the end of the judgement day."""
    return [a for a in answers_of(city, camera_id) if a.asked_at < whole(frame.judgement_day)[1]]


def retention_6_months(city: City, frame: Frame) -> Iterator[Row]:
    last = frame.judgement_day - 1
    if not frame.ended_days:
        return
    for camera_id, camera in city.cameras.items():
        duty = city.duty(camera)
        if camera["view"] != "far" or not camera.get("room_id") or not inside([duty], whole(last)[1] - 1):
            continue
        answers = _counting(city, frame, camera_id)
        outcome, measured, required = _retention(city, frame, camera, answers, last)
        yield Row(camera_id, city.agency_of(camera), day_text(last), outcome, str(measured), str(required))


def _retention(
    city: City, frame: Frame, camera: dict[str, Any], answers: list[Answer], last: int
) -> tuple[str, int, int]:
    """An exempt day is not required, but footage of it shows how far back the record reaches."""
    duty = city.duty(camera)
    exempt = city.exempt(camera) if frame.exempting else []
    term_starts = back((last + 1) * DAY_MS, TERM_MONTHS) // DAY_MS
    duty_starts = duty[0] // DAY_MS
    days = range(max(term_starts, duty_starts), last + 1)
    owed = {d: without(exempt, overlap(whole(d), duty)) for d in days}
    required = [d for d in days if owed[d]]
    oldest = next((d for d in days if _any_held(answers, whole(d))), FOREVER)
    lost = [d for d in required if d < oldest]
    if not required:
        outcome = "pass"
    elif oldest < FOREVER and len(lost) <= 1:
        outcome = "maturing" if duty_starts > term_starts else "pass"
    else:
        about = [a.about for a in answers]
        outcome = "fail" if all(covers(about, span) for d in lost for span in owed[d]) else "unknown"
    return outcome, len(required) - len(lost), len(required)


def _any_held(answers: list[Answer], day: Span) -> bool:
    return any(held(answers, a) for a, _ in cells(day, (e for x in answers for e in x.edges)))


def early_deletion(city: City, frame: Frame) -> Iterator[Row]:
    if not frame.ended_days:
        return
    ended = whole(frame.first)[0], whole(frame.ended_days[-1])[1]
    month = whole(frame.first)[0], whole(frame.after)[0]
    for camera_id, camera in city.cameras.items():
        if not camera.get("recorder_id") or not city.on_duty(camera, ended):
            continue
        answers = _counting(city, frame, camera_id)
        exempt = city.exempt(camera) if frame.exempting else []
        gone = list(_vanished(answers, month, exempt))
        sum_ms = sum(e - s for s, e in joined(gone) if e - s > JOIN_MS)
        outcome = "fail" if sum_ms > TOLERANCE_MS else "pass"
        if not any(inside([month], a.asked_at) for a in answers):
            outcome = "unknown"
        yield Row(camera_id, city.agency_of(camera), frame.month, outcome, seconds(sum_ms), "60")


def _vanished(answers: list[Answer], month: Span, exempt: list[Span]) -> Iterator[Span]:
    edges = [e for a in answers for e in (*a.edges, back(a.asked_at, TERM_MONTHS))]
    if not edges:
        return
    for a, b in cells((min(edges), max(edges)), [*edges, *(e for span in exempt for e in span)]):
        said = [(answer, answer.says(a)) for answer in answers]
        listing = [i for i, (_, lists) in enumerate(said) if lists]
        if not listing or inside(exempt, a):
            continue
        denial = next((answer for answer, lists in said[listing[-1] + 1 :] if lists is False), None)
        if denial and inside([month], denial.asked_at) and a >= back(denial.asked_at, TERM_MONTHS):
            yield a, b
