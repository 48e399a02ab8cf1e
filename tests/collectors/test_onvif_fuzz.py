"""Damaged and hostile answers: each ends in an answer inside the window or in one sentence of failure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import DeviceFailure
from collectors.protocols import onvif
from collectors.simulator.http import Request, Response
from collectors.simulator.onvif_manners import Manners
from tests.collectors.in_process import plug
from tests.collectors.onvif_bench import OnvifBench, bench

NOON = datetime(2026, 10, 1, 4)
HOUR = timedelta(hours=1)
Damage = Callable[[bytes, Random], bytes]


def cut(body: bytes, chance: Random) -> bytes:
    return body[: chance.randint(0, len(body))]


def flip(body: bytes, chance: Random) -> bytes:
    spoiled = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def retime(body: bytes, chance: Random) -> bytes:
    """Backward, far, impossible and doubled times."""
    odd = [
        b"1970-01-01T00:03:15Z",
        b"0001-01-01T00:00:00Z",
        b"9999-12-31T23:59:59Z",
        b"2026-13-45T25:61:61Z",
        b"",
        b"soon",
    ]
    odd += [b"2026-10-01T04:00:00", b"2026-10-01T04:00:00.5+08:00", b"2030-01-01T00:00:00Z", b"2026-09-30T20:00:00Z"]
    stamps = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    return re.sub(stamps, lambda m: chance.choice(odd) if chance.random() < 0.4 else m[0], body)


def retype(body: bytes, chance: Random) -> bytes:
    """Values of another type, huge numbers, empty tokens, other words."""
    words = [
        b"",
        b"-1",
        b"9" * 400,
        b"NaN",
        b"true",
        b"FALSE",
        b"null",
        "养护".encode(),
        b"Completed",
        b"Searching",
        b"<x/>",
    ]
    return re.sub(
        rb">([^<>]+)<", lambda m: b">" + chance.choice(words) + b"<" if chance.random() < 0.15 else m[0], body
    )


def lose(body: bytes, chance: Random) -> bytes:
    """Elements that are missing, doubled or in another order."""
    pieces = re.split(rb"(?=<tt:|<tse:|<trc:|<tds:)", body)
    chance.shuffle(pieces) if chance.random() < 0.1 else None
    return b"".join(piece * chance.choice([0, 1, 1, 1, 1, 1, 1, 2]) for piece in pieces)


def recode(body: bytes, chance: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(chance.choice(["gbk", "utf-16", "utf-16-be", "latin-1", "utf-7"]), "replace")


def deepen(body: bytes, chance: Random) -> bytes:
    depth = chance.choice([30, 60, 5000])
    return body.replace(b"<SOAP-ENV:Body>", b"<SOAP-ENV:Body>" + b"<a>" * depth + b"</a>" * depth)


def replace_all(_: bytes, chance: Random) -> bytes:
    return chance.choice(
        [b"", b"\x00" * 50, b"{}", b"<html>", b"<a/>", b"<Envelope/>", b"<Envelope><Body/></Envelope>"]
    )


DAMAGES: list[Damage] = [cut, flip, retime, retype, lose, recode, deepen, replace_all]


def damaged(chance: Random) -> OnvifBench:
    manners = Manners(login=chance.choice(["token", "digest"]), page_rows=3, log=chance.choice(["track", "recording"]))
    world = bench(
        [(NOON - 48 * HOUR, NOON - 20 * HOUR), (NOON - 19 * HOUR, NOON + HOUR)], NOON, manners=manners, memory={}
    )
    share = chance.choice([0.03, 0.1, 0.5, 1.0])
    only = chance.choice(["", "EventSearchResults", "FindEvents", "Information", "GetRecordings", "DateAndTime", "Get"])
    damages = chance.sample(DAMAGES, chance.randint(1, 2))

    def between(request: Request) -> Response:
        honest = world.end(request)
        assert isinstance(honest.body, bytes)
        if chance.random() > share or only not in request.headers["Content-Type"]:
            return honest
        body = honest.body
        for damage in damages:
            body = damage(body, chance) if body else body
        status = chance.choice([honest.status] * 8 + [200, 204, 400, 401, 403, 404, 500, 503, 302, 999])
        return Response(status, body, honest.headers)

    world.wire = plug(world.device, between)
    return world


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_damaged_answers_end_in_an_answer_or_a_sentence(seed: int) -> None:
    chance = Random(seed)
    world = damaged(chance)
    window = (NOON - 30 * HOUR, NOON)
    calls: list[Callable[[], object]] = [
        lambda: world.footage(*window),
        lambda: onvif.describe(world.device),
        lambda: onvif.clock(world.device),
        lambda: onvif.channels(world.device),
        lambda: onvif.plans(world.device),
        lambda: onvif.playback_url(world.device, "R1", NOON - HOUR),
    ]
    for call in [calls[0], chance.choice(calls[1:])]:
        try:
            given_back = call()
        except DeviceFailure as failure:
            assert 20 < len(str(failure)) < 600 and "\n" not in str(failure)
            assert "correct horse" not in str(failure)
            continue
        for answer in given_back if isinstance(given_back, list) else []:
            assert window[0] <= answer.covers_from < answer.covers_to <= window[1]
            offset = timedelta(milliseconds=answer.clock_offset_ms)
            for span in answer.spans:
                assert answer.covers_from <= span.started_at - offset < span.ended_at - offset <= answer.covers_to
            assert answer.complete or answer.reason
    assert not any(b"Security" in e.request.encode() for e in world.device.exchanges)
