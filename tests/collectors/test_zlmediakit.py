"""What the names of files and their headers are worth, and what must never be made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused, Unreachable
from collectors.device import Secret
from collectors.intervals import Interval, common, merged, without
from collectors.protocols import load, zlmediakit
from collectors.protocols.zlmediakit.mp4 import NoMovieError, read_movie
from collectors.protocols.zlmediakit.server import ZlmDevice
from collectors.simulator.http import End, LoopbackServer, Request, Response
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedRecorder
from collectors.simulator.zlmediakit import Manners, end
from tests.collectors.in_process import InProcess, plug

NOW = datetime(2026, 9, 30, 12, 20, 0)
SECRET = Secret("", "a-secret-of-our-own")
ALWAYS = (datetime(2000, 1, 1), datetime(2100, 1, 1))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
STREAM = "live/lane1"
GAP = (NOW - 8.5 * HOUR, NOW - 6.75 * HOUR)
WITH_GAP = ((NOW - 90 * HOUR, GAP[0]), (GAP[1], NOW + 90 * HOUR))
WINDOW = (NOW - 12 * HOUR, NOW - 2 * HOUR)


def recorder(
    recorded: Iterable[Interval] = WITH_GAP,
    *faults: str | Fault,
    length: timedelta = HOUR,
    offset_ms: int = 0,
    deletions: tuple[Deletion, ...] = (),
) -> SimulatedRecorder:
    return SimulatedRecorder(
        "Z1",
        "zlmediakit",
        SECRET,
        {STREAM: SimulatedChannel(STREAM, tuple(recorded), deletions, length)},
        clock_steps=((ALWAYS[0], offset_ms),),
        faults=tuple(Fault(each, *ALWAYS) if isinstance(each, str) else each for each in faults),
    )


def open_(end_: End, secret: Secret | None = SECRET) -> tuple[ZlmDevice, InProcess]:
    """A stream that does not record now is taken to have stopped long ago."""
    memory = {f"idle {STREAM}": (NOW - HOUR).isoformat()}
    device = zlmediakit.open_device(
        "http://192.0.2.5", secret=secret, now=lambda: NOW, memory=memory, pause=lambda _: None
    )
    return device, plug(device, end_)


def footage(
    world: SimulatedRecorder, window: Interval = WINDOW, channel: str = STREAM, manners: Manners | None = None
) -> list[FootageAnswer]:
    device, _ = open_(end(world, lambda: NOW, manners))
    return list(zlmediakit.footage(device, channel, *window))


def _claimed(answers: list[FootageAnswer]) -> list[Interval]:
    return merged(
        (span.started_at - _offset(answer), span.ended_at - _offset(answer))
        for answer in answers
        if answer.outcome == "ok" and answer.complete
        for span in answer.spans
    )


def _offset(answer: FootageAnswer) -> timedelta:
    return timedelta(milliseconds=answer.clock_offset_ms or 0)


def _near(given: list[Interval], expected: list[Interval]) -> bool:
    slack = timedelta(seconds=5)
    return len(given) == len(expected) and all(
        abs(a - c) <= slack and abs(b - d) <= slack for (a, b), (c, d) in zip(given, expected, strict=True)
    )


EXPECTED = [(WINDOW[0], GAP[0]), (GAP[1], WINDOW[1])]
MANNERS = [
    Manners(),
    Manners(names="numbered"),
    Manners(names="plain", old_spelling=True),
    Manners(zone=timedelta(0)),
    Manners(zone=timedelta(hours=-7)),
    Manners(fast_start=True),
    Manners(shortened=timedelta(0)),
]


def test_is_found_by_its_name() -> None:
    assert load("zlmediakit").footage is zlmediakit.footage


@pytest.mark.parametrize("manners", MANNERS)
def test_a_gap_is_denied_in_every_build_and_zone(manners: Manners) -> None:
    answers = footage(recorder(), manners=manners)
    assert all(answer.complete for answer in answers)
    assert _near(_claimed(answers), EXPECTED)


def test_files_in_rhythm_are_not_opened() -> None:
    device, wire = open_(end(recorder(length=MINUTE), lambda: NOW))
    answers = list(zlmediakit.footage(device, STREAM, *WINDOW))
    assert _near(_claimed(answers), EXPECTED)
    assert len({r.path for r in wire.asked if r.path.startswith("/record/")}) <= 8


def test_the_hidden_file_is_not_spoken_about_while_the_stream_records() -> None:
    (answer,) = footage(recorder(), (NOW - 4 * HOUR, NOW))
    assert answer.complete
    assert abs(answer.covers_to - NOW.replace(minute=0)) <= timedelta(seconds=5)
    assert footage(recorder(), (NOW - 15 * MINUTE, NOW)) == []


def test_a_file_hidden_for_too_long_is_said_to_be() -> None:
    answers = footage(recorder(length=8 * HOUR), (NOW - 6 * HOUR, NOW))
    assert (answers[-1].outcome, answers[-1].complete) == ("ok", False)
    assert "hidden" in answers[-1].reason


def test_what_stopped_is_denied_up_to_now() -> None:
    stopped = NOW - 5.5 * HOUR
    answers = footage(recorder([(NOW - 90 * HOUR, stopped)]), (WINDOW[0], NOW))
    assert all(answer.complete for answer in answers)
    assert answers[-1].covers_to == NOW - MINUTE
    assert _near(_claimed(answers), [(WINDOW[0], stopped)])


def test_what_stopped_a_moment_ago_may_still_be_closing_its_file() -> None:
    device, _ = open_(end(recorder([(NOW - 90 * HOUR, NOW - 5 * MINUTE)]), lambda: NOW))
    device.memory.clear()
    answers = list(zlmediakit.footage(device, STREAM, NOW - 4 * HOUR, NOW))
    assert answers[-1].covers_to <= NOW - 4 * MINUTE
    assert device.memory[f"idle {STREAM}"] == NOW.isoformat()


def test_a_day_without_recordings_is_denied_once_the_name_is_known() -> None:
    world = recorder([(NOW - 200 * HOUR, NOW - 150 * HOUR)])
    (answer,) = footage(world, (NOW - 60 * HOUR, NOW - 40 * HOUR))
    assert (answer.complete, answer.spans) == (True, ())


@pytest.mark.parametrize("channel", ["live/lane9", "other/lane1"])
def test_a_wrong_name_is_no_gap(channel: str) -> None:
    (answer,) = footage(recorder(), channel=channel)
    assert (answer.outcome, answer.complete) == ("ok", False)
    assert "name in the register" in answer.reason


@pytest.mark.parametrize("channel", ["", "live", "/x", "live/", "live/../../etc"])
def test_what_is_no_name_is_said_to_be(channel: str) -> None:
    with pytest.raises(Malformed, match="is no channel"):
        footage(recorder(), channel=channel)


@pytest.mark.parametrize("fault", ["files_closed", "strange_name"])
def test_nothing_is_concluded_from_names_alone(fault: str) -> None:
    answers = footage(recorder(WITH_GAP, fault))
    assert answers
    assert not any(answer.complete for answer in answers)
    assert all(answer.reason for answer in answers)


def test_a_server_that_ignores_ranges_is_read_all_the_same() -> None:
    assert _near(_claimed(footage(recorder(WITH_GAP, "no_ranges"))), EXPECTED)


def test_around_a_damaged_file_the_rest_is_answered() -> None:
    bad = {"from": (NOW - 6.7 * HOUR).isoformat(), "to": (NOW - 6.6 * HOUR).isoformat()}
    answers = footage(recorder(WITH_GAP, Fault("bad_window", *ALWAYS, bad)))
    unknown = [(a.covers_from, a.covers_to) for a in answers if not a.complete]
    assert _near(merged(unknown), [(GAP[1], datetime(2026, 9, 30, 6))])
    assert [a.covers_to for a in answers[:-1]] == [a.covers_from for a in answers[1:]]


@pytest.mark.parametrize(
    ("fault", "failure"), [("dead", Unreachable), ("locked", Refused), ("html", Malformed), ("huge", Malformed)]
)
def test_a_server_that_does_not_answer_fails_in_its_own_way(fault: str, failure: type[DeviceFailure]) -> None:
    with pytest.raises(failure):
        footage(recorder(WITH_GAP, fault))


@pytest.mark.parametrize("secret", [None, Secret("", "035c73f7-bb6b-4889-a715-d9eb2d1925cc")])
def test_a_wrong_secret_is_definitive(secret: Secret | None) -> None:
    device, wire = open_(end(recorder(), lambda: NOW), secret)
    with pytest.raises(Refused) as refused:
        list(zlmediakit.footage(device, STREAM, *WINDOW))
    assert refused.value.definitive
    assert len(wire.asked) == 2


def test_neither_our_secret_nor_the_camera_s_stands_in_the_evidence() -> None:
    device, wire = open_(end(recorder(), lambda: NOW))
    list(zlmediakit.footage(device, STREAM, *WINDOW))
    zlmediakit.channels(device)
    kept = "".join(each.request + each.body.decode("latin-1") for each in device.exchanges)
    assert SECRET.password not in kept and "camera-pass" not in kept
    assert '"isRecordingMP4": true' in kept
    assert any("Range: bytes=0-511" in each.request for each in device.exchanges)
    assert {r.method for r in wire.asked} == {"GET"}
    assert not any(SECRET.password in value for r in wire.asked for value in r.query.values())
    names = {r.path.rpartition("/")[2] for r in wire.asked if r.path.startswith("/index/api/")}
    assert names <= {"getMp4RecordFile", "getMediaList", "version"}


def test_a_stream_list_that_is_cut_keeps_nothing() -> None:
    device, _ = open_(lambda r: Response(200, b'{"code":0,"data":[{"originUrl":"rtsp://admin:camera-pass@1'))
    with pytest.raises(Malformed):
        zlmediakit.channels(device)
    assert not any(b"camera-pass" in each.body for each in device.exchanges)


@pytest.mark.parametrize(("fault", "online"), [("", True), ("stalled", False)])
def test_online_means_that_bytes_flow(fault: str, online: bool) -> None:
    device, _ = open_(end(recorder(WITH_GAP, fault), lambda: NOW))
    assert [(c.channel, c.is_online) for c in zlmediakit.channels(device)] == [(STREAM, online)]
    device, _ = open_(end(recorder(WITH_GAP, "not_listed"), lambda: NOW))
    assert zlmediakit.channels(device) == ()


def test_days_and_where_a_moment_can_be_seen() -> None:
    device, _ = open_(end(recorder([(NOW - 60 * HOUR, NOW - 55 * HOUR), (NOW - 5 * HOUR, NOW)]), lambda: NOW))
    assert zlmediakit.days_held(device, STREAM, date(2026, 9, 25), date(2026, 9, 30)) == {
        date(2026, 9, 28),
        date(2026, 9, 30),
    }
    at = NOW - 3.5 * HOUR
    url = zlmediakit.playback_url(device, STREAM, at)
    assert url.startswith("http://192.0.2.5/record/live/lane1/2026-09-30/2026-09-30-16-00-00-")
    with pytest.raises(Malformed):
        zlmediakit.playback_url(device, STREAM, NOW - 30 * HOUR)
    with pytest.raises(Malformed):
        zlmediakit.days_held(device, "live/lane9", date(2026, 9, 25), date(2026, 9, 30))


def test_over_real_http() -> None:
    with LoopbackServer(end(recorder(offset_ms=-90_000), lambda: NOW)) as server:
        device = zlmediakit.open_device(server.address, secret=SECRET, now=lambda: NOW, memory={}, pause=lambda _: None)
        with device:
            assert zlmediakit.clock(device).offset_ms == -89_500
            assert zlmediakit.describe(device).firmware.startswith("master fdaec260")
            assert _near(_claimed(list(zlmediakit.footage(device, STREAM, *WINDOW))), EXPECTED)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_complete_answers_are_the_truth(seed: int) -> None:
    chance = Random(seed)
    at, parts = NOW - 70 * HOUR, list[Interval]()
    while at < NOW + 2 * HOUR and chance.random() < 0.9:
        start = at + timedelta(seconds=chance.choice([chance.randint(10, 90), chance.randint(10, 18_000)]))
        at = start + timedelta(seconds=chance.choice([chance.randint(5, 90), chance.randint(5, 72_000)]))
        start = start.replace(second=chance.randint(20, 40))  # never in the rhythm of the files before it, as in life
        if start < at and (not parts or parts[-1][1] < start):
            parts.append((start, at))
    gone = NOW - timedelta(minutes=chance.randint(0, 3000))
    deletions = (Deletion(NOW - HOUR, gone, gone + 3 * HOUR),) if chance.random() < 0.3 else ()
    faults = []
    for _ in range(chance.choice([0, 0, 1])):
        start = NOW - timedelta(minutes=chance.randint(0, 3500))
        bad = {"from": start.isoformat(), "to": (start + timedelta(minutes=chance.randint(1, 90))).isoformat()}
        faults.append(Fault("bad_window", *ALWAYS, bad))
    world = recorder(
        parts,
        *faults,
        length=timedelta(seconds=chance.choice([60, 600, 3600, 7200])),
        offset_ms=chance.choice([0, 1000, 90_000, -61_500]),
        deletions=deletions,
    )
    manners = chance.choice(MANNERS)
    start = NOW - timedelta(minutes=chance.randint(1, 3400))
    window = (start, start + timedelta(minutes=chance.choice([5, 120, 2000])))
    answers = footage(world, window, manners=manners)
    for one, other in pairwise(answers):
        assert one.covers_to == other.covers_from
    if answers:
        assert answers[0].covers_from == window[0] and answers[-1].covers_to <= min(window[1], NOW)
    spoken = merged((a.covers_from, a.covers_to) for a in answers if a.outcome == "ok" and a.complete)
    truth = common(world.channels[STREAM].held(NOW), spoken)
    claimed = _claimed(answers)
    _assert_slivers(without(claimed, truth), timedelta(seconds=11))
    _assert_slivers(without(truth, claimed), timedelta(seconds=4))


def _assert_slivers(parts: list[Interval], tolerance: timedelta) -> None:
    """Names and header are whole seconds, two seconds may lie between files, five are closed on either side."""
    assert all(b - a <= tolerance for a, b in parts), parts


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"code":0}', b'{"code":0,"data":[]}', b'{"code":0,"data":{}}',
     b'{"code":0,"data":{"paths":null}}',
     b'{"code":0,"data":{"paths":[1]}}', b'{"code":0,"data":{"paths":"x"}}', b'{"code":-1,"msg":"x"}', b"\xff\xfe{",
     b'{"code":"0","data":{"paths":{}}}', b"[" * 99_999],
)  # fmt: skip
def test_a_list_of_names_that_cannot_be_read_is_never_an_empty_one(body: bytes) -> None:
    inner = end(recorder(), lambda: NOW)
    device, _ = open_(lambda r: Response(200, body) if "getMp4RecordFile" in r.path else inner(r))
    with pytest.raises(Malformed):
        list(zlmediakit.footage(device, STREAM, *WINDOW))


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 600, b"ftyp" * 200, (8).to_bytes(4) + b"moov", b"\x00\x00\x00\x01moov" + b"\x00" * 99,
                (20).to_bytes(4) + b"free" + b"\xff" * 900, (600).to_bytes(4) + b"moov" + b"\xff" * 700],
)  # fmt: skip
def test_what_is_no_film_has_no_length(content: bytes) -> None:
    with pytest.raises(NoMovieError):
        read_movie(lambda at, count: content[at : at + count])


def test_whatever_is_mutated_ends_in_an_answer_or_a_failure() -> None:
    chance = Random(8000)
    for _ in range(300):
        inner = end(recorder(), lambda: NOW)

        def answer(request: Request, inner: End = inner) -> Response:
            given = inner(request)
            if chance.random() < 0.7:
                return given
            assert isinstance(given.body, bytes)
            return Response(given.status, _mutated(given.body, chance), given.headers)

        device, _ = open_(answer)
        try:
            answers = list(zlmediakit.footage(device, STREAM, *WINDOW))
            zlmediakit.channels(device)
            zlmediakit.days_held(device, STREAM, date(2026, 9, 25), date(2026, 9, 30))
        except DeviceFailure as failure:
            assert str(failure)
            continue
        for each in answers:
            assert WINDOW[0] <= each.covers_from < each.covers_to <= WINDOW[1]
            offset = _offset(each)
            assert all(
                each.covers_from <= s.started_at - offset < s.ended_at - offset <= each.covers_to for s in each.spans
            )
            assert each.reason or each.complete


def _mutated(body: bytes, chance: Random) -> bytes:
    kind = chance.randrange(5)
    if kind == 0:
        return body[: chance.randrange(len(body) + 1)]
    if kind == 1:
        return body.decode("latin-1").encode(chance.choice(["gbk", "utf-16"]), "replace")
    if kind == 2 and body[:1] == b"{":
        return json.dumps(_swapped(json.loads(body), chance)).encode()
    at = chance.randrange(len(body) + 1)
    return body[:at] + bytes(chance.randrange(256) for _ in range(3)) + body[at + chance.randrange(4) :]


def _swapped(value: object, chance: Random) -> object:
    if isinstance(value, dict):
        return {key: _swapped(each, chance) for key, each in value.items()}
    if isinstance(value, list):
        rows = [_swapped(each, chance) for each in value]
        return rows + rows[:1] if chance.random() < 0.2 else rows[::-1]
    if chance.random() < 0.15:
        return chance.choice(
            [None, True, -1, 10**30, 1e308, "", "9999-12-31", "2026-02-30-25-61-61-0.mp4", [], {}, "../x"]
        )
    return value
