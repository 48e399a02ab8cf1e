"""Random cities whose edges sit where rules turn: midnights, tolerances, clock offsets, the grace, the as-of instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from random import Random
from typing import Any

from tests.rules.oracle.city import Rows, ms

SEAMS_S = (0, 1, 2, 3, 4, 5, 6, 7, 25, 30, 31, 49, 54, 55, 56, 58, 59, 60, 61, 62, -90)
OFFSETS_S = (0, 0, 0, -7, 40, 28_800, -86_400)
MONTH_EDGES = ("2026-09-30", "2026-10-30", "2026-02-27", "2028-02-28", "2026-12-30")
DAY_S = 86_400
SPAN_DAYS = 3
GRACE_S = 21_600


def text(origin: datetime, at_s: float) -> str:
    """Local time without an offset, to the millisecond where there is one."""
    at = origin + timedelta(milliseconds=round(at_s * 1000))
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


@dataclass(frozen=True)
class Scene:
    """One bundle with the instants it is judged at."""

    rows: Rows
    month: str
    now: str
    as_of: str | None


class Chronicle:
    """Draws one camera's life; all instants are seconds since local midnight of the first day."""

    def __init__(self, chance: Random, origin: datetime, *, fine: bool) -> None:
        """`fine`: to the millisecond instead of the second."""
        self.chance = chance
        self.origin = origin
        self.fine = fine

    def text(self, at_s: float) -> str:
        return text(self.origin, at_s)

    def instant(self) -> int:
        """A whole second near a midnight, on an hour, or anywhere."""
        chance = self.chance
        near = chance.choice((0, 0, 1, -1, 4, 5, 6, -5, -6, 59, 60, 61, -60, -61))
        anywhere = chance.randint(-DAY_S // 2, SPAN_DAYS * DAY_S + DAY_S // 2)
        return chance.choice(
            (chance.randint(0, SPAN_DAYS) * DAY_S + near, chance.randint(0, SPAN_DAYS * 24) * 3600, anywhere)
        )

    def span(self) -> tuple[int, int]:
        one, other = self.instant(), self.instant()
        return min(one, other), max(one, other)

    def window(self) -> tuple[float, float]:
        """A span whose edges are finer than a file's: only seams between files may vanish below a second."""
        start, end = self.span()
        jitter = self.chance.choice((0, 0.001, 0.5, 0.999)) if self.fine else 0
        return start + jitter, end + jitter

    def duty(self) -> tuple[float, float | None]:
        start, end = self.chance.choice(((-DAY_S, SPAN_DAYS * DAY_S), (0, DAY_S), self.window(), self.window()))
        return start, None if self.chance.random() < 0.05 else end

    def poll(self, camera_id: str, poll_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        chance = self.chance
        covers = self.window() if chance.random() < 0.5 else (-DAY_S, SPAN_DAYS * DAY_S)
        asked = chance.choice((covers[1], covers[1] + 1, covers[1] + 7200, self.instant(), SPAN_DAYS * DAY_S))
        offset = chance.choice(OFFSETS_S) if chance.random() < 0.9 else None
        outcome = chance.choice(("ok",) * 8 + ("unreachable", "malformed"))
        row = {
            "poll_id": poll_id,
            "camera_id": camera_id,
            "asked_at": self.text(asked),
            "covers_from": self.text(covers[0]),
            "covers_to": self.text(covers[1]),
            "outcome": outcome,
            "complete": chance.choice(("yes",) * 8 + ("no",)),
            "clock_offset_ms": None if offset is None else offset * 1000,
        }
        spans = chance.choice((self.chain, self.chain, self.scattered))(*covers)
        return row, [
            {
                "poll_id": poll_id,
                "camera_id": camera_id,
                "started_at": self.text(s + (offset or 0)),
                "ended_at": self.text(e + (offset or 0)),
            }
            for s, e in spans
        ]

    def chain(self, start: float, end: float) -> list[tuple[float, float]]:
        """Files one after the other over the window, with seams about the tolerances, in any order."""
        chance = self.chance
        cuts = sorted(self.instant() for _ in range(chance.randint(0, 5)))
        at, spans = floor(start) - chance.choice((0, 0, 3, 600)), list[tuple[float, float]]()
        for cut in (c for c in cuts if start < c < end):
            spans.append((at, max(at, cut)))
            at = cut + self._seam()
        spans.append((at, max(at, floor(end) + chance.choice((0, 0, -3, -61, 600)))))
        chance.shuffle(spans)
        return spans

    def _seam(self) -> float:
        """Whole tolerances, and when fine a millisecond to either side; never one of less than a second."""
        seam = self.chance.choice(SEAMS_S)
        return seam + self.chance.choice((0, 0.001, -0.001)) if self.fine and seam > 1 else seam

    def scattered(self, start: float, end: float) -> list[tuple[float, float]]:
        spans: list[tuple[float, float]] = [self.span() for _ in range(self.chance.randint(0, 4))]
        return [*spans, (floor(start), floor(start))] if self.chance.random() < 0.3 else spans


def scene(seeds: list[int], *, fine: bool = False) -> Scene:
    """One bundle: the first seed draws the registry, exemptions and instants, each other one camera's life."""
    chance = Random(seeds[0])
    origin = datetime.fromisoformat(chance.choice(MONTH_EDGES))
    life = Chronicle(chance, origin, fine=fine)
    rows = registry(chance, origin)
    for number, seed in enumerate(seeds[1:]):
        _add_camera(rows, Chronicle(Random(seed), origin, fine=fine), f"C{number:02d}")
    rows["exemptions"] = [_exemption(life, rows, f"X{n}") for n in range(chance.choice((0, 0, 1, 2, 3)))]
    month = (origin + timedelta(days=chance.randint(0, SPAN_DAYS))).strftime("%Y-%m")
    now_s = chance.choice(
        [chance.randint(0, SPAN_DAYS) * DAY_S + GRACE_S + d for d in (-1, 0, 1)] + [40 * DAY_S] * 3
    )
    asked = [ms(p["asked_at"]) for p in rows["polls"]]
    as_of_ms = chance.choice(asked) + chance.choice((-1, 0, 1)) if asked and chance.random() < 0.4 else None
    as_of = None if as_of_ms is None else text(datetime(1970, 1, 1), as_of_ms / 1000)
    return Scene(rows, month, life.text(now_s), as_of)


def registry(chance: Random, origin: datetime) -> Rows:
    """Two agencies, three premises, rooms of which some open or close within the days looked at."""
    premises = [{"premises_id": f"P{n}", "agency_id": f"A{n // 2}", "name": "示例", "kind": "main"} for n in range(3)]
    rooms = []
    for number in range(5):
        opens = origin + timedelta(days=chance.choice((-40, -40, 0, 1, 2)))
        closes = origin + timedelta(days=chance.choice((2, 3, 40)))
        rooms.append({
            "room_id": f"R{number}", "premises_id": f"P{number % 3}", "name": "示例",
            "kind": chance.choice(("test_room", "curing_room", "sample_reception")),
            "disciplines": chance.choice(("", "rebar_mechanics", "soil concrete_mechanics", "soil")),
            "in_use_from": str(opens.date()),
            "in_use_to": str(closes.date()) if chance.random() < 0.5 else None,
        })  # fmt: skip
    return {
        "agencies": [{"agency_id": f"A{n}", "name": "示例"} for n in range(2)],
        "premises": premises,
        "rooms": rooms,
        "recorders": [
            {"recorder_id": f"N{n}", "premises_id": f"P{n}", "protocol": "isapi", "address": "http://n.invalid"}
            for n in range(3)
        ],
        "cameras": [],
        "polls": [],
        "footage": [],
    }


def _add_camera(rows: Rows, life: Chronicle, camera_id: str) -> None:
    chance = life.chance
    room = chance.choice(rows["rooms"])
    duty = life.duty()
    rows["cameras"].append({
        "camera_id": camera_id,
        "room_id": room["room_id"] if chance.random() < 0.95 else None,
        "recorder_id": "N" + room["premises_id"][1:] if chance.random() < 0.9 else None,
        "agency_id": "A" + str(int(room["premises_id"][1:]) // 2),
        "view": chance.choice(("far",) * 9 + ("near",)),
        "mount": "fixed",
        "position": chance.choice((None, "inside", "corridor_facing_door", "corridor_facing_door")),
        "live_url": chance.choice((None, "http://relay.invalid/x", "http://relay.invalid/y")),
        "duty_from": life.text(duty[0]),
        "duty_to": None if duty[1] is None else life.text(duty[1]),
    })  # fmt: skip
    for poll_id in chance.sample(("p1", "p10", "p2", "p9", "q"), chance.choice((0, 1, 1, 2, 2, 3, 4, 5))):
        poll, footage = life.poll(camera_id, poll_id)
        rows["polls"].append(poll)
        rows["footage"] += footage


def _exemption(life: Chronicle, rows: Rows, exemption_id: str) -> dict[str, Any]:
    scope, table = life.chance.choice(
        (("agency", "agencies"), ("premises", "premises"), ("room", "rooms"), ("recorder", "recorders"),
         ("camera", "cameras"), ("camera", "cameras"))
    )  # fmt: skip
    start, end = life.window() if life.chance.random() < 0.7 else (0, DAY_S)
    return {
        "exemption_id": exemption_id,
        "scope_type": scope,
        "scope_id": life.chance.choice(rows[table])[f"{scope}_id"],
        "from_at": life.text(start),
        "to_at": life.text(end),
        "reason": "停电",
        "document_no": "示例1",
        "approved_by": "张示例",
        "entered_at": life.text(life.chance.choice((-DAY_S, -DAY_S, life.instant(), 50 * DAY_S))),
    }
