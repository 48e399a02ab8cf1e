"""The oracle of sessions on examples worked out by hand: who checks the second judge."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.oracle import RULES, expected
from tests.rules.oracle.city import Rows


def at(clock: str) -> str:
    return f"2026-10-05T{clock}"


def session(start: str, end: str | None, **more: Any) -> dict[str, Any]:
    ends = at(end) if end else None
    named = {"session_id": "S", "agency_id": "A", "kind": "test", "room_id": "R", "device_id": "D"}
    return named | {"started_at": at(start), "ended_at": ends} | more


def camera(camera_id: str, view: str, **more: Any) -> dict[str, Any]:
    own = {"camera_id": camera_id, "view": view, "room_id": "R", "mount": "fixed", "covers": "D"}
    return own | {"duty_from": "2026-09-01T00:00:00"} | more


def near(**more: Any) -> dict[str, Any]:
    return camera("N", "near", **more)


def answer(camera_id: str, *spans: tuple[str, str], about: tuple[str, str] = ("00:00:00", "23:59:59")) -> Rows:
    """All asked when the day is over."""
    key = {"poll_id": "p", "camera_id": camera_id}
    poll = key | {"asked_at": "2026-10-06T01:00:00", "covers_from": at(about[0]), "covers_to": at(about[1])}
    footage = [key | {"started_at": at(s), "ended_at": at(e)} for s, e in spans]
    return {"polls": [poll | {"outcome": "ok", "complete": "yes"}], "footage": footage}


def exempted(start: str, end: str, scope_type: str = "agency", scope_id: str = "A") -> Rows:
    scope = {"scope_type": scope_type, "scope_id": scope_id}
    return {"exemptions": [scope | {"from_at": at(start), "to_at": at(end), "entered_at": at("00:00:00")}]}


def of(*facts: Rows, **tables: list[dict[str, Any]]) -> Rows:
    rows: Rows = {
        "agencies": [{"agency_id": "A", "name": "示例"}, {"agency_id": "B", "name": "示例"}],
        "premises": [{"premises_id": "P", "agency_id": "A"}],
        "rooms": [{"room_id": "R", "premises_id": "P", "kind": "test_room", "in_use_from": "2026-09-01"}],
        "devices": [{"device_id": "D", "room_id": "R", "produces_test_result": "yes", "in_use_from": "2026-09-01"}],
    }  # fmt: skip
    for more in (*facts, tables):
        for table, lines in more.items():
            rows[table] = rows.get(table, []) + lines
    return rows


def says(rule: str, rows: Rows, month: str = "2026-10") -> list[tuple[str, str]]:
    found = expected(RULES[rule], rows, month=month, now="2026-10-07T00:00:00")
    return [(row.outcome, row.measured) for row in found]


NEAR, OTHER = camera("N", "near"), camera("M", "near")
UNSEEN = answer("F")
LEAVING = OTHER | {"duty_to": at("08:10:00")}
BOTH = [NEAR, camera("F", "far")]
WHOLE = ("07:00:00", "12:00:00")
HELD = answer("N", WHOLE)
HOURS = "08:00:00", "09:00:00"
AWAY, CAMERA_AWAY = exempted(*HOURS), exempted(*HOURS, "camera", "N")
HOUR = session(*HOURS)
NO_DEVICE, NAMING, FOREIGN = HOUR | {"device_id": None}, HOUR | {"camera_ids": "N"}, HOUR | {"agency_id": "B"}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        (of(sessions=[HOUR]), ("fail", "3600")),
        (of(sessions=[session("08:00:00", None)], cameras=[NEAR]), ("unknown", "")),
        (of(sessions=[session("08:00:00", "08:00:00")]), ("pass", "0")),
        (of(sessions=[HOUR], cameras=[NEAR]), ("unknown", "0")),
        (of(HELD, sessions=[HOUR], cameras=[NEAR]), ("pass", "0")),
        (of(HELD, sessions=[HOUR], cameras=[near(covers="")]), ("fail", "3600")),
        (of(HELD, sessions=[NO_DEVICE], cameras=[near(covers="")]), ("pass", "0")),
        (of(HELD, sessions=[NAMING], cameras=[near(room_id=None)]), ("pass", "0")),
        (of(HELD, sessions=[NAMING], cameras=[camera("N", "far")]), ("fail", "3600")),
        (of(answer("N", ("07:00:00", "08:59:55")), sessions=[HOUR], cameras=[NEAR]), ("pass", "0")),
        (of(answer("N", ("07:00:00", "08:59:54.999")), sessions=[HOUR], cameras=[NEAR]), ("fail", "5.001")),
        (of(HELD, sessions=[HOUR], cameras=[near(duty_from=at("08:30:00"))]), ("fail", "1800")),
        (of(HELD, sessions=[HOUR], cameras=[near(duty_from=at("09:00:00"))]), ("fail", "3600")),
        (of(answer("N", about=("07:00:00", "08:00:05.001")), sessions=[HOUR], cameras=[NEAR]), ("fail", "5.001")),
        (of(answer("N", about=("07:00:00", "08:00:05")), sessions=[HOUR], cameras=[NEAR]), ("unknown", "5")),
        (of(HELD, sessions=[HOUR], cameras=[NEAR, OTHER]), ("pass", "0")),
        (of(answer("N"), sessions=[HOUR], cameras=[NEAR, OTHER]), ("unknown", "0")),
        (of(answer("N"), sessions=[HOUR], cameras=[NEAR, LEAVING]), ("fail", "3000")),
        (of(AWAY, sessions=[HOUR]), ("excused", "0")),
        (of(exempted("08:00:00", "08:59:59.999"), sessions=[HOUR]), ("fail", "0.001")),
        (of(exempted(*HOURS, "agency", "B"), sessions=[HOUR]), ("fail", "3600")),
        (of(exempted(*HOURS, "premises", "P"), sessions=[FOREIGN]), ("excused", "0")),
        (of(AWAY, sessions=[FOREIGN]), ("fail", "3600")),
        (of(CAMERA_AWAY, answer("N"), sessions=[HOUR], cameras=[NEAR]), ("fail", "3600")),
    ],
)  # fmt: skip
def test_near_during_session_by_hand(rows: Rows, verdict: tuple[str, str]) -> None:
    assert says("near_during_session", rows) == [verdict]


@pytest.mark.parametrize(
    ("rows", "verdicts"),
    [
        (of(HELD, sessions=[HOUR], cameras=[NEAR]), []),
        (of(answer("N"), answer("F", WHOLE), sessions=[HOUR], cameras=BOTH), []),
        (of(HELD, answer("F", WHOLE), sessions=[HOUR], cameras=BOTH), [("pass", "0")]),
        (of(HELD, answer("F"), sessions=[HOUR], cameras=BOTH), [("fail", "3600")]),
        (of(answer("N", ("07:00:00", "08:00:05")), answer("F"), sessions=[HOUR], cameras=BOTH), [("pass", "0")]),
        (of(answer("N", ("07:00:00", "08:00:05.001")), UNSEEN, sessions=[HOUR], cameras=BOTH), [("fail", "5.001")]),
        (of(HELD, sessions=[HOUR], cameras=BOTH), [("unknown", "0")]),
        (of(HELD, answer("F"), AWAY, sessions=[HOUR], cameras=BOTH), [("excused", "0")]),
    ],
)  # fmt: skip
def test_far_near_sync_by_hand(rows: Rows, verdicts: list[tuple[str, str]]) -> None:
    assert says("far_near_sync", rows) == verdicts


@pytest.mark.parametrize(
    ("sessions", "verdicts"),
    [
        ([HOUR], [("pass", "1")]),
        ([HOUR, session("09:00:00", "10:00:00", session_id="T")], [("pass", "1")] * 2),
        ([HOUR, session("08:59:59.999", "10:00:00", session_id="T")], [("suspect", "2")] * 2),
        ([HOUR, session("08:59:59.999", "10:00:00", session_id="T", agency_id="B")], [("suspect", "2")] * 2),
        ([HOUR, session("08:30:00", "10:00:00", session_id="T", kind="reception")], [("pass", "1")]),
        ([HOUR, session("08:59:59.999", None, session_id="T")], [("suspect", "2")] * 2),
        ([HOUR, session("09:00:00", None, session_id="T")], [("pass", "1"), ("unknown", "1")]),
        ([HOUR, session("08:30:00", "08:30:00", session_id="T")], [("pass", "1"), ("pass", "0")]),
    ],
)
def test_device_overlap_by_hand(sessions: list[dict[str, Any]], verdicts: list[tuple[str, str]]) -> None:
    assert says("device_overlap", of(sessions=sessions)) == verdicts
