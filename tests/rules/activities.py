"""Random sessions whose edges lie about those of the footage, of duties and of each other, and what exempts them."""

from __future__ import annotations

from tests.rules.histories import DAY_S, SPAN_DAYS, Chronicle
from tests.rules.oracle.city import Rows
from tests.rules.rooms import ids
from tests.rules.scenes import exemption

LENGTHS_S = (0, 0.001, 5, 5.001, 6, 60, 3600, 3600, 28_800, 28_800, 100_000)


def add_sessions(rows: Rows, life: Chronicle, city: str) -> None:
    chance = life.chance
    cameras, devices = ids(rows, "cameras", city), ids(rows, "devices", city)
    start_before = 0.0
    for number in range(chance.choice((2, 3, 4, 6))):
        start, end = sorted(min(max(_edge(life), -DAY_S), SPAN_DAYS * DAY_S) for _ in "se")
        end = end if chance.random() < 0.6 else start + chance.choice(LENGTHS_S)
        if number and chance.random() < 0.2:
            start = min(start_before + chance.choice((0, 0.001, -0.001, 0.002)), end)
        start_before = start
        kind = chance.choice(("test", "test", "test", "reception", "onsite"))
        named = chance.choice((0, 1, 2, 3) if kind == "onsite" else (0, 0, 0, 1))
        is_ended = chance.random() < 0.88
        rows["sessions"].append({
            "session_id": f"S{city}-{number}",
            "agency_id": f"{chance.choice('AAAB')}{city}",
            "kind": kind,
            "room_id": None if chance.random() < 0.12 else f"R{city}-{chance.choice('000012')}",
            "device_id": chance.choice((None, None, devices[0], devices[0], chance.choice(devices))),
            "camera_ids": " ".join(chance.sample(cameras, min(named, len(cameras)))),
            "started_at": life.text(start),
            "ended_at": life.text(end) if is_ended else None,
        })  # fmt: skip
        life.edges += [start, start, end] if is_ended else [start]
        if chance.random() < 0.3:
            scope = "agency", rows["sessions"][-1]["agency_id"]
            _exempted(rows, life, scope, (start, max(start, end - chance.choice((0, 0, 0, 0.001)))), -DAY_S)


def add_stray(rows: Rows, life: Chronicle, city: str) -> None:
    """A far camera of no room that is there for a few hours, for just which it is exempt, or all but."""
    start = life.chance.randrange(SPAN_DAYS) * DAY_S + 28_800
    end = start + life.chance.choice((3600, 14_400))
    camera = {"camera_id": f"{city}-stray", "room_id": None, "agency_id": f"A{city}", "view": "far", "mount": "fixed"}
    rows["cameras"].append(camera | {"duty_from": life.text(start), "duty_to": life.text(end)})
    late, early = life.chance.choice(((0, 0), (0, 0), (0.001, 0), (0, 0.001)))
    _exempted(rows, life, ("camera", f"{city}-stray"), (start + late, end - early), -DAY_S)


def _edge(life: Chronicle) -> float:
    return life.beside() if life.chance.random() < 0.8 else life.instant() + life.jitter()


def add_exemption(rows: Rows, life: Chronicle, city: str) -> None:
    """From one edge to another, about a single one, or whole days."""
    chance = life.chance
    one, other = chance.choice(life.edges), chance.choice(life.edges)
    day, days = chance.randrange(SPAN_DAYS), chance.choice((1, 1, 2, 3))
    start, end = chance.choice((
        (min(one, other), max(one, other)),
        (one, one + chance.choice((0.001, 5, 300, 3600, DAY_S))),
        (one - chance.choice((0.001, 5, 300)), one),
        (day * DAY_S, (day + days) * DAY_S + chance.choice((0, 0, 0, -0.001))),
        life.reach,
    ))  # fmt: skip
    scope, scope_id = chance.choice((
        ("agency", f"{chance.choice('AAB')}{city}"),
        ("premises", f"P{chance.choice('AAB')}{city}"),
        ("room", f"R{city}-{chance.choice('012')}"),
        ("recorder", f"N{chance.choice('AB')}{city}"),
        ("camera", chance.choice(ids(rows, "cameras", city))),
    ))  # fmt: skip
    entered = chance.choice((-DAY_S, -DAY_S, -DAY_S, life.instant(), 50 * DAY_S))
    life.asked.append(entered)
    _exempted(rows, life, (scope, scope_id), (start, end), entered)


def _exempted(rows: Rows, life: Chronicle, scope: tuple[str, str], span: tuple[float, float], entered: float) -> None:
    rows["exemptions"].append(exemption(life, f"X{len(rows['exemptions'])}", *scope) | {
        "from_at": life.text(span[0]), "to_at": life.text(span[1]), "entered_at": life.text(entered)
    })  # fmt: skip
