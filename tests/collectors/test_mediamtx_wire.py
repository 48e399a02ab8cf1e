"""What comes over the wire from a MediaMTX, and what must never be made of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from collectors.answers import Malformed, Refused, Span, Unreachable
from collectors.device import Secret
from collectors.protocols import mediamtx
from collectors.protocols.mediamtx.server import addresses
from collectors.simulator.http import LoopbackServer, Response
from collectors.simulator.mediamtx import end
from tests.collectors.mediamtx_lab import (
    HOUR,
    JSON,
    MORNING,
    NOW,
    SECRET,
    footage,
    listing,
    open_,
    recorder,
)


@pytest.mark.parametrize(
    ("address", "playback", "api"),
    [
        ("http://h:9996", "http://h:9996", "http://h:9997"),
        ("http://h:9996/?api_port=9996", "http://h:9996", "http://h:9996"),
        ("https://g/playback?api=https://g/api/", "https://g/playback", "https://g/api"),
        ("http://[fd00::1]:9996", "http://[fd00::1]:9996", "http://[fd00::1]:9997"),
    ],
)
def test_one_address_names_both_servers(address: str, playback: str, api: str) -> None:
    assert addresses(address) == (playback, api)


@pytest.mark.parametrize("address", ["h:9996", "rtsp://h:8554", "http://h?api_port=x", "http://h?port=1", "http://["])
def test_an_address_it_cannot_use_is_named(address: str) -> None:
    with pytest.raises(Malformed, match="http://host:9996"):
        addresses(address)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [("dead", Unreachable), ("locked", Refused), ("html", Malformed), ("huge", Malformed)],
)
def test_a_device_that_does_not_answer_fails_in_its_own_way(fault: str, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        footage(recorder(fault), MORNING)


def test_a_wrong_password_is_tried_once_per_server() -> None:
    device, adapter = open_(end(recorder(), lambda: NOW), Secret("bureau", "guess"))
    with pytest.raises(Refused) as refused:
        list(mediamtx.footage(device, "lane1", NOW - 90 * HOUR, NOW))
    assert refused.value.definitive
    assert [asked.path for asked in adapter.asked] == ["/list", "/v3/config/paths/get/lane1", "/list"]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_in_trouble_is_not_an_empty_recorder(status: int) -> None:
    device, _ = open_(listing(b"", status))
    with pytest.raises(Unreachable):
        list(mediamtx.footage(device, "lane1", *MORNING))


@pytest.mark.parametrize(
    "body",
    [
        {},
        b"",
        b"[" * 100_000,
        [None],
        [{"start": "2026-09-30T03:00:00Z"}],
        [{"start": "2026-09-30T03:00:00", "duration": 5}],
        [{"start": "2026-09-30T03:00:00Z", "duration": "5"}],
        [{"start": "2026-09-30T03:00:00Z", "duration": True}],
        [{"start": "2026-09-30T03:00:00Z", "duration": 1e300}],
        [{"start": "2026-09-30T03:00:00Z", "duration": float("nan")}],
        [{"start": "0001-01-01T00:00:00+08:00", "duration": 5}],
    ],
)
def test_a_listing_that_cannot_be_read_is_never_an_empty_one(body: object) -> None:
    device, _ = open_(listing(body))
    with pytest.raises(Malformed):
        list(mediamtx.footage(device, "lane1", *MORNING))


def test_overlapping_unsorted_ranges_in_any_zone_become_one() -> None:
    entries = [
        {"start": "2026-09-30T15:19:57.9+08:00", "duration": 60},
        {"start": "2026-09-30T07:00:00.123456789Z", "duration": 1200},
        {"start": "2026-09-30T10:40:00.000000001+02:00", "duration": 0.0004},
        {"start": "2026-09-30T08:50:00Z", "duration": -3.5},
    ]
    device, _ = open_(listing(entries))
    (answer,) = mediamtx.footage(device, "lane1", NOW - 6 * HOUR, NOW - HOUR)
    assert answer.spans == (Span(datetime(2026, 9, 30, 7, 0, 0, 123456), datetime(2026, 9, 30, 7, 20, 57, 900000)),)


def test_evidence_holds_the_window_and_no_password() -> None:
    device, _ = open_(end(recorder("pattern"), lambda: NOW))
    list(mediamtx.footage(device, "lane1", *MORNING))
    requests = [exchange.request for exchange in device.exchanges]
    assert any("start=2026-09-30T02%3A00%3A00.000000Z" in request for request in requests)
    kept = b"".join(exchange.body for exchange in device.exchanges)
    assert b"user:pass" not in kept
    assert b'"record": true' in kept


@pytest.mark.parametrize(("offset_ms", "read_ms"), [(0, 0), (400, 0), (-90_000, -89_500), (7_200_000, 7_200_500)])
def test_the_clock_is_read_over_real_http(offset_ms: int, read_ms: int) -> None:
    """Zero where the header cannot tell; else the middle of the second it names."""
    with LoopbackServer(end(recorder(offset_ms=offset_ms), lambda: NOW)) as server:
        address = f"{server.address}?api_port={server.address.rpartition(':')[2]}"
        with mediamtx.open_device(address, secret=SECRET, now=lambda: NOW, memory={}) as device:
            reading = mediamtx.clock(device)
            (answer,) = mediamtx.footage(device, "lane1", MORNING[0] - HOUR, MORNING[1] + HOUR)
    assert (reading.offset_ms, reading.round_trip_ms) == (read_ms, 0)
    (span,) = answer.spans
    assert abs(span.started_at - MORNING[0] - timedelta(milliseconds=offset_ms)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("version", "joins"), [("v1.15.4", False), ("v1.15.5", True), ("v1.20.1-3-gabc", True), ("v2.0.0", True)]
)
def test_the_joining_rule_is_noted_with_the_version(version: str, joins: bool) -> None:
    device, _ = open_(lambda _: Response(200, json.dumps({"version": version}).encode(), JSON))
    assert ("stall" in mediamtx.describe(device).firmware) is joins
    assert device.memory["version"] == version


def test_a_drip_of_bytes_ends_with_the_deadline() -> None:
    with LoopbackServer(end(recorder("slow"), lambda: NOW)) as server:
        address = f"{server.address}?api_port={server.address.rpartition(':')[2]}"
        with mediamtx.open_device(address, secret=SECRET, now=lambda: NOW, memory={}) as device:
            device.deadline_s = 0.2
            with pytest.raises(Unreachable):
                list(mediamtx.footage(device, "lane1", MORNING[0], MORNING[0] + HOUR))
