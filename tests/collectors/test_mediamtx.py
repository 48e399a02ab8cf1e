"""What a MediaMTX answer is worth; shapes seen on a real v1.20.1."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from collectors.answers import Span
from collectors.protocols import load, mediamtx
from collectors.protocols.mediamtx.pieces import MAX_QUESTIONS
from collectors.simulator.http import Request, Response
from collectors.simulator.mediamtx import end
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from tests.collectors.mediamtx_lab import (
    EMPTY_DAY,
    HOUR,
    JSON,
    MORNING,
    NOW,
    SECRET,
    footage,
    listing,
    open_,
    recorder,
)


def test_is_found_by_its_name() -> None:
    assert load("mediamtx").footage is mediamtx.footage


def test_the_last_minute_is_not_spoken_about() -> None:
    (answer,) = footage(recorder(), (NOW - HOUR, NOW))
    assert answer.covers_to == NOW - timedelta(seconds=60)
    assert footage(recorder(), (NOW - timedelta(seconds=50), NOW)) == []


def test_a_file_just_opened_would_make_the_listing_fail() -> None:
    writing = SimulatedChannel("lane1", ((NOW - HOUR, NOW + HOUR),))
    recorder = SimulatedRecorder("R1", "mediamtx", SECRET, {"lane1": writing})
    device, adapter = open_(end(recorder, lambda: NOW + timedelta(milliseconds=300)))
    (answer,) = mediamtx.footage(device, "lane1", NOW - HOUR, NOW)
    assert answer.complete
    assert adapter.asked[-1].query["end"] == "2026-09-30T11:58:59.999999Z"
    assert device.get("/list?path=lane1").status == 500


@pytest.mark.parametrize("fault", ["api_closed", "api_gone", "record_off"])
def test_an_empty_listing_is_worth_what_the_configuration_says(fault: str) -> None:
    assert all(answer.complete for answer in footage(recorder(), EMPTY_DAY))
    answers = footage(recorder(fault), EMPTY_DAY)
    assert answers
    assert all(answer.outcome == "ok" and not answer.complete and answer.reason for answer in answers)
    (listed,) = footage(recorder(fault), MORNING)
    assert listed.complete
    assert listed.spans == (Span(*MORNING),)


def test_a_camera_never_recorded_is_missing_only_where_recording_is_configured() -> None:
    assert all(answer.complete for answer in footage(recorder(), MORNING, "idle"))
    (unknown,) = footage(recorder("api_closed"), MORNING, "idle")
    assert not unknown.complete


def test_an_offline_path_under_a_pattern_is_known_by_its_recordings() -> None:
    assert all(answer.complete for answer in footage(recorder("pattern"), EMPTY_DAY))
    assert not any(answer.complete for answer in footage(recorder("pattern"), EMPTY_DAY, "lane1x"))
    assert not any(a.complete for a in footage(recorder("pattern", "record_off"), EMPTY_DAY))


def test_patterns_that_disagree_leave_an_offline_path_unknown() -> None:
    inner = end(recorder("pattern"), lambda: NOW)
    patterns = [{"name": "all_others", "record": True}, {"name": "~^lane", "record": False}]
    page = json.dumps({"pageCount": 1, "items": patterns}).encode()

    def answer(request: Request) -> Response:
        return Response(200, page, JSON) if request.path == "/v3/config/paths/list" else inner(request)

    device, _ = open_(answer)
    assert not any(a.complete for a in mediamtx.footage(device, "lane1", *EMPTY_DAY))


def test_an_unknown_channel_is_no_gap() -> None:
    (answer,) = footage(recorder(), MORNING, "lane9")
    assert (answer.outcome, answer.complete) == ("malformed", False)
    assert "'lane9' is not configured" in answer.reason


def test_a_slate_proves_nothing() -> None:
    device, adapter = open_(end(recorder("always_available"), lambda: NOW))
    (answer,) = mediamtx.footage(device, "lane1", *MORNING)
    assert (answer.spans, answer.complete) == ((), False)
    assert "alwaysAvailable" in answer.reason
    assert not [asked for asked in adapter.asked if "path" in asked.query]


def test_recordings_in_mpegts_are_said_to_be_unlistable_after_one_question() -> None:
    device, adapter = open_(end(recorder("mpegts"), lambda: NOW))
    (answer,) = mediamtx.footage(device, "lane1", *MORNING)
    assert (answer.outcome, answer.complete) == ("malformed", False)
    assert "fmp4" in answer.reason
    assert len([asked for asked in adapter.asked if "path" in asked.query]) == 1


@pytest.mark.parametrize("others", [(), ("api_closed",)])
def test_a_server_that_only_lists_short_windows_is_asked_in_short_ones(others: tuple[str, ...]) -> None:
    answers = footage(recorder("wide_500", *others, max_hours="2"), MORNING)
    assert [(a.complete, a.spans) for a in answers] == [(True, (Span(*MORNING),))]


def test_a_server_too_slow_for_a_day_is_asked_for_hours() -> None:
    inner = end(recorder(), lambda: NOW)

    def slow(request: Request) -> Response:
        query = request.query
        wide = "end" in query and query["start"][:13] < "2026-09-30T04" < query["end"][:13]
        return Response(dropped=True) if wide else inner(request)

    device, adapter = open_(slow)
    answers = list(mediamtx.footage(device, "lane1", *MORNING))
    assert all(answer.complete for answer in answers)
    assert sum((s.ended_at - s.started_at for a in answers for s in a.spans), timedelta()) == 6 * HOUR
    assert len(adapter.asked) <= 8


def test_a_wholly_unreadable_day_costs_a_bounded_number_of_questions() -> None:
    device, adapter = open_(listing({"error": "EOF"}, 500))
    answers = list(mediamtx.footage(device, "lane1", NOW - 20 * HOUR, NOW - 2 * HOUR))
    assert all(answer.outcome == "malformed" and not answer.complete for answer in answers)
    assert len(adapter.asked) <= MAX_QUESTIONS + 4


def test_a_last_file_that_is_damaged_costs_one_question_when_the_starts_are_known() -> None:
    broken_from = MORNING[1] + HOUR
    window = {"from": broken_from.isoformat(), "to": (broken_from + HOUR).isoformat()}
    device, adapter = open_(end(recorder("bad_window", **window), lambda: NOW))
    (answer,) = mediamtx.footage(device, "lane1", broken_from, NOW - HOUR)
    assert answer.outcome == "malformed"
    assert len([asked for asked in adapter.asked if "path" in asked.query]) == 1
