"""Random rooms with their devices, the cameras that are meant to cover them, and the plans of their recorders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.rules.histories import DAY_S, SPAN_DAYS, Chronicle
from tests.rules.oracle.city import Rows

NAMES = ("示例室", "示例室二", "示例_100%室")
"""One is contained in another, and one holds what patterns take for wildcards."""
KINDS = (
    ("test_room", "test_room", "test_room", "curing_room"),
    ("sample_reception", "sample_reception", "sample_reception", "sample_storage"),
    ("test_room", "tested_specimen_room"),
)
SHORTLY = -2


def ids(rows: Rows, table: str, city: str) -> list[str]:
    """Of the city's devices or cameras."""
    found = (str(row[f"{table.removesuffix('s')}_id"]) for row in rows[table])
    return [own for own in found if own.startswith(f"{city}-")]


def add_rooms(rows: Rows, life: Chronicle, city: str) -> None:
    """Two rooms of agency A and one of agency B, each agency in premises of its own, and devices in them."""
    chance = life.chance
    for agency in "AB":
        rows["agencies"].append({"agency_id": f"{agency}{city}", "name": "示例"})
        home = {"premises_id": f"P{agency}{city}", "agency_id": f"{agency}{city}", "name": "示例", "kind": "main"}
        rows["premises"].append(home)
        rows["recorders"].append(
            {"recorder_id": f"N{agency}{city}", "premises_id": home["premises_id"], "protocol": "isapi", "address": "x"}
        )
    for number, agency in enumerate("AAB"):
        rows["rooms"].append({
            "room_id": f"R{city}-{number}",
            "premises_id": f"P{agency}{city}",
            "name": NAMES[number],
            "kind": chance.choice(KINDS[number]),
            "disciplines": chance.choice((None, "rebar_mechanics", "soil concrete_mechanics", "soil")),
            **_days_in_use(life, (SHORTLY, SHORTLY, SHORTLY, 0, 1)),
        })  # fmt: skip
    for number in range(chance.choice((1, 2, 3))):
        rows["devices"].append({
            "device_id": f"{city}-D{number}",
            "room_id": f"R{city}-{chance.choice('00012')}",
            "name": "示例",
            "produces_test_result": chance.choice(("yes", "yes", "yes", "no")),
            "parallel_capacity": chance.choice((None, None, 1, 2)),
            **_days_in_use(life, (SHORTLY, 0, 0, 1, 2)),
        })  # fmt: skip


def _days_in_use(life: Chronicle, first: tuple[int, ...]) -> dict[str, str | None]:
    opens = life.chance.choice(first)
    closes = life.chance.choice((None, None, max(opens, 1), 2, 3))
    first_day, last_day = ((life.origin + timedelta(days=day or 0)).date() for day in (opens, closes))
    return {"in_use_from": str(first_day), "in_use_to": None if closes is None else str(last_day)}


def add_cameras(rows: Rows, life: Chronicle, city: str) -> None:
    """Of one room and view none, one, or two of which one may begin about when the other ends."""
    chance = life.chance
    posts: tuple[tuple[int | None, str, tuple[int, ...]], ...] = (
        (0, "far", (0, 1, 1, 1, 2)), (0, "near", (0, 1, 1, 2, 2)), (1, "far", (0, 1, 1)), (1, "near", (0, 1, 1, 2)),
        (2, "far", (0, 0, 1)), (2, "near", (0, 0, 1)), (None, "onsite", (1, 1, 2)), (None, "far", (0, 0, 0, 0, 1)),
    )  # fmt: skip
    for room, view, numbers in posts:
        number = chance.choice(numbers)
        for n, duty in enumerate(_duties(life, number)):
            camera_id = f"{city}-{view}{room}{n}"
            is_combed = view == "far" and chance.random() < 0.2
            reach = {"duty_from": life.text(life.reach[0]), "duty_to": life.text(life.reach[1])}
            own = {"camera_id": camera_id, "view": view} | (reach if is_combed else duty)
            camera = _camera(rows, life, city, room) | own
            rows["cameras"].append(camera)
            _record(rows, life, camera, is_combed)
            if view == "far" or chance.random() < 0.2:
                _plan(rows, life, camera_id)


def _duties(life: Chronicle, number: int) -> list[dict[str, str | None]]:
    chance = life.chance
    long = {"duty_from": life.text(SHORTLY * DAY_S), "duty_to": None}
    if number == 2 and chance.random() < 0.5:
        turn = life.instant() + life.jitter()
        later = turn + chance.choice((0, 0, 0, 0.001, -0.001, 3600))
        life.edges += [turn, later]
        return [long | {"duty_to": life.text(max(turn, SHORTLY * DAY_S))}, long | {"duty_from": life.text(later)}]
    return [chance.choice((long, long, life.duty())) for _ in range(number)]


def _camera(rows: Rows, life: Chronicle, city: str, room: int | None) -> dict[str, Any]:
    chance = life.chance
    agency = "B" if room == 2 else "A"
    devices = ids(rows, "devices", city)
    covers = devices if chance.random() < 0.7 else chance.sample(devices, chance.randint(0, len(devices)))
    return {
        "room_id": None if room is None else f"R{city}-{room}",
        "agency_id": f"{agency}{city}",
        "recorder_id": f"N{agency}{city}" if chance.random() < 0.7 else None,
        "mount": chance.choice(("fixed", "fixed", "movable")),
        "position": chance.choice((None, "inside", "corridor_facing_door", "corridor_facing_door")),
        "covers": " ".join(covers),
        "live_url": chance.choice((None, "http://relay.invalid/x", "http://relay.invalid/y")),
    }


def _record(rows: Rows, life: Chronicle, camera: dict[str, Any], is_combed: bool) -> None:
    """Near cameras hold more than far ones, or there would be little to be in step with."""
    chance = life.chance
    shapes = (None, life.chain, life.late, life.nothing, life.nothing)
    if camera["view"] == "near":
        shapes = (None, life.chain, life.chain, life.chain, life.late)
    shape = life.combed if is_combed else chance.choice(shapes)
    is_whole = is_combed or chance.random() < 0.4
    for poll_id in ("p2",) if is_whole else chance.sample(("p1", "p10", "p2"), chance.choice((0, 1, 1, 1, 1, 2, 3))):
        poll, footage = life.poll(camera["camera_id"], poll_id, shape, is_whole)
        rows["polls"].append(poll)
        rows["footage"] += footage


def _plan(rows: Rows, life: Chronicle, camera_id: str) -> None:
    chance = life.chance
    plans: dict[str, dict[str, Any]] = {}
    for _ in range(chance.choice((0, 1, 2, 4))):
        at = chance.randrange(SPAN_DAYS) * DAY_S + chance.choice((0, -0.001, 0.001, 3600, 43_200, DAY_S - 0.001))
        mode = chance.choice(("continuous", "continuous", "event", "event", "off", "unknown"))
        plans[life.text(at)] = {"camera_id": camera_id, "observed_at": life.text(at), "mode": mode}
        life.edges.append(at)
        life.asked.append(at)
    rows["recording_plans"] += plans.values()
