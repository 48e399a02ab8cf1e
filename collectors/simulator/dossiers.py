"""Lawful dossiers of each kind of test. What the guide wants is just met wherever it gives a number, so that a second
less breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from collectors.simulator.dossier import Dossier, open_dossier
from collectors.simulator.draft import Draft
from collectors.simulator.plan import local_text
from collectors.simulator.register import Row

MARGIN = timedelta(seconds=30)
"""A load stage's clip reaches so far beyond the loading on both sides (G2.2.3)."""
STAGE_PAUSE = timedelta(minutes=40)
MINUTE = timedelta(minutes=1)
SPECIMEN_MINUTES = 12
"""A specimen takes ten minutes and the next one follows two minutes later, on the first device of the room."""
FIRST_FREE_HOUR = 9
SPECIMENS = 40
SIDES = ("east", "south", "west", "north")
WHERE = {"project": "示例·湖滨路地块项目", "building": "3", "floor": "5", "axis": "B/3"}
ROAD = {"project": "示例·湖滨路道路项目", "road_section": "K0+100", "position": "L2"}


def onsite_camera(draft: Draft, agency_id: str) -> str:
    return next(c.camera_id for c in draft.register.cameras.values() if c.view == "onsite" and c.agency_id == agency_id)


def pile_load(draft: Draft, item: str, method: str, agency_id: str = "") -> Dossier:
    day = _day(draft)
    agency_id = agency_id or draft.rng.choice(("NC-A-001", "NC-A-006"))
    dossier = open_dossier(draft, agency_id, item, day, method)
    start = draft.plan.at(day, 8) + draft.rng.randint(0, 59) * MINUTE
    stages = [start + STAGE_PAUSE * n for n in range(1, draft.rng.randint(8, 10) + 1)]
    unloading = [stages[-1] + STAGE_PAUSE, stages[-1] + 2 * STAGE_PAUSE]
    session = dossier.add_session(
        "onsite",
        start,
        stages[-1] + 3 * STAGE_PAUSE,
        camera_ids=onsite_camera(draft, agency_id),
        pile_no=f"示例桩{len(draft.work.reports) + 1}",
    )
    for stage_no, at in enumerate([*stages, *unloading], 1):
        complete = at + _loading(stage_no)
        dossier.stages.append(_stage(session, stage_no, "load" if at in stages else "unload", at, complete))
        if at in stages:
            dossier.add_image(session, "load_stage", (at - MARGIN, complete + MARGIN), stage_no=str(stage_no))
    dossier.add_image(session, "unload", (complete - MINUTE, complete))
    _add_set_up(dossier, session, method, stages[0] - 20 * MINUTE)
    return dossier


def _add_set_up(dossier: Dossier, session: Row, method: str, at: datetime) -> None:
    if method == "kentledge":
        for side in SIDES:
            dossier.add_image(session, "stack_side", (at, None), side=side)
    if method == "self_balanced":
        dossier.add_image(session, "load_box_insertion", (at, at + MINUTE))
        dossier.add_image(session, "nameplate", (at, None))


def _stage(session: Row, stage_no: int, direction: str, started_at: datetime, completed_at: datetime) -> Row:
    return {
        "session_id": session["session_id"],
        "stage_no": str(stage_no),
        "direction": direction,
        "started_at": local_text(started_at),
        "completed_at": local_text(completed_at),
    }


def _loading(stage_no: int) -> timedelta:
    """How long it takes to apply or remove a stage's load."""
    return timedelta(seconds=85 + 5 * stage_no)


def rebar(draft: Draft) -> Dossier:
    return _broken_specimens(draft, "REBAR_TENSILE", 1, (MINUTE, timedelta(seconds=30)))


def cube(draft: Draft) -> Dossier:
    return _broken_specimens(draft, "CUBE_COMP", 2, (timedelta(seconds=12), timedelta(seconds=8)))


def _broken_specimens(draft: Draft, item: str, room_no: int, around: tuple[timedelta, timedelta]) -> Dossier:
    """Two specimens, one after the other; each clip reaches from before to after the peak."""
    room = draft.register.workshop()[room_no]
    day = _day(draft)
    dossier = open_dossier(draft, room.premises_id[:8], item, day)
    tested = sum(session.get("room_id") == room.room_id for session in draft.work.sessions)
    for number in (tested, tested + 1):
        start = draft.plan.at(day, FIRST_FREE_HOUR) + (number % SPECIMENS) * SPECIMEN_MINUTES * MINUTE
        peak = start + 6 * MINUTE
        session = dossier.add_session(
            "test",
            start,
            start + 10 * MINUTE,
            room_id=room.room_id,
            device_id=draft.register.devices_of(room)[0],
            peak_at=local_text(peak),
        )
        dossier.add_image(session, "failure", (peak - around[0], peak + around[1]))
    return dossier


def pile_core(draft: Draft) -> Dossier:
    dossier, start = _drilling(draft, "PILE_CORE")
    for number in (1, 2):
        begin = start + 60 * number * MINUTE
        pile_no = f"示例桩{number}"
        session = _drilled(draft, dossier, begin, pile_no=pile_no)
        _add_core_photos(dossier, session, begin, {})
    return dossier


def wall_core(draft: Draft) -> Dossier:
    return _labelled_core(draft, "WALL_CORE", WHERE)


def road_core(draft: Draft) -> Dossier:
    return _labelled_core(draft, "ROAD_CORE", ROAD)


def _labelled_core(draft: Draft, item: str, labels: dict[str, str]) -> Dossier:
    dossier, start = _drilling(draft, item)
    _add_core_photos(dossier, _drilled(draft, dossier, start), start, labels)
    return dossier


def _drilling(draft: Draft, item: str) -> tuple[Dossier, datetime]:
    day = _day(draft)
    dossier = open_dossier(draft, draft.rng.choice(("NC-A-001", "NC-A-006")), item, day)
    return dossier, draft.plan.at(day, 8) + draft.rng.randint(0, 59) * MINUTE


def _drilled(draft: Draft, dossier: Dossier, start: datetime, **columns: str) -> Row:
    camera_id = onsite_camera(draft, dossier.report["agency_id"])
    return dossier.add_session("onsite", start, start + 50 * MINUTE, camera_ids=camera_id, **columns)


def _add_core_photos(dossier: Dossier, session: Row, start: datetime, labels: dict[str, str]) -> None:
    for role in ("core", "core_dimension"):
        dossier.add_image(session, role, (start + 40 * MINUTE, None), **labels)


def _day(draft: Draft) -> int:
    return draft.rng.randint(0, draft.plan.days - 5)


BUILDERS: dict[str, Callable[[Draft], Dossier]] = {
    "kentledge": lambda draft: pile_load(draft, "PILE_COMP", "kentledge"),
    "self_balanced": lambda draft: pile_load(draft, "PILE_COMP", "self_balanced"),
    "anchor_pile": lambda draft: pile_load(draft, "PILE_COMP", "anchor_pile"),
    "uplift": lambda draft: pile_load(draft, "PILE_UPLIFT", "self_balanced"),
    "lateral": lambda draft: pile_load(draft, "PILE_LATERAL", "kentledge"),
    "rebar": rebar,
    "cube": cube,
    "pile_core": pile_core,
    "wall_core": wall_core,
    "road_core": road_core,
}
