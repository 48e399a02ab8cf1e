"""The judge against the oracle on which cameras there are, and on what they saw of sessions, on random cities."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from tests.rules.oracle import RULES
from tests.rules.oracle.picture import PICTURE_RULES
from tests.rules.oracle.rooms import ROOM_RULES
from tests.rules.oracle.sessions import SESSION_RULES
from tests.rules.scenes import Look, Scene
from tests.rules.test_oracle import UNSHRUNK, assert_agree, seeds
from tests.rules.watched import watched_scene

CITIES_PER_BUNDLE = 24
BUNDLES = 12
WATCHED_RULES = {"far_gap_budget": RULES["far_gap_budget"]} | ROOM_RULES | SESSION_RULES | PICTURE_RULES
REACHED = {
    "far_gap_budget": ("pass", "suspect", "unknown"),
    "far_camera_per_room": ("pass", "fail", "excused"),
    "far_covers_devices": ("pass", "fail", "excused"),
    "near_camera_present": ("pass", "fail", "excused"),
    "live_feed_connected": ("pass", "fail", "excused"),
    "footage_classified": ("pass", "fail", "excused"),
    "recording_plan_continuous": ("pass", "fail", "excused"),
    "near_during_session": ("pass", "fail", "unknown", "excused"),
    "far_near_sync": ("pass", "fail", "unknown", "excused"),
    "onsite_whole": ("pass", "fail", "unknown", "excused"),
    "device_overlap": ("pass", "suspect", "unknown"),
    "picture_normal": ("pass", "suspect"),
    "watermark_present": ("pass", "suspect", "unknown"),
    "osd_clock": ("pass", "suspect", "unknown"),
}


def test_cameras_devices_and_sessions_agree_to_the_millisecond_on_small_cities() -> None:
    outcomes: Counter[str] = Counter()

    @settings(max_examples=BUNDLES, deadline=None, phases=UNSHRUNK)
    @given(seeds(1 + CITIES_PER_BUNDLE))
    def agrees(drawn: list[int]) -> None:
        assert_agree(watched_scene(drawn), WATCHED_RULES, outcomes)

    agrees()
    print(f"{BUNDLES * CITIES_PER_BUNDLE} cities: {dict(sorted(outcomes.items()))}")
    missed = [f"{rule} {o}" for rule, every in REACHED.items() for o in every if not outcomes[f"{rule} {o}"]]
    assert not missed, "random cities have drifted away from these outcomes"


@pytest.mark.parametrize(("asked_from", "outcome"), [("08:00:05", "pass"), ("08:00:05.001", "unknown")])
def test_a_gap_half_known_and_half_unknown_agrees_at_the_limit(asked_from: str, outcome: str) -> None:
    """Random edges hardly ever leave exactly five seconds unknown inside a gap that is longer."""
    day, key = "2026-10-05T", {"poll_id": "p", "camera_id": "N"}
    camera = {"camera_id": "N", "view": "near", "mount": "fixed", "room_id": "R", "duty_from": "2026-09-01T00:00:00"}
    asked = {"covers_from": day + asked_from, "covers_to": day + "12:00:00", "asked_at": day + "13:00:00"}
    session = {"session_id": "S", "agency_id": "A", "kind": "test", "room_id": "R"}
    room = {"room_id": "R", "premises_id": "P", "name": "示例室", "kind": "test_room", "in_use_from": "2026-09-01"}
    rows = {
        "agencies": [{"agency_id": "A", "name": "示例"}],
        "premises": [{"premises_id": "P", "agency_id": "A", "name": "示例", "kind": "main"}],
        "rooms": [room],
        "cameras": [camera],
        "sessions": [session | {"started_at": day + "08:00:00", "ended_at": day + "09:00:00"}],
        "polls": [key | asked | {"outcome": "ok", "complete": "yes"}],
        "footage": [key | {"started_at": day + "08:00:07", "ended_at": day + "12:00:00"}],
    }
    outcomes: Counter[str] = Counter()
    look = Look("2026-10", "2026-10-07T00:00:00", None)
    assert_agree(Scene(rows, (look,)), {"near_during_session": WATCHED_RULES["near_during_session"]}, outcomes)
    assert outcomes == {f"near_during_session {outcome}": 1}
