"""What the ISAPI collector concludes, and what it refuses to conclude."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused, Unreachable
from collectors.protocols import isapi
from collectors.simulator import isapi as simulated
from collectors.simulator.http import Request, Response
from collectors.simulator.isapi import Manners
from collectors.simulator.recorder import Deletion, Fault, LateArrival, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import plug
from tests.collectors.recorders import ALWAYS, SECRET, Bench, bench, held

NOON = datetime(2026, 10, 1, 4)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
SEARCH = "/ISAPI/ContentMgmt/search"


def at(hours: float) -> datetime:
    """Hours from noon; footage before noon is negative."""
    return NOON + timedelta(hours=hours)


def spoil(world: Bench, answer: Callable[[Request, Response], Response]) -> None:
    """Puts `answer` between the recorder and the device."""
    honest = simulated.end(world.recorder, lambda: world.now, world.manners)
    world.wire = plug(world.device, lambda request: answer(request, honest(request)))


def listing(status: str, *rows: tuple[str, str], track: str = "101") -> Callable[[Request, Response], Response]:
    items = "".join(
        f"<searchMatchItem><trackID>{track}</trackID><startTime>{a}</startTime><endTime>{b}</endTime></searchMatchItem>"
        for a, b in rows
    )
    body = (
        f"<CMSearchResult><responseStatusStrg>{status}</responseStatusStrg>"
        f"<numOfMatches>{len(rows)}</numOfMatches><matchList>{items}</matchList></CMSearchResult>"
    )
    return lambda request, honest: (
        Response(200, body.encode()) if request.path == SEARCH and honest.status == 200 else honest
    )


def empty_complete(answers: list[FootageAnswer]) -> bool:
    return any(answer.outcome == "ok" and answer.complete and not answer.spans for answer in answers)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [("dead", Unreachable), ("locked", Refused), ("html", Malformed), ("xml_bomb", Malformed)],
)
def test_a_device_that_answers_nothing_usable_raises_its_failure(fault: str, failure: type[DeviceFailure]) -> None:
    world = bench([(at(-48), at(1))], NOON, faults=[fault])
    with pytest.raises(failure):
        world.footage(at(-30), NOON)
    assert world.device.request_count < 10


def test_a_locked_account_is_not_asked_with_a_password() -> None:
    world = bench([(at(-48), at(1))], NOON, faults=["locked"])
    with pytest.raises(Refused) as caught:
        world.footage(at(-2), NOON)
    assert (caught.value.definitive, caught.value.wait_s) == (True, 1795 + 60)
    assert not any("Authorization" in request.headers for request in world.wire.asked)


def test_a_wrong_password_is_tried_once() -> None:
    world = bench([(at(-48), at(1))], NOON)
    other = SimulatedRecorder("R1", "isapi", type(SECRET)("collector", "changed"), world.recorder.channels)
    world.wire = plug(world.device, simulated.end(other, lambda: NOON))
    with pytest.raises(Refused, match="wrong; 4 attempts are left") as caught:
        world.footage(at(-2), NOON)
    assert caught.value.definitive
    assert ["Authorization" in request.headers for request in world.wire.asked] == [False, True]


def test_only_reads_go_out() -> None:
    sent = set()
    for fault in ("lying_counter", "stuck_paging", "wide_500", "html", "xml_bomb", "locked", "dead"):
        world = bench([(at(-48), at(-30)), (at(-20), at(1))], NOON, faults=[fault], memory={})
        for call in (lambda w=world: w.footage(at(-40), NOON), lambda w=world: isapi.describe(w.device)):
            try:
                call()
            except DeviceFailure:
                continue
            finally:
                sent |= {(request.method, request.path) for request in world.wire.asked}
    assert {method for method, _ in sent} == {"GET", "POST"}
    assert {path for method, path in sent if method == "POST"} == {SEARCH}


@pytest.mark.parametrize(
    "answer",
    [
        listing("OK"),
        listing("MORE"),
        listing("", ("2026-10-01T10:00:00Z", "2026-10-01T12:00:00Z")),
        listing("NO MATCHES", ("2026-10-01T10:00:00Z", "2026-10-01T12:00:00Z")),
        listing("FAILED"),
        listing("OK", ("2026-10-01T10:00:00Z", "soon")),
        listing("OK", ("0001-01-01T00:00:00Z", "2026-10-01T12:00:00Z")),
        listing("OK", ("2026-10-01T10:00:00Z", "9999-12-31T23:59:59Z")),
        listing("OK", ("2026-10-01T10:00:00Z", "2026-10-01T25:00:00Z")),
        listing("OK", ("2026-10-01T10:00:00Z", "2026-10-01T12:00:00Z"), track="201"),
        listing("OK", ("2026-09-01T10:00:00Z", "2026-09-01T12:00:00Z")),
        lambda request, honest: Response(500, b"") if request.path == SEARCH else honest,
        lambda request, honest: Response(404, b"") if request.path == SEARCH else honest,
        lambda request, honest: Response(500, honest.body) if request.path == SEARCH else honest,
        lambda request, honest: Response(403, b"") if request.path == SEARCH else honest,
        lambda request, honest: Response(200, b"") if request.path == SEARCH else honest,
        lambda request, honest: Response(200, b"<a>" * 300 + b"</a>" * 300) if request.path == SEARCH else honest,
        lambda request, honest: Response(200, honest.body[:-20]) if request.path == SEARCH else honest,
    ],
)
def test_nothing_but_no_matches_is_an_empty_answer(answer: Callable[[Request, Response], Response]) -> None:
    world = bench([(at(-48), at(1))], NOON)
    spoil(world, answer)
    with pytest.raises(DeviceFailure):
        world.footage(at(-2), NOON)


def test_the_answer_ends_where_the_file_being_written_is_indexed_to() -> None:
    world = bench([(at(-48), at(1))], NOON + MINUTE, manners=Manners(trail=timedelta(seconds=50)))
    (answer,) = world.footage(at(-2), NOON + HOUR)
    assert answer.covers_to == NOON + 10 * SECOND
    assert held([answer]) == [(at(-2), NOON + 10 * SECOND)]


def test_a_camera_that_stopped_is_denied_up_to_five_minutes_ago() -> None:
    """A file that has just been started is not listed yet, however long the camera was silent before."""
    world = bench([(at(-48), NOON - 10 * MINUTE)], NOON)
    (answer,) = world.footage(at(-2), NOON)
    assert answer.covers_to == NOON - 5 * MINUTE
    assert held([answer]) == [(at(-2), NOON - 10 * MINUTE)]


def test_minutes_that_cannot_be_indexed_yet_are_answered_incompletely() -> None:
    world = bench([(at(-48), at(-1))], NOON)
    (answer,) = world.footage(NOON - 3 * MINUTE, NOON)
    assert (answer.outcome, answer.complete) == ("ok", False)


def test_a_window_in_the_future_gives_no_answer_and_no_search() -> None:
    world = bench([(at(-48), at(9))], NOON)
    assert world.footage(at(1), at(2)) == []
    assert SEARCH not in {request.path for request in world.wire.asked}


def test_a_clock_step_is_no_missing_footage() -> None:
    """The recorded case of the fact sheet: 603 s back, forward again ten minutes later, nothing lost."""
    steps = ((ALWAYS[0], 0), (at(-4), -603_000), (at(-4) + timedelta(seconds=603), 0))
    world = bench([(at(-48), at(1))], NOON, clock_steps=steps)
    answers = world.footage(at(-6), at(-2))
    doubtful = [answer for answer in answers if answer.outcome != "ok"]
    assert [(a.outcome, a.complete) for a in doubtful] == [("malformed", False)]
    assert "stepped by about 603 s" in doubtful[0].reason
    assert held(answers) == [(at(-6), at(-4)), (at(-4) + timedelta(seconds=603), at(-2))]
    assert (doubtful[0].covers_from, doubtful[0].covers_to) == (at(-4), at(-4) + timedelta(seconds=603))


def test_a_clock_step_just_outside_the_window_is_found() -> None:
    steps = ((ALWAYS[0], 0), (at(-4), -603_000), (at(-4) + timedelta(seconds=603), 0))
    world = bench([(at(-48), at(1))], NOON, clock_steps=steps)
    answers = world.footage(at(-4) + MINUTE, at(-4) + 9 * MINUTE)
    assert [(answer.outcome, answer.complete) for answer in answers] == [("malformed", False)]


def test_a_clock_put_right_hours_later_is_found_from_the_gap_alone() -> None:
    """Set back in the morning, forward in the evening: asked again for the gap only, it must not become a denial."""
    back, forth = at(-12), at(-5)
    world = bench([(at(-48), at(1))], NOON, clock_steps=((ALWAYS[0], 0), (back, -603_000), (forth, 0)))
    answers = world.footage(forth - 10 * MINUTE, forth - MINUTE)
    assert [(answer.outcome, answer.complete) for answer in answers] == [("malformed", False)]


def test_a_file_inside_another_is_found_without_positions() -> None:
    """The nested file starts before the newest one ends; without it the step would look like missing footage."""
    steps = ((ALWAYS[0], 0), (at(-4), -603_000), (at(-4) + timedelta(seconds=603), 0))
    world = bench([(at(-48), at(1))], NOON, clock_steps=steps, faults=["stuck_paging"], manners=Manners(page_rows=2))
    assert "malformed" in {answer.outcome for answer in world.footage(at(-6), at(-2))}


def test_a_gap_of_another_length_stays_denied_beside_a_clock_step() -> None:
    steps = ((ALWAYS[0], 0), (at(-4), -603_000), (at(-4) + timedelta(seconds=603), 0))
    world = bench([(at(-48), at(-9)), (at(-8), at(1))], NOON, clock_steps=steps)
    answers = world.footage(at(-12), NOON - HOUR)
    denied = [a for a in answers if a.outcome == "ok" and a.covers_from <= at(-9) and a.covers_to >= at(-8)]
    assert len(denied) == 1
    assert (at(-12), at(-9)) in held(answers)


def test_an_outage_that_only_looks_as_long_as_the_step_stays_denied() -> None:
    """Nine minutes of it lie in the window; the hours before show how long it was."""
    steps = ((ALWAYS[0], 0), (at(-4), -603_000), (at(-4) + timedelta(seconds=603), 0))
    world = bench([(at(-48), at(-9)), (at(-6), at(1))], NOON, clock_steps=steps)
    first = world.footage(at(-6) - 9 * MINUTE, at(-2))[0]
    assert (first.outcome, first.complete, first.covers_from) == ("ok", True, at(-6) - 9 * MINUTE)


def test_a_gap_without_any_overlap_is_denied() -> None:
    world = bench([(at(-48), at(-3)), (at(-3) + 10 * MINUTE, at(1))], NOON)
    (answer,) = world.footage(at(-6), at(-1))
    assert answer.complete
    assert held([answer]) == [(at(-6), at(-3)), (at(-3) + 10 * MINUTE, at(-1))]


def test_hours_that_fail_are_reported_alone_and_the_rest_is_kept() -> None:
    world = bench([(at(-48), at(1))], NOON)
    bad = "2026-10-01T03:3"

    def answer(request: Request, honest: Response) -> Response:
        if request.path != SEARCH or b"startTime" not in request.body:
            return honest
        start = request.body.split(b"<startTime>")[1][:19].decode()
        end = request.body.split(b"<endTime>")[1][:19].decode()
        return Response(500, b"") if start <= bad <= end else honest

    spoil(world, answer)
    answers = world.footage(at(-14), at(-2))
    failed = [answer for answer in answers if answer.outcome != "ok"]
    assert [(a.outcome, a.complete) for a in failed] == [("unreachable", False)]
    assert failed[0].covers_to - failed[0].covers_from == HOUR
    assert failed[0].covers_from <= at(-8.5) < failed[0].covers_to
    assert held(answers) == [(at(-14), failed[0].covers_from), (failed[0].covers_to, at(-2))]


def test_a_device_that_fails_for_good_is_given_up_soon() -> None:
    world = bench([(at(-4800), at(1))], NOON)
    spoil(world, lambda request, honest: Response(500, b"") if request.path == SEARCH else honest)
    with pytest.raises(Unreachable):
        world.footage(at(-4320), NOON)
    assert world.device.request_count < 60


@pytest.mark.parametrize("second", ["2026-10-01T12:00:06+08:00", "no time"])
def test_a_clock_that_moves_during_the_listing_leaves_the_answer_incomplete(second: str) -> None:
    world = bench([(at(-48), at(1))], NOON)
    readings = iter(["2026-10-01T12:00:00+08:00", second])

    def answer(request: Request, honest: Response) -> Response:
        if request.path.endswith("/time") and honest.status == 200:
            return Response(200, f"<Time><localTime>{next(readings)}</localTime></Time>".encode())
        return honest

    spoil(world, answer)
    (given,) = world.footage(at(-2), at(-1))
    assert (given.outcome, given.complete) == ("ok", False)
    assert "clock" in given.reason


def test_a_row_that_ends_in_the_future_is_neither_footage_nor_denied() -> None:
    world = bench([(at(-48), at(1))], NOON)
    spoil(
        world,
        listing(
            "OK", ("2026-10-01T08:00:00Z", "2026-10-01T11:00:00Z"), ("2026-10-01T11:00:00Z", "2026-10-01T15:00:00Z")
        ),
    )
    first, second = world.footage(at(-3), NOON)
    assert held([first]) == [(at(-3), at(-1))]
    assert (second.outcome, second.covers_from, second.covers_to) == (
        "malformed",
        at(-1),
        NOON - 5 * MINUTE,
    )


def test_a_row_that_ends_before_it_starts_makes_its_surroundings_doubtful() -> None:
    world = bench([(at(-48), at(1))], NOON)
    spoil(
        world,
        listing(
            "OK", ("2026-10-01T08:00:00Z", "2026-10-01T09:00:00Z"), ("2026-10-01T10:15:00Z", "2026-10-01T10:09:00Z")
        ),
    )
    answers = world.footage(at(-4), at(-1))
    (doubtful,) = [answer for answer in answers if answer.outcome != "ok"]
    assert (doubtful.covers_from, doubtful.covers_to) == (at(-2) + 9 * MINUTE, at(-2) + 21 * MINUTE)


def test_a_camera_that_writes_utc_is_read_in_utc() -> None:
    manners = Manners(z_means_utc=True, device_type="IPCamera")
    world = bench([(at(-48), at(-5)), (at(-4), at(1))], NOON, manners=manners, memory={})
    answers = world.footage(at(-6), at(-1))
    assert world.memory["z_means"] == "utc"
    assert held(answers) == [(at(-6), at(-5)), (at(-4), at(-1))]


def test_a_recorder_seems_to_write_utc_only_after_its_newest_end_moved_on() -> None:
    world = bench([(at(-48), at(9))], NOON + SECOND, manners=Manners(z_means_utc=True), memory={})
    assert not any(answer.complete for answer in world.footage(at(-6), at(-1)))
    world.now += 2 * MINUTE
    assert held(world.footage(at(-6), at(-1))) == [(at(-6), at(-1))]
    assert world.memory["z_means"] == "utc"


def test_a_local_recorder_that_stopped_eight_hours_ago_accuses_nobody_until_it_is_clear() -> None:
    world = bench([(at(-48), at(-8) - 5 * MINUTE)], NOON, memory={})
    assert not any(answer.complete for answer in world.footage(at(-9), at(-7)))
    world.now += 30 * MINUTE
    assert held(world.footage(at(-9), at(-7))) == [(at(-9), at(-8) - 5 * MINUTE)]
    assert "z_means" not in world.memory


def test_the_time_base_is_probed_again_after_a_week() -> None:
    world = bench([(at(-48), at(400))], NOON, memory={})
    world.footage(at(-2), at(-1))
    world.footage(at(-2), at(-1))
    assert sum(request.path == SEARCH for request in world.wire.asked) == 1 + 1 + 1
    world.now += timedelta(days=8)
    world.footage(at(-2), at(-1))
    assert sum(request.path == SEARCH for request in world.wire.asked) == 5
    assert world.memory["z_probed_at"] == world.now.isoformat()


def test_the_accepted_spelling_is_remembered_and_forgotten_with_the_firmware() -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(track_list="trackList"))
    isapi.describe(world.device)
    world.footage(at(-2), at(-1))
    assert world.memory["search_form"] == "B"
    before = len(world.wire.asked)
    world.footage(at(-2), at(-1))
    assert [request.path for request in world.wire.asked[before:]].count(SEARCH) == 1
    world.memory["firmware"] = "V0"
    isapi.describe(world.device)
    assert "search_form" not in world.memory


def test_paging_follows_rows_received_and_one_search_id() -> None:
    day = [(at(-48), at(1))]
    world = bench(day, NOON, faults=["lying_counter"], file_length=5 * MINUTE, manners=Manners(page_rows=7))
    assert held(world.footage(at(-4), at(-1))) == [(at(-4), at(-1))]
    bodies = [request.body.decode() for request in world.wire.asked if request.path == SEARCH]
    positions = [body.split("<searchResultPostion>")[1].split("<")[0] for body in bodies]
    assert positions == ["0", "7", "14", "21", "28", "35"]
    assert len({body.split("<searchID>")[1].split("<")[0] for body in bodies}) == 1


def test_a_position_read_by_its_right_spelling_is_found_out_once() -> None:
    manners = Manners(position="searchResultPosition", ignores_position=True, page_rows=7)
    world = bench([(at(-48), at(1))], NOON, file_length=5 * MINUTE, manners=manners)
    assert held(world.footage(at(-4), at(-1))) == [(at(-4), at(-1))]
    assert world.memory["position_word"] == "searchResultPosition"
    assert "paging" not in world.memory
    before = len(world.wire.asked)
    world.footage(at(-4), at(-1))
    bodies = [request.body.decode() for request in world.wire.asked[before:] if request.path == SEARCH]
    assert all("<searchResultPosition>" in body for body in bodies)


def test_a_damaged_file_spoils_only_its_hours() -> None:
    detail = {"from": "2026-10-01T08:10:00+08:00", "to": "2026-10-01T08:20:00+08:00"}
    world = bench([(at(-48), at(1))], NOON, faults=[Fault("bad_window", *ALWAYS, detail)])
    answers = world.footage(at(-9), at(-1))
    (failed,) = [answer for answer in answers if answer.outcome != "ok"]
    assert failed.covers_from <= at(-4) and failed.covers_to >= at(-3.5)
    assert failed.covers_to - failed.covers_from <= 2 * HOUR


@pytest.mark.parametrize(
    ("channel", "track"),
    [("3", "301"), (" 03 ", "301"), ("16", "1601"), ("100", "10001"), ("101", "101"), ("302", "302"), ("I-1", "I-1")],
)
def test_channel_numbers_become_main_tracks(channel: str, track: str) -> None:
    assert isapi.track_of(channel) == track


@pytest.mark.parametrize("channel", ["", " ", "0"])
def test_what_is_no_channel_is_refused(channel: str) -> None:
    with pytest.raises(Malformed):
        isapi.track_of(channel)


@pytest.mark.parametrize(
    ("code", "word", "failure"),
    [
        (2, "deviceBusy", Unreachable),
        (3, "deviceError", Unreachable),
        (4, "lowPrivilege", Refused),
        (5, "badXmlFormat", Malformed),
        (6, "badParameters", Malformed),
        (7, "rebootRequired", Unreachable),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_the_code_of_the_device_decides_not_that_of_http(
    code: int, word: str, failure: type[DeviceFailure], status: int
) -> None:
    world = bench([(at(-48), at(1))], NOON)
    body = f"<ResponseStatus><statusCode>{code}</statusCode><subStatusCode>{word}</subStatusCode></ResponseStatus>"
    spoil(world, lambda request, honest: Response(status, body.encode()) if request.path == SEARCH else honest)
    with pytest.raises(failure):
        world.footage(at(-2), at(-1))


def test_an_ok_without_the_data_asked_for_is_no_answer() -> None:
    world = bench([(at(-48), at(1))], NOON)
    body = b"<ResponseStatus><statusCode>1</statusCode><subStatusCode>ok</subStatusCode></ResponseStatus>"
    spoil(world, lambda request, honest: Response(200, body) if request.path == SEARCH else honest)
    with pytest.raises(Malformed):
        world.footage(at(-2), at(-1))


@settings(max_examples=150, deadline=None)
@given(
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=6)), min_size=1, max_size=4),
    path=st.sampled_from([SEARCH, "/ISAPI/System/time"]),
    status=st.sampled_from([200, 200, 401, 500]),
)
def test_damaged_answers_end_in_a_failure_or_an_answer(
    cuts: list[tuple[float, int, bytes]], path: str, status: int
) -> None:
    """Bytes are cut out of the answer and others put in; whatever comes out is one of the words a caller knows."""
    world = bench([(at(-48), at(-9)), (at(-8), at(1))], NOON, memory={})

    def damage(request: Request, honest: Response) -> Response:
        if request.path != path or honest.status != 200 or not isinstance(honest.body, bytes):
            return honest
        body = honest.body
        for place, length, put in cuts:
            start = int(place * len(body))
            body = body[:start] + put + body[start + length :]
        return Response(status, body, honest.headers)

    spoil(world, damage)
    try:
        answers = world.footage(at(-12), NOON)
    except DeviceFailure as failure:
        assert "\n" not in str(failure)
        return
    assert answers
    assert all(at(-12) <= answer.covers_from < answer.covers_to <= NOON for answer in answers)


def test_a_simulated_disk_changes_when_footage_vanishes_or_arrives_late() -> None:
    world = bench([(at(-48), at(48))], NOON)
    channel = SimulatedChannel(
        "1",
        ((at(-48), at(48)),),
        deletions=(Deletion(at(1), at(-5), at(-4)),),
        late=(LateArrival(at(2), at(-3), at(-2)),),
    )
    world = Bench(replace(world.recorder, channels={"1": channel}), world.manners, NOON, world.memory)
    expected = {0: [(-6, -3), (-2, -1)], 1: [(-6, -5), (-4, -3), (-2, -1)], 2: [(-6, -5), (-4, -1)]}
    for hour, parts in expected.items():
        world.now = at(hour)
        assert held(world.footage(at(-6), at(-1))) == [(at(a), at(b)) for a, b in parts]


def test_faults_end_when_they_end() -> None:
    world = bench([(at(-48), at(48))], NOON, faults=[Fault("html", at(-1), at(1))])
    with pytest.raises(Malformed):
        world.footage(at(-2), NOON)
    world.now = at(1)
    assert held(world.footage(at(-2), NOON)) == [(at(-2), NOON)]
