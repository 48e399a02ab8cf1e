"""Whatever a device behind the platform holds and however it answers: complete answers are the truth, to its clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import FootageAnswer
from collectors.intervals import Interval, common, merged, without
from collectors.protocols import wvp
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedRecorder
from collectors.simulator.wvp import Manners, end
from tests.collectors.wvp_lab import ALWAYS, CLOUD, FIRST, HOUR, NOW, SECRET, open_

FROM, UNTIL = NOW - 60 * HOUR, NOW - timedelta(minutes=75)
STAMP = timedelta(seconds=2)


def _recorded(chance: Random) -> list[Interval]:
    """Pieces of 2 s to 20 h with holes of 4 s to 5 h between them, to the millisecond, some until now."""
    at, parts = FROM - 5 * HOUR, []
    while at < NOW + 2 * HOUR and chance.random() < 0.9:
        start = at + timedelta(
            milliseconds=chance.choice([chance.randint(4_000, 90_000), chance.randint(4_000, 18_000_000)])
        )
        at = start + timedelta(
            milliseconds=chance.choice([chance.randint(2_000, 90_000), chance.randint(2_000, 72_000_000)])
        )
        parts.append((start, at))
    return parts


def _world(chance: Random, channel: str) -> tuple[SimulatedRecorder, Manners, timedelta]:
    faults = []
    if chance.random() < 0.3:
        faults.append(Fault("wide_500", *ALWAYS, {"max_hours": chance.choice(["0.3", "0.6", "1.5"])}))
    for _ in range(chance.choice([0, 0, 1, 2])):
        start = FROM + timedelta(minutes=chance.randint(0, 3500))
        window = {"from": start.isoformat(), "to": (start + timedelta(minutes=chance.randint(1, 200))).isoformat()}
        faults.append(Fault("bad_window", *ALWAYS, window))
    gone = FROM + timedelta(minutes=chance.randint(0, 3000))
    deletions = (Deletion(NOW - 3 * HOUR, gone, gone + 4 * HOUR),) if chance.random() < 0.4 else ()
    length = timedelta(seconds=chance.choice([180, 1060, 3600, 7200]))
    held = SimulatedChannel(channel, tuple(_recorded(chance)), deletions, length)
    offset_ms = chance.choice([0, 0, 1_000, -900, 40_000, -61_500])
    world = SimulatedRecorder("P1", "wvp", SECRET, {channel: held}, ((ALWAYS[0], offset_ms),), tuple(faults))
    manners = Manners(
        item_limit=chance.choice([None, None, 1, 2, 5, 40]),
        finished_only=length <= HOUR and chance.random() < 0.3,
        repeats_last_page=chance.random() < 0.5,
        page_rows=chance.choice([1, 3, 100]),
        token_requests=chance.choice([2, 5, 10**9]),
    )
    return world, manners, abs(timedelta(milliseconds=offset_ms))


def _claimed(answers: list[FootageAnswer]) -> list[Interval]:
    offsets = {a: timedelta(milliseconds=answers[a].clock_offset_ms or 0) for a in range(len(answers))}
    return merged(
        (span.started_at - offsets[number], span.ended_at - offsets[number])
        for number, answer in enumerate(answers)
        if answer.outcome == "ok" and answer.complete
        for span in answer.spans
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([FIRST, FIRST, CLOUD]))
def test_complete_answers_are_the_truth(seed: int, channel: str) -> None:
    chance = Random(seed)
    world, manners, off = _world(chance, channel)
    start = FROM + timedelta(milliseconds=chance.randint(0, 86_400_000))
    window = (start, min(UNTIL, start + timedelta(milliseconds=chance.choice([60_000, 7_200_000, 150_000_000]))))
    device, wire = open_(end(world, lambda: NOW, manners))
    answers = list(wvp.footage(device, channel, *window))

    edges = [answers[0].covers_from, *(a.covers_to for a in answers)]
    assert edges == [window[0], *(a.covers_from for a in answers[1:]), window[1]]
    assert {request.method for request in wire.asked} == {"GET"}
    spoken = merged((a.covers_from, a.covers_to) for a in answers if a.outcome == "ok" and a.complete)
    truth = common(world.channels[channel].held(NOW), spoken)
    claimed = _claimed(answers)
    seam = timedelta(seconds=5) if channel == CLOUD else STAMP
    _assert_slivers(without(claimed, truth), off + seam + STAMP)
    _assert_slivers(without(truth, claimed), off + STAMP)
    assert all(a.reason for a in answers if a not in [b for b in answers if b.complete])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_device_that_records_now_is_unknown_only_around_what_times_out(seed: int) -> None:
    chance = Random(seed)
    world, manners, _ = _world(chance, FIRST)
    live = SimulatedChannel(FIRST, (*world.channels[FIRST].recorded[:1], (NOW - 3 * HOUR, NOW + HOUR)))
    faults = tuple(fault for fault in world.faults if fault.kind == "bad_window")
    world = SimulatedRecorder("P1", "wvp", SECRET, {FIRST: live}, (), faults)
    device, _ = open_(end(world, lambda: NOW, Manners(finished_only=manners.finished_only)))
    answers = list(wvp.footage(device, FIRST, FROM, UNTIL))
    if faults:
        return
    assert all(answer.complete for answer in answers)


def _assert_slivers(parts: list[Interval], tolerance: timedelta) -> None:
    assert all(end_ - start <= tolerance for start, end_ in parts), parts


def test_a_device_set_back_for_some_hours_is_not_accused_of_the_hole() -> None:
    held = SimulatedChannel(FIRST, ((FROM - 5 * HOUR, NOW + HOUR),))
    steps = ((datetime(2000, 1, 1), 0), (NOW - 30 * HOUR, -7_212_000), (NOW - 20 * HOUR, 0))
    world = SimulatedRecorder("P1", "wvp", SECRET, {FIRST: held}, steps)
    device, _ = open_(end(world, lambda: NOW))
    answers = list(wvp.footage(device, FIRST, FROM, UNTIL))
    spoken = merged((a.covers_from, a.covers_to) for a in answers if a.complete)
    assert without(spoken, _claimed(answers)) == []
    assert any("stepped" in a.reason for a in answers)
