"""What answers about random recordings must satisfy; for the protocols that list whole files of a server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from collectors.answers import FootageAnswer
from collectors.clocks import Sample, placed
from collectors.intervals import Interval, merged, without
from data.facts import Poll

EPOCH = datetime(2026, 9, 28)
ALWAYS = (datetime(2000, 1, 1), datetime(2100, 1, 1))


def recordings(chance: Random) -> tuple[Interval, ...]:
    """Up to twelve pieces of 2 s to 20 h with holes of 3 s to 5 h between them, to the millisecond."""
    at, parts = EPOCH - timedelta(hours=2), []
    for _ in range(chance.choice([0, 2, 6, 12])):
        hole_ms = chance.choice([chance.randint(3_000, 90_000), chance.randint(3_000, 18_000_000)])
        piece_ms = chance.choice([chance.randint(2_000, 90_000), chance.randint(2_000, 72_000_000)])
        start = at + timedelta(milliseconds=hole_ms)
        at = start + timedelta(milliseconds=piece_ms)
        parts.append((start, at))
    return tuple(parts)


def held(answers: Iterable[FootageAnswer]) -> list[Interval]:
    """True time that complete answers list."""
    return merged(
        (span.started_at - shift_of(answer), span.ended_at - shift_of(answer))
        for answer in answers
        if answer.outcome == "ok" and answer.complete
        for span in answer.spans
    )


def shift_of(answer: FootageAnswer) -> timedelta:
    return timedelta(milliseconds=answer.clock_offset_ms or 0)


def assert_in_order(answers: list[FootageAnswer], asked: Interval, unspoken: timedelta) -> None:
    """No hole and no overlap, nothing outside, and only the newest `unspoken` left out."""
    at = asked[0]
    for answer in answers:
        assert answer.covers_from == at < answer.covers_to, "a hole or an overlap between two pieces"
        at = answer.covers_to
        assert answer.complete or answer.reason
        for span in answer.spans:
            assert at - (answer.covers_to - answer.covers_from) <= span.started_at - shift_of(answer)
            assert span.started_at < span.ended_at <= at + shift_of(answer)
    assert asked[1] - unspoken <= at <= asked[1] or asked[0] >= asked[1]


def assert_slivers(parts: list[Interval], edge: timedelta) -> None:
    assert all(b - a <= edge for a, b in parts), parts


def denied(answers: Iterable[FootageAnswer], now: datetime, samples: list[Sample]) -> list[Interval]:
    """True time that is denied once each answer has been placed by how the clock was seen to run."""
    pieces = [piece for answer in answers for piece in placed(_poll(answer, now), samples)]
    empty: list[Interval] = []
    for piece in pieces:
        if piece.outcome == "ok" and piece.complete:
            shift = timedelta(milliseconds=piece.clock_offset_ms or 0)
            listed = [(a - shift, b - shift) for a, b in piece.spans]
            empty += without([(piece.covers_from, piece.covers_to)], listed)
    return empty


def _poll(answer: FootageAnswer, now: datetime) -> Poll:
    spans = tuple((span.started_at, span.ended_at) for span in answer.spans)
    window = (answer.covers_from, answer.covers_to)
    told = (answer.outcome, answer.complete, answer.clock_offset_ms, answer.reason, spans)
    return Poll("poll", "camera", now, *window, *told)
