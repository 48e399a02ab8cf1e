"""Recorders with a wrong clock, without an answer, or with manners that make them hard to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collectors.intervals import Interval
from collectors.simulator.draft import Draft, of_day
from collectors.simulator.plan import days_between, local_text, night
from collectors.simulator.recorder import Fault
from collectors.simulator.register import Recorder

QUIRKS = ("wide_500", "lying_counter", "stuck_paging")
"""Lies that a careful collector works around every night; all others can leave a night without an answer."""
WIDEST_H = 12
SHORTEST_DAYS = 8
"""Of a demo that has room for these faults."""
HOSTILE_NIGHTS = ("html", "xml_bomb", "huge", "locked", "slow")
SILENT_KINDS = frozenset({*HOSTILE_NIGHTS, "dead"})

SET_BACK_MS = 603_000
STEADY_OFFSETS_MS = (0, 1000, -2000, 3000)
"""Harmless, and different from recorder to recorder."""
ALWAYS = datetime(2000, 1, 1)
CLOCK_FAIL_MS, CLOCK_SUSPECT_MS = 30_000, 5_000


@dataclass(frozen=True, slots=True)
class WrongClock:
    """`nights` runs of the collecting see it `offset_ms` wrong; readings are good to about a second."""

    kind: str
    offset_ms: int
    nights: int
    first_day: int


WRONG_CLOCKS = {
    "isapi": (WrongClock("clock_40_s", 40_000, 3, 2), WrongClock("clock_33_s", -33_000, 1, 6)),
    "mediamtx": (WrongClock("clock_12_s", 12_000, 4, 1), WrongClock("clock_28_s", -28_000, 1, 6)),
}


def plant_recorder_faults(draft: Draft) -> None:
    for recorder in draft.register.recorders:
        offset_ms = draft.rng.choice(STEADY_OFFSETS_MS)
        draft.clock_steps[recorder.recorder_id].append((ALWAYS, offset_ms))
    if draft.plan.days < SHORTEST_DAYS:
        return
    for protocol in WRONG_CLOCKS:
        _wrong_clocks(draft, protocol)
    _silent_to_the_end(draft)
    _obstinate(draft)
    _silent_and_back(draft)
    _set_back_and_forth(draft)


def clock_outcome(offset_ms: int) -> str:
    return "fail" if abs(offset_ms) > CLOCK_FAIL_MS else "suspect" if abs(offset_ms) > CLOCK_SUSPECT_MS else "pass"


def silent_days(gap: Interval, first_day: date) -> list[date]:
    """Days at whose end no answer is younger than 48 h: their own night run and the one before failed."""
    silent = [day for day in days_between(*gap) if gap[0] <= night(day) < gap[1]]
    return [day for day in silent if day - timedelta(days=1) in silent and day >= first_day]


def _wrong_clocks(draft: Draft, protocol: str) -> None:
    recorder = draft.take_recorder(lambda r: r.protocol == protocol and not r.established)
    steps = draft.clock_steps[recorder.recorder_id]
    steady_ms = steps[0][1]
    later = draft.rng.randint(0, draft.plan.days - SHORTEST_DAYS)
    for clock in WRONG_CLOCKS[protocol]:
        first = clock.first_day + later
        wrong = (draft.plan.at(first, 12.5), draft.plan.at(first + clock.nights, 12.5))
        steps += [(wrong[0], clock.offset_ms), (wrong[1], steady_ms)]
        outcome = clock_outcome(clock.offset_ms)
        seen = [day for day in days_between(*wrong) if wrong[0] <= night(day) < wrong[1]]
        expected = [of_day("clock_accurate", "recorder", recorder.recorder_id, day, outcome) for day in seen]
        text = f"the clock is wrong by {clock.offset_ms / 1000:+g} s"
        draft.plant(clock.kind, recorder.recorder_id, wrong, text, expected)


def _set_back_and_forth(draft: Draft) -> None:
    """Set back by ten minutes at noon and forth again in the evening: files overlap, and a gap of the same length
    follows, but nothing is lost. No night sees the wrong clock."""
    recorder = draft.rng.choice(_untouched(draft, "isapi"))
    steps = draft.clock_steps[recorder.recorder_id]
    wrong = (draft.plan.at(draft.plan.days - 3, 12.6), draft.plan.at(draft.plan.days - 3, 19.3))
    steady_ms = steps[0][1]
    steps += [(wrong[0], steady_ms - SET_BACK_MS), (wrong[1], steady_ms)]
    draft.plant("clock_set_back_and_forth", recorder.recorder_id, wrong, "files overlap, and a gap follows")


def _faulty(draft: Draft, recorder: Recorder, kind: str, interval: Interval, **detail: str) -> None:
    draft.device_faults[recorder.recorder_id].append(Fault(kind, *interval, detail))
    expected = []
    if kind in SILENT_KINDS:
        days = [day for day in silent_days(interval, draft.plan.first_day) if day < draft.plan.end_day]
        expected = [of_day("recorder_answers", "recorder", recorder.recorder_id, day, "suspect") for day in days]
    draft.plant(kind, recorder.recorder_id, interval, "the recorder behaves so", expected)


def _silent_to_the_end(draft: Draft) -> None:
    """Dead from five days before the end: its last days stay unknown."""
    recorder = draft.take_recorder(lambda r: r.protocol == "isapi" and not r.established)
    _faulty(draft, recorder, "dead", (draft.plan.at(draft.plan.days - 5, 7), draft.plan.recorded_until))


def _untouched(draft: Draft, protocol: str) -> list[Recorder]:
    """Recorders whose cameras may still be given faults of their own."""
    recorders = draft.register.recorders
    return [r for r in recorders if r.protocol == protocol and r.recorder_id not in draft.touched]


def _silent_and_back(draft: Draft) -> None:
    """Dead for three nights and back with all its footage: unknown at first, healed later. One file is damaged
    for good, so its time stays unknown."""
    recorder, plan = draft.rng.choice(_untouched(draft, "mediamtx")), draft.plan
    number = draft.rng.randint(1, plan.days - 7)
    _faulty(draft, recorder, "dead", (plan.at(number, 9), plan.at(number + 3, 9)))
    channel = draft.rng.choice([c for c in draft.register.cameras.values() if c.recorder == recorder]).channel
    damaged_at = plan.at(plan.days - 2, 15.2)
    detail = {
        "channel": channel,
        "from": local_text(damaged_at),
        "to": local_text(damaged_at + timedelta(minutes=9)),
    }
    _faulty(draft, recorder, "bad_window", (damaged_at, plan.recorded_until), **detail)


def _obstinate(draft: Draft) -> None:
    """One recorder answers nonsense in single nights; one lies about counts and pages, which only long lists
    show; one fails when asked for a whole day."""
    fresh = [r for r in _untouched(draft, "isapi") if not r.established]
    liar, *others = sorted(fresh, key=lambda r: r.file_length)
    hostile, narrow = draft.rng.sample(others, 2)
    for index, kind in enumerate(HOSTILE_NIGHTS):
        number = 2 + 3 * index
        if number < draft.plan.days - 2:
            _faulty(draft, hostile, kind, (draft.plan.at(number, -2), draft.plan.at(number, 4)))
    some_nights = (draft.plan.at(2, -2), draft.plan.at(6, 4))
    _faulty(draft, liar, "lying_counter", some_nights)
    _faulty(draft, liar, "stuck_paging", some_nights)
    _faulty(draft, narrow, "wide_500", some_nights, max_hours=str(WIDEST_H))
