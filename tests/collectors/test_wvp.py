"""What a WVP platform passes on, and what must never be made of it."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused, Span, Unreachable
from collectors.device import Secret
from collectors.intervals import merged
from collectors.protocols import load, wvp
from collectors.protocols.wvp.records import MAX_SILENCE
from collectors.simulator.http import LoopbackServer, Request, Response
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedRecorder
from collectors.simulator.wvp import Manners, end
from tests.collectors.wvp_lab import (
    ALWAYS,
    CLOUD,
    FIRST,
    GAP,
    HOUR,
    NOW,
    NVR,
    SECOND,
    SECRET,
    STEADY,
    footage,
    open_,
    recorder,
)

WINDOW = (NOW - 12 * HOUR, NOW - 2 * HOUR)
HASHED = hashlib.md5(SECRET.password.encode()).hexdigest()


def _spans(answers: list[FootageAnswer]) -> list[tuple[object, object]]:
    return merged((s.started_at, s.ended_at) for a in answers if a.outcome == "ok" and a.complete for s in a.spans)


def _complete(answers: list[FootageAnswer]) -> bool:
    return all(answer.outcome == "ok" and answer.complete for answer in answers)


def test_is_found_by_its_name() -> None:
    assert load("wvp").footage is wvp.footage


def test_a_gap_between_files_is_denied_and_no_offset_is_claimed() -> None:
    (answer,) = footage(recorder())
    assert answer.complete
    assert answer.spans == (Span(WINDOW[0], GAP[0]), Span(GAP[1], WINDOW[1]))
    assert answer.clock_offset_ms is None


def test_the_newest_hour_is_not_spoken_about() -> None:
    answers = footage(recorder(), (NOW - 3 * HOUR, NOW), manners=Manners(finished_only=True))
    assert _complete(answers)
    assert answers[-1].covers_to == NOW - timedelta(minutes=75)
    assert footage(recorder(), (NOW - HOUR, NOW)) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_a_device_that_cuts_its_lists_loses_nothing(limit: int) -> None:
    """Files of three minutes, of which it lists no more than `limit`: what cannot be had whole is unknown."""
    answers = footage(recorder(file_length=timedelta(minutes=3)), manners=Manners(item_limit=limit))
    denied = [a for a in answers if a.outcome == "ok" and a.complete]
    held = _spans(answers)
    for answer in denied:
        for a, b in ((WINDOW[0], GAP[0]), (GAP[1], WINDOW[1])):
            low, high = max(a, answer.covers_from), min(b, answer.covers_to)
            assert low >= high or any(start <= low and high <= stop for start, stop in held)
    if limit >= 3:
        assert held == [(WINDOW[0], GAP[0]), (GAP[1], WINDOW[1])]


@pytest.mark.parametrize("hours", [-8, -1.5, 1, 8])
def test_a_device_in_another_zone_denies_nothing(hours: float) -> None:
    manners = Manners(digits_shift=timedelta(hours=hours))
    answers = footage(recorder(), manners=manners)
    assert not any(answer.complete for answer in answers)
    assert "not about now" in answers[0].reason


def test_a_camera_that_stopped_is_denied_when_another_of_the_device_records() -> None:
    world = recorder([(NOW - 90 * HOUR, NOW - 5 * HOUR)])
    assert not any(answer.complete for answer in footage(world))
    device, _ = open_(end(world, lambda: NOW))
    assert _complete(list(wvp.footage(device, SECOND, *WINDOW)))
    (answer,) = wvp.footage(device, FIRST, *WINDOW)
    assert (answer.complete, answer.spans) == (True, (Span(WINDOW[0], NOW - 5 * HOUR),))


def test_a_camera_that_stopped_days_ago_is_denied() -> None:
    (answer,) = (
        footage(recorder([(NOW - 90 * HOUR, NOW - 30 * HOUR)]), second=())
        if False
        else footage(recorder([(NOW - 90 * HOUR, NOW - 30 * HOUR)], second=()))
    )
    assert (answer.complete, answer.spans) == (True, ())


def test_a_message_lost_on_the_way_halves_the_window() -> None:
    wide = Fault("wide_500", *ALWAYS, {"max_hours": "0.6"})
    answers = footage(recorder(STEADY, wide))
    assert not _complete(answers) or _spans(answers) == [WINDOW]
    held = [(s.started_at, s.ended_at) for a in answers for s in a.spans]
    assert merged(held) == [WINDOW]


def test_a_window_that_always_times_out_is_unknown_around_it() -> None:
    bad = {"from": (NOW - 5 * HOUR).isoformat(), "to": (NOW - 5 * HOUR + timedelta(minutes=5)).isoformat()}
    answers = footage(recorder(STEADY, Fault("bad_window", *ALWAYS, bad)))
    unknown = [(a.covers_from, a.covers_to) for a in answers if not a.complete]
    assert unknown
    assert all(a >= NOW - 5.3 * HOUR and b <= NOW - 4.6 * HOUR for a, b in unknown)
    assert [a.covers_to for a in answers[:-1]] == [a.covers_from for a in answers[1:]]


def test_a_silent_device_costs_a_bounded_number_of_questions_and_no_round() -> None:
    device, wire = open_(end(recorder(STEADY, "busy"), lambda: NOW))
    answers = list(wvp.footage(device, FIRST, *WINDOW))
    assert {(a.outcome, a.complete) for a in answers} <= {("unreachable", False), ("malformed", False)}
    assert len([r for r in wire.asked if "gb_record" in r.path]) <= MAX_SILENCE


def test_an_offline_device_is_not_asked() -> None:
    device, wire = open_(end(recorder(STEADY, "offline"), lambda: NOW))
    (answer,) = wvp.footage(device, FIRST, *WINDOW)
    assert (answer.outcome, answer.complete) == ("unreachable", False)
    assert not [r for r in wire.asked if "gb_record" in r.path]


@pytest.mark.parametrize("channel", [f"{NVR}/34020000001310000009", f"{NVR[:-1]}9/34020000001310000001", "3", ""])
def test_an_unknown_channel_is_no_gap(channel: str) -> None:
    try:
        answers = footage(recorder(), channel=channel)
    except Malformed as failure:
        assert "channel" in str(failure)
    else:
        assert not any(answer.complete for answer in answers)


@pytest.mark.parametrize("in_s", [False, True])
def test_records_of_the_platform_prove_presence_only(in_s: bool) -> None:
    answers = footage(recorder(), channel=CLOUD, manners=Manners(stamps_in_s=in_s))
    assert _spans(answers) == [(WINDOW[0], GAP[0]), (GAP[1], WINDOW[1])]
    (open_question,) = [a for a in answers if not a.complete]
    assert (open_question.covers_from, open_question.covers_to) == GAP
    assert open_question.outcome == "ok"


@pytest.mark.parametrize("repeats", [False, True])
def test_pages_end_whatever_the_site_does_past_the_end(repeats: bool) -> None:
    manners = Manners(page_rows=3, repeats_last_page=repeats)
    answers = footage(recorder(file_length=timedelta(minutes=20)), channel=CLOUD, manners=manners)
    assert _spans(answers) == [(WINDOW[0], GAP[0]), (GAP[1], WINDOW[1])]


def test_a_token_that_ran_out_is_renewed_once_per_question() -> None:
    device, wire = open_(end(recorder(), lambda: NOW, Manners(token_requests=3)))
    assert _complete(list(wvp.footage(device, FIRST, *WINDOW)))
    asked = [r.path for r in wire.asked]
    assert "/api/user/login" in asked
    assert not any(a == b == "/api/user/login" for a, b in pairwise(asked))


def test_a_token_that_never_works_ends_after_one_renewal() -> None:
    inner = end(recorder(), lambda: NOW)

    def answer(request: Request) -> Response:
        return inner(request) if request.path == "/api/user/login" else Response(401, b'{"code":401,"msg":""}')

    device, wire = open_(answer)
    with pytest.raises(Refused) as refused:
        wvp.channels(device)
    assert refused.value.definitive
    assert len(wire.asked) == 2


@pytest.mark.parametrize("secret", [Secret("bureau", "guess"), None])
def test_a_login_that_is_refused_is_definitive(secret: Secret | None) -> None:
    device, wire = open_(end(recorder(), lambda: NOW), secret)
    with pytest.raises(Refused) as refused:
        list(wvp.footage(device, FIRST, *WINDOW))
    assert refused.value.definitive
    assert len(wire.asked) == 1


def test_an_api_key_needs_no_login() -> None:
    key = Secret("api-key", "4711-key")
    device, wire = open_(end(recorder(secret=key), lambda: NOW), key)
    assert _complete(list(wvp.footage(device, FIRST, *WINDOW)))
    assert "/api/user/login" not in {r.path for r in wire.asked}


def test_no_password_hash_or_token_stands_in_the_evidence() -> None:
    device, wire = open_(end(recorder(), lambda: NOW, Manners(token_requests=3)))
    list(wvp.footage(device, FIRST, *WINDOW))
    kept = "".join(each.request + each.body.decode() for each in device.exchanges)
    assert HASHED not in kept and "token-" not in kept and "look only" not in kept
    assert any(r.query.get("password") == HASHED for r in wire.asked)
    assert {r.method for r in wire.asked} == {"GET"}


def test_a_failing_login_names_no_hash() -> None:
    device, _ = open_(lambda _: Response(dropped=True))
    with pytest.raises(Unreachable) as failed:
        wvp.describe(device)
    assert HASHED not in str(failed.value)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [("dead", Unreachable), ("locked", Refused), ("html", Malformed), ("huge", Malformed)],
)
def test_a_platform_that_does_not_answer_fails_in_its_own_way(fault: str, failure: type[DeviceFailure]) -> None:
    for channel in (FIRST, CLOUD):
        if fault != "dead" and channel == CLOUD and fault != "locked":
            assert not any(a.complete for a in footage(recorder(STEADY, fault), channel=channel))
        else:
            with pytest.raises(failure):
                footage(recorder(STEADY, fault), channel=channel)


def test_channels_are_online_by_their_stream_and_offline_by_the_device_s_word() -> None:
    offline = SimulatedChannel(SECOND, (), offline=(ALWAYS,), name="东侧")
    silent = SimulatedChannel(f"{NVR}/34020000001310000007", ())
    live = SimulatedChannel(FIRST, STEADY)
    world = SimulatedRecorder("P1", "wvp", SECRET, {c.channel: c for c in (live, offline, silent)})
    device, _ = open_(end(world, lambda: NOW))
    assert [(c.channel, c.is_online) for c in wvp.channels(device)] == [
        (FIRST, True),
        (SECOND, False),
        (silent.channel, None),
    ]
    device, _ = open_(end(recorder(STEADY, "offline"), lambda: NOW))
    assert {c.is_online for c in wvp.channels(device)} == {None}


def test_describe_forgets_what_another_version_taught() -> None:
    device, _ = open_(end(recorder(), lambda: NOW))
    device.memory.update({"firmware": "2.6.9", f"fresh {NVR}": "x"})
    assert wvp.describe(device).firmware == "2.7.4"
    assert device.memory == {"firmware": "2.7.4"}


def test_over_real_http() -> None:
    with LoopbackServer(end(recorder(offset_ms=-90_000), lambda: NOW)) as server:
        device = wvp.open_device(server.address, secret=SECRET, now=lambda: NOW, memory={}, pause=lambda _: None)
        with device:
            assert wvp.clock(device).offset_ms == -89_500
            assert list(wvp.footage(device, CLOUD, *WINDOW))
            assert _complete(list(wvp.footage(device, FIRST, *WINDOW)))


BODIES = [
    b"", b"[]", b"{}", b"null", b"[" * 50_000, b'{"code":0}', b'{"code":0,"data":[]}', b'{"code":1e400,"data":{}}',
    b'{"code":0,"data":{"sumNum":0,"recordList":null}}', b'{"code":0,"data":{"sumNum":1,"recordList":[]}}',
    b'{"code":0,"data":{"sumNum":1,"recordList":[{}]}}', b'{"code":0,"data":{"sumNum":1,"recordList":[null]}}',
    b'{"code":0,"data":{"sumNum":"x","recordList":[]}}', "{\"code\":0,\"msg\":\"成功\"}".encode("gbk"),
    "{\"code\":0}".encode("utf-16"), b'{"code":true,"data":{"sumNum":0,"recordList":[]}}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_a_list_that_cannot_be_read_is_never_an_empty_one(body: bytes) -> None:
    inner = end(recorder(), lambda: NOW)
    device, _ = open_(lambda r: Response(200, body) if "gb_record" in r.path else inner(r))
    answers = list(wvp.footage(device, FIRST, *WINDOW))
    assert answers
    assert all(a.reason and not (a.outcome == "ok" and a.complete) for a in answers)


def test_whatever_is_mutated_ends_in_an_answer_or_a_failure() -> None:
    chance = Random(28181)
    for _ in range(300):
        inner = end(recorder(), lambda: NOW)

        def answer(request: Request, inner: object = inner) -> Response:
            given = inner(request)  # type: ignore[operator]
            return (
                given if chance.random() < 0.7 else Response(given.status, _mutated(given.body, chance), given.headers)
            )

        device, _ = open_(answer)
        channel = chance.choice([FIRST, CLOUD])
        try:
            answers = list(wvp.footage(device, channel, *WINDOW))
            wvp.channels(device)
        except DeviceFailure as failure:
            assert str(failure)
            continue
        for each in answers:
            assert WINDOW[0] <= each.covers_from < each.covers_to <= WINDOW[1]
            assert all(each.covers_from <= s.started_at < s.ended_at <= each.covers_to for s in each.spans)
            assert each.reason or (each.outcome == "ok" and (each.complete or channel == CLOUD))


def _mutated(body: object, chance: Random) -> bytes:
    assert isinstance(body, bytes)
    kind = chance.randrange(6)
    if kind == 0:
        return body[: chance.randrange(len(body) + 1)]
    if kind == 1:
        return body.decode().encode(chance.choice(["gbk", "utf-16", "utf-8-sig"]), "replace")
    if kind == 2:
        return json.dumps(_swapped(json.loads(body), chance)).encode()
    at = chance.randrange(len(body) + 1)
    return body[:at] + bytes(chance.randrange(256) for _ in range(3)) + body[at + chance.randrange(4) :]


def _swapped(value: object, chance: Random) -> object:
    """One or more values of another type, far too big, backwards or twice."""
    if isinstance(value, dict):
        return {key: _swapped(each, chance) for key, each in value.items()}
    if isinstance(value, list):
        rows = [_swapped(each, chance) for each in value]
        return rows + rows[:1] if chance.random() < 0.2 else rows[::-1]
    if chance.random() < 0.1:
        return chance.choice([None, True, -1, 10**30, 1e308, "", "9999-12-31 23:59:59", "2026-02-30 00:00:00", [], {}])
    return value
