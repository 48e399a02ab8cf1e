"""Rooms that are not watched as they must be, and live pictures that do not come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from collectors.intervals import Interval
from collectors.simulator.draft import Draft, Expectation, LiveOutage, of_day, of_months
from collectors.simulator.plan import days_between, probe
from collectors.simulator.register import Camera, Recorder, Room


@dataclass(frozen=True, slots=True)
class OutagePattern:
    """`mode` is a word of the relay's end; the one probe of a day is at 10:00."""

    kind: str
    mode: str
    from_hours: float
    to_hours: float


OUTAGES = (
    OutagePattern("live_without_media", "no_media", 8, 3 * 24 + 18),
    OutagePattern("live_absent", "absent", 9.5, 10.5),
    OutagePattern("live_refused", "refused", 0, 24),
    OutagePattern("live_closed", "closed", 7, 24 + 12),
    OutagePattern("live_absent_unseen", "absent", 10.5, 24 + 9.5),
    OutagePattern("live_black", "black", 6, 20),
)
VIEWABLE = frozenset({"ok", "black"})
"""A black picture can be watched; whether it should be black is another rule's question."""


def plant_room_faults(draft: Draft) -> None:
    _not_connected(draft)
    _without_near_camera(draft)
    _without_camera(draft)
    _curing_room_inside(draft)
    if draft.plan.days >= 3:
        for kind, pause in (
            ("camera_removed", None),
            ("camera_replaced_late", timedelta(hours=1)),
            ("camera_replaced_in_time", timedelta()),
        ):
            _replaced(draft, kind, pause)
    if draft.plan.days >= 8:
        _plant_outages(draft)


def _lacking(draft: Draft, room: Room, days: list[date]) -> list[Expectation]:
    return of_months(draft.plan, "far_camera_per_room", ("room", room.room_id), days)


def _used_days(draft: Draft, room: Room) -> list[date]:
    return [d for m in draft.plan.months for d in draft.plan.ended_days(m) if d >= room.in_use_from]


def _plain(camera: Camera, recorder: Recorder, room: Room) -> bool:
    """Nothing else depends on this camera."""
    return not camera.live and not recorder.established and room.kind != "curing_room"


def _not_connected(draft: Draft) -> None:
    """Premises whose reception and mechanics rooms were never connected to the platform."""
    for camera in draft.register.cameras.values():
        room = camera.room
        if camera.view == "far" and room and room.is_viewed_live and not camera.live:
            expected = of_months(draft.plan, "live_feed_connected", ("room", room.room_id))
            draft.plant("live_not_connected", room.room_id, _whole(draft), "no camera has a live address", expected)


def _whole(draft: Draft) -> Interval:
    return draft.plan.opened_at, draft.plan.recorded_until


def _without_near_camera(draft: Draft) -> None:
    """A reception without one; no session is recorded there."""
    near = [
        c
        for c in draft.register.cameras.values()
        if c.view == "near" and c.room and c.room.kind == "sample_reception" and c.camera_id not in draft.touched
    ]
    camera = draft.rng.choice(near)
    del draft.register.cameras[camera.camera_id]
    if camera.room:
        expected = of_months(draft.plan, "near_camera_present", ("room", camera.room.room_id))
        text = "its reception has no near camera"
        draft.plant("reception_without_near_camera", camera.room.room_id, _whole(draft), text, expected)


def _without_camera(draft: Draft) -> None:
    camera = draft.take_camera(lambda c, recorder, room: _plain(c, recorder, room) and not c.covers)
    del draft.register.cameras[camera.camera_id]
    if camera.room:
        expected = _lacking(draft, camera.room, _used_days(draft, camera.room))
        draft.plant("room_without_camera", camera.room.room_id, _whole(draft), "has no far camera", expected)


def _curing_room_inside(draft: Draft) -> None:
    camera = draft.take_camera(lambda _, recorder, room: not recorder.established and room.kind == "curing_room")
    draft.register.cameras[camera.camera_id] = replace(camera, position="inside")
    if camera.room:
        interval = (camera.duty_from, draft.plan.recorded_until)
        expected = _lacking(draft, camera.room, _used_days(draft, camera.room))
        text = "its camera hangs inside, not in the corridor facing the door"
        draft.plant("curing_room_camera_inside", camera.room.room_id, interval, text, expected)


def _replaced(draft: Draft, kind: str, pause: timedelta | None) -> None:
    """Taken down in the afternoon; a successor takes over after `pause`, or never (None)."""
    camera, plan = draft.take_camera(_plain), draft.plan
    number = draft.rng.randint(1, max(1, plan.days - 5))
    ends_at = plan.at(number, draft.rng.randint(13, 17))
    draft.register.cameras[camera.camera_id] = replace(camera, duty_to=ends_at)
    bare = (ends_at, plan.recorded_until if pause is None else ends_at + pause)
    if pause is not None:
        successor = replace(camera, camera_id=f"{camera.camera_id[:-1]}2", duty_from=bare[1])
        draft.register.add_camera(successor)
        draft.touched.add(successor.camera_id)
    if camera.room:
        lacking = days_between(*bare) if bare[0] < bare[1] else []
        text = f"{camera.camera_id} went off duty"
        expected = _lacking(draft, camera.room, lacking)
        for device_id in camera.covers:
            expected += of_months(draft.plan, "far_covers_devices", ("device", device_id), lacking)
        draft.plant(kind, camera.room.room_id, bare, text, expected)


def _plant_outages(draft: Draft) -> None:
    """No two on one camera."""
    workshop = draft.register.workshop()
    live = [c for c in draft.register.cameras.values() if c.live and c.room not in workshop]
    for pattern, camera in zip(OUTAGES, draft.rng.sample(live, len(OUTAGES)), strict=True):
        number = draft.rng.randint(1, draft.plan.days - 5)
        interval = (draft.plan.at(number, pattern.from_hours), draft.plan.at(number, pattern.to_hours))
        draft.outages.append(LiveOutage(camera.camera_id, pattern.mode, *interval))
        seen = [day for day in days_between(*interval) if interval[0] <= probe(day) < interval[1]]
        expected = [of_day("live_viewable", "camera", camera.camera_id, day) for day in seen]
        text = f"the relay's mode is {pattern.mode}"
        draft.plant(pattern.kind, camera.camera_id, interval, text, [] if pattern.mode in VIEWABLE else expected)
