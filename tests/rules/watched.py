"""Random cities of rooms, devices, sessions and frames: which cameras there are, and what they saw."""

from __future__ import annotations

from datetime import datetime
from random import Random

from tests.rules.activities import add_exemption, add_sessions, add_stray
from tests.rules.histories import Chronicle
from tests.rules.oracle.city import Rows
from tests.rules.pictures import add_frames
from tests.rules.rooms import NAMES, add_cameras, add_rooms, ids
from tests.rules.scenes import ORIGINS, Scene, draw_look, draw_nows_s

TABLES = (
    "agencies", "premises", "rooms", "devices", "recorders", "cameras", "sessions", "polls", "footage", "live_probes",
    "recording_plans", "exemptions",
)  # fmt: skip


def watched_scene(seeds: list[int]) -> Scene:
    """To the millisecond: the first seed draws the looks, each other one a city of two agencies."""
    chance = Random(seeds[0])
    origin = datetime.fromisoformat(chance.choice(ORIGINS))
    rows: Rows = {table: [] for table in TABLES}
    lives = [Chronicle(Random(seed), origin, fine=True) for seed in seeds[1:]]
    for number, life in enumerate(lives):
        add_city(rows, life, f"{number}")
    return Scene(rows, tuple(draw_look(chance, lives, now_s) for now_s in draw_nows_s(chance)))


def add_city(rows: Rows, life: Chronicle, city: str) -> None:
    chance = life.chance
    add_rooms(rows, life, city)
    add_cameras(rows, life, city)
    rooms = {c["camera_id"]: c["room_id"] or f"R{city}-0" for c in rows["cameras"]}
    cameras = ids(rows, "cameras", city)
    for camera_id in chance.sample(cameras, min(2, len(cameras))):
        number = int(rooms[camera_id][-1])
        add_frames(rows, life, camera_id, [*NAMES[number:], *NAMES[:number]])
    life.edges += [0.0]
    add_sessions(rows, life, city)
    if chance.random() < 0.15:
        add_stray(rows, life, city)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        add_exemption(rows, life, city)
