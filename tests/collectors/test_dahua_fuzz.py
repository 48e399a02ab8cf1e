"""Answers spoiled at random: an outcome and one sentence, nothing outside the window, and never another exception."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import DeviceFailure, FootageAnswer
from collectors.protocols import dahua
from collectors.simulator import dahua_words as words
from collectors.simulator.dahua_finders import Listing
from collectors.simulator.http import Request, Response
from collectors.simulator.recorder import SimulatedChannel
from tests.collectors.dahua_bench import HOUR, NOON, Bench, Spoil, bench

Body = Callable[[Random, bytes], bytes]
NUMBER = re.compile(rb"\d+")
VALUES = [b"", b"-1", b"1e999", b"nan", b"true", b"9" * 40, b"2026-13-01 00:00:00", b"2026-10-01 09:00:00", b"\xff\xfe"]


def _cut(chance: Random, body: bytes) -> bytes:
    return body[: chance.randint(0, len(body))]


def _value(chance: Random, body: bytes) -> bytes:
    lines = body.split(b"\r\n")
    place = chance.randrange(len(lines))
    lines[place] = lines[place].partition(b"=")[0] + b"=" + chance.choice(VALUES)
    return b"\r\n".join(lines)


def _number(chance: Random, body: bytes) -> bytes:
    found = list(NUMBER.finditer(body))
    if not found:
        return body
    match = chance.choice(found)
    other = chance.choice([b"0", b"7", b"99", b"9999999999999999999999", str(chance.randint(0, 60)).encode()])
    return body[: match.start()] + other + body[match.end() :]


def _shuffled(chance: Random, body: bytes) -> bytes:
    lines = body.split(b"\r\n")
    return b"\r\n".join(chance.sample(lines, len(lines)))


def _doubled(chance: Random, body: bytes) -> bytes:
    lines = body.split(b"\r\n")
    return b"\r\n".join([*lines[:-1], chance.choice(lines), b""])


def _bytes(chance: Random, body: bytes) -> bytes:
    place = chance.randint(0, len(body))
    return body[:place] + chance.randbytes(chance.randint(1, 9)) + body[place + chance.randint(0, 3) :]


def _encoded(chance: Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(["utf-16", "gb18030", "utf-32", "utf-8-sig"]))


def _replaced(chance: Random, _: bytes) -> bytes:
    others = [b"", b"\x00" * 64, b"[" * 50_000, b'{"a":' * 50_000, b"<html>", b"=" * 999, b"=\r\n", b"OK\r\n", b"a=b"]
    return chance.choice([*others, b"Error", b"true", words.LOCKED.encode(), words.FORBIDDEN.encode(), b"found=0\r\n"])


SPOILERS: list[Body] = [_cut, _value, _number, _shuffled, _doubled, _bytes, _encoded, _replaced]


def spoiled(chance: Random, share: float) -> Spoil:
    def answer(_: Request, honest: Response) -> Response:
        if chance.random() > share or honest.status == 401 or not isinstance(honest.body, bytes):
            return honest
        status = chance.choice([honest.status] * 12 + [200, 204, 400, 401, 403, 404, 500, 501, 503])
        return Response(status, chance.choice(SPOILERS)(chance, honest.body), honest.headers)

    return answer


def _world(chance: Random) -> Bench:
    listing = Listing(base=chance.choice([0, 1]), rejects_nothing=chance.random() < 0.3)
    lane = SimulatedChannel("2", ((NOON - 30 * HOUR, NOON),), name="收样大厅")
    recorded = [(NOON - 50 * HOUR, NOON - 8 * HOUR), (NOON - 7 * HOUR, NOON + HOUR)]
    world = bench(recorded, NOON, listing=listing, memory=chance.choice([None, {}]), others=[lane])
    world.spoil(spoiled(chance, chance.choice([0.03, 0.2, 0.6])))
    return world


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_spoiled_listings_end_in_pieces_or_in_a_failure(seed: int) -> None:
    chance = Random(seed)
    world = _world(chance)
    window = (NOON - timedelta(minutes=chance.randint(1, 2000)), NOON - timedelta(minutes=chance.randint(-60, 200)))
    try:
        answers = world.footage(*window)
    except DeviceFailure as failure:
        _assert_sentence(str(failure))
        return
    _assert_inside(answers, window)
    assert world.device.request_count < 1500


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_spoiled_readings_end_in_a_reading_or_in_a_failure(seed: int) -> None:
    world = _world(Random(seed))
    for call in (dahua.describe, dahua.clock, dahua.channels, dahua.plans, dahua.disks):
        try:
            given = repr(call(world.device))
        except DeviceFailure as failure:
            given = str(failure)
            _assert_sentence(given)
        assert words.CAMERA_PASSWORD not in given
    bodies = b"".join(exchange.body for exchange in world.device.take_exchanges())
    assert words.CAMERA_PASSWORD.encode() not in bodies


def _assert_inside(answers: Iterable[FootageAnswer], window: tuple[datetime, datetime]) -> None:
    at = window[0]
    for answer in answers:
        assert answer.covers_from == at < answer.covers_to
        at = answer.covers_to
        shift = timedelta(milliseconds=answer.clock_offset_ms or 0)
        spans = [(span.started_at - shift, span.ended_at - shift) for span in answer.spans]
        assert all(answer.covers_from <= a < b <= answer.covers_to for a, b in spans)
        if not answer.complete:
            _assert_sentence(answer.reason)
    assert at <= max(window[0], min(window[1], NOON))


def _assert_sentence(text: str) -> None:
    assert 15 < len(text) < 500, text
    assert "\n" not in text
