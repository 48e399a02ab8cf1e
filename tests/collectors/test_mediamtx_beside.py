"""What a MediaMTX tells beside its listing: paths, plans, days, and where a moment can be seen."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.protocols import mediamtx
from collectors.protocols.mediamtx.server import MediamtxDevice
from collectors.protocols.mediamtx.settings import mode_of
from collectors.simulator.http import Request, Response
from collectors.simulator.mediamtx import end
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import InProcess
from tests.collectors.mediamtx_lab import ALWAYS, HOUR, JSON, MORNING, NOW, SECRET, open_, recorder

LIVE = ((NOW - 3 * HOUR, NOW + HOUR),)


def world(*faults: str) -> SimulatedRecorder:
    channels = [
        SimulatedChannel("a/near", LIVE, address="192.0.2.11"),
        SimulatedChannel("b", LIVE, offline=(ALWAYS,), plan="off", address="127.0.0.1"),
        SimulatedChannel("c", (), plan="unknown"),
    ]
    by_name = {channel.channel: channel for channel in channels}
    return SimulatedRecorder("R1", "mediamtx", SECRET, by_name, faults=tuple(Fault(f, *ALWAYS) for f in faults))


def opened(recorder: SimulatedRecorder) -> tuple[MediamtxDevice, InProcess]:
    return open_(end(recorder, lambda: NOW))


@pytest.mark.parametrize("fault", ["", "before_v1_16"])
def test_paths_are_online_by_their_camera_and_on_demand_ones_are_not_known(fault: str) -> None:
    device, wire = opened(world(fault))
    assert [(c.channel, c.is_online, c.address) for c in mediamtx.channels(device)] == [
        ("a/near", True, "192.0.2.11"),
        ("b", False, ""),
        ("c", None, "192.0.2.7"),
    ]
    assert not any(b"user:pass" in exchange.body for exchange in device.exchanges)
    assert {request.method for request in wire.asked} == {"GET"}


def test_a_slate_is_no_camera() -> None:
    device, _ = opened(world("always_available"))
    assert [c.is_online for c in mediamtx.channels(device)] == [True, False, None]
    device, _ = opened(world("always_available", "before_v1_16"))
    assert {c.is_online for c in mediamtx.channels(device)} == {None}


def test_plans_are_continuous_only_when_nothing_stands_in_for_the_camera() -> None:
    device, _ = opened(world())
    assert [(p.channel, p.mode) for p in mediamtx.plans(device)] == [
        ("a/near", "continuous"), ("b", "off"), ("c", "unknown")
    ]  # fmt: skip
    device, _ = opened(world("always_available"))
    assert [p.mode for p in mediamtx.plans(device)] == ["unknown", "off", "unknown"]


@pytest.mark.parametrize(
    "settings",
    [{}, {"record": "yes"}, {"record": 1}, {"record": True, "alwaysAvailable": "x"},
     {"record": True, "runOnDemand": "x"}, {"record": True, "sourceOnDemand": None}, {"record": None}],
)  # fmt: skip
def test_settings_that_are_not_plain_are_unknown(settings: dict[str, object]) -> None:
    assert mode_of(settings) == "unknown"


def test_a_path_of_a_pattern_has_the_plan_of_the_pattern_while_it_is_there() -> None:
    device, _ = opened(world("pattern"))
    assert [(p.channel, p.mode) for p in mediamtx.plans(device)] == [("a/near", "continuous")]


def test_all_pages_are_read() -> None:
    items = [{"name": f"p{n:03}", "record": True} for n in range(5)]

    def answer(request: Request) -> Response:
        number = int(request.query["page"])
        page = items[number * 2 : number * 2 + 2] if "config" in request.path else []
        return Response(200, json.dumps({"pageCount": 3, "items": page}).encode(), JSON)

    device, _ = open_(answer)
    assert [p.channel for p in mediamtx.plans(device)] == [item["name"] for item in items]


@pytest.mark.parametrize("fault", ["api_closed", "api_gone", "locked", "html"])
def test_a_closed_api_is_a_missing_right_and_no_end_of_the_round(fault: str) -> None:
    for ask in (mediamtx.channels, mediamtx.plans):
        device, _ = opened(world(fault))
        with pytest.raises(Refused) as refused:
            ask(device)
        assert not refused.value.definitive


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"items":[]}', b'{"pageCount":1,"items":[1]}', b'{"items":"x"}'])
def test_a_page_that_cannot_be_read_is_no_list_of_paths(body: bytes) -> None:
    device, _ = open_(lambda _: Response(200, body, JSON))
    with pytest.raises(DeviceFailure):
        mediamtx.channels(device)


def test_a_configuration_that_is_cut_keeps_nothing() -> None:
    device, _ = open_(lambda _: Response(200, b'{"items":[{"source":"rtsp://user:pass@192', JSON))
    with pytest.raises(DeviceFailure):
        mediamtx.channels(device)
    assert not any(b"user:pass" in exchange.body for exchange in device.exchanges)


def test_days_are_those_a_file_begins_on_or_reaches_into() -> None:
    evening = datetime(2026, 9, 28, 15, 30)  # 23:30 in Beijing
    held = ((evening - HOUR, evening + timedelta(minutes=50)), MORNING)
    channel = SimulatedChannel("lane1", held, file_length=5 * HOUR)
    device, wire = opened(SimulatedRecorder("R1", "mediamtx", SECRET, {"lane1": channel}))
    days = mediamtx.days_held(device, "lane1", date(2026, 9, 27), date(2026, 9, 30))
    assert days == {date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30)}
    assert len([request for request in wire.asked if request.path == "/list"]) <= 1


@pytest.mark.parametrize(("channel", "fault"), [("idle", ""), ("lane9", ""), ("lane1", "api_closed")])
def test_no_file_at_all_is_no_answer(channel: str, fault: str) -> None:
    device, _ = opened(recorder(*([fault] if fault else [])))
    with pytest.raises((Malformed, Refused)):
        mediamtx.days_held(device, channel, date(2026, 9, 27), date(2026, 9, 30))


@pytest.mark.parametrize("after", [timedelta(0), timedelta(milliseconds=20), HOUR])
def test_a_moment_can_be_fetched_with_the_login_that_is_not_in_its_address(after: timedelta) -> None:
    device, _ = opened(recorder())
    url = mediamtx.playback_url(device, "lane1", MORNING[0] + after)
    assert url.startswith("http://192.0.2.5:9996/get?path=lane1&start=2026-09-30T0")
    assert "look" not in url and "bureau" not in url
    parts = urlsplit(url)
    assert device.get(f"{parts.path}?{parts.query}").status == 200


@pytest.mark.parametrize("fault", ["", "always_available", "mpegts"])
def test_a_moment_that_is_not_held_or_proves_nothing_has_no_address(fault: str) -> None:
    device, _ = opened(recorder(*([fault] if fault else [])))
    with pytest.raises(Malformed):
        mediamtx.playback_url(device, "lane1", MORNING[1] + HOUR if not fault else MORNING[0] + HOUR)
