"""The rules about rooms and the cameras they need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.rules.oracle.city import DAY_MS, City, covers, day_text, inside, ms, overlap
from tests.rules.oracle.frame import Frame, Judging, Row, whole
from tests.rules.oracle.registry import is_mandatory

Cameras = list[dict[str, Any]]


def words(row: dict[str, Any], column: str) -> set[str]:
    """A cell of type list."""
    return set(str(row.get(column) or "").split())


def _of_room(city: City, room_id: str, view: str) -> Cameras:
    return [c for c in city.cameras.values() if c.get("room_id") == room_id and c["view"] == view]


def _days_lacking(
    city: City, frame: Frame, subject: tuple[str, str], thing: dict[str, Any], cameras: Cameras
) -> Iterator[Row]:
    """Ended days on which the room or device is in use and the cameras' duties together leave some of it out."""
    days = [d for d in frame.ended_days if inside([city.in_use(thing)], d * DAY_MS)]
    exempt = city.exempt(thing) if frame.exempting else []
    spans = [city.duty(c) for c in cameras] + exempt
    lacking = sum(not covers(spans, whole(d)) for d in days)
    if days:
        agency = city.agency_at(city.rooms[thing["room_id"]])
        yield Row(subject[1], agency, frame.month, "fail" if lacking else "pass", str(lacking), "0", subject[0])


def far_camera_per_room(city: City, frame: Frame) -> Iterator[Row]:
    for room_id, room in city.rooms.items():
        cameras = _of_room(city, room_id, "far")
        if room["kind"] == "curing_room":
            cameras = [c for c in cameras if c.get("position") == "corridor_facing_door"]
        yield from _days_lacking(city, frame, ("room", room_id), room, cameras)


def far_covers_devices(city: City, frame: Frame) -> Iterator[Row]:
    for device_id, device in city.devices.items():
        cameras = [c for c in _of_room(city, device["room_id"], "far") if device_id in words(c, "covers")]
        yield from _days_lacking(city, frame, ("device", device_id), device, cameras)


def near_camera_present(city: City, frame: Frame) -> Iterator[Row]:
    for device_id, device in city.devices.items():
        room_id = device["room_id"]
        if device["produces_test_result"] == "yes" and city.rooms[room_id]["kind"] == "test_room":
            cameras = [
                c
                for c in _of_room(city, room_id, "near")
                if c["mount"] == "movable" or device_id in words(c, "covers")
            ]  # fmt: skip
            yield from _days_lacking(city, frame, ("device", device_id), device, cameras)
    for room_id, room in city.rooms.items():
        if room["kind"] == "sample_reception":
            yield from _days_lacking(city, frame, ("room", room_id), room, _of_room(city, room_id, "near"))


def live_feed_connected(city: City, frame: Frame) -> Iterator[Row]:
    for room_id, room in city.rooms.items():
        if is_mandatory(room):
            cameras = [c for c in _of_room(city, room_id, "far") if c.get("live_url")]
            yield from _days_lacking(city, frame, ("room", room_id), room, cameras)


def footage_classified(city: City, frame: Frame) -> Iterator[Row]:
    for camera_id, camera in city.cameras.items():
        days = [d for d in frame.ended_days if city.on_duty(camera, whole(d))]
        exempt = city.exempt(camera) if frame.exempting else []
        owed = any(not covers(exempt, overlap(whole(d), city.duty(camera))) for d in days)
        if days:
            outcome = "pass" if _is_classified(city, camera) or not owed else "fail"
            yield Row(camera_id, city.agency_of(camera), frame.month, outcome, "", "")


def _is_classified(city: City, camera: dict[str, Any]) -> bool:
    room = city.rooms.get(camera.get("room_id") or "")
    if camera["view"] == "far":
        return room is not None
    if camera["view"] == "onsite" or camera["mount"] == "movable":
        return True
    return bool(words(camera, "covers")) or (room is not None and room["kind"] == "sample_reception")


def recording_plan_continuous(city: City, frame: Frame) -> Iterator[Row]:
    for camera_id, camera in city.cameras.items():
        if camera["view"] != "far" or not camera.get("room_id"):
            continue
        exempt = city.exempt(camera) if frame.exempting else []
        for day in frame.graced_days:
            plans = sorted(
                (ms(p["observed_at"]), str(p["mode"]))
                for p in city.known_of("recording_plans", camera_id, "observed_at")
                if inside([whole(day)], ms(p["observed_at"]))
            )
            if not city.on_duty(camera, whole(day)) or not plans or plans[-1][1] == "unknown":
                continue
            left = [mode for at, mode in plans if not inside(exempt, at)]
            outcome = "fail" if left and left[-1] in ("event", "off") else "pass"
            yield Row(camera_id, city.agency_of(camera), day_text(day), outcome, "", "")


ROOM_RULES: dict[str, Judging] = {
    "far_camera_per_room": far_camera_per_room,
    "far_covers_devices": far_covers_devices,
    "near_camera_present": near_camera_present,
    "live_feed_connected": live_feed_connected,
    "footage_classified": footage_classified,
    "recording_plan_continuous": recording_plan_continuous,
}
