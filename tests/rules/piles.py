"""Random static load tests: stages, and clips that begin and end about the limits."""

from __future__ import annotations

from typing import Any

from tests.rules.histories import DAY_S, Chronicle
from tests.rules.oracle.city import Rows


def add_report(rows: Rows, life: Chronicle, agency_id: str, report_no: str) -> None:
    chance = life.chance
    issued = chance.choice(life.days) * DAY_S + chance.choice((0, -1, 1, 36_000)) + life.jitter()
    method = chance.choice(("kentledge", "kentledge", "self_balanced", "anchor_pile", None))
    rows["reports"].append({
        "report_no": report_no,
        "agency_id": agency_id,
        "test_item": chance.choice(("PILE_COMP", "PILE_UPLIFT", "PILE_LATERAL", "CUBE_COMP")),
        "method": method,
        "issued_at": life.text(issued),
    })  # fmt: skip
    whole = _clip(life, report_no, None, 1, issued - DAY_S, chance.choice((60, 59.999)))
    clips = [_flawed(life, whole, report_no)] if chance.random() < 0.2 else []
    for number in range(chance.choice((0, 1, 2, 2))):
        session_id = f"{report_no}-S{number}"
        start = issued - 5 * DAY_S + number * 7200
        rows["sessions"].append({
            "session_id": session_id,
            "agency_id": agency_id,
            "kind": chance.choice(("onsite", "onsite", "test", "reception")),
            "report_no": report_no if chance.random() < 0.9 else None,
            "method": method,
            "started_at": life.text(start),
        })  # fmt: skip
        clips += _stages(rows, life, report_no, session_id, start)
    rows["key_images"] += [c | {"image_id": f"{report_no}-K{n}"} for n, c in enumerate(clips)]


def _stages(rows: Rows, life: Chronicle, report_no: str, session_id: str, start: float) -> list[dict[str, Any]]:
    chance, clips = life.chance, list[dict[str, Any]]()
    careful = chance.random() < 0.6
    for stage_no in range(1, chance.choice((0, 1, 2, 3)) + 1):
        begins = start + stage_no * 600
        lasts = chance.choice((0, 0, 1, 30, 120))
        rows["load_stages"].append({
            "session_id": session_id,
            "stage_no": stage_no,
            "direction": chance.choice(("load", "load", "load", "unload")),
            "started_at": life.text(begins),
            "completed_at": life.text(begins + lasts),
        })  # fmt: skip
        life.turns.append(begins)
        for _ in range(1 if careful else chance.choice((0, 1, 1, 1, 2))):
            early = chance.choice((30, 30.001, 31) if careful else (30, 30, 31, 29, 29.999))
            late = chance.choice((30, 30.001, 31) if careful else (30, 30, 31, 29, 29.999, 20))
            clip = _clip(life, report_no, session_id, stage_no, begins - early, early + lasts + late)
            clips.append(_flawed(life, clip, rows["reports"][0]["report_no"]))
    return clips


def _clip(
    life: Chronicle, report_no: str, session_id: str | None, stage_no: int, at: float, length: float
) -> dict[str, Any]:
    return {
        "report_no": report_no,
        "session_id": session_id if life.chance.random() < 0.5 else None,
        "role": "load_stage",
        "media": "clip",
        "started_at": life.text(at),
        "ended_at": life.text(at + length),
        "stage_no": stage_no,
        "pile_no": "1#",
    }


def _flawed(life: Chronicle, clip: dict[str, Any], other_report_no: str) -> dict[str, Any]:
    """Now and then without one thing that makes a clip count, or filed under another session or report."""
    flaws: tuple[dict[str, Any], ...] = (
        {"role": "unload"},
        {"media": "photo"},
        {"ended_at": None},
        {"stage_no": None},
        {"stage_no": clip["stage_no"] + 1},
        {"pile_no": None},
        {"session_id": f"{clip['report_no']}-S0"} if clip["session_id"] else {"pile_no": None},
        {"report_no": other_report_no},
    )
    return clip | life.chance.choice(flaws) if life.chance.random() < 0.4 else clip
