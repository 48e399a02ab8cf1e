"""Random frames of live probes: black and frozen ones in runs, clocks about the limit, texts that tell the room."""

from __future__ import annotations

from typing import Any

from tests.rules.histories import DAY_S, SPAN_DAYS, Chronicle
from tests.rules.oracle.city import Rows

OFF_S = (0, 4.999, 5, 5, -5, 5.001, -5.001, 30)
SHAKE_S = (0, 0, 0, 0.001, -0.001, 0.002, 60)


def add_frames(rows: Rows, life: Chronicle, camera_id: str, names: list[str]) -> None:
    """The first of the names is that of the camera's room, where it has one."""
    chance = life.chance
    frames: dict[str, dict[str, Any]] = {}
    for day in chance.sample(range(SPAN_DAYS), chance.choice((1, 2))):
        starts = day * DAY_S + chance.choice((0, 0, -0.001, 3600, DAY_S - 120.001, DAY_S - 120))
        step = chance.choice((0.001, 60, 60, 1800))
        off, is_bad, is_shy = chance.choice(OFF_S), chance.choice((0, 0.4, 0.8)), chance.choice((0, 0.3, 0.9))
        texts = chance.choice(((None,), ("-",), (names[0],), (None, "-", "2026 示例"), _texts(names), _texts(names)))
        for n in range(chance.choice((1, 2, 3, 3, 4, 4, 5, 6))):
            at = starts + n * step
            clock = at + off + chance.choice(SHAKE_S) if chance.random() >= is_shy else None
            frames[life.text(at)] = {
                "camera_id": camera_id,
                "probed_at": life.text(at),
                "outcome": chance.choice(("ok",) * 12 + ("no_media", "refused", "unreachable", "not_probed")),
                "first_frame_ms": chance.choice((9_999, 10_000, 10_001, None)),
                "black": "yes" if chance.random() < is_bad / 2 else chance.choice((None, "no")),
                "frozen": "yes" if chance.random() < is_bad else chance.choice((None, "no")),
                "osd_text": chance.choice(texts),
                "osd_time": None if clock is None else life.text(clock),
            }
            life.edges.append(at)
            life.asked.append(at)
    rows["live_probes"] += frames.values()


def _texts(names: list[str]) -> tuple[str | None, ...]:
    """The room's name whole, within more, cut short, and the names of others."""
    return (None, "-", names[0], f"{names[0]} 14:00", f"CAM1{names[0]}", names[0][:-1] or "-", *names[1:])
