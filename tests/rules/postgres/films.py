"""What cameras answer about the sessions before them: files with a hole or none, or with very many short seams."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

from tests.rules.histories import DAY_S, SPAN_DAYS, Chronicle
from tests.rules.oracle.city import Rows

EDGES_S = (0, 0, 0, 1, -1, -5, -6, 600, 600)
HOLES_S = (0, 0, 0, 0, 1, 4, 5, 6, 7, 70, 1_000)
FAR_HOLES_S = (0, 0, 5, 6, 70, 1_000, 1_000)
STUTTERS = ((180, 400), (181, 400), (190, 400))


def film(rows: Rows, life: Chronicle, camera: dict[str, Any], sessions: list[tuple[float, float]]) -> None:
    """Answers drawn anywhere, and ones whose files are about the sessions, half of these about all there is."""
    camera_id, holes_s = camera["camera_id"], FAR_HOLES_S if camera["view"] == "far" else HOLES_S
    first, last = life.reach
    whole = {"covers_from": life.text(first), "covers_to": life.text(last), "asked_at": life.text(last + 60)}
    for poll_id in life.chance.choice(((), ("p",), ("p", "q"), ("p", "q"), ("p", "q", "r"))):
        poll, footage = life.poll(camera_id, poll_id)
        if life.chance.random() < 0.8:
            poll |= life.chance.choice(({}, whole | {"outcome": "ok", "complete": "yes"}))
            ahead = (poll["clock_offset_ms"] or 0) // 1000
            spans = [span for lasts in sessions for span in _files(life, *lasts, life.chance.choice(holes_s))]
            footage = [
                {"poll_id": poll_id, "camera_id": camera_id}
                | {"started_at": life.text(start + ahead), "ended_at": life.text(end + ahead)}
                for start, end in spans
            ]
        rows["polls"].append(poll)
        rows["footage"] += footage


def _files(life: Chronicle, start: float, end: float, hole_s: int) -> list[tuple[int, int]]:
    """Whole seconds about a session, with a hole in it or none, or nothing."""
    chance = life.chance
    first, last = floor(start) - chance.choice(EDGES_S), ceil(end) + chance.choice(EDGES_S)
    if chance.random() < 0.1 or first >= last:
        return []
    hole = chance.randint(first, last)
    return [(s, e) for s, e in ((first, hole), (hole + hole_s, last)) if s < e]


def stutter(rows: Rows, life: Chronicle, camera_id: str) -> None:
    """The newest answer lists all there is, but for many short seams within a day that add up to about 900 s."""
    number, step_s = life.chance.choice(STUTTERS)
    begins = life.chance.choice((0, 1, 2)) * DAY_S + 100
    edges = [-DAY_S, *(begins + n * step_s + late for n in range(number) for late in (0, 5)), SPAN_DAYS * DAY_S]
    key = {"poll_id": "s", "camera_id": camera_id}
    spans = {"covers_from": life.text(edges[0]), "covers_to": life.text(edges[-1])}
    asked = {"asked_at": life.text(edges[-1] + 7200), "outcome": "ok", "complete": "yes"}
    rows["polls"].append(key | spans | asked)
    rows["footage"] += [
        key | {"started_at": life.text(start), "ended_at": life.text(end)}
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
