"""Whatever a Frigate holds: complete answers are the truth to the second, and only named quirks leave anything open."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import FootageAnswer
from collectors.device import Secret
from collectors.intervals import Interval, common, merged, without
from collectors.protocols import frigate
from collectors.simulator.frigate import Manners, end
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import plug
from tests.collectors.listing_truth import ALWAYS, EPOCH, assert_in_order, assert_slivers, denied, held, recordings

SECRET = Secret("bureau", "look only")
EDGE = timedelta(milliseconds=2_600)
"""Starts are cut to the second, the clock is read to half of one, and seams up to two seconds are closed."""
SETTLING = timedelta(seconds=120)


def recorder(chance: Random, offset_ms: int, now: datetime) -> SimulatedRecorder:
    deletions = tuple(
        Deletion(now - timedelta(minutes=1), EPOCH + timedelta(hours=hour), EPOCH + timedelta(hours=hour + 1))
        for hour in chance.sample(range(40), chance.choice([0, 0, 2]))
    )
    faults = []
    if chance.random() < 0.3:
        faults.append(Fault("wide_500", *ALWAYS, {"max_hours": chance.choice(["0.3", "1"])}))
    channel = SimulatedChannel("lane1", recordings(chance), deletions)
    return SimulatedRecorder("R1", "frigate", SECRET, {"lane1": channel}, ((ALWAYS[0], offset_ms),), tuple(faults))


def ask(world: SimulatedRecorder, now: datetime, window: Interval, manners: Manners) -> list[FootageAnswer]:
    device = frigate.open_device("http://192.0.2.5:5000", secret=SECRET, now=lambda: now, memory={})
    wire = plug(device, end(world, lambda: now, manners))
    answers = list(frigate.footage(device, "lane1", *window))
    assert {(each.method, each.path) for each in wire.asked if each.method != "GET"} <= {("POST", "/api/login")}
    return answers


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_complete_answers_are_the_truth(seed: int) -> None:
    chance = Random(seed)
    start = EPOCH + timedelta(milliseconds=chance.randint(0, 2 * 86_400_000))
    length_ms = chance.choice([chance.randint(1, 300_000), 40_000_000, 100_000_000])
    window = (start, start + timedelta(milliseconds=length_ms))
    now = start + timedelta(milliseconds=chance.randint(1, 200_000_000))
    offset_ms = chance.choice([0, 0, 4_000, -61_500, 601_234, -28_800_000])
    world = recorder(chance, offset_ms, now)
    manners = Manners(has_auth=chance.random() < 0.5, lag=timedelta(seconds=chance.choice([0, 40, 100])))
    answers = ask(world, now, window, manners)

    assert_in_order(answers, (window[0], min(window[1], now)), SETTLING)
    spoken = merged((a.covers_from, a.covers_to) for a in answers if a.complete)
    truth = common(world.channels["lane1"].held(now), spoken)
    assert_slivers(without(held(answers), truth), EDGE)
    assert_slivers(without(truth, held(answers)), EDGE)
    assert all(each.complete or "two minutes" in each.reason for each in answers)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_a_stepped_clock_accuses_nobody(seed: int) -> None:
    """Set back and put right again, somewhere around the window; each answer is then placed by the nights' samples."""
    chance = Random(seed)
    back_at = EPOCH + timedelta(minutes=chance.randint(0, 2000))
    forth_at = back_at + timedelta(minutes=chance.randint(60, 1200))
    steps = ((ALWAYS[0], 0), (back_at, -chance.choice([45_000, 600_000, 3_000_000])), (forth_at, 0))
    channel = SimulatedChannel("lane1", ((EPOCH - timedelta(days=3), EPOCH + timedelta(days=9)),))
    world = SimulatedRecorder("R1", "frigate", SECRET, {"lane1": channel}, steps)
    day = EPOCH + timedelta(days=chance.randint(0, 2), hours=-8)
    now = day + timedelta(hours=chance.choice([25, 30, 60]))
    nights = [EPOCH + timedelta(days=number) for number in range(-2, 9)]
    samples = [(at, world.clock_offset(at) // timedelta(milliseconds=1)) for at in nights if at < now]
    answers = ask(world, now, (day, day + timedelta(days=1)), Manners())
    assert_slivers(denied(answers, now, samples), timedelta(seconds=12))
