"""What the device tells besides footage, and that the passwords it prints with it are kept nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors.answers import ChannelReading, DeviceFailure, PlanMode, Refused
from collectors.protocols import dahua
from collectors.simulator import dahua_words as words
from collectors.simulator.dahua import Manners, Recorder
from collectors.simulator.http import Request, Response
from collectors.simulator.recorder import SimulatedChannel, SimulatedDisk
from tests.collectors.dahua_bench import NOON, at, bench, on
from tests.collectors.in_process import plug
from tests.collectors.recorders import ALWAYS


@pytest.mark.parametrize(
    "body",
    [
        "table.RemoteDevice.uuid:X_0.Pwd={}\r\n",
        "table.RemoteDevice[0].Address=rtsp://admin:{}@192.0.2.9/cam\r\ntable.RemoteDevice[0].Enable={}\r\n",
        "table.RemoteDevice[0].Extra.password = {}",
        "Error: {} getting param\r\n",
        '{{"RemoteDevice":[{{"Password":"{}"}}]}}',
        '{{"error":{{"code":403,"message":"{}<"}},"result":false}}',
        "<html>{}</html>",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_whatever_an_answer_about_cameras_looks_like_its_secrets_are_not_kept(body: str, status: int) -> None:
    world = bench([], NOON)

    def answer(request: Request, honest: Response) -> Response:
        about = request.query.get("name") == "RemoteDevice" and honest.status != 401
        return Response(status, body.format(*["s3cr-t!"] * 2).encode()) if about else honest

    world.spoil(answer)
    try:
        given = repr(dahua.channels(world.device))
    except DeviceFailure as failure:
        given = str(failure)
    bodies = b"".join(exchange.body for exchange in world.device.take_exchanges())
    assert b"s3cr-t!" not in bodies
    assert "s3cr-t!" not in given


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_channels_tell_what_the_recorder_knows(encoding: str) -> None:
    lane = SimulatedChannel("3", (), name="收样大厅", address="192.0.2.30", osd_name=False)
    dark = SimulatedChannel("5", (), name="标养室", address="192.0.2.50", offline=((at(-1), at(1)),), osd_time=False)
    world = bench([], NOON, manners=Manners(slot_count=8, encoding=encoding), channel="3", others=[lane, dark])
    assert dahua.channels(world.device) == (
        ChannelReading("3", "收样大厅", True, "192.0.2.30", True, False),
        ChannelReading("5", "标养室", False, "192.0.2.50", False, True),
    )


def test_a_recorder_without_states_is_asked_for_lost_pictures() -> None:
    dark = SimulatedChannel("2", (), offline=((at(-1), at(1)),))
    world = bench([], NOON, manners=Manners(lacks=frozenset({"getCameraState", "RemoteChannel"})), others=[dark])
    assert [c.is_online for c in dahua.channels(world.device)] == [True, False]
    asked = len(world.asked("getCameraState"))
    dahua.channels(world.device)
    assert len(world.asked("getCameraState")) == asked, "a model that lacks it was asked again"


def test_an_account_that_may_not_see_the_cameras_still_gets_those_that_answer() -> None:
    manners = Manners(slot_count=4, forbids=frozenset({"RemoteDevice", "VideoWidget"}))
    world = bench([], NOON, manners=manners, channel="2")
    assert dahua.channels(world.device) == (ChannelReading("2", "IPC", True),)


@pytest.mark.parametrize("plan", ["continuous", "event", "off", "unknown"])
def test_plans_are_read_from_the_mode_and_the_week(plan: PlanMode) -> None:
    world = bench([], NOON, others=[SimulatedChannel("2", (), plan=plan)])
    assert [(p.channel, p.mode) for p in dahua.plans(world.device)] == [("1", "continuous"), ("2", plan)]


@pytest.mark.parametrize("shape", [False, True])
def test_disks_in_both_shapes(shape: bool) -> None:
    world = bench([], NOON, manners=Manners(has_documented_disks=shape))
    given = (SimulatedDisk("1", 100, 40), SimulatedDisk("2", 100, 0, failed=((at(-1), at(1)),)))
    world.wire = plug(world.device, Recorder(replace(world.recorder, disks=given), lambda: NOON, world.manners))
    readings = [(d.disk_id, d.state, d.capacity_bytes, d.free_bytes) for d in dahua.disks(world.device)]
    assert readings == [("1", "healthy", 100, 40), ("2", "failed", 100, 0)]


def test_a_change_of_firmware_forgets_what_was_learned() -> None:
    world = bench([(at(-48), at(1))], NOON)
    dahua.describe(world.device)
    assert world.memory == {"base_1": "1", "finder": "ok", "firmware": "V1.0 build 260101"}
    changed = replace(world.recorder, firmware="V2.0")
    world.wire = plug(world.device, Recorder(changed, lambda: NOON, Manners()))
    assert dahua.describe(world.device).firmware == "V2.0"
    assert world.memory == {"firmware": "V2.0"}


def test_playback_runs_on_the_device_clock() -> None:
    world = bench([(at(-48), at(1))], NOON, clock_steps=((ALWAYS[0], -90_000),))
    assert dahua.playback_url(world.device, "2", at(-4)) == (
        "rtsp://192.0.2.1:554/cam/playback?channel=2&subtype=0"
        "&starttime=2026_10_01_07_58_30&endtime=2026_10_01_07_59_30"
    )


def test_a_lock_found_in_a_reading_that_is_only_nice_to_have_is_not_passed_over() -> None:
    world = bench([], NOON)
    world.spoil(on("getSoftwareVersion", Response(403, words.LOCKED.encode())))
    with pytest.raises(Refused, match="locked"):
        dahua.describe(world.device)


def test_an_enrolled_camera_without_an_address_is_a_placeholder() -> None:
    world = bench([], NOON)
    text = "table.RemoteDevice[0].Enable=true\r\ntable.RemoteDevice[0].Address=192.168.0.0\r\n"
    world.spoil(
        lambda request, honest: (
            Response(200, text.encode())
            if request.query.get("name") == "RemoteDevice" and honest.status == 200
            else honest
        )
    )
    assert dahua.channels(world.device) == ()
