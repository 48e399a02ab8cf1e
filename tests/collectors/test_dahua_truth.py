"""Whatever a recorder holds and however it lies: complete answers are the truth, to the second, and nothing more."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import DeviceFailure, FootageAnswer
from collectors.intervals import Interval, common, merged, without
from collectors.protocols.dahua.footage import TAIL
from collectors.simulator.dahua import Manners
from collectors.simulator.dahua_finders import Listing
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel
from tests.collectors.dahua_bench import Bench, bench
from tests.collectors.recorders import held
from tests.collectors.test_isapi_truth import recordings

EPOCH = datetime(2026, 9, 28)
STAMP = timedelta(seconds=1)


@st.composite
def benches(draw: st.DrawFn, *, lies: bool = True) -> tuple[Bench, Interval]:
    chance = Random(draw(st.integers(0, 2**32)))  # uniform; drawn values would be mostly tiny
    faults: list[str | Fault] = [name for name in ("lying_counter", "stuck_paging") if lies and chance.random() < 0.3]
    max_hours = chance.choice([None, None, "1.5", "3", "20"])
    if max_hours:
        faults.append(Fault("wide_500", datetime(2000, 1, 1), datetime(2100, 1, 1), {"max_hours": max_hours}))
    listing = Listing(
        base=chance.choice([0, 1]),
        page_rows=chance.choice([2, 40, 100]),
        writing=chance.choice(["now", "absent", "planned"]),
        trail=timedelta(seconds=chance.choice([0, 4, 200])),
        rejects_nothing=chance.random() < 0.4,
        is_by_start=chance.random() < 0.3,
        has_extra_stream=chance.random() < 0.3,
        has_copies=chance.random() < 0.3,
        is_padded=chance.random() < 0.7,
        fails_at_end=chance.random() < 0.3,
    )
    start = EPOCH + timedelta(milliseconds=chance.randint(0, 2 * 86_400_000))
    window = (start, start + timedelta(milliseconds=chance.choice([chance.randint(1, 300_000), 86_400_000])))
    now = start + timedelta(milliseconds=chance.choice([-1, 900_000, 1]) + chance.randint(0, 300_000_000))
    channel = chance.choice(["1", "2", "3"])
    made = bench(
        recordings(chance),
        now,
        faults=faults,
        clock_steps=((datetime(2000, 1, 1), chance.choice([0, 1, -999, 4_000, -61_500, 601_234, -28_800_000])),),
        file_length=timedelta(seconds=chance.choice([480, 1060, 3600, 7200])),
        manners=Manners(listing=listing, renews_nonce=chance.random() < 0.2),
        memory={} if lies else None,
        channel=channel,
        others=[SimulatedChannel(other, tuple(recordings(chance))) for other in {"1", "2", "3", "4"} - {channel}],
    )
    return made, window


def _footage(world: Bench, window: Interval) -> list[FootageAnswer]:
    return world.footage(*window, channel=next(iter(world.recorder.channels)))


@settings(max_examples=80, deadline=None)
@given(benches())
def test_complete_answers_are_the_truth(made: tuple[Bench, Interval]) -> None:
    world, window = made
    try:
        answers = _footage(world, window)
    except DeviceFailure:
        assert not world.end.finders.opened
        return
    assert not world.end.finders.opened, "a search was left open"
    asked = (window[0], min(window[1], world.now))
    _assert_in_order(answers, asked)
    covered = merged((answer.covers_from, answer.covers_to) for answer in answers)
    missing = without([asked], covered)
    assert all(end == asked[1] and end - start <= TAIL + STAMP for start, end in missing), missing
    _assert_true(world, answers, asked)


@settings(max_examples=40, deadline=None)
@given(benches(lies=False))
def test_a_device_that_counts_honestly_gives_a_whole_answer(made: tuple[Bench, Interval]) -> None:
    world, window = made
    answers = _footage(world, window)
    assert {answer.outcome for answer in answers} <= {"ok"}
    unsettled = [answer for answer in answers if not answer.complete]
    assert all("not listed yet" in answer.reason for answer in unsettled), unsettled


@settings(max_examples=40, deadline=None)
@given(benches(lies=False), st.integers(0, 2**32))
def test_footage_that_is_deleted_later_is_denied_then(made: tuple[Bench, Interval], seed: int) -> None:
    world, window = made
    chance = Random(seed)
    name, channel = next(iter(world.recorder.channels.items()))
    at = window[0] + timedelta(milliseconds=chance.randint(-7_200_000, 80_000_000))
    gone = Deletion(world.now, at, at + timedelta(milliseconds=chance.randint(20_000, 20_000_000)))
    changed = SimulatedChannel(name, channel.recorded, (gone,), channel.file_length)
    later = bench(
        (),
        world.now,
        faults=world.recorder.faults,
        clock_steps=world.recorder.clock_steps,
        manners=world.manners,
        channel=name,
        others=[changed, *(each for each in world.recorder.channels.values() if each.channel != name)],
    )
    _assert_true(later, _footage(later, window), (window[0], min(window[1], world.now)))


@settings(max_examples=40, deadline=None)
@given(benches(lies=False), st.integers(0, 2**32))
def test_a_clock_that_was_stepped_invents_no_footage(made: tuple[Bench, Interval], seed: int) -> None:
    """Placing old digits after a step is the task of the clock samples; here only what the overlaps explain."""
    world, _ = made
    chance = Random(seed)
    back = EPOCH + timedelta(hours=chance.randint(2, 30))
    forth = back + timedelta(seconds=chance.randint(700, 20_000))
    step_ms = -chance.randint(60_000, 600_000)
    recorder = bench(
        [(EPOCH - timedelta(days=3), EPOCH + timedelta(days=30))],
        max(world.now, forth + timedelta(days=1)),
        clock_steps=((datetime(2000, 1, 1), 0), (back, step_ms), (forth, 0)),
        manners=world.manners,
    )
    answers = recorder.footage(back - timedelta(hours=3), forth + timedelta(hours=3))
    denied = [a for a in answers if a.outcome == "ok" and a.complete]
    silent = without(((a.covers_from, a.covers_to) for a in denied), held(denied))
    assert all(end - begin <= timedelta(seconds=11) for begin, end in silent), silent


def _assert_true(world: Bench, answers: list[FootageAnswer], asked: Interval) -> None:
    spoken = merged((a.covers_from, a.covers_to) for a in answers if a.outcome == "ok" and a.complete)
    channel = next(iter(world.recorder.channels.values()))
    truth = common(channel.held(world.now), spoken)
    claimed = held(answers)
    _assert_slivers(without(claimed, truth), STAMP)
    _assert_slivers(without(truth, claimed), STAMP)
    assert without(claimed, [asked]) == []


def _assert_in_order(answers: list[FootageAnswer], asked: Interval) -> None:
    at = asked[0]
    for answer in answers:
        assert answer.covers_from == at, "a hole or an overlap between two pieces"
        assert answer.covers_from < answer.covers_to
        at = answer.covers_to
    assert at <= max(asked[1], asked[0])


def _assert_slivers(parts: list[Interval], tolerance: timedelta) -> None:
    """Stamps and clock are both cut to the second, so an edge is off by less than one."""
    assert all(end - start <= tolerance for start, end in parts), parts
