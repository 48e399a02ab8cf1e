"""Random cities of reports: sessions, load stages, key images, reviews and exemptions about the instants of issue."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.rules.captures import CAPTURES, Session, Work
from tests.rules.histories import DAY_S, SPAN_DAYS, Chronicle, text
from tests.rules.oracle.city import Rows, ms
from tests.rules.scenes import Look, Scene

ORIGINS = ("2026-09-29", "2026-10-30", "2026-12-30", "2027-02-26", "2028-02-27", "2028-02-28", "2080-02-27")
"""A few days about a month's end, leap years among them; twenty years from the last there is no 29 February."""
GRACE_S = DAY_S
TABLES = (
    "agencies", "premises", "rooms", "sessions", "load_stages", "reports", "key_images", "image_reviews", "exemptions",
)  # fmt: skip


def report_scene(seeds: list[int]) -> Scene:
    """To the millisecond: the first seed draws instants of issue and looks, each other one a city of two agencies."""
    chance = Random(seeds[0])
    origin = datetime.fromisoformat(chance.choice(ORIGINS))
    issues = [_issue(chance) for _ in range(4)]
    rows: Rows = {table: [] for table in TABLES}
    for number, seed in enumerate(seeds[1:]):
        add_city(rows, Chronicle(Random(seed), origin, fine=True), f"{number}", issues)
    entered = [x["entered_at"] for x in rows["exemptions"]]
    return Scene(rows, tuple(_look(chance, origin, issues, entered, is_late) for is_late in (False, False, True)))


def _issue(chance: Random) -> float:
    """At a midnight, a millisecond to either side, or in the middle of a day."""
    return chance.randint(0, SPAN_DAYS) * DAY_S + chance.choice((0, 0, -0.001, 0.001, 36_000))


def _look(chance: Random, origin: datetime, issues: list[float], entered: list[str], is_late: bool) -> Look:
    """When the grace of an issue has just run out, a millisecond too early, or long after; its month, or either."""
    issue = chance.choice(issues)
    now = 40 * DAY_S if is_late else issue + GRACE_S + chance.choice((0, 0, -0.001, -0.001, 0.001, 2 * DAY_S))
    day = int(chance.choice((issue, issue, issue, 0, SPAN_DAYS * DAY_S)) // DAY_S)
    known = None
    if entered and chance.random() < 0.25:
        at = datetime.fromisoformat(chance.choice(entered)) + timedelta(milliseconds=chance.choice((-1, 0, 1)))
        known = at.isoformat(timespec="milliseconds")
    return Look((origin + timedelta(days=day)).strftime("%Y-%m"), text(origin, now), known)


def add_city(rows: Rows, life: Chronicle, city: str, issues: list[float]) -> None:
    chance = life.chance
    agencies = [f"A{city}", f"B{city}"]
    rows["agencies"] += [{"agency_id": agency, "name": "示例"} for agency in agencies]
    rows["premises"].append({"premises_id": f"P{city}", "agency_id": agencies[0], "name": "示例", "kind": "main"})
    rows["rooms"].append({
        "room_id": f"R{city}", "premises_id": f"P{city}", "name": "示例", "kind": "test_room",
        "in_use_from": "2020-01-01",
    })  # fmt: skip
    images: list[dict[str, Any]] = []
    numbers = [f"T{city}-{n}" for n in range(chance.choice((2, 3, 4)))]
    for number in numbers:
        report = _report(life, number, chance.choice((agencies[0], agencies[0], agencies[1])), chance.choice(issues))
        images += _work(rows, life, report, numbers).images()
        rows["reports"].append(report)
    images = [_confused(chance, image, images, numbers) for image in images]
    is_away = chance.random() < 0.25  # the whole agency: little was captured, and all of it is excused
    images = [image for image in images if not is_away or chance.random() < 0.4]
    rows["key_images"] += [image | {"image_id": f"K{city}-{n}"} for n, image in enumerate(images)]
    for report in rows["reports"][-len(numbers) :]:
        rows["image_reviews"] += _reviews(life, report, [i for i in images if i["report_no"] == report["report_no"]])
    rows["exemptions"] += _exemptions(life, city, is_away)


def _report(life: Chronicle, number: str, agency_id: str, issued: float) -> dict[str, Any]:
    chance = life.chance
    life.turns.append(issued)
    item = chance.choice((*CAPTURES, "CUBE_COMP", "WALL_CORE", "ROAD_CORE"))
    return {
        "report_no": number,
        "agency_id": agency_id,
        "test_item": item,
        "method": chance.choice(("kentledge", "kentledge", "self_balanced", "self_balanced", "anchor_pile", None)),
        "issued_at": life.text(issued),
    }


def _work(rows: Rows, life: Chronicle, report: dict[str, Any], numbers: list[str]) -> Work:
    """Its sessions, of which some are of another kind, agency or report."""
    chance, issued = life.chance, life.turns[-1]
    is_careful = chance.random() < 0.5
    sessions = []
    for n in range(chance.choice((0, 1, 1, 1, 2, 2, 3))):
        start = issued - 5 * DAY_S + n * 7200 + life.jitter()
        end = chance.choice((start + 1800, start + 1800, start, None))
        peak = chance.choice((start + 900, start + 900, None)) if end != start else None
        row = {
            "session_id": f"{report['report_no']}-S{n}",
            "agency_id": chance.choice((report["agency_id"],) * 4 + (f"B{report['report_no'][1:].split('-')[0]}",)),
            "kind": chance.choice(("test", "onsite", "test", "onsite", "test", "onsite", "reception")),
            "report_no": chance.choice((report["report_no"],) * 8 + (None, chance.choice(numbers))),
            "method": chance.choice(("kentledge", "self_balanced", "anchor_pile", None)),
            "room_id": chance.choice((f"R{report['report_no'][1:].split('-')[0]}", None)),
            "pile_no": chance.choice(("1#", "1#", "2#", None)),
            "started_at": life.text(start),
            "ended_at": None if end is None else life.text(end),
            "peak_at": None if peak is None else life.text(peak),
        }
        life.turns.append(start)
        sessions.append(Session(row, start, end, peak, _stages(rows, life, row, start)))
        rows["sessions"].append(row)
    return Work(life, report, issued, sessions, is_careful)


def _stages(rows: Rows, life: Chronicle, session: dict[str, Any], start: float) -> list[tuple[str, float, float]]:
    chance, stages = life.chance, []
    for n in range(chance.choice((0, 2, 3, 4))):
        begun = start + 600 * n
        stages.append((chance.choice(("load", "unload")) if n else "load", begun, begun + chance.choice((0, 30, 700))))
    for n, (direction, begun, done) in enumerate(stages):
        rows["load_stages"].append({
            "session_id": session["session_id"], "stage_no": n + 1, "direction": direction,
            "started_at": life.text(begun), "completed_at": life.text(done),
        })  # fmt: skip
    return stages


def _confused(
    chance: Random, image: dict[str, Any], images: list[dict[str, Any]], numbers: list[str]
) -> dict[str, Any]:
    """Now and then filed under another report, given to another's session, or with another's hash."""
    other, report_no = chance.choice(images), chance.choice(numbers)
    if image["session_id"] and chance.random() < 0.06:
        return image | {"report_no": report_no}
    if chance.random() > 0.1:
        return image
    return image | chance.choice((
        {"report_no": report_no}, {"session_id": other["session_id"]}, {"sha256": other["sha256"]},
        {"sha256": (other["sha256"] or "f" * 64).upper()},
    ))  # fmt: skip


def _reviews(life: Chronicle, report: dict[str, Any], images: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """About the end of the last capture, the issue, or what was captured before the last."""
    chance = life.chance
    origin = ms(life.origin.isoformat())
    ends = [ms(i["ended_at"] or i["started_at"]) for i in images] + [ms(i["started_at"]) for i in images]
    turns = sorted(ends)[-2:] + [ms(report["issued_at"])] * 2
    return [
        {
            "report_no": report["report_no"],
            "person": chance.choice(("张示例", "李示例")),
            "role": chance.choice(("reviewer", "approver")),
            "reviewed_at": life.text((chance.choice(turns) + chance.choice((0, 0, -1, 1)) - origin) / 1000),
        }
        for _ in range(chance.choice((0, 1, 1, 1, 2)))
    ]


def _exemptions(life: Chronicle, city: str, is_away: bool) -> list[dict[str, Any]]:
    number = life.chance.choice((1, 1, 2, 3) if is_away else (0, 1, 2, 3))
    drawn = [_exemption(life, city, f"X{city}-{n}") for n in range(number)]
    whole = {"from_at": life.text(-9 * DAY_S), "to_at": life.text(9 * DAY_S)}
    return [x | {"scope_type": "agency", "scope_id": f"A{city}"} | whole for x in drawn] if is_away else drawn


def _exemption(life: Chronicle, city: str, exemption_id: str) -> dict[str, Any]:
    """About an issue or the start of a session; the agency's counts, and no other place."""
    chance = life.chance
    turn = chance.choice(life.turns)
    start, end = chance.choice((
        (turn, turn + 300), (turn, turn + 0.001), (turn - 900, turn), (turn, turn), (turn + 0.001, turn + 9),
        (turn - 7 * DAY_S, turn + DAY_S), life.reach, (-9 * DAY_S, 5 * DAY_S),
    ))  # fmt: skip
    scope_type, scope_id = chance.choice((
        ("agency", f"A{city}"), ("agency", f"A{city}"), ("agency", f"A{city}"), ("agency", f"B{city}"),
        ("premises", f"P{city}"), ("room", f"R{city}"),
    ))  # fmt: skip
    return {
        "exemption_id": exemption_id,
        "scope_type": scope_type,
        "scope_id": scope_id,
        "from_at": life.text(start),
        "to_at": life.text(end),
        "reason": "停电",
        "document_no": "示例1",
        "approved_by": "张示例",
        "entered_at": life.text(chance.choice((-DAY_S, -DAY_S, 10 * DAY_S, 50 * DAY_S))),
    }
