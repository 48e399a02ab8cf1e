"""One agency whose month can be counted by hand, as rows of a bundle. Beijing time.

Two far cameras in one room, on duty for three days of October 2026: the first lacks two hours of the 2nd, the second
could not be asked about the 3rd.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.bundle import take_in
from data.periods import parse_instant
from data.store import Store
from rules.cases import write_bundle

MONTH = "2026-10"
NOW = "2026-11-02T08:00:00+08:00"
DAYS = ("01", "02", "03")
HOLE = ("2026-10-02T03:00:00+08:00", "2026-10-02T05:00:00+08:00")

Rows = dict[str, list[dict[str, Any]]]


def rows(name: str = "江西示例检测有限公司") -> Rows:
    """The bundle; `name` is the agency's."""
    duty = {"duty_from": "2026-10-01T00:00:00+08:00", "duty_to": "2026-10-04T00:00:00+08:00"}
    place = {"room_id": "0012", "recorder_id": "N1", "view": "far", "mount": "fixed", "position": "inside"}
    return {
        "agencies": [{"agency_id": "007", "name": name, "district_code": "360104", "is_fictional": "yes"}],
        "premises": [{"premises_id": "P1", "agency_id": "007", "name": "本部", "kind": "main"}],
        "rooms": [
            {"room_id": "0012", "premises_id": "P1", "name": "力学室", "kind": "test_room", "in_use_from": "2026-01-01"}
        ],
        "recorders": [{"recorder_id": "N1", "premises_id": "P1", "protocol": "isapi", "address": "http://127.0.0.1:9"}],
        "cameras": [
            {"camera_id": camera, "channel": channel, **place, **duty}
            for camera, channel in (("C1", "01"), ("C2", "02"))
        ],
        "polls": [_poll(camera, day) for camera in ("C1", "C2") for day in DAYS],
        "footage": [span for camera in ("C1", "C2") for day in DAYS for span in _spans(camera, day)],
    }


def late_answer() -> Rows:
    """A second bundle: on 5 November somebody at last asks about C2's third day, and it is all there."""
    poll = _poll("C2", "03") | {
        "poll_id": "late",
        "asked_at": "2026-11-05T09:00:00+08:00",
        "outcome": "ok",
        "complete": "yes",
    }
    return {
        "agencies": rows()["agencies"],
        "polls": [poll],
        "footage": [{"poll_id": "late", "camera_id": "C2", "started_at": _day("03"), "ended_at": _day("04")}],
    }


def bundle(folder: Path, content: Rows | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_bundle(folder, rows() if content is None else content)
    return folder


def put(store: Store, folder: Path, content: Rows | None = None, *, at: str | None = None) -> None:
    """Take rows into a store, as known from `at`, or from when each was learnt."""
    take_in(store, bundle(folder, content), taken_in_at=parse_instant(at) if at else None)


def _day(day: str) -> str:
    return f"2026-10-{day}T00:00:00+08:00"


def _poll(camera: str, day: str) -> dict[str, Any]:
    answered = (camera, day) != ("C2", "03")
    return {
        "poll_id": f"{camera}-{day}", "camera_id": camera, "asked_at": f"2026-10-{int(day) + 1:02d}T01:00:00+08:00",
        "covers_from": _day(day), "covers_to": _day(f"{int(day) + 1:02d}"),
        "outcome": "ok" if answered else "unreachable", "complete": "yes" if answered else "no",
        "clock_offset_ms": 0 if answered else "",
    }  # fmt: skip


def _spans(camera: str, day: str) -> list[dict[str, Any]]:
    if (camera, day) == ("C2", "03"):
        return []
    edges = [_day(day), *(HOLE if (camera, day) == ("C1", "02") else ()), _day(f"{int(day) + 1:02d}")]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [{"poll_id": f"{camera}-{day}", "camera_id": camera, "started_at": a, "ended_at": b} for a, b in pairs]
