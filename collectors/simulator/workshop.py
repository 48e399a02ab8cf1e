"""What is wrong with the register of the workshop, whose soil rooms are equipped badly, and what only looks wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.simulator.draft import Draft, of_months
from collectors.simulator.register import Camera, Room


def plant_workshop(draft: Draft) -> None:
    _, rebar, _, late, bad = draft.register.workshop()
    _opened_mid_month(draft, late)
    _device_unseen(draft, bad)
    _unclassified(draft, bad)
    if draft.plan.days >= 3:
        _near_replaced_at_noon(draft, rebar)


def camera_of(draft: Draft, room: Room, view: str) -> Camera:
    return next(c for c in draft.register.cameras.values() if c.room == room and c.view == view)


def _opened_mid_month(draft: Draft, room: Room) -> None:
    """Nothing is owed of a room before it is in use."""
    day = draft.plan.day(draft.plan.days // 3)
    draft.register.open_later(room, day)
    interval = (draft.plan.opened_at, draft.plan.at(draft.plan.days // 3))
    draft.plant("room_opened_later", room.room_id, interval, "is not in use yet")


def _device_unseen(draft: Draft, room: Room) -> None:
    """Its far and its near camera cover the first device only; the near one cannot be moved."""
    first, second = draft.register.devices_of(room)
    interval = (draft.plan.opened_at, draft.plan.recorded_until)
    for view, rule_id in (("far", "far_covers_devices"), ("near", "near_camera_present")):
        camera = camera_of(draft, room, view)
        draft.register.cameras[camera.camera_id] = replace(camera, covers=(first,), mount="fixed")
        expected = of_months(draft.plan, rule_id, ("device", second))
        draft.plant(f"device_without_{view}_view", second, interval, f"no {view} camera covers it", expected)


def _unclassified(draft: Draft, room: Room) -> None:
    """A second fixed near camera of which nobody knows what it shows."""
    near = camera_of(draft, room, "near")
    spare = replace(near, camera_id=f"{near.camera_id[:-1]}9", covers=())
    draft.register.add_camera(spare)
    expected = of_months(draft.plan, "footage_classified", ("camera", spare.camera_id))
    interval = (draft.plan.opened_at, draft.plan.recorded_until)
    draft.plant("near_camera_of_nothing", spare.camera_id, interval, "covers no device", expected)


def _near_replaced_at_noon(draft: Draft, room: Room) -> None:
    """While a session is under way (`lab_sessions.py`): both cameras together show it whole."""
    near, noon = camera_of(draft, room, "near"), draft.plan.at(1, 12)
    draft.register.cameras[near.camera_id] = replace(near, duty_to=noon)
    draft.register.add_camera(replace(near, camera_id=f"{near.camera_id[:-1]}2", duty_from=noon))
    around = (noon - timedelta(minutes=20), noon + timedelta(minutes=20))
    draft.plant("near_camera_replaced_at_noon", room.room_id, around, f"{near.camera_id} was replaced")
