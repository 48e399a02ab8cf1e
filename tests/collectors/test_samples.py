"""Replays every recorded answer beside the protocols; the format is described at the head of isapi/samples.yaml."""

from __future__ import annotations

import re
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors import protocols, xml
from collectors.answers import DeviceFailure, FootageAnswer
from collectors.device import Secret
from collectors.simulator.http import Request, Response
from data.periods import parse_instant, to_local_text
from tests.collectors.in_process import plug

CHECKOUT = Path(__file__).parents[2]
SAMPLES = CHECKOUT / ".." / "shared" / "samples"
BOOKS = sorted((CHECKOUT / "collectors" / "protocols").glob("*/samples.yaml"))
OUTCOMES = {"unreachable", "refused", "malformed"}

Case = dict[str, Any]


def _book(path: Path) -> dict[str, Any]:
    # BaseLoader: every scalar stays the text that was written, so `301` and times are not guessed at.
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))


CASES = [
    pytest.param(path.parent.name, case, id=f"{path.parent.name}: {case['it']}")
    for path in BOOKS
    for case in _book(path)["cases"]
    if "exchanges" in case
]
"""Cases without exchanges are about files handed in; the test of their protocol replays them."""


class Replay:
    """Answers the case's exchanges in order and refuses everything else."""

    def __init__(self, exchanges: list[Case]) -> None:
        self.left = list(exchanges)

    def __call__(self, request: Request) -> Response:
        asked = f"{request.method} {request.path}"
        assert self.left, f"unexpected request: {asked}"
        exchange = self.left.pop(0)
        assert asked == exchange["ask"], f"asked {asked} where the case has {exchange['ask']}"
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        sent = f"{query}\n{request.headers.get('Authorization', '')}\n{request.body.decode()}"
        for text in exchange.get("with", []):
            assert text in sent, f"{asked} was sent without '{text}':\n{sent}"
        return _response(exchange)


def _response(exchange: Case) -> Response:
    status, headers = int(exchange.get("status", 200)), dict(exchange.get("headers", {}))
    body = _sample(exchange["sample"]) if "sample" in exchange else exchange["body"].encode()
    if body.startswith(b"HTTP/1.1 "):
        head, _, body = body.replace(b"\r\n", b"\n").partition(b"\n\n")
        lines = head.decode().split("\n")
        status = int(lines[0].split()[1])
        skipped = {"content-length", "connection"}
        pairs = (line.partition(":") for line in lines[1:])
        headers = {name: value.strip() for name, _, value in pairs if name.lower() not in skipped} | headers
    return Response(status, body, headers)


def _sample(name: str) -> bytes:
    if not SAMPLES.is_dir():
        pytest.skip(f"the recorded answers are not beside this checkout ({SAMPLES.name}/)")
    return (SAMPLES / name).read_bytes()


def _run(protocol: str, case: Case) -> object:
    if case["call"] == "xml":
        (exchange,) = case["exchanges"]
        return {"root": xml.local_name(xml.parse(_sample(exchange["sample"]), exchange["sample"]))}
    module = protocols.load(protocol)
    now = parse_instant(case.get("now", "2026-10-01T12:00:00+08:00"))
    memory: dict[str, str] = dict(case.get("memory", {}))
    replay = Replay(case["exchanges"])
    with module.open_device(
        "http://192.0.2.5", secret=Secret("collector", "correct horse"), now=lambda: now, memory=memory
    ) as device:
        plug(device, replay)
        try:
            return _facts(_call(module, device, case))
        finally:
            assert not replay.left, f"never asked: {[exchange['ask'] for exchange in replay.left]}"


def _call(module: Any, device: Any, case: Case) -> object:
    call = getattr(module, case["call"])
    if case["call"] == "footage":
        return list(call(device, case["channel"], parse_instant(case["covers_from"]), parse_instant(case["covers_to"])))
    if case["call"] == "days_held":
        days = (date.fromisoformat(case["first_day"]), date.fromisoformat(case["last_day"]))
        return call(device, case["channel"], *days)
    if case["call"] == "playback_url":
        return call(device, case["channel"], parse_instant(case["at"]))
    return call(device)


def _facts(answer: object) -> object:
    """The answer as the words a case uses; what has no order is sorted."""
    if isinstance(answer, list | tuple):
        return [_facts(each) for each in answer]
    if isinstance(answer, set | frozenset):
        return sorted(_text(each) for each in answer)
    if isinstance(answer, str):
        return answer
    if isinstance(answer, FootageAnswer):
        return {
            "covers": [_text(answer.covers_from), _text(answer.covers_to)],
            "spans": [[_text(span.started_at), _text(span.ended_at)] for span in answer.spans],
            "outcome": answer.outcome,
            "complete": str(answer.complete).lower(),
            "reason": answer.reason,
        }
    assert is_dataclass(answer) and not isinstance(answer, type)
    return {name: _text(value) for name, value in asdict(answer).items()}


def _text(value: object) -> str:
    """Instants as Beijing time to the second, or to the microsecond where there is a fraction; true, false, none."""
    if isinstance(value, datetime):
        return to_local_text(value) + (f".{value.microsecond:06d}" if value.microsecond else "")
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def _assert_gives(expected: object, given: object) -> None:
    """Every fact named must be equal; facts not named are free; a text between slashes is a pattern."""
    if isinstance(expected, dict):
        assert isinstance(given, dict)
        for name, value in expected.items():
            _assert_gives(value, given[name])
    elif isinstance(expected, list):
        assert isinstance(given, list) and len(given) == len(expected), f"expected {expected}\ngiven {given}"
        for one, other in zip(expected, given, strict=True):
            _assert_gives(one, other)
    elif isinstance(expected, str) and len(expected) > 2 and expected[0] == expected[-1] == "/":
        assert re.search(expected[1:-1], str(given)), f"{given!r} does not match {expected}"
    else:
        assert given == expected, f"expected {expected!r}, given {given!r}"


@pytest.mark.parametrize(("protocol", "case"), CASES)
def test_recorded_answer_gives_exactly_its_facts(protocol: str, case: Case) -> None:
    assert ("gives" in case) != ("fails" in case), "a case has either 'gives' or 'fails'"
    if "gives" in case:
        _assert_gives(case["gives"], _run(protocol, case))
        return
    assert case["fails"]["as"] in OUTCOMES
    with pytest.raises(DeviceFailure) as caught:
        _run(protocol, case)
    assert caught.value.outcome == case["fails"]["as"], caught.value
    assert re.search(case["fails"].get("says", ""), str(caught.value)), caught.value
    for name in ("wait_s", "definitive"):
        if name in case["fails"]:
            assert str(getattr(caught.value, name)).lower() == case["fails"][name].lower()


@pytest.mark.parametrize("path", BOOKS, ids=[path.parent.name for path in BOOKS])
def test_every_sample_of_the_protocol_is_used(path: Path) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"the recorded answers are not beside this checkout ({SAMPLES.name}/)")
    book = _book(path)
    stored = {file.relative_to(SAMPLES).as_posix() for file in SAMPLES.rglob("*") if file.is_file()}
    owned = {name for name in stored if any(fnmatch(name, pattern) for pattern in book["samples"])}
    used = {ex["sample"] for case in book["cases"] for ex in case.get("exchanges", []) if "sample" in ex}
    assert owned or not book["samples"], f"no sample matches {book['samples']}"
    assert owned - used == set(), "samples no case replays"
    assert used - stored == set(), "cases name samples that do not exist"


def test_every_protocol_has_recorded_answers() -> None:
    assert {path.parent.name for path in BOOKS} == set(protocols.names())
