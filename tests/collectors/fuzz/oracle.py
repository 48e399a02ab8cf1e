"""What every answer of a client must satisfy, whatever the device sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import get_args
from urllib.parse import urlsplit

from collectors.answers import (
    ChannelReading,
    ClockReading,
    Description,
    DeviceFailure,
    DiskReading,
    DiskState,
    Exchange,
    FootageAnswer,
    Malformed,
    Outcome,
    PlanMode,
    PlanReading,
    Refused,
    Unreachable,
)
from collectors.intervals import Interval, common, merged, without
from tests.collectors.fuzz.specs import EVER, NOW
from tests.collectors.fuzz.wire import Trust
from tests.collectors.fuzz.worlds import World

SENTENCE = range(8, 401)
LONGEST_TEXT = 1000
UNSEEN_WITH_A_WRONG_CLOCK = timedelta(hours=3)
"""What a recorder has not indexed yet is denied by a client whom a wrong clock makes believe that it is long past."""


def assert_sentence(text: str) -> None:
    assert len(text) in SENTENCE, f"a reason of {len(text)} characters: {text[:600]!r}"
    assert_clean(text)


def assert_clean(text: object) -> None:
    """A text that can be stored, shown and logged."""
    assert isinstance(text, str), f"{text!r} is no text"
    assert len(text) <= LONGEST_TEXT, f"a text of {len(text)} characters: {text[:80]!r}"
    odd = [sign for sign in text if ord(sign) < 32 or 0x7F <= ord(sign) <= 0x9F or 0xD800 <= ord(sign) <= 0xDFFF]
    assert not odd, f"{odd[0]!r} in {text[:300]!r}"


def assert_secret(text: str, secrets: Iterable[str]) -> None:
    assert not [secret for secret in secrets if secret in text], f"a secret in {text[:300]!r}"


def assert_failure(failure: DeviceFailure) -> None:
    assert isinstance(failure, Unreachable | Refused | Malformed), f"{type(failure).__name__} has no outcome"
    assert_sentence(str(failure))
    wait_s = failure.wait_s if isinstance(failure, Refused) else None
    assert wait_s is None or 0 <= wait_s <= 10**7, f"a wait of {wait_s} s"


def assert_facts(question: str, given: object, asked: tuple[date, date]) -> None:
    match given:
        case Description():
            for text in (given.model, given.firmware, given.serial_number):
                assert_clean(text)
        case ClockReading():
            assert isinstance(given.offset_ms, int) and abs(given.offset_ms) < 4 * 10**14, given
            assert given.round_trip_ms >= 0
        case frozenset():
            assert all(type(day) is date and asked[0] <= day <= asked[1] for day in given), f"days {given}"
        case bool():
            assert question == "answers_here"
        case tuple():
            assert_readings(given)
        case _:
            assert isinstance(given, str) and question == "playback_url", f"{question} gave {given!r}"


def assert_readings(given: Sequence[object]) -> None:
    words = [each.disk_id if isinstance(each, DiskReading) else each.channel for each in given]  # type: ignore[attr-defined]
    assert len(set(words)) == len(words) or isinstance(given[0], DiskReading), f"one channel twice: {words}"
    for each in given:
        match each:
            case ChannelReading():
                assert each.channel, "a channel without a word"
                assert {each.is_online, each.osd_time, each.osd_name} <= {True, False, None}
                texts = [each.channel, each.name, each.address]
            case PlanReading():
                assert each.channel and each.mode in get_args(PlanMode), each
                texts = [each.channel]
            case DiskReading():
                assert each.state in get_args(DiskState), each
                for size in (each.capacity_bytes, each.free_bytes):
                    assert size is None or (type(size) is int and 0 <= size < 2**63), each
                texts = [each.disk_id, each.state_text]
            case _:
                raise AssertionError(f"{each!r} among readings")
        for text in texts:
            assert_clean(text)


def assert_address(url: str, address: str) -> None:
    """Where the footage is fetched with the device's own login: nowhere but at the device."""
    assert_clean(url)
    assert " " not in url and "\\" not in url, url
    there, here = urlsplit(url), urlsplit(address)
    assert there.scheme in ("http", "https", "rtsp", "rtsps"), url
    assert there.hostname == here.hostname and not there.username and not there.password, f"{url} is not at {address}"
    assert there.port is None or there.port > 0
    assert there.scheme.startswith("rtsp") or url.startswith(address), url


def assert_pieces(answers: Sequence[FootageAnswer], window: Interval) -> None:
    """In order, without holes or overlaps, nothing outside the window and nothing after now."""
    at = window[0]
    for answer in answers:
        assert answer.covers_from == at < answer.covers_to, f"a hole, an overlap or nothing at {at}: {answer}"
        at = answer.covers_to
        assert answer.outcome in get_args(Outcome)
        assert answer.outcome == "ok" or not (answer.complete or answer.spans), f"failed and yet told: {answer}"
        if answer.reason or not answer.complete:
            assert_sentence(answer.reason)
        _assert_spans(answer)
    assert not answers or at <= min(window[1], NOW), f"{at} is after {min(window[1], NOW)}"


def _assert_spans(answer: FootageAnswer) -> None:
    shift = shift_of(answer)
    assert answer.clock_offset_ms is None or type(answer.clock_offset_ms) is int
    for span in answer.spans:
        assert span.started_at.tzinfo is None and span.ended_at.tzinfo is None
        assert span.started_at < span.ended_at, f"an inverted span: {span}"
        inside = answer.covers_from <= span.started_at - shift and span.ended_at - shift <= answer.covers_to
        assert inside, f"{span} of {answer.covers_from} to {answer.covers_to}, clock {shift}"


def shift_of(answer: FootageAnswer) -> timedelta:
    return timedelta(milliseconds=answer.clock_offset_ms or 0)


def assert_truth(world: World, answers: Sequence[FootageAnswer], channel: str, trust: Trust) -> None:
    """Complete answers against what the recorder holds, in its own digits; as far as the damage allows."""
    if not trust.base or channel not in world.recorder.channels:
        return
    real = world.recorder.clock_offset(NOW)
    unclear = NOW + real - (timedelta(0) if trust.clock else UNSEEN_WITH_A_WRONG_CLOCK)
    spoken, claimed = list[Interval](), list[Interval]()
    for answer in answers:
        if answer.outcome == "ok" and answer.complete:
            shift = real if answer.clock_offset_ms is None else shift_of(answer)
            moved = timedelta(0) if answer.clock_offset_ms is not None else real
            spoken.append((answer.covers_from + shift, answer.covers_to + shift))
            claimed += [(span.started_at + moved, span.ended_at + moved) for span in answer.spans]
    spoken = common(merged(spoken), [(EVER[0], unclear)])
    held = [(a + real, b + real) for a, b in world.recorder.channels[channel].held(NOW)]
    truth, claimed = common(held, spoken), common(merged(claimed), spoken)
    if trust.presence:
        _assert_slivers(without(claimed, truth), world.spec.edge, "footage nobody recorded")
    if trust.absence:
        _assert_slivers(without(truth, claimed), world.spec.edge, "footage denied that is there")


def _assert_slivers(parts: Iterable[Interval], edge: timedelta, what: str) -> None:
    wrong = [(a, b) for a, b in parts if b - a > edge]
    assert not wrong, f"{what}: {', '.join(f'{a} to {b}' for a, b in wrong[:3])} (device time)"


def assert_memory(memory: Mapping[str, str]) -> None:
    """What is learned is kept for ever and must fit into a row."""
    assert len(memory) <= 200, f"{len(memory)} things learned"
    for name, text in memory.items():
        assert_clean(name)
        assert_clean(text)


def assert_evidence(exchanges: Iterable[Exchange], secrets: Collection[str]) -> None:
    for exchange in exchanges:
        assert_secret(exchange.request, secrets)
        found = [secret for secret in secrets if secret.encode() in exchange.body]
        assert not found, f"a secret in the evidence of {exchange.request[:200]!r}"
