"""What the Dahua collector concludes, what it refuses to conclude, and what it leaves behind on the device: nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.answers import ClockReading, DeviceFailure, Malformed, Unreachable
from collectors.intervals import merged
from collectors.protocols import dahua
from collectors.protocols.dahua.footage import sort_out
from collectors.protocols.dahua.rows import Row, page_of
from collectors.simulator import dahua_words as words
from collectors.simulator.dahua import Manners, Recorder
from collectors.simulator.dahua_finders import Listing
from collectors.simulator.http import Request, Response
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel
from collectors.simulator.shelf import File
from tests.collectors.dahua_bench import HOUR, MINUTE, NOON, SECOND, Bench, Spoil, at, bench, on
from tests.collectors.recorders import ALWAYS, held


def page(*rows: str, found: int | None = None) -> Spoil:
    """The first page of every search is this one; the second is the honest one."""
    count = len(rows) if found is None else found
    lines = [f"found={count}"]
    for number, row in enumerate(rows):
        start, end = row.split("/")
        lines += [f"items[{number}].{name}" for name in ("Channel=0", f"StartTime={start}", f"EndTime={end}")]
    return on("findNextFile", Response(200, words.lines(lines)))


@pytest.mark.parametrize(
    "answer",
    [
        on("findFile", Response(200, b"Something\r\n")),
        on("findFile", Response(400, words.lines(words.WRONG_ACTION))),
        on("findFile", Response(403, words.FORBIDDEN.encode())),
        on("findFile", Response(404, b"")),
        on("findFile", Response(500, b"")),
        on("findNextFile", Response(200, b"")),
        on("findNextFile", Response(200, b"OK\r\n")),
        on("findNextFile", Response(200, b"found=-1\r\n")),
        on("findNextFile", Response(200, b"found=many\r\n")),
        on("findNextFile", Response(200, b"found=0\r\nfound=1\r\n")),
        on("findNextFile", Response(200, b'{"found":0}')),
        on("findNextFile", Response(200, "found=0\r\n".encode("utf-16"))),
        on("findNextFile", Response(400, words.lines(words.REJECTED))),
        on("findNextFile", Response(500, b"found=0\r\n")),
        on("findNextFile", Response(204, b"")),
        on("factory.create", Response(200, b"result=0\r\n")),
        on("factory.create", Response(200, b"result=99999999999999999999\r\n")),
        on("factory.create", Response(302, b"", {"Location": "https://192.0.2.1/"})),
        on("getCurrentTime", Response(200, b"result=\r\n")),
        on("getCurrentTime", Response(200, b"result=9999-12-31 23:59:59\r\n")),
        on("getCurrentTime", Response(200, b"result=0001-01-01 00:00:00\r\n")),
    ],
)
def test_nothing_but_found_0_is_an_empty_answer(answer: Spoil) -> None:
    world = bench([], NOON)
    world.spoil(answer)
    with pytest.raises(DeviceFailure) as caught:
        world.footage(at(-3), at(-2.5))
    assert re.fullmatch(r"[^\n]{20,300}", str(caught.value))


@pytest.mark.parametrize(
    "answer",
    [
        page(found=1),
        page("2026-10-01 10:00:00/soon"),
        page("2026-10-01 10:00:00/2026-10-01 25:00:00"),
        page("0001-01-01 00:00:00/2026-10-01 12:00:00"),
        page("2026-10-01 09:30:00/2026-10-01 09:00:00"),
        page("2026-10-01 09:00:00/2099-12-31 23:59:59"),
        page("2026-10-01 06:00:00/2026-10-01 07:00:00", found=7),
    ],
)
def test_rows_that_make_no_sense_deny_nothing(answer: Spoil) -> None:
    world = bench([], NOON)
    world.spoil(answer)
    answers = world.footage(at(-3), at(-2.5))
    assert answers
    assert not any(a.complete for a in answers)
    assert held(answers) == []


def test_an_empty_answer_is_a_denial() -> None:
    world = bench([(at(-48), at(-10))], NOON)
    (answer,) = world.footage(at(-5), at(-3))
    assert (answer.outcome, answer.complete, answer.spans) == ("ok", True, ())


def test_a_search_that_fails_is_closed_and_destroyed_all_the_same() -> None:
    world = bench([(at(-48), at(1))], NOON)
    world.spoil(on("findNextFile", Response(200, b"nonsense\r\n")))
    with pytest.raises(Malformed):
        world.footage(at(-2), NOON)
    assert not world.end.finders.opened
    assert len(world.asked("close")) == len(world.asked("destroy")) == len(world.asked("factory.create")) == 1


def test_a_failing_close_does_not_keep_the_search_from_being_destroyed() -> None:
    world = bench([(at(-48), at(1))], NOON)
    world.spoil(on("close", Response(500, b"")))
    assert held(world.footage(at(-2), at(-1))) == [(at(-2), at(-1))]
    assert not world.end.finders.opened


@pytest.mark.parametrize("writing", ["absent", "planned"])
def test_the_file_being_written_is_left_to_the_next_poll(writing: str) -> None:
    now = NOON + 40 * MINUTE
    world = bench([(at(-48), at(9))], now, listing=Listing(writing=writing))
    (answer,) = world.footage(at(-2), now)
    assert held([answer]) == [(at(-2), NOON)]
    assert answer.covers_to == NOON
    (open_only,) = world.footage(NOON + 10 * MINUTE, now)
    assert (open_only.outcome, open_only.complete, open_only.spans) == ("ok", False, ())


def test_a_file_being_written_that_is_listed_up_to_now_counts_up_to_there() -> None:
    world = bench([(at(-48), at(9))], NOON + 40 * MINUTE, listing=Listing(trail=timedelta(seconds=50)))
    (answer,) = world.footage(at(-2), NOON + HOUR)
    assert held([answer]) == [(at(-2), NOON + 39 * MINUTE + 10 * SECOND)]
    assert answer.covers_to == NOON + 39 * MINUTE + 10 * SECOND


def test_a_camera_that_stopped_is_denied_up_to_the_longest_file_ago() -> None:
    world = bench([(at(-48), at(-5))], NOON)
    (answer,) = world.footage(at(-8), NOON)
    assert answer.covers_to == NOON - 2 * HOUR - 2 * MINUTE
    assert held([answer]) == [(at(-8), at(-5))]


def test_a_window_in_the_future_gives_no_answer_and_no_request() -> None:
    world = bench([(at(-48), at(9))], NOON)
    assert world.footage(at(1), at(2)) == []
    assert world.wire.asked == []


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("rejects_nothing", [False, True])
def test_the_way_of_counting_is_learned_from_rows_and_never_mixes_cameras(base: int, rejects_nothing: bool) -> None:
    others = [SimulatedChannel(n, ((at(-48), at(-20)),)) for n in ("1", "3")]
    listing = Listing(base=base, rejects_nothing=rejects_nothing)
    world = bench([(at(-48), at(-6)), (at(-5), at(1))], NOON, listing=listing, memory={}, channel="2", others=others)
    assert held(world.footage(at(-8), at(-3), "2")) == [(at(-8), at(-6)), (at(-5), at(-3))]
    assert world.memory["base_2"] == str(base)
    assert held(world.footage(at(-30), at(-10), "1")) == [(at(-30), at(-20))]
    assert held(world.footage(at(-30), at(-25), "3")) == [(at(-30), at(-25))]


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("number", ["1", "2"])
def test_a_channel_that_never_recorded_is_denied_where_both_ways_of_counting_find_nothing(
    base: int, number: str
) -> None:
    """The neighbour's footage must neither be taken for it nor keep it from being denied."""
    others = [SimulatedChannel(n, ((at(-48), at(1)),)) for n in ("1", "2", "3") if n != number]
    world = bench([], NOON, listing=Listing(base=base), memory={}, channel=number, others=others)
    answers = world.footage(at(-6), at(-4), number)
    assert held(answers) == []
    assert all(a.complete for a in answers)


def test_a_channel_that_does_not_exist_is_unknown() -> None:
    world = bench([(at(-48), at(1))], NOON, memory={})
    with pytest.raises(Malformed, match="check the channel number"):
        world.footage(at(-6), at(-4), "9")


@pytest.mark.parametrize("word", ["", "0", "-1", "one", "1.0", "00", "１", "99999", "D1"])
def test_a_word_that_is_no_channel_is_refused_without_a_request(word: str) -> None:
    world = bench([(at(-48), at(1))], NOON)
    with pytest.raises(Malformed, match="is no channel"):
        world.footage(at(-6), at(-4), word)
    assert world.wire.asked == []


def test_a_clock_step_is_no_missing_footage() -> None:
    steps = ((ALWAYS[0], 0), (at(-6), -603_000), (at(-6) + timedelta(seconds=603), 0))
    world = bench([(at(-48), at(1))], NOON, clock_steps=steps)
    answers = world.footage(at(-8), at(-4))
    (doubtful,) = [answer for answer in answers if answer.outcome != "ok"]
    assert "stepped by about 603 s" in doubtful.reason
    assert held(answers) == [(at(-8), at(-6)), (at(-6) + timedelta(seconds=603), at(-4))]


def test_a_clock_put_right_hours_later_is_found_from_the_gap_alone() -> None:
    """Set back in the morning, forward in the evening: asked again for the gap only, it must not become a denial."""
    steps = ((ALWAYS[0], 0), (at(-12), -603_000), (at(-5), 0))
    world = bench([(at(-48), at(1))], NOON, clock_steps=steps)
    answers = world.footage(at(-5) - 10 * MINUTE, at(-5) - MINUTE)
    assert [(a.outcome, a.complete) for a in answers] == [("malformed", False)]


def test_a_clock_set_back_after_the_gap_is_found_as_well() -> None:
    steps = ((ALWAYS[0], 0), (at(-16), 603_000), (at(-9), 0))
    world = bench([(at(-48), at(1))], NOON, clock_steps=steps)
    answers = world.footage(at(-16) + MINUTE, at(-16) + 9 * MINUTE)
    assert [(a.outcome, a.complete) for a in answers] == [("malformed", False)]


def test_a_file_listed_twice_while_it_grows_is_one_file_up_to_its_newest_end() -> None:
    rows = [Row(0, at(-3), at(-3) + n * MINUTE) for n in (9, 7, 8)]
    assert sort_out(rows, NOON).files == [(at(-3), at(-3) + 9 * MINUTE)]


def test_rows_that_are_no_plain_footage_are_told_apart() -> None:
    backward, ahead = Row(0, at(-3), at(-4)), Row(0, at(1), at(2))
    copy, extra = Row(0, at(-9), at(-8), is_copy=True), Row(0, at(-7), at(-6), stream="Extra1")
    found = sort_out([backward, ahead, copy, extra], NOON)
    assert (found.held, found.files, found.is_open_from) == ([(at(-9), at(-8))], [], None)
    assert [(flaw.part, flaw.outcome) for flaw in found.flaws] == [
        ((at(-6), at(-1)), "malformed"),
        ((at(-7), at(-6)), "ok"),
    ]


def test_the_extra_stream_beside_the_main_one_changes_nothing() -> None:
    world = bench([(at(-48), at(-7)), (at(-6), at(1))], NOON, listing=Listing(has_extra_stream=True))
    (answer,) = world.footage(at(-8), at(-4))
    assert answer.complete
    assert held([answer]) == [(at(-8), at(-7)), (at(-6), at(-4))]


def test_a_clock_reading_is_used_twice_only_while_it_is_fresh() -> None:
    world = bench([(at(-48), at(1))], NOON)
    world.footage(at(-6), at(-5))
    world.footage(at(-5), at(-4))
    assert len(world.asked("getCurrentTime")) == 1 + 1 + 2  # one of them brings the challenge
    world.now += 11 * SECOND
    world.footage(at(-6), at(-5))
    assert len(world.asked("getCurrentTime")) == 1 + 1 + 2 + 2


def test_the_clock_is_compared_with_the_middle_of_the_round_trip() -> None:
    world = bench([], NOON)
    dahua.clock(world.device)

    def answer(_: Request, honest: Response) -> Response:
        world.now += 4 * SECOND
        return honest

    world.spoil(answer)
    assert dahua.clock(world.device) == ClockReading(-2000, 4000)


def test_the_copy_on_a_redundant_disk_is_no_clock_step() -> None:
    world = bench([(at(-48), at(-7)), (at(-6), at(1))], NOON, listing=Listing(has_copies=True))
    (answer,) = world.footage(at(-8), at(-4))
    assert answer.complete
    assert held([answer]) == [(at(-8), at(-7)), (at(-6), at(-4))]


def test_a_clock_that_moves_during_the_listing_leaves_everything_open() -> None:
    world = bench([(at(-48), at(1))], NOON)

    def answer(request: Request, honest: Response) -> Response:
        if request.query.get("action") == "findNextFile":
            world.now += 1 * HOUR
        return honest

    slow = replace(world.recorder, clock_steps=((ALWAYS[0], 0), (NOON + MINUTE, -600_000)))
    world.end = Recorder(slow, lambda: world.now, Manners())
    world.spoil(answer)
    answers = world.footage(at(-4), at(-3))
    assert [(a.complete, "moved by -600 s" in a.reason) for a in answers] == [(False, True)]


@pytest.mark.parametrize("fault", ["lying_counter", "stuck_paging"])
@pytest.mark.parametrize("page_rows", [2, 100])
def test_a_device_that_lies_about_its_pages_is_still_read_whole(fault: str, page_rows: int) -> None:
    listing = Listing(page_rows=page_rows)
    world = bench([(at(-48), at(-9)), (at(-8), at(1))], NOON, faults=[fault], listing=listing)
    (answer,) = world.footage(at(-12), at(-4))
    assert answer.complete
    assert held([answer]) == [(at(-12), at(-9)), (at(-8), at(-4))]


def test_a_hopeless_device_is_left_alone_in_the_end() -> None:
    """One file per page and always the same page: what was read counts, the rest is open."""
    minutes = timedelta(minutes=8)
    world = bench([(at(-48), at(1))], NOON, faults=["stuck_paging"], listing=Listing(page_rows=1), file_length=minutes)
    answers = world.footage(at(-30), at(-4))
    assert world.device.request_count < 400
    assert held(answers)[0][0] == at(-30)
    assert any(not a.complete and "no answer proves this gap" in a.reason for a in answers)
    assert all(a.spans or not a.complete for a in answers)


def test_a_listing_too_wide_for_the_device_is_halved() -> None:
    wide = Fault("wide_500", *ALWAYS, {"max_hours": "2"})
    world = bench([(at(-48), at(-9)), (at(-8), at(1))], NOON, faults=[wide])
    assert held(world.footage(at(-12), at(-4))) == [(at(-12), at(-9)), (at(-8), at(-4))]


def test_a_damaged_file_spoils_no_more_than_its_hour() -> None:
    bad = Fault("bad_window", *ALWAYS, {"from": at(-9.5).isoformat(), "to": at(-9.2).isoformat()})
    world = bench([(at(-48), at(1))], NOON, faults=[bad], file_length=8 * MINUTE)
    answers = world.footage(at(-12), at(-4))
    failed = [a for a in answers if a.outcome == "unreachable"]
    assert timedelta(0) < sum((a.covers_to - a.covers_from for a in failed), timedelta(0)) <= 2 * HOUR
    assert merged([*held(answers), *((a.covers_from, a.covers_to) for a in failed)]) == [(at(-12), at(-4))]


def test_deleted_footage_is_denied() -> None:
    world = bench([(at(-48), at(1))], NOON)
    gone = replace(world.recorder.channels["1"], deletions=(Deletion(at(-1), at(-6), at(-5)),))
    later = bench((), NOON, others=[gone])
    assert held(later.footage(at(-8), at(-4))) == [(at(-8), at(-6)), (at(-5), at(-4))]


def test_a_search_left_open_by_somebody_else_is_no_answer() -> None:
    world: Bench = bench([(at(-48), at(1))], NOON, listing=Listing(max_open=0))
    with pytest.raises(Unreachable, match="no search left"):
        world.footage(at(-8), at(-4))


def test_a_full_page_followed_by_an_error_is_no_whole_list() -> None:
    rows = [words.item(n, 0, file, stream="Main", is_copy=False, is_padded=True) for n, file in enumerate(_files(100))]
    pages = [Response(200, words.lines(["found=100", *(line for row in rows for line in row)]))]
    error = Response(400, words.lines(words.REJECTED))
    world = bench([], NOON)
    world.spoil(
        lambda request, honest: (
            (pages.pop() if pages else error) if request.query.get("action") == "findNextFile" else honest
        )
    )
    answers = world.footage(at(-20), at(-4))
    assert [a.complete for a in answers] == [True, False]
    assert held(answers) == [(at(-20), at(-20) + 100 * MINUTE)]


def _files(count: int) -> list[File]:
    starts = [at(-20) + n * MINUTE for n in range(count)]
    return [File(start, start + MINUTE, n, start, start + MINUTE, timedelta(0)) for n, start in enumerate(starts)]


@pytest.mark.parametrize("kind", ["jpg", "JPG"])
def test_pictures_are_no_footage(kind: str) -> None:
    world = bench([], NOON)
    row = f"items[0].StartTime=2026-10-01 08:00:00\r\nitems[0].EndTime=2026-10-01 09:00:00\r\nitems[0].Type={kind}\r\n"
    pages = [f"found=1\r\nitems[0].Channel=0\r\n{row}"]
    world.spoil(
        lambda request, honest: (
            Response(200, pages.pop().encode()) if pages and request.query.get("action") == "findNextFile" else honest
        )
    )
    assert held(world.footage(at(-4), at(-3))) == []


def test_a_file_past_midnight_is_had_from_its_name() -> None:
    name = "/mnt/dvr/2026-09-30/0/dav/23/1/0/1/23.30.00-00.30.00[R][0@0][0].dav"
    (row,) = page_of(f"found=1\nitems[0].Channel=0\nitems[0].FilePath={name}\n", "the page").rows
    assert (row.started_at, row.ended_at) == (at(-12.5), at(-11.5))


def test_half_an_answer_under_an_unknown_way_of_counting_is_none() -> None:
    """Asked as 1 nothing is found, asked as 0 the device complains: no camera is known to be there."""
    world = bench([], NOON, memory={}, manners=Manners(forbids=frozenset({"RemoteDevice"})))
    with pytest.raises(Malformed, match="does not tell which"):
        world.footage(at(-6), at(-4))


def test_rows_announced_under_the_other_way_of_counting_are_no_empty_answer() -> None:
    world = bench([], NOON, memory={}, channel="2", others=[SimulatedChannel("1", ())])
    asked: list[str] = []

    def answer(request: Request, honest: Response) -> Response:
        asked.append(request.query.get("condition.Channel", asked[-1] if asked else ""))
        is_page = request.query.get("action") == "findNextFile" and asked[-1] == "1"
        return Response(200, b"found=1\r\n") if is_page else honest

    world.spoil(answer)
    assert not any(a.complete for a in world.footage(at(-6), at(-4), "2"))
