"""The oracle of key images on examples worked out by hand: who checks the second judge."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.oracle import RULES, expected
from tests.rules.oracle.city import Rows

Fact = dict[str, Any]
ISSUED = "2026-10-10T10:00:00"


def at(clock: str) -> str:
    return f"2026-10-05T{clock}"


def clip(role: str, start: str, end: str | None, **more: Any) -> Fact:
    ends = at(end) if end else None
    return {"report_no": "T", "role": role, "media": "clip", "started_at": at(start), "ended_at": ends} | more


def photo(role: str, **more: Any) -> Fact:
    return {"report_no": "T", "role": role, "media": "photo", "started_at": at("08:00:00")} | more


def session(**more: Any) -> Fact:
    named = {"session_id": "S", "agency_id": "A", "kind": "test", "report_no": "T"}
    return named | {"started_at": at("08:00:00"), "ended_at": at("09:00:00")} | more


def stage(direction: str, start: str, end: str, number: int = 1) -> Fact:
    times = {"started_at": at(start), "completed_at": at(end)}
    return {"session_id": "S", "stage_no": number, "direction": direction} | times


def exempt(start: str, end: str) -> Fact:
    return {"scope_type": "agency", "scope_id": "A", "from_at": start, "to_at": end, "entered_at": at("00:00:00")}


def says(rule: str, test_item: str, method: str | None = None, now: str = "2026-11-02T00:00:00", **tables: Any) -> Any:
    """Outcome, measured and required of report T; None when there is no verdict."""
    issued = tables.pop("issued", ISSUED)
    report = {"report_no": "T", "agency_id": "A", "test_item": test_item, "method": method, "issued_at": issued}
    rows: Rows = {"reports": [report], **tables}
    found = expected(RULES[rule], rows, month=issued[:7], now=now)
    return tuple(found[0][3:6]) if found else None


AT_ISSUE = exempt(ISSUED, "2026-10-10T10:00:00.001")
BEFORE_ISSUE = exempt(at("00:00:00"), ISSUED)
AT_START = exempt(at("08:00:00"), at("08:00:00.001"))
PEAK = session(peak_at=at("08:10:00"))
OPEN = session(ended_at=None)


@pytest.mark.parametrize(
    ("images", "sessions", "exemptions", "verdict"),
    [
        ([clip("failure", "08:10:00", "08:10:00.001")], [PEAK], [], ("pass", "1", "1")),
        ([clip("failure", "08:10:00", "08:10:00")], [PEAK], [], ("fail", "0", "1")),
        ([clip("failure", "08:09:00", "08:10:00")], [PEAK], [], ("fail", "0", "1")),
        ([clip("failure", "08:10:00.001", "08:11:00")], [PEAK], [], ("fail", "0", "1")),
        ([clip("failure", "08:10:00", None)], [PEAK], [], ("fail", "0", "1")),
        ([clip("unload", "08:09:00", "08:11:00")], [PEAK], [], ("fail", "0", "1")),
        ([clip("failure", "08:09:00", "08:11:00", session_id="U")], [PEAK], [], ("fail", "0", "1")),
        ([clip("failure", "08:09:00", "08:11:00", session_id="S", report_no="U")], [PEAK], [], ("pass", "1", "1")),
        ([clip("failure", "07:00:00", "08:00:00")], [session()], [], ("fail", "0", "1")),
        ([clip("failure", "07:00:00", "08:00:00.001")], [session()], [], ("pass", "1", "1")),
        ([clip("failure", "09:00:00", "09:10:00")], [session()], [], ("fail", "0", "1")),
        ([clip("failure", "19:00:00", "19:10:00")], [OPEN], [], ("pass", "1", "1")),
        ([clip("failure", "08:00:00", "08:10:00")], [session(ended_at=at("08:00:00"))], [], ("fail", "0", "1")),
        ([clip("failure", "08:00:00", "08:10:00")], [session(kind="reception")], [], ("suspect", "0", "0")),
        ([], [], [], ("fail", "0", "0")),
        ([], [], [AT_ISSUE], ("excused", "0", "0")),
        ([], [PEAK], [AT_ISSUE], ("fail", "0", "1")),
        ([], [PEAK], [AT_START], ("excused", "0", "0")),
        ([], [PEAK], [exempt(at("07:00:00"), at("08:00:00"))], ("fail", "0", "1")),
        ([], [PEAK, session(session_id="R", started_at=at("12:00:00"))], [AT_START], ("fail", "0", "1")),
    ],
)
def test_clips_of_rebar(images: list[Fact], sessions: list[Fact], exemptions: list[Fact], verdict: Any) -> None:
    given: dict[str, Any] = {"key_images": images, "sessions": sessions, "exemptions": exemptions}
    assert says("key_clip_rebar", "REBAR_TENSILE", **given) == verdict


@pytest.mark.parametrize(
    ("images", "sessions", "verdict"),
    [
        ([clip("failure", "08:00:00", "08:00:20")], [OPEN], ("pass", "1", "1")),
        ([clip("failure", "08:00:00", "08:00:19.999")], [OPEN], ("suspect", "1", "1")),
        (
            [clip("failure", "08:00:00", "08:00:01"), clip("failure", "08:00:00", "08:00:20")],
            [OPEN],
            ("pass", "1", "1"),
        ),
        ([clip("failure", "08:00:00", "08:00:01")], [OPEN, session(started_at=at("08:30:00"))], ("fail", "1", "2")),
    ],
)
def test_clips_of_cubes(images: list[Fact], sessions: list[Fact], verdict: Any) -> None:
    assert says("key_clip_cube", "CUBE_COMP", key_images=images, sessions=sessions) == verdict


UNLOADED = [stage("unload", "08:10:00", "08:20:00"), stage("unload", "08:15:00", "08:30:00", 2)]


@pytest.mark.parametrize(
    ("images", "method", "stages", "verdict"),
    [
        ([clip("unload", "08:29:00", "08:30:00")], "kentledge", UNLOADED, ("pass", "1", "1")),
        ([clip("unload", "08:29:00.001", "08:30:00")], "kentledge", UNLOADED, ("fail", "0", "1")),
        ([clip("unload", "08:29:00", "08:29:59.999")], "self_balanced", UNLOADED, ("fail", "0", "1")),
        ([clip("unload", "08:29:00", "08:30:00")], None, UNLOADED, ("pass", "1", "1")),
        ([], "anchor_pile", UNLOADED, None),
        ([clip("unload", "08:00:00", "08:01:00")], "kentledge", [], ("suspect", "0", "0")),
        ([clip("unload", "08:00:00", "08:00:59.999")], "kentledge", [], ("fail", "0", "0")),
    ],
)
def test_clips_of_unloading(images: list[Fact], method: str | None, stages: list[Fact], verdict: Any) -> None:
    """Where the report names no method, the smallest of its sessions' counts."""
    sessions = [session(method="self_balanced"), session(session_id="R", method=None)]
    given: dict[str, Any] = {"key_images": images, "sessions": sessions, "load_stages": stages}
    assert says("pile_unload_clip", "PILE_COMP", method, **given) == verdict


@pytest.mark.parametrize(
    ("begun", "pile_no", "exemptions", "verdict"),
    [
        ("08:00:00.001", "1#", [], ("pass", "4", "4")),
        ("08:00:00", "1#", [], ("fail", "0", "4")),
        ("08:00:00", None, [], ("fail", "0", "4")),
        ("08:00:00", "2#", [], ("pass", "4", "4")),
        ("08:00:00", "1#", [AT_ISSUE], ("excused", "0", "4")),
        ("08:00:00", "1#", [BEFORE_ISSUE], ("fail", "0", "4")),
    ],
)
def test_photos_of_the_stack(begun: str, pile_no: str | None, exemptions: list[Fact], verdict: Any) -> None:
    sides = [photo("stack_side", pile_no="1#", side=side, sha256=side) for side in "NESW"]
    given: dict[str, Any] = {"key_images": sides, "sessions": [session(pile_no=pile_no)], "exemptions": exemptions}
    assert (
        says("pile_stack_photos", "PILE_UPLIFT", "kentledge", load_stages=[stage("load", begun, begun)], **given)
        == verdict
    )


@pytest.mark.parametrize(
    ("rule", "test_item", "image", "issued", "outcome"),
    [
        ("key_image_term", "WALL_CORE", {"keep_until": "2031-10-10"}, ISSUED, "pass"),
        ("key_image_term", "WALL_CORE", {"keep_until": "2031-10-09"}, ISSUED, "fail"),
        ("key_image_term", "PILE_CORE", {"keep_until": "2046-10-10"}, ISSUED, "pass"),
        ("key_image_term", "PILE_CORE", {"keep_until": "2046-10-09"}, ISSUED, "suspect"),
        ("key_image_term", "PILE_CORE", {"keep_until": "2031-10-09"}, ISSUED, "fail"),
        ("key_image_term", "PILE_CORE", {}, ISSUED, "unknown"),
        ("key_image_term", "ROAD_CORE", {"keep_until": "2029-02-28"}, "2024-02-29T10:00:00", "pass"),
        ("key_image_term", "ROAD_CORE", {"keep_until": "2029-02-27"}, "2024-02-29T10:00:00", "fail"),
        ("key_images_stored_in_time", "WALL_CORE", {"stored_at": ISSUED}, ISSUED, "pass"),
        ("key_images_stored_in_time", "WALL_CORE", {"stored_at": ISSUED + ".001"}, ISSUED, "fail"),
        ("key_images_stored_in_time", "WALL_CORE", {}, ISSUED, "unknown"),
    ],
)
def test_what_becomes_of_an_image(rule: str, test_item: str, image: Fact, issued: str, outcome: str) -> None:
    assert says(rule, test_item, issued=issued, key_images=[photo("core", **image)]) == (outcome, "", "")


@pytest.mark.parametrize(
    ("reviewed_at", "outcome"),
    [(ISSUED, "pass"), (ISSUED + ".001", "fail"), (at("08:00:00"), "pass"), (at("07:59:59.999"), "fail")],
)
def test_reviews(reviewed_at: str, outcome: str) -> None:
    review = {"report_no": "T", "reviewed_at": reviewed_at}
    assert says("key_images_reviewed", "ROAD_CORE", key_images=[photo("core")], image_reviews=[review])[0] == outcome


def test_a_report_is_judged_a_day_after_its_issue() -> None:
    assert says("wall_core_photos", "WALL_CORE", now="2026-10-11T10:00:00") == ("fail", "0", "2")
    assert says("wall_core_photos", "WALL_CORE", now="2026-10-11T09:59:59.999") is None
