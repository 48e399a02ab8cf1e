"""Random rooms with devices, near, far and onsite cameras, and sessions that their files hold or nearly hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.rules.histories import DAY_S, SPAN_DAYS, Chronicle, text
from tests.rules.oracle.city import Rows
from tests.rules.postgres.films import film, stutter
from tests.rules.scenes import ORIGINS, Look, Scene

TABLES = (
    "agencies", "premises", "rooms", "devices", "recorders", "cameras", "sessions", "polls", "footage", "exemptions",
)  # fmt: skip
LENGTHS_S = (0, 0.001, 3, 5, 5.001, 6, 60, 3600, 3600, 7200, 7200, 30_000, 100_000)
KINDS = ("test_room", "test_room", "test_room", "sample_reception", "curing_room")


def session_scene(seeds: list[int]) -> Scene:
    """The first seed draws the looks, each other one a small city of its own, to the millisecond but for files."""
    chance = Random(seeds[0])
    origin = datetime.fromisoformat(chance.choice(ORIGINS))
    rows: Rows = {table: [] for table in TABLES}
    lives = [Chronicle(Random(seed), origin, fine=True, hours=(8, 9)) for seed in seeds[1:]]
    for number, life in enumerate(lives):
        _add_city(rows, life, f"{number}")
    return Scene(rows, tuple(_looks(chance, origin, lives)))


def _looks(chance: Random, origin: datetime, lives: list[Chronicle]) -> list[Look]:
    """Both months long after, and one when the grace of a day has just run out, or a second too early."""
    graced = chance.randint(1, SPAN_DAYS) * DAY_S + 21_600 - chance.choice((0, 0, 1))
    first, last = ((origin + timedelta(days=day)).strftime("%Y-%m") for day in (0, SPAN_DAYS - 1))
    asked = text(origin, chance.choice([at for life in lives for at in life.asked]))
    return [
        Look(first, text(origin, 40 * DAY_S), None),
        Look(last, text(origin, 40 * DAY_S), chance.choice((None, asked))),
        Look(chance.choice((first, last)), text(origin, graced), None),
    ]


def _add_city(rows: Rows, life: Chronicle, city: str) -> None:
    """An agency with a room or two; its onsite cameras are in none, and sessions may name the cameras of any room."""
    chance = life.chance
    key = {"agency_id": f"A{city}"}
    premises, recorder = {"premises_id": f"P{city}"}, {"recorder_id": f"N{city}"}
    rows["agencies"].append(key | {"name": "示例"})
    rows["premises"].append(premises | key | {"name": "示例", "kind": "main"})
    rows["recorders"].append(recorder | premises | {"protocol": "isapi", "address": "x"})
    cameras: list[dict[str, Any]] = []
    devices: list[dict[str, Any]] = []
    sessions: list[tuple[float, float]] = []
    for number in range(chance.choice((1, 1, 2))):
        room = {"room_id": f"R{city}-{number}"}
        device_ids = [f"D{city}-{number}{letter}" for letter in "ab"[: chance.choice((0, 1, 2))]]
        rows["rooms"].append(room | premises | _room(life))
        devices += [{"device_id": device_id} | room | _device(life) for device_id in device_ids]
        cameras += [room | recorder | camera for camera in _cameras(life, f"C{city}-{number}", device_ids)]
    if chance.random() < 0.5:
        cameras.append({"camera_id": f"C{city}-o", "view": "onsite", "mount": "movable"} | recorder | _duty(life))
    for number in range(chance.choice((3, 4, 5, 6))):
        session, lasts = _session(life, cameras, devices)
        rows["sessions"].append({"session_id": f"S{city}-{number}"} | key | session)
        sessions.append(lasts)
    for camera in cameras:
        film(rows, life, camera, sessions)
    if chance.random() < 0.25:
        stutter(rows, life, cameras[0]["camera_id"])
    rows["cameras"] += cameras
    rows["devices"] += devices
    rows["exemptions"] += [
        {"exemption_id": f"X{city}-{number}"} | _exemption(life, city, sessions)
        for number in range(chance.choice((0, 1, 1, 2)))
    ]


def _room(life: Chronicle) -> dict[str, Any]:
    return {"name": "示例", "kind": life.chance.choice(KINDS)} | _in_use(life)


def _device(life: Chronicle) -> dict[str, Any]:
    return {"name": "示例", "produces_test_result": life.chance.choice(("yes", "yes", "no"))} | _in_use(life)


def _in_use(life: Chronicle) -> dict[str, Any]:
    opens, closes = life.chance.choice((-40, -40, -40, -1, 0, 1)), life.chance.choice((None, None, None, 1, 2, 3))
    return {
        "in_use_from": life.text(opens * DAY_S)[:10],
        "in_use_to": None if closes is None else life.text(closes * DAY_S)[:10],
    }


def _cameras(life: Chronicle, prefix: str, devices: list[str]) -> list[dict[str, Any]]:
    chance = life.chance
    views = chance.choice((("far", "near"),) * 4 + (("far", "near", "near"), ("far", "far", "near"), ("near",)))
    return [
        {
            "camera_id": f"{prefix}{number}",
            "view": view,
            "mount": chance.choice(("fixed", "fixed", "movable")),
            "position": chance.choice((None, "corridor_facing_door")),
            "covers": " ".join(d for d in devices if chance.random() < 0.9),
        }
        | _duty(life)
        for number, view in enumerate(views)
    ]


def _duty(life: Chronicle) -> dict[str, Any]:
    always = {"duty_from": life.text(-DAY_S), "duty_to": None}
    return life.chance.choice((always, always, always, life.duty()))


def _session(
    life: Chronicle, cameras: list[dict[str, Any]], devices: list[dict[str, Any]]
) -> tuple[dict[str, Any], tuple[float, float]]:
    chance = life.chance
    start = life.instant() + life.jitter()
    end = start + chance.choice(LENGTHS_S)
    camera = chance.choice(cameras)
    rooms = [device["room_id"] for device in devices] + [camera.get("room_id")]
    room_id = chance.choice(rooms) if chance.random() < 0.95 else None
    device_ids = [device["device_id"] for device in devices if device["room_id"] == room_id]
    kind = chance.choice(("test", "test", "test", "reception", "reception", "onsite", "onsite"))
    named = chance.sample(cameras, chance.choice((0, 1, 1))) if kind == "onsite" or chance.random() < 0.2 else []
    return {
        "kind": kind,
        "room_id": room_id,
        "device_id": chance.choice(device_ids) if device_ids and chance.random() < 0.8 else None,
        "camera_ids": " ".join(camera["camera_id"] for camera in named),
        "started_at": life.text(start),
        "ended_at": life.text(end) if chance.random() < 0.95 else None,
    }, (start, end)


def _exemption(life: Chronicle, city: str, sessions: list[tuple[float, float]]) -> dict[str, Any]:
    """About a session or anywhere, of any scope; or of everything, known from the start."""
    chance = life.chance
    start, end = chance.choice(sessions)
    halves = (start - 60, (start + end) / 2), ((start + end) / 2, end + 60)
    first, last = chance.choice(((start, end), (start, end), *halves, life.window(), (0, DAY_S), life.reach))
    scope = chance.choice((
        ("agency", f"A{city}"), ("agency", f"A{city}"), ("premises", f"P{city}"), ("room", f"R{city}-0"),
        ("recorder", f"N{city}"), ("camera", f"C{city}-00"),
    ))  # fmt: skip
    entered = chance.choice((-DAY_S, -DAY_S, life.instant()))
    if chance.random() < 0.15:
        (first, last), scope, entered = life.reach, ("agency", f"A{city}"), -DAY_S
    return {
        "scope_type": scope[0],
        "scope_id": scope[1],
        "from_at": life.text(first),
        "to_at": life.text(last),
        "reason": "停电",
        "document_no": "示例1",
        "approved_by": "张示例",
        "entered_at": life.text(entered),
    }
