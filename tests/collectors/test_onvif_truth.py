"""Whatever a recorder holds and whatever its manners: complete answers are the truth, to the second, and no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import FootageAnswer
from collectors.intervals import Interval, common, merged, without
from collectors.protocols import onvif
from collectors.simulator.onvif_manners import Manners
from collectors.simulator.recorder import Deletion, Fault
from tests.collectors.onvif_bench import OnvifBench, bench
from tests.collectors.recorders import ALWAYS, held

EPOCH = datetime(2026, 9, 28)
STAMP = timedelta(seconds=2)
"""Stamps and clock are both cut to the second."""
LAG = timedelta(minutes=5)


def recordings(chance: Random) -> list[Interval]:
    """Up to sixteen pieces with holes of 3 s to 5 h between them, to the millisecond."""
    at, parts = EPOCH - timedelta(hours=2), []
    for _ in range(chance.choice([0, 2, 8, 16])):
        start = at + timedelta(
            milliseconds=chance.choice([chance.randint(3000, 90_000), chance.randint(3000, 18_000_000)])
        )
        at = start + timedelta(
            milliseconds=chance.choice([chance.randint(3000, 90_000), chance.randint(3000, 72_000_000)])
        )
        parts.append((start, at))
    return parts


def outages(chance: Random, parts: list[Interval]) -> tuple[Interval, ...]:
    """At most one, in the middle of a recording or of nothing."""
    if not parts or chance.random() < 0.6:
        return ()
    down_from = EPOCH + timedelta(milliseconds=chance.randint(0, 200_000_000))
    return ((down_from, down_from + timedelta(milliseconds=chance.randint(60_000, 40_000_000))),)


def deletions(chance: Random, parts: list[Interval]) -> tuple[Deletion, ...]:
    """What is overwritten is always the oldest."""
    if not parts or chance.random() < 0.5:
        return ()
    return (Deletion(EPOCH, datetime(2000, 1, 1), EPOCH + timedelta(milliseconds=chance.randint(0, 150_000_000))),)


def manners(chance: Random, parts: list[Interval]) -> Manners:
    return Manners(
        login=chance.choice(["token", "digest", "both"]),
        stamps_are_local=chance.random() < 0.3,
        utc_field_is_local=chance.random() < 0.2,
        start_state=chance.choice(["honest", "honest", "none", "false"]),
        start_stamp=chance.choice(["window", "change"]),
        filters=chance.choice(["ABC", "BC", "C"]),
        deaf_filters=chance.choice(["", "A"]),
        log=chance.choice(["track"] * 8 + ["recording", "none"]),
        true_word=chance.choice(["true", "TRUE", "1"]),
        is_descending=chance.random() < 0.3,
        oldest_is_1970=chance.random() < 0.2,
        end_lag=timedelta(seconds=chance.choice([0, 0, 90])),
        keeps_overwritten=chance.random() < 0.5,
        outages=outages(chance, parts),
        page_rows=chance.choice([1, 7, 100]),
        queued_pages=chance.choice([0, 2]),
        forgets_after=chance.choice([0, 0, 1]),
        not_offered=chance.choice([(), ("GetRecordings",), ("GetRecordingInformation",)]),
    )


@st.composite
def benches(draw: st.DrawFn) -> tuple[OnvifBench, Interval]:
    return made_by(Random(draw(st.integers(0, 2**32))))  # uniform; drawn values would be mostly tiny


def made_by(chance: Random) -> tuple[OnvifBench, Interval]:
    parts = recordings(chance)
    max_hours = chance.choice([None, None, "2", "20"])
    conduct = manners(chance, parts)
    # nobody can see through a log that survives what is overwritten within days, with no word on how far it reaches
    gone = () if conduct.oldest_is_1970 and conduct.keeps_overwritten else deletions(chance, parts)
    start = EPOCH + timedelta(milliseconds=chance.randint(0, 2 * 86_400_000))
    length = timedelta(milliseconds=chance.choice([chance.randint(1, 300_000), 86_400_000, 200_000_000]))
    made = bench(
        parts,
        start + timedelta(milliseconds=chance.choice([-1, 900_000, 1]) + chance.randint(0, 900_000_000)),
        faults=[Fault("wide_500", datetime(2000, 1, 1), datetime(2100, 1, 1), {"max_hours": max_hours})]
        if max_hours
        else [],
        clock_steps=((datetime(2000, 1, 1), chance.choice([0, 1, -999, 4000, -61_500, 601_234])),),
        deletions=gone,
        manners=conduct,
        memory={},
        with_living=True,
    )
    return made, (start, start + length)


@settings(max_examples=80, deadline=None)
@given(benches())
def test_complete_answers_are_the_truth(made: tuple[OnvifBench, Interval]) -> None:
    world, window = made
    answers = world.footage(*window)
    asked = (window[0], min(window[1], world.now))
    assert_in_order_and_inside(answers, asked)
    covered = merged((answer.covers_from, answer.covers_to) for answer in answers)
    missing = without([asked], covered)
    assert all(end == asked[1] and end - start <= LAG + STAMP for start, end in missing), missing
    assert_true(world, answers)
    assert world.end.searches.left_open == 0


@settings(max_examples=40, deadline=None)
@given(benches())
def test_what_an_honest_log_tells_is_known(made: tuple[OnvifBench, Interval]) -> None:
    """Unknown is only what the manners of the device force to be."""
    world, window = made
    is_plain = world.manners.start_state == "honest" and world.manners.log == "track" and not world.manners.outages
    if not is_plain or world.manners.oldest_is_1970 or not world.recorder.channels["R1"].held(world.now):
        return  # a device without footage dates none, and nothing confirms that it has none
    answers = world.footage(*window)
    words = ("not settled yet", "the newest footage it dates")
    unknown = [a for a in answers if not (a.outcome == "ok" and a.complete)]
    assert all(any(word in a.reason for word in words) for a in unknown), unknown


def assert_true(world: OnvifBench, answers: list[FootageAnswer], within: Interval = ALWAYS) -> None:
    spoken = common([(a.covers_from, a.covers_to) for a in answers if a.outcome == "ok" and a.complete], [within])
    kept = without(world.recorder.channels["R1"].held(world.now), world.manners.outages)
    truth, claimed = common(kept, spoken), common(held(answers), [within])
    assert_slivers(without(claimed, truth))
    assert_slivers(without(truth, claimed))


def assert_in_order_and_inside(answers: list[FootageAnswer], asked: Interval) -> None:
    at = asked[0]
    for answer in answers:
        assert answer.covers_from == at, "a hole or an overlap between two pieces"
        assert answer.covers_from < answer.covers_to
        at = answer.covers_to
    assert at <= max(asked[1], asked[0])


def assert_slivers(parts: list[Interval]) -> None:
    assert all(end - start <= STAMP for start, end in parts), parts


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_after_a_step_of_the_clock_that_was_seen_nothing_wrong_is_said(seed: int) -> None:
    """Set back, the clock runs through hours twice and the log mixes them; before the step nothing can be placed."""
    chance = Random(seed)
    stepped_at = EPOCH + timedelta(milliseconds=chance.randint(0, 150_000_000))
    by_ms = chance.choice([-1, 1]) * chance.choice([30_000, 600_000, 3_600_000, 20_000_000])
    now = EPOCH + timedelta(milliseconds=chance.randint(200_000_000, 500_000_000))
    world = bench(
        recordings(chance), now, clock_steps=((datetime(2000, 1, 1), 0), (stepped_at, by_ms)), with_living=True
    )
    for minutes in (-chance.randint(1, 600), chance.randint(1, 600)):
        world.now = min(now, stepped_at + timedelta(minutes=minutes))
        onvif.clock(world.device)
    world.now = now
    start = EPOCH + timedelta(milliseconds=chance.randint(0, 150_000_000))
    answers = world.footage(start, min(now, start + timedelta(days=chance.choice([1, 2]))))
    assert_true(world, answers, (stepped_at, now))
