"""Sessions without a report: samples received and tested before cameras, and what the cameras lack of them.

Planted ones take place in the evening of the workshop, after its specimens are broken, each at an hour of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.intervals import Interval
from collectors.simulator.draft import Draft, Expectation, of_day
from collectors.simulator.plan import local_text
from collectors.simulator.register import Camera, Room, Row
from collectors.simulator.workshop import camera_of
from data.periods import local_day

SHORTEST_DAYS = 8
LASTS = timedelta(minutes=30)
EVERY_DAYS = 3
"""So often a lab tests something in each room of mechanics that nothing was planted in."""
UNTIL_DEAD_DAYS = 3
"""Before the end, when the recorder that is silent to the end has been so for two days."""


@dataclass(frozen=True, slots=True)
class SessionGap:
    """`length_s` in the middle of a session that begins at `hour`, not recorded by the camera of that view."""

    kind: str
    view: str
    hour: int
    length_s: int
    rule_id: str = ""


GAPS = (
    SessionGap("near_missing_6_s", "near", 18, 6, "near_during_session"),
    SessionGap("near_seam_5_s", "near", 19, 5),
    SessionGap("far_missing_during_session", "far", 20, 20, "far_near_sync"),
    SessionGap("far_seam_5_s", "far", 21, 5),
)


def plant_sessions(draft: Draft) -> None:
    if draft.plan.days < SHORTEST_DAYS:
        return
    reception, rebar, concrete, late, bad = draft.register.workshop()
    for gap in GAPS:
        _gap(draft, concrete, gap)
    _unseen_device(draft, bad, reception)
    _crowded(draft, rebar)
    _in_parallel(draft, late)
    _without_end(draft, rebar)
    _across_noon(draft, rebar)
    _during_silence(draft)
    for day in range(1, draft.plan.days - 1, EVERY_DAYS):
        add_session(draft, "reception", draft.plan.at(day, 9), room=reception)
        _ordinary(draft, day)


def add_session(
    draft: Draft, kind: str, at: datetime, lasts: timedelta = LASTS, *, room: Room, device_no: int | None = None,
    camera_ids: str = "",
) -> Row:  # fmt: skip
    """`device_no`: of the room's devices, counted from 0."""
    session = {
        "session_id": f"S-{room.room_id}-{len(draft.work.sessions) + 1:04d}",
        "agency_id": room.premises_id[:8],
        "kind": kind,
        "room_id": room.room_id,
        "device_id": "" if device_no is None else draft.register.devices_of(room)[device_no],
        "camera_ids": camera_ids,
        "started_at": local_text(at),
        "ended_at": local_text(at + lasts),
    }
    draft.work.sessions.append(session)
    return session


def plant_session(
    draft: Draft, kind: str, session: Row, gap: Interval, text: str, *, rule_id: str = "", outcome: str = "fail"
) -> None:
    expected: list[Expectation] = []
    if rule_id:
        expected = [of_day(rule_id, "session", session["session_id"], local_day(gap[0]), outcome)]
    draft.plant(kind, session["session_id"], gap, text, expected)


def some_day(draft: Draft) -> int:
    """Asked about completely before the judgement."""
    return draft.rng.randint(1, draft.plan.days - 4)


def _gap(draft: Draft, room: Room, pattern: SessionGap) -> None:
    start = draft.plan.at(some_day(draft), pattern.hour)
    session = add_session(draft, "test", start, room=room, device_no=1)
    middle = start + LASTS / 2
    gap = (middle, middle + timedelta(seconds=pattern.length_s))
    draft.gaps[camera_of(draft, room, pattern.view).camera_id].append(gap)
    text = f"the {pattern.view} camera recorded nothing"
    plant_session(draft, pattern.kind, session, gap, text, rule_id=pattern.rule_id)


def _unseen_device(draft: Draft, room: Room, other: Room) -> None:
    """Nothing near covers the room's second device; once the record names a camera that was carried there."""
    for hour, carried in ((10, ""), (14, camera_of(draft, other, "near").camera_id)):
        start = draft.plan.at(some_day(draft), hour)
        session = add_session(draft, "test", start, room=room, device_no=1, camera_ids=carried)
        kind, rule_id = ("camera_carried_there", "") if carried else ("session_unseen", "near_during_session")
        plant_session(
            draft, kind, session, (start, start + LASTS), f"seen by {carried or 'no near camera'}", rule_id=rule_id
        )


def _crowded(draft: Draft, room: Room) -> None:
    """One device cannot break two specimens at once, not even for a minute; one after the other it can."""
    start = draft.plan.at(some_day(draft), 19)
    for kind, pause_minutes in (("tests_at_once", -1), ("tests_in_turn", 0)):
        for begin in (start, start + LASTS + timedelta(minutes=pause_minutes)):
            session = add_session(draft, "test", begin, room=room, device_no=1)
            rule_id = "device_overlap" if pause_minutes else ""
            text = "the next test begins as this one ends" if not rule_id else "two tests on one device"
            plant_session(draft, kind, session, (begin, begin + LASTS), text, rule_id=rule_id, outcome="suspect")
        start += timedelta(hours=2)


def _in_parallel(draft: Draft, room: Room) -> None:
    """Two at once, as many as the device takes."""
    start = draft.plan.at(draft.plan.days - 2, 13)
    for _ in range(2):
        session = add_session(draft, "test", start, room=room, device_no=1)
    plant_session(draft, "tests_in_parallel", session, (start, start + LASTS), "the device takes two")


def _without_end(draft: Draft, room: Room) -> None:
    start = draft.plan.at(some_day(draft), 8.5)
    session = add_session(draft, "test", start, room=room, device_no=1)
    session["ended_at"] = ""
    plant_session(draft, "session_without_end", session, (start, start + LASTS), "nobody recorded when it ended")


def _across_noon(draft: Draft, room: Room) -> None:
    """When the room's near camera is replaced."""
    start = draft.plan.at(1, 12) - LASTS / 2
    session = add_session(draft, "test", start, room=room, device_no=1)
    plant_session(draft, "session_across_replacement", session, (start, start + LASTS), "before two cameras")


def _during_silence(draft: Draft) -> None:
    """Nobody can ask the recorder any more what the cameras saw."""
    camera = next(c for c in _near_with_device(draft) if c.recorder and _is_dead_at_the_end(draft, c))
    start = draft.plan.at(draft.plan.days - UNTIL_DEAD_DAYS, 10)
    if camera.room:
        session = add_session(draft, "test", start, room=camera.room, device_no=0)
        text = f"{camera.camera_id} cannot be asked"
        plant_session(draft, "session_during_silence", session, (start, start + LASTS), text)


def _ordinary(draft: Draft, day: int) -> None:
    for camera in _near_with_device(draft):
        if camera.room and f"{camera.room.room_id}-F1" not in draft.touched:
            start = draft.plan.at(day, 14)
            add_session(draft, "test", start, room=camera.room, device_no=0)


def _near_with_device(draft: Draft) -> list[Camera]:
    cameras = draft.register.cameras.values()
    return [c for c in cameras if c.view == "near" and c.recorder and c.covers and c.room]


def _is_dead_at_the_end(draft: Draft, camera: Camera) -> bool:
    faults = draft.device_faults[camera.recorder.recorder_id] if camera.recorder else []
    return any(fault.kind == "dead" and fault.to_at == draft.plan.recorded_until for fault in faults)
