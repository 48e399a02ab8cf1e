"""Answers damaged in every way end in an answer or in one of the three failures, with one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from collectors.answers import DeviceFailure
from collectors.simulator import isapi as simulated
from collectors.simulator.http import Request, Response
from collectors.simulator.isapi import Manners
from tests.collectors.in_process import plug
from tests.collectors.test_isapi_device import CALLS, NOON, world

ROUNDS = 60
WORDS = [b"", b"0", b"-1", b"9" * 400, b"true", b"NaN", b"\xff\xfe", "机位".encode("gbk"), b"&amp;", b"]]>", b"<id/>"]


def _cut(body: bytes, chance: Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _swap(body: bytes, chance: Random) -> bytes:
    """One text is put in place of another."""
    texts = list(re.finditer(rb">([^<>]+)<", body))
    for match in sorted(chance.sample(texts, min(3, len(texts))), key=lambda found: -found.start()):
        word = chance.choice([*WORDS, chance.choice(texts)[1]])
        body = body[: match.start(1)] + word + body[match.end(1) :]
    return body


def _rename(body: bytes, chance: Random) -> bytes:
    names = sorted(set(re.findall(rb"<(\w+)[ >]", body)))
    return body.replace(chance.choice(names), chance.choice([*names, b"x"])) if names else body


def _repeat(body: bytes, chance: Random) -> bytes:
    """Some elements come twice, or before those that they followed."""
    pieces = re.split(rb"(?<=>)(?=<)", body)
    at, to = sorted(chance.randrange(len(pieces)) for _ in range(2))
    middle = pieces[at:to]
    return b"".join(pieces[:at] + chance.choice([middle * 2, middle[::-1]]) + pieces[to:])


def _deepen(body: bytes, chance: Random) -> bytes:
    depth = chance.choice([5, 39, 41, 3000])
    return b"<a>" * depth + re.sub(rb"<\?xml.*?\?>", b"", body) + b"</a>" * depth


def _recode(body: bytes, chance: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(chance.choice(["utf-16", "utf-16-be", "gbk", "utf-32"]), "replace")


DAMAGES: list[Callable[[bytes, Random], bytes]] = [_cut, _swap, _swap, _rename, _repeat, _deepen, _recode]


@pytest.mark.parametrize("call", CALLS)
def test_damage_is_never_another_exception(call: str) -> None:
    for seed in range(ROUNDS):
        chance = Random(f"{call} {seed}")
        made = world(Manners(one_status_each=chance.random() < 0.3), memory={} if chance.random() < 0.5 else None)
        honest = simulated.end(made.recorder, lambda: NOON, made.manners)

        def damage(
            request: Request, chance: Random = chance, honest: Callable[[Request], Response] = honest
        ) -> Response:
            answer = honest(request)
            if not isinstance(answer.body, bytes) or not answer.body or chance.random() < 0.4:
                return answer
            status = answer.status if chance.random() < 0.8 else chance.choice([200, 400, 401, 403, 500, 503, 204])
            return Response(status, chance.choice(DAMAGES)(answer.body, chance), answer.headers)

        plug(made.device, damage)
        try:
            given = CALLS[call](made.device)
        except DeviceFailure as failure:
            assert str(failure) and "\n" not in str(failure) and len(str(failure)) < 600, seed
            continue
        _assert_sane(call, given)


def _assert_sane(call: str, given: object) -> None:
    if call == "footage":
        assert isinstance(given, list)
        window = (NOON - timedelta(hours=30), NOON)
        assert all(window[0] <= each.covers_from < each.covers_to <= window[1] for each in given)
    if call == "days_held":
        assert isinstance(given, frozenset)
        assert all(date(2026, 9, 20) <= day <= date(2026, 10, 1) for day in given)
    if call == "channels":
        assert isinstance(given, tuple)
        assert all(each.channel for each in given)


def test_memory_that_is_no_longer_understood_does_no_harm() -> None:
    rubbish = dict.fromkeys(
        (
            "interface",
            "search_form",
            "position_word",
            "paging",
            "z_means",
            "z_probed_at",
            "z_utc_end",
            "playback_stamp",
            "playback_port",
            "overlays_untold",
            "login_refused_at",
            "firmware",
            "device_type",
        ),
        "<rubbish> 1,2",
    )
    for call in CALLS.values():
        made = world(memory=dict(rubbish))
        call(made.device)
