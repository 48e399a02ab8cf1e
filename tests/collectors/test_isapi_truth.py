"""Whatever a recorder holds and however it lies: complete answers are the truth, to the second, and nothing more."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from collectors.answers import FootageAnswer
from collectors.intervals import Interval, common, merged, without
from collectors.protocols import isapi
from collectors.simulator.isapi import Manners
from collectors.simulator.recorder import Fault
from data.periods import day_ends_at, day_starts_at, local_day
from tests.collectors.recorders import Bench, bench, held

EPOCH = datetime(2026, 9, 28)
STAMP = timedelta(seconds=1)
TRAIL = timedelta(minutes=5)
SPELLINGS: dict[str, dict[str, Any]] = {
    "A": {},
    "B": {"track_list": "trackList"},
    "C": {
        "track_list": "trackList",
        "needs": ('version="1.0"', "<searchID>{"),
        "refuses": ("<metadataList", "xmlns"),
    },
    "D": {"needs": ('xmlns="http://www.isapi.org/ver20/XMLSchema"',)},
    "D2": {"needs": ('xmlns="http://www.hikvision.com/ver20/XMLSchema"',)},
    "E": {"position": "searchResultPosition"},
    "E, and the other word is ignored": {"position": "searchResultPosition", "ignores_position": True},
}
"""Of the fact sheet §3.3: what each firmware insists on."""


def recordings(chance: Random) -> list[Interval]:
    """Up to sixteen pieces of 2 s to 20 h with holes of 2 s to 5 h between them, to the millisecond."""
    at, parts = EPOCH - timedelta(hours=2), []
    for _ in range(chance.choice([0, 2, 8, 16])):
        start = at + timedelta(
            milliseconds=chance.choice([chance.randint(2_000, 90_000), chance.randint(2_000, 18_000_000)])
        )
        at = start + timedelta(
            milliseconds=chance.choice([chance.randint(2_000, 90_000), chance.randint(2_000, 72_000_000)])
        )
        parts.append((start, at))
    return parts


@st.composite
def benches(draw: st.DrawFn) -> tuple[Bench, Interval]:
    chance = Random(draw(st.integers(0, 2**32)))  # uniform; drawn values would be mostly tiny
    faults: list[str | Fault] = [name for name in ("lying_counter", "stuck_paging") if chance.random() < 0.4]
    max_hours = chance.choice([None, None, "1", "3", "20"])
    if max_hours:
        faults.append(Fault("wide_500", datetime(2000, 1, 1), datetime(2100, 1, 1), {"max_hours": max_hours}))
    utc = chance.random() < 0.3
    manners = Manners(
        z_means_utc=utc,
        page_rows=chance.choice([1, 3, 40, 64]),
        overlap=timedelta(seconds=chance.choice([0, 3])),
        trail=timedelta(seconds=chance.choice([0, 4, 200])),
        device_type="IPCamera" if utc else "NVR",
        **SPELLINGS[chance.choice(list(SPELLINGS))],
    )
    start = EPOCH + timedelta(milliseconds=chance.randint(0, 2 * 86_400_000))
    window = (
        start,
        start + timedelta(milliseconds=chance.choice([chance.randint(1, 300_000), 86_400_000, 200_000_000])),
    )
    made = bench(
        recordings(chance),
        start + timedelta(milliseconds=chance.choice([-1, 900_000, 1]) + chance.randint(0, 300_000_000)),
        faults=faults,
        clock_steps=((datetime(2000, 1, 1), chance.choice([0, 1, -999, 4_000, -61_500, 601_234, -28_800_000])),),
        file_length=timedelta(seconds=chance.choice([300, 1060, 3600, 21600])),
        manners=manners,
        memory={},
    )
    return made, window


@settings(max_examples=150, deadline=None)
@given(benches())
def test_complete_answers_are_the_truth(made: tuple[Bench, Interval]) -> None:
    world, window = made
    answers = world.footage(*window)
    asked = (window[0], min(window[1], world.now))
    _assert_in_order_and_inside(answers, asked)
    covered = merged((answer.covers_from, answer.covers_to) for answer in answers)
    missing = without([asked], covered)
    assert all(end == asked[1] and end - start <= TRAIL + STAMP for start, end in missing), missing

    spoken = merged((a.covers_from, a.covers_to) for a in answers if a.outcome == "ok" and a.complete)
    truth = common(world.recorder.channels["1"].held(world.now), spoken)
    claimed = held(answers)
    _assert_slivers(without(claimed, truth), STAMP + world.manners.overlap)
    _assert_slivers(without(truth, claimed), STAMP)
    assert without(claimed, [asked]) == []


@settings(max_examples=60, deadline=None)
@given(benches())
def test_a_lying_device_with_an_honest_clock_still_gives_a_whole_answer(made: tuple[Bench, Interval]) -> None:
    """One row per page without positions is beyond the means of any client: there it may give up."""
    world, window = made
    assume(world.manners.page_rows > 1 or not world.recorder.active("stuck_paging", world.now))
    answers = world.footage(*window)
    assert {answer.outcome for answer in answers} <= {"ok"}
    unsettled = [answer for answer in answers if not answer.complete]
    honest_doubts = ("not indexed", "time base not settled")
    assert all(any(word in answer.reason for word in honest_doubts) for answer in unsettled), unsettled


@settings(max_examples=100, deadline=None)
@given(benches())
def test_the_calendar_is_the_truth_and_never_puts_true_answers_in_doubt(made: tuple[Bench, Interval]) -> None:
    """Days are those of the device clock; what is not indexed yet, or shorter than a second, may go either way."""
    world, window = made
    offset = world.recorder.clock_offset(world.now)
    first, last = (local_day(at + offset) for at in window)
    said = isapi.days_held(world.device, "1", first, last)
    held = [(a + offset, b + offset) for a, b in world.recorder.channels["1"].held(world.now)]
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        parts = common(held, [(day_starts_at(day), day_ends_at(day))])
        length = sum((end - start for start, end in parts), timedelta(0))
        if length > timedelta(seconds=210) or length == timedelta(0):
            assert (day in said) == bool(parts), day
    assert not any("calendar" in answer.reason for answer in world.footage(*window))


def _assert_in_order_and_inside(answers: list[FootageAnswer], asked: Interval) -> None:
    at = asked[0]
    for answer in answers:
        assert answer.covers_from == at, "a hole or an overlap between two pieces"
        assert answer.covers_from < answer.covers_to
        at = answer.covers_to
    assert at <= max(asked[1], asked[0])


def _assert_slivers(parts: list[Interval], tolerance: timedelta) -> None:
    """Stamps and clock are both cut to the second, so an edge is off by less than one."""
    assert all(end - start <= tolerance for start, end in parts), parts
