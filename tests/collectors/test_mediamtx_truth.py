"""Whatever is damaged: nothing invented, nothing denied that is there, no more unknown than must be."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.answers import FootageAnswer
from collectors.device import Secret
from collectors.protocols import mediamtx
from collectors.simulator.mediamtx import end
from collectors.simulator.mediamtx_files import damaged_spans
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import plug

Interval = tuple[datetime, datetime]

NOW = datetime(2026, 9, 30, 20, 0, 0)
FROM = NOW - timedelta(days=3)
ALWAYS = (datetime(2020, 1, 1), datetime(2040, 1, 1))
SECRET = Secret("bureau", "look only")
EDGE = timedelta(seconds=1)
"""The clock is read from a header cut to the second."""
CHANNEL = "lab1/curing-room"

minutes = st.integers(-600, 3 * 24 * 60 + 60)
spells = st.lists(st.tuples(minutes, st.integers(1, 1800)), max_size=6)
damage = st.lists(st.tuples(minutes, st.integers(1, 90)), max_size=2)
moods = st.sampled_from(["", "", "api_closed", "pattern", "ignores_window", "wide_500"])


def _minute(number: int) -> datetime:
    return FROM + timedelta(minutes=number)


def _disjoint(spells: list[tuple[int, int]]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for start, length in sorted(spells):
        began = max(_minute(start), found[-1][1] + timedelta(minutes=1)) if found else _minute(start)
        ended = _minute(start + length)
        if began < ended and began < NOW:
            found.append((began, ended))
    return tuple(found)


def _recorder(
    recorded: tuple[Interval, ...],
    damaged: list[tuple[int, int]],
    mood: str,
    file_minutes: int,
    offset_s: int,
) -> SimulatedRecorder:
    faults = [
        Fault("bad_window", *ALWAYS, {"from": _minute(m).isoformat(), "to": _minute(m + n).isoformat()})
        for m, n in damaged
    ]
    channel = SimulatedChannel(CHANNEL, recorded, file_length=timedelta(minutes=file_minutes))
    return SimulatedRecorder(
        "R1",
        "mediamtx",
        SECRET,
        {CHANNEL: channel},
        clock_steps=((ALWAYS[0], offset_s * 1000),),
        faults=(*faults, Fault(mood, *ALWAYS, {"max_hours": "3"})),
    )


def _ask(recorder: SimulatedRecorder) -> tuple[list[FootageAnswer], set[str]]:
    device = mediamtx.open_device("http://192.0.2.5:9996", secret=SECRET, now=lambda: NOW, memory={})
    adapter = plug(device, end(recorder, lambda: NOW))
    answers = list(mediamtx.footage(device, CHANNEL, FROM, NOW))
    return answers, {request.method for request in adapter.asked}


def _without(intervals: list[Interval], taken: list[Interval]) -> list[Interval]:
    """What is left of `intervals` after `taken`, edges forgiven."""
    for low, high in taken:
        intervals = [
            part for a, b in intervals for part in ((a, min(b, low)), (max(a, high), b)) if part[1] - part[0] > EDGE
        ]
    return intervals


def _within(intervals: list[Interval], window: Interval) -> list[Interval]:
    return [(max(a, window[0]), min(b, window[1])) for a, b in intervals if a < window[1] and window[0] < b]


def _reaches(recorder: SimulatedRecorder) -> list[Interval]:
    """True time each damaged file spoils: from its start to the start of the next file."""
    damaged = damaged_spans(recorder, CHANNEL, NOW)
    starts = sorted({f.started_at for f in [*recorder.files(CHANNEL, NOW), *damaged]})
    offset = recorder.clock_offset(NOW)
    later = [(d.started_at, min([s for s in starts if s > d.started_at], default=ALWAYS[1])) for d in damaged]
    return [(a - offset, b - offset if b != ALWAYS[1] else b) for a, b in later]


@example([(0, 60)], [], "ignores_window", 60, 0)
@example([(0, 4000)], [(600, 30)], "wide_500", 20, 0)
@settings(max_examples=150, deadline=None)
@given(spells, damage, moods, st.sampled_from([20, 60, 240]), st.sampled_from([0, 0, 90, -7200]))
def test_answers_agree_with_the_truth(
    spells: list[tuple[int, int]], damaged: list[tuple[int, int]], mood: str, file_minutes: int, offset_s: int
) -> None:
    recorder = _recorder(_disjoint(spells), damaged, mood, file_minutes, offset_s)
    answers, methods = _ask(recorder)
    truth = recorder.channels[CHANNEL].held(NOW)

    assert methods == {"GET"}
    edges = [answers[0].covers_from, *(a.covers_to for a in answers)]
    assert edges == [FROM, *(a.covers_from for a in answers[1:]), NOW - timedelta(seconds=60)]
    for answer in answers:
        window = (answer.covers_from, answer.covers_to)
        offset = timedelta(milliseconds=answer.clock_offset_ms or 0)
        listed = [(s.started_at - offset, s.ended_at - offset) for s in answer.spans]
        assert _without(listed, truth) == [], "invented"
        assert _without(listed, [window]) == [], "answered beyond the question"
        if answer.outcome == "ok" and answer.complete:
            assert _without(_within(truth, window), listed) == [], "denied"
        else:
            assert answer.reason
            assert not answer.spans
    _assert_no_more_unknown_than_must_be(answers, recorder, mood, file_minutes)


def _assert_no_more_unknown_than_must_be(
    answers: list[FootageAnswer], recorder: SimulatedRecorder, mood: str, file_minutes: int
) -> None:
    if mood in ("", "pattern") and recorder.channels[CHANNEL].held(NOW):
        unknown = [(a.covers_from, a.covers_to) for a in answers if not a.complete]
        assert _without(unknown, _reaches(recorder)) == []
    if mood == "wide_500" and file_minutes <= 60 and not damaged_spans(recorder, CHANNEL, NOW):
        assert all(a.complete for a in answers) or not recorder.channels[CHANNEL].held(NOW)
