"""Which files a MediaMTX listing opens, and what it makes of them. Instants are device time unless said."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collectors.answers import Span
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from data.periods import LOCAL_OFFSET

FIRST_PART = timedelta(seconds=1)
"""A file opened less than one part ago cannot be listed yet."""


class Damaged(Exception):
    """One of the files of the window cannot be read, so none is listed."""


def listing(
    recorder: SimulatedRecorder, channel: str, at: datetime, start: datetime | None, stop: datetime | None
) -> list[Span]:
    """Files that start up to `stop`, from the last that starts before `start`; neighbours joined; clipped."""
    damaged = damaged_spans(recorder, channel, at)
    files = _files(recorder, channel, at, start, stop)
    damaged += [file for file in files[-1:] if recorder.device_time(at) - file.started_at < FIRST_PART]
    starts_of_damage = {span.started_at for span in damaged}
    files = sorted({*files, *damaged}, key=lambda span: span.started_at)
    starts = [span.started_at for span in files]
    first = 0 if start is None else max(bisect_right(starts, start) - 1, 0)
    opened = files[first : None if stop is None else bisect_right(starts, stop)]
    if any(span.started_at in starts_of_damage for span in opened):
        raise Damaged("EOF")
    return _clipped(_joined(opened), start, stop)


def damaged_spans(recorder: SimulatedRecorder, channel: str, at: datetime) -> list[Span]:
    """The files of every `bad_window` in force; an empty file where nothing was recorded."""
    found: list[Span] = []
    for fault in recorder.faults:
        if fault.kind != "bad_window" or not fault.from_at <= at < fault.to_at:
            continue
        if fault.detail.get("channel", channel) != channel:
            continue
        from_at, to_at = (recorder.device_time(_true_time(fault.detail[key])) for key in ("from", "to"))
        files = [
            f for f in _files(recorder, channel, at, from_at, to_at) if f.started_at < to_at and from_at < f.ended_at
        ]
        found += files or [Span(from_at, from_at)]
    return found


def local_text(at: datetime) -> str:
    """As the server prints it: its local offset, down to nanoseconds."""
    return f"{(at + LOCAL_OFFSET).isoformat(timespec='microseconds')}000+08:00"


def _true_time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)


def _files(
    recorder: SimulatedRecorder, channel: str, at: datetime, start: datetime | None, stop: datetime | None
) -> list[Span]:
    """The recorder's files from the last one before `start`, computed near the window only.

    A term of half a year has tens of thousands, and a listing that takes them all would be as slow as the real one.
    """
    if start is None or stop is None:
        return recorder.files(channel, at)
    whole = recorder.channels[channel]
    slack = timedelta(milliseconds=max((abs(ms) for _, ms in recorder.clock_steps), default=0)) + whole.file_length
    held = whole.held(at)
    last_end = max((b for a, b in held if a < start - slack), default=start)
    low = _file_edge(min(start - slack, last_end - whole.file_length), whole.file_length)
    high = _file_edge(stop + slack, whole.file_length) + whole.file_length
    near = tuple((max(a, low), min(b, high)) for a, b in held if a < high and low < b)
    narrow = SimulatedChannel(channel, near, file_length=whole.file_length)
    return replace(recorder, channels={channel: narrow}).files(channel, at)


def _file_edge(at: datetime, length: timedelta) -> datetime:
    """Files are cut at multiples of their length, so a cut here invents no edge."""
    epoch = datetime(2000, 1, 1)
    return epoch + (at - epoch) // length * length


def _joined(files: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in files:
        if joined and joined[-1].ended_at == span.started_at:
            joined[-1] = Span(joined[-1].started_at, span.ended_at)
        else:
            joined.append(span)
    return joined


def _clipped(spans: list[Span], start: datetime | None, stop: datetime | None) -> list[Span]:
    """Only the first and the last one are clipped, as the server does."""
    if start is not None and spans:
        first = spans[0]
        spans = [
            *([] if first.ended_at < start else [Span(max(first.started_at, start), first.ended_at)]),
            *spans[1:],
        ]
    if stop is not None and spans:
        spans = [*spans[:-1], Span(spans[-1].started_at, min(spans[-1].ended_at, stop))]
    return spans
