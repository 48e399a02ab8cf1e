"""The segments a simulated Frigate has indexed: ten seconds each, named by the whole second of their start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from collectors.intervals import Interval, common
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from data.periods import LOCAL_OFFSET

EPOCH = datetime(1970, 1, 1)
LENGTH = timedelta(seconds=10)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Segment:
    """Device time; `number` stands for the segment for ever."""

    number: int
    started_at: datetime
    length: timedelta


def segments(
    recorder: SimulatedRecorder, channel: SimulatedChannel, times: tuple[datetime, timedelta], window: Interval
) -> list[Segment]:
    """Those that overlap `window` (device time, ends included), in the order of their starts. `times`: now, and how
    long a segment waits to be indexed."""
    (at, lag), (after, before) = times, window
    slack = max((abs(timedelta(milliseconds=ms)) for _, ms in recorder.clock_steps), default=timedelta()) + LENGTH
    near = common(channel.held(at), [(_edge(after - slack), min(before + slack, at - lag))])
    found = [segment for part in near for segment in _cut(recorder, part, at - lag)]
    touching = [each for each in found if each.started_at <= before and each.started_at + each.length >= after]
    return sorted(touching, key=lambda each: each.started_at)


def hourly(
    recorder: SimulatedRecorder, channel: SimulatedChannel, at: datetime, lag: timedelta
) -> dict[datetime, timedelta]:
    """How much footage the segments hold that begin in an hour, by that hour of device-local time."""
    hours: dict[datetime, timedelta] = {}
    for part in common(channel.held(at), [(EPOCH, _edge(at - lag))]):
        steps = [step_at for step_at, _ in recorder.clock_steps if part[0] < step_at < part[1]]
        for start, end in pairwise([part[0], *sorted(steps), part[1]]):
            shift = recorder.clock_offset(start) + LOCAL_OFFSET
            hour = (start + shift).replace(minute=0, second=0, microsecond=0)
            while (begin := _next_start(hour - shift, start, end)) < end:
                length = _next_start(hour + HOUR - shift, start, end) - begin
                if length:
                    hours[hour] = hours.get(hour, timedelta()) + length
                hour += HOUR
    return hours


def _next_start(at: datetime, start: datetime, end: datetime) -> datetime:
    """Where the first segment of `[start, end)` begins at `at` or later; `end` when none does."""
    return start if at <= start else min(_edge(at - timedelta.resolution) + LENGTH, end)


def _cut(recorder: SimulatedRecorder, part: Interval, indexed_to: datetime) -> Iterator[Segment]:
    """Cut at every ten seconds and where the clock is stepped; the one being written is not indexed yet."""
    first = _edge(part[0]) + LENGTH
    cuts = {first + number * LENGTH for number in range(max(0, -(-(part[1] - first) // LENGTH)))}
    cuts |= {at for at, _ in recorder.clock_steps if part[0] < at < part[1]}
    for start, end in pairwise([part[0], *sorted(cuts), part[1]]):
        if end < indexed_to or end < part[1]:
            yield Segment(
                (start - EPOCH) // timedelta(milliseconds=1),
                recorder.device_time(start).replace(microsecond=0),
                end - start,
            )


def _edge(at: datetime) -> datetime:
    return EPOCH + max(at - EPOCH, timedelta()) // LENGTH * LENGTH
