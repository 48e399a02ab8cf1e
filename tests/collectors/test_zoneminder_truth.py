"""Whatever a ZoneMinder holds: complete answers are the truth to the second, and only named quirks leave it open."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import FootageAnswer
from collectors.device import Secret
from collectors.intervals import Interval, common, merged, without
from collectors.protocols import zoneminder
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedRecorder
from collectors.simulator.zoneminder import Manners, end
from tests.collectors.in_process import plug
from tests.collectors.listing_truth import ALWAYS, EPOCH, assert_in_order, assert_slivers, denied, held, recordings

SECRET = Secret("bureau", "look only")
EDGE = timedelta(milliseconds=2_600)
"""Times are whole seconds, the clock is read to half of one, and seams up to two seconds are closed."""
SETTLING = timedelta(seconds=60)
QUIRKS = ("not settled", "was not closed", "newest minute")


def recorder(chance: Random, offset_ms: int, now: datetime) -> SimulatedRecorder:
    deletions = tuple(
        Deletion(now - timedelta(minutes=1), EPOCH + timedelta(hours=hour), EPOCH + timedelta(hours=hour + 1))
        for hour in chance.sample(range(40), chance.choice([0, 0, 2]))
    )
    faults = [Fault(kind, *ALWAYS) for kind in ("lying_counter", "stuck_paging") if chance.random() < 0.1]
    if chance.random() < 0.3:
        faults.append(Fault("wide_500", *ALWAYS, {"max_hours": chance.choice(["1", "7"])}))
    section = timedelta(seconds=chance.choice([60, 600, 3600]))
    channels = {
        "7": SimulatedChannel("7", recordings(chance), deletions, section),
        "8": SimulatedChannel("8", ((EPOCH - timedelta(days=1), EPOCH + timedelta(days=30)),)),
    }
    return SimulatedRecorder("R1", "zoneminder", SECRET, channels, ((ALWAYS[0], offset_ms),), tuple(faults))


def manners_for(chance: Random, world: SimulatedRecorder) -> Manners:
    torn = [a + (b - a) * chance.random() for a, b in world.channels["7"].recorded if chance.random() < 0.3]
    return Manners(
        version=chance.choice(["1.36.33", "1.36.36", "1.38.1"]),
        texts_only=chance.random() < 0.5,
        has_seconds=chance.random() < 0.3,
        warns=chance.random() < 0.3,
        refresh=timedelta(seconds=chance.choice([1, 5, 60, 4000])),
        database_shift=timedelta(hours=chance.choice([0, 0, 0, -8, 1])),
        torn_at=tuple(torn),
        database_down=tuple((at, at + timedelta(seconds=40)) for at in torn if chance.random() < 0.3),
    )


def ask(
    world: SimulatedRecorder, now: datetime, window: Interval, manners: Manners, memory: dict[str, str]
) -> list[FootageAnswer]:
    device = zoneminder.open_device("http://192.0.2.5", secret=SECRET, now=lambda: now, memory=memory)
    wire = plug(device, end(world, lambda: now, manners))
    answers = list(zoneminder.footage(device, "7", *window))
    assert {(r.method, r.path) for r in wire.asked if r.method != "GET"} <= {("POST", "/zm/api/host/login.json")}
    kept = "".join(f"{each.request}{each.body!r}" for each in device.take_exchanges())
    assert not [word for word in (SECRET.password, "eyJ0") if word in kept]
    return answers


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_complete_answers_are_the_truth(seed: int) -> None:
    chance = Random(seed)
    start = EPOCH + timedelta(milliseconds=chance.randint(0, 2 * 86_400_000))
    length_ms = chance.choice([chance.randint(1, 300_000), 40_000_000, 200_000_000])
    window = (start, start + timedelta(milliseconds=length_ms))
    now = start + timedelta(milliseconds=chance.randint(1, 200_000_000))
    world = recorder(chance, chance.choice([0, 0, 4_000, -61_500, 601_234]), now)
    manners = manners_for(chance, world)
    memory: dict[str, str] = {}
    if chance.random() < 0.8:  # an earlier look has settled what the database's digits mean
        memory |= {"zone": manners.zone, "shift_s": str(int(manners.database_shift.total_seconds()))}
    answers = ask(world, now, window, manners, memory)

    assert_in_order(answers, (window[0], min(window[1], now)), SETTLING)
    spoken = merged((a.covers_from, a.covers_to) for a in answers if a.complete)
    truth = common(world.channels["7"].held(now), spoken)
    assert_slivers(without(held(answers), truth), EDGE)
    assert_slivers(without(truth, held(answers)), EDGE)
    assert not [a.reason for a in answers if not a.complete and not any(word in a.reason for word in QUIRKS)]
    if not manners.torn_at and not world.faults and memory.get("shift_s") and window[1] < now - timedelta(hours=2):
        assert all(each.complete or manners.refresh > timedelta(minutes=1) for each in answers)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_stepped_clock_accuses_nobody(seed: int) -> None:
    """A step inside an event only stretches or shortens it; at a cut of two events it leaves an overlap or a gap."""
    chance = Random(seed)
    cut = timedelta(minutes=10)
    inside = timedelta(minutes=chance.choice([0, 0, 3]))
    back_at = EPOCH + cut * chance.randint(0, 200) + inside
    forth_at = back_at + cut * chance.randint(6, 120)
    steps = ((ALWAYS[0], 0), (back_at, -chance.choice([45_000, 600_000, 3_000_000])), (forth_at, 0))
    parts = ((EPOCH - timedelta(days=3), EPOCH + timedelta(days=9)),)
    channel = SimulatedChannel("7", parts, file_length=timedelta(seconds=600))
    world = SimulatedRecorder("R1", "zoneminder", SECRET, {"7": channel}, steps)
    day = EPOCH + timedelta(days=chance.randint(0, 2), hours=-8)
    now = day + timedelta(hours=chance.choice([25, 30, 60]))
    nights = [EPOCH + timedelta(days=number) for number in range(-2, 9)]
    samples = [(at, world.clock_offset(at) // timedelta(milliseconds=1)) for at in nights if at < now]
    answers = ask(world, now, (day, day + timedelta(days=1)), Manners(), {})
    assert_slivers(denied(answers, now, samples), timedelta(seconds=12))
