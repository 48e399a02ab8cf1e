"""Random bundles, each a few cities that share nothing, and the instants they are judged at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from tests.rules.histories import DAY_S, SEAMS_S, SPAN_DAYS, Chronicle, text
from tests.rules.oracle.city import DAY_MS, Rows, back, ms
from tests.rules.piles import add_report

ORIGINS = ("2026-09-29", "2026-10-30", "2026-08-29", "2028-08-29", "2026-03-30", "2026-12-30", "2028-02-28")
"""A few days about a month's end; going back six months from most of them is clamped."""
GRACE_S = 21_600
TABLES = (
    "agencies", "premises", "rooms", "recorders", "cameras", "sessions", "load_stages", "reports", "key_images",
    "polls", "footage", "live_probes", "exemptions",
)  # fmt: skip


class Look(NamedTuple):
    """One judgement of a bundle."""

    month: str
    now: str
    as_of: str | None


@dataclass(frozen=True)
class Scene:
    rows: Rows
    looks: tuple[Look, ...]


def far_scene(seeds: list[int]) -> Scene:
    """Whole seconds: the first seed draws registry, exemptions and looks, each other one camera's history."""
    chance = Random(seeds[0])
    origin = datetime.fromisoformat(chance.choice(ORIGINS))
    rows: Rows = {table: [] for table in TABLES}
    lives = [Chronicle(Random(seed), origin) for seed in seeds[1:]]
    for number, life in enumerate(lives):
        city = f"{number // 8}"
        if number % 8 == 0:
            _registry(rows, chance, origin, city)
        _add_camera(rows, life, city, f"C{number:02d}")
        if number % 8 == 7 and chance.random() < 0.5:
            _exempt(rows, replace(life, chance=chance), city)
    return Scene(rows, tuple(draw_look(chance, lives, now_s) for now_s in draw_nows_s(chance)))


def mixed_scene(seeds: list[int]) -> Scene:
    """To the millisecond, one small city per seed after the first, for all rules at once."""
    chance = Random(seeds[0])
    origin = datetime.fromisoformat(chance.choice(ORIGINS))
    rows: Rows = {table: [] for table in TABLES}
    nows = draw_nows_s(chance)
    lives = []
    for number, seed in enumerate(seeds[1:]):
        life = Chronicle(Random(seed), origin, fine=True)
        if number % 3:
            life = _long(life, nows)
        _add_city(rows, life, f"{number}")
        lives.append(life)
    return Scene(rows, tuple(draw_look(chance, lives, now_s) for now_s in nows))


def _long(life: Chronicle, nows_s: list[float]) -> Chronicle:
    """The same over seven months, with edges about the days where six months begin and end."""
    origin_ms = ms(life.origin.isoformat())
    days = set(range(SPAN_DAYS + 1))
    for now_s in nows_s:
        today = origin_ms // DAY_MS + min(int(now_s // DAY_S), SPAN_DAYS)
        term_starts = (back(today * DAY_MS, 6) - origin_ms) // DAY_MS
        days |= {term_starts + n for n in (-1, 0, 1, 2, 3)}
    seams = (*SEAMS_S, DAY_S, 2 * DAY_S, 40 * DAY_S)
    reach = (-200 * DAY_S, SPAN_DAYS * DAY_S)
    return replace(life, days=tuple(sorted(days)), hours=(8,), reach=reach, seams_s=seams)


def draw_nows_s(chance: Random) -> list[float]:
    """When a day has just ended, when its grace has just run out, and long after; or a second or less too early."""
    ended, graced = (chance.randint(1, SPAN_DAYS) * DAY_S + chance.choice((0, 0, 0, -1, -0.001)) for _ in "ab")
    return [ended, graced + GRACE_S, chance.choice((4, 40)) * DAY_S]


def draw_look(chance: Random, lives: list[Chronicle], now_s: float) -> Look:
    """The month of the day that has just ended, or either of the two."""
    origin = lives[0].origin
    day = (now_s + 1) // DAY_S - 1 if now_s < SPAN_DAYS * DAY_S else chance.choice((0, SPAN_DAYS))
    month = (origin + timedelta(days=day)).strftime("%Y-%m")
    asked = [at for life in lives for at in life.asked]
    as_of = None
    if asked and chance.random() < 0.25:
        as_of = text(origin, chance.choice(asked) + chance.choice((-1, -0.001, 0, 0, 0.001)))
    return Look(month, text(origin, now_s), as_of)


def _add_city(rows: Rows, life: Chronicle, city: str) -> None:
    _registry(rows, life.chance, life.origin, city)
    for number in range(life.chance.choice((2, 3, 4))):
        camera_id = f"C{city}-{number}"
        _add_camera(rows, life, city, camera_id)
        rows["live_probes"] += life.probes(camera_id)
    for number in range(life.chance.choice((0, 1, 2))):
        add_report(rows, life, f"A{city}", f"T{city}-{number}")
    for _ in range(life.chance.choice((0, 0, 1, 1, 2))):
        _exempt(rows, life, city)


def _registry(rows: Rows, chance: Random, origin: datetime, city: str) -> None:
    """An agency with two premises and two rooms in each, of which some open or close within the days looked at."""
    rows["agencies"].append({"agency_id": f"A{city}", "name": "示例"})
    for place in "ab":
        premises_id = f"P{city}{place}"
        rows["premises"].append({"premises_id": premises_id, "agency_id": f"A{city}", "name": "示例", "kind": "main"})
        rows["recorders"].append(
            {"recorder_id": f"N{city}{place}", "premises_id": premises_id, "protocol": "isapi", "address": "x"}
        )
        for number in "12":
            opens = origin + timedelta(days=chance.choice((-240, -240, -180, 0, 1, 2)))
            closes = origin + timedelta(days=chance.choice((2, 3, 40)))
            rows["rooms"].append({
                "room_id": f"R{city}{place}{number}", "premises_id": premises_id, "name": "示例",
                "kind": chance.choice(("test_room", "curing_room", "sample_reception")),
                "disciplines": chance.choice(("", "rebar_mechanics", "soil concrete_mechanics", "soil")),
                "in_use_from": str(opens.date()),
                "in_use_to": str(closes.date()) if chance.random() < 0.4 else None,
            })  # fmt: skip


def _add_camera(rows: Rows, life: Chronicle, city: str, camera_id: str) -> None:
    chance = life.chance
    place = chance.choice("ab")
    rows["cameras"].append({
        "camera_id": camera_id,
        "room_id": f"R{city}{place}{chance.choice('12')}" if chance.random() < 0.95 else None,
        "recorder_id": f"N{city}{place}" if chance.random() < 0.9 else None,
        "agency_id": f"A{city}",
        "view": chance.choice(("far",) * 14 + ("near",)),
        "mount": "fixed",
        "position": chance.choice((None, "inside", "corridor_facing_door", "corridor_facing_door")),
        "live_url": chance.choice((None, "http://relay.invalid/x", "http://relay.invalid/y")),
        **life.duty(),
    })  # fmt: skip
    for poll_id in chance.sample(("p1", "p10", "p2", "p9", "q"), chance.choice((0, 1, 2, 2, 3, 3, 4, 5))):
        poll, footage = life.poll(camera_id, poll_id)
        rows["polls"].append(poll)
        rows["footage"] += footage


def _exempt(rows: Rows, life: Chronicle, city: str) -> None:
    chance = life.chance
    place = chance.choice("ab")
    cameras = [c["camera_id"] for c in rows["cameras"] if c["agency_id"] == f"A{city}"]
    scope, scope_id = chance.choice((
        ("agency", f"A{city}"), ("premises", f"P{city}{place}"), ("room", f"R{city}{place}1"),
        ("recorder", f"N{city}{place}"), ("camera", chance.choice(cameras)), ("camera", chance.choice(cameras)),
    ))  # fmt: skip
    day, length = chance.choice(life.days) * DAY_S, chance.choice((1, 1, 2, 4)) * DAY_S
    start, end = chance.choice((life.window(), life.window(), (day, day + length), life.reach))
    if life.turns and chance.random() < 0.4:
        turn = chance.choice(life.turns)
        start, end = chance.choice(((turn, turn + 300), (turn - 900, turn)))
        scope, scope_id = "agency", f"A{city}"
    entered = chance.choice((-DAY_S, -DAY_S, life.instant(), 50 * DAY_S))
    rows["exemptions"].append(exemption(life, f"X{len(rows['exemptions'])}", scope, scope_id) | {
        "from_at": life.text(start), "to_at": life.text(end), "entered_at": life.text(entered)
    })  # fmt: skip


def exemption(life: Chronicle, exemption_id: str, scope: str, scope_id: str) -> dict[str, Any]:
    return {
        "exemption_id": exemption_id,
        "scope_type": scope,
        "scope_id": scope_id,
        "reason": "停电",
        "document_no": "示例1",
        "approved_by": "张示例",
    }
