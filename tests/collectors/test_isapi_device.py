"""What a Hikvision device tells about itself, and what it is asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from collectors.answers import ChannelReading, DeviceFailure, DiskReading, Malformed, PlanReading, Refused, Unreachable
from collectors.protocols import PlaysBack, TellsChannels, TellsDays, TellsDisks, TellsPlans, isapi, load
from collectors.protocols.isapi.tracks import channel_of, channel_of_number, track_of
from collectors.simulator import isapi as simulated
from collectors.simulator.http import LoopbackServer, Request, Response
from collectors.simulator.isapi import Manners
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedDisk
from tests.collectors.in_process import plug
from tests.collectors.recorders import ALWAYS, SECRET, Bench, bench

NOON = datetime(2026, 10, 1, 4)
HOUR = timedelta(hours=1)
RECORDED = ((NOON - 48 * HOUR, NOON + HOUR),)
CHANNELS = (
    SimulatedChannel("1", RECORDED, name="示例大厅", address="192.0.2.11"),
    SimulatedChannel("2", RECORDED, name="a < b & c", address="192.0.2.12", plan="event", osd_time=False),
    SimulatedChannel("3", RECORDED, plan="off", offline=((NOON - HOUR, NOON + HOUR),)),
    SimulatedChannel("4", RECORDED, plan="unknown", osd_name=False),
)
DISKS = (SimulatedDisk("1"), SimulatedDisk("2", 2**40, 2**30, failed=((NOON - HOUR, NOON + HOUR),)))
CALLS = {
    "describe": isapi.describe,
    "clock": isapi.clock,
    "footage": lambda device: list(isapi.footage(device, "1", NOON - 30 * HOUR, NOON)),
    "channels": isapi.channels,
    "plans": isapi.plans,
    "disks": isapi.disks,
    "days_held": lambda device: isapi.days_held(device, "1", date(2026, 9, 20), date(2026, 10, 1)),
    "playback_url": lambda device: isapi.playback_url(device, "1", NOON - HOUR),
}


def world(manners: Manners | None = None, *faults: str | Fault, memory: dict[str, str] | None = None) -> Bench:
    made = bench(RECORDED, NOON, faults=faults, memory=memory)
    recorder = replace(made.recorder, channels={each.channel: each for each in CHANNELS}, disks=DISKS)
    return Bench(recorder, manners or Manners(), NOON, made.memory)


def paths(made: Bench) -> list[str]:
    return [request.path.removeprefix("/ISAPI") for request in made.wire.asked if "Authorization" in request.headers]


def test_the_protocol_offers_everything_a_recorder_can_tell() -> None:
    for ability in (TellsChannels, TellsPlans, TellsDisks, TellsDays, PlaysBack):
        assert isinstance(load("isapi"), ability)


def test_channels_over_real_http() -> None:
    made = world()
    with (
        LoopbackServer(simulated.end(made.recorder, lambda: NOON)) as server,
        isapi.open_device(server.address, secret=SECRET, now=lambda: NOON, memory={}) as device,
    ):
        assert isapi.channels(device) == (
            ChannelReading("1", "示例大厅", True, "192.0.2.11", True, True),
            ChannelReading("2", "a < b & c", True, "192.0.2.12", False, True),
            ChannelReading("3", "", False),
            ChannelReading("4", "", True, "", True, False),
        )
        assert isapi.disks(device) == (
            DiskReading("1", "healthy", "ok", 4_000_000_000_000 // 2**20 * 2**20, 0),
            DiskReading("2", "failed", "error", 2**40, 2**30),
        )


@pytest.mark.parametrize("days_end_same_day", [False, True])
def test_plans(days_end_same_day: bool) -> None:
    made = world(Manners(days_end_same_day=days_end_same_day))
    expected = [("1", "continuous"), ("2", "event"), ("3", "off"), ("4", "unknown")]
    assert isapi.plans(made.device) == tuple(PlanReading(*each) for each in expected)


def test_states_are_asked_one_by_one_where_there_is_no_list() -> None:
    made = world(Manners(one_status_each=True))
    assert [each.is_online for each in isapi.channels(made.device)] == [True, True, False, True]


def test_without_states_nothing_is_known_and_the_second_is_not_asked() -> None:
    made = world(Manners(missing=("/status",)))
    assert [each.is_online for each in isapi.channels(made.device)] == [None] * 4
    assert sum("/status" in path for path in paths(made)) == 2


def test_a_hybrid_recorder_tells_its_own_inputs_too() -> None:
    made = world(Manners(own_inputs=frozenset({"1", "3"})))
    assert {each.channel: each.is_online for each in isapi.channels(made.device)} == {
        "1": True,
        "2": True,
        "3": False,
        "4": True,
    }


def test_a_camera_that_answers_is_online() -> None:
    made = world(Manners(device_type="IPCamera"), memory={})
    assert [each.is_online for each in isapi.channels(made.device)] == [True] * 4


def test_overlays_that_are_not_told_are_asked_again_after_a_week() -> None:
    made = world(Manners(untold_overlays=True))
    readings = isapi.channels(made.device)
    assert {(each.osd_time, each.osd_name) for each in readings} == {(None, None)}
    asked = sum("overlays" in path for path in paths(made))
    assert asked == 3, "the one that is offline is not asked"
    isapi.channels(made.device)
    assert sum("overlays" in path for path in paths(made)) == asked
    made.now += timedelta(days=8)
    isapi.channels(made.device)
    assert sum("overlays" in path for path in paths(made)) == asked + 4


@pytest.mark.parametrize("name", ["/ContentMgmt/Storage", "/ContentMgmt/storage", "/ContentMgmt/Storage/hdd"])
def test_disks_under_each_of_their_names(name: str) -> None:
    made = world(Manners(storage=name))
    assert [each.disk_id for each in isapi.disks(made.device)] == ["1", "2"]


@pytest.mark.parametrize("call", ["channels", "plans", "disks", "days_held"])
def test_a_missing_right_is_no_wrong_password(call: str) -> None:
    made = world(Manners(forbidden=("/ContentMgmt", "/System/Video")))
    with pytest.raises(Refused, match="not permitted") as caught:
        CALLS[call](made.device)
    assert not caught.value.definitive
    assert "login_refused_at" not in made.memory


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", ["dead", "locked", "html"])
def test_every_call_fails_with_its_word(call: str, fault: str) -> None:
    made = world(None, fault)
    with pytest.raises(DeviceFailure) as caught:
        CALLS[call](made.device)
    assert type(caught.value).outcome == {"dead": "unreachable", "locked": "refused", "html": "malformed"}[fault]
    assert "\n" not in str(caught.value)


def test_only_reads_go_out() -> None:
    sent = set()
    for call in CALLS.values():
        made = world(memory={})
        call(made.device)
        sent |= {(request.method, request.path) for request in made.wire.asked}
    posts = {path for method, path in sent if method != "GET"}
    assert {method for method, _ in sent} == {"GET", "POST"}
    assert posts == {"/ISAPI/ContentMgmt/search", "/ISAPI/ContentMgmt/record/tracks/101/dailyDistribution"}


def test_a_password_is_not_tried_again_in_the_same_session() -> None:
    made = world()
    made.wire = plug(
        made.device,
        simulated.end(replace(made.recorder, secret=type(SECRET)("collector", "changed")), lambda: NOON),
    )
    for call in ("clock", "describe", "disks", "clock"):
        with pytest.raises(Refused) as caught:
            CALLS[call](made.device)
        assert caught.value.definitive
    assert ["Authorization" in request.headers for request in made.wire.asked] == [False, True]


def test_the_state_of_the_lock_is_asked_before_a_refused_password_is_tried_again() -> None:
    made = world()
    changed = replace(made.recorder, secret=type(SECRET)("collector", "changed"))
    with pytest.raises(Refused):
        isapi.clock(_opened(made, simulated.end(changed, lambda: NOON)))
    few = _opened(made, simulated.end(changed, lambda: NOON, Manners(attempts_left=2)))
    with pytest.raises(Refused, match="only 2 attempts are left"):
        isapi.clock(few)
    assert [(r.path, "Authorization" in r.headers) for r in made.wire.asked] == [("/ISAPI/Security/userCheck", False)]
    isapi.clock(_opened(made, simulated.end(made.recorder, lambda: NOON)))
    assert "login_refused_at" not in made.memory
    assert [r.path for r in made.wire.asked] == ["/ISAPI/Security/userCheck"] * 2 + ["/ISAPI/System/time"]


def test_a_firmware_without_that_question_is_asked_once_with_the_password() -> None:
    made = world(Manners(forbidden=("userCheck",)), memory={"login_refused_at": NOON.isoformat()})
    isapi.clock(made.device)
    assert "login_refused_at" not in made.memory


def _opened(made: Bench, end: object) -> object:
    device = isapi.open_device("http://192.0.2.1", secret=SECRET, now=lambda: made.now, memory=made.memory)
    made.wire = plug(device, end)  # type: ignore[arg-type]
    return device


def test_passwords_of_cameras_and_volumes_are_no_evidence() -> None:
    made = world()

    def leak(request: Request) -> Response:
        if request.path.endswith("/Storage"):
            return Response(
                200,
                b'<storage><nasList><nas><id>1</id><status>ok</status><password encrypted="no">hunter2</password>'
                b"<path>rtsp://admin:hunter2@192.0.2.7/x</path></nas></nasList></storage>",
            )
        return Response(200, "<storage><password>hunter2</password>".encode("utf-16"))

    made.wire = plug(made.device, leak)
    assert [each.disk_id for each in isapi.disks(made.device)] == ["1"]
    with pytest.raises(Malformed):
        isapi.plans(made.device)
    kept = made.device.take_exchanges()
    assert len(kept) == 2
    assert not any(b"hunter2" in each.body or b"h\x00u\x00n" in each.body for each in kept)


def test_the_address_of_playback_follows_the_listing() -> None:
    made = world()
    written = isapi.playback_url(made.device, "1", NOON - HOUR)
    assert written == ("rtsp://192.0.2.1:554/Streaming/tracks/101/?starttime=20261001T110000Z&endtime=20261001T110010Z")

    def dashed(request: Request) -> Response:
        answer = simulated.end(made.recorder, lambda: NOON)(request)
        address = b"rtsp://admin:x@10.1.1.1:10554/Streaming/tracks/101/?starttime=2026-10-01T10:00:00Z&amp;name=1"
        if isinstance(answer.body, bytes) and b"playbackURI" in answer.body:
            start, _, rest = answer.body.partition(b"<playbackURI>")
            return replace(answer, body=start + b"<playbackURI>" + address + rest[rest.index(b"</playbackURI>") :])
        return answer

    made.wire = plug(made.device, dashed)
    list(isapi.footage(made.device, "1", NOON - 2 * HOUR, NOON - HOUR))
    written = isapi.playback_url(made.device, "1", NOON - HOUR)
    assert written.startswith("rtsp://192.0.2.1:10554/Streaming/tracks/101/?starttime=2026-10-01T11:00:00Z&")


def test_playback_waits_until_the_time_base_is_settled() -> None:
    made = world(Manners(z_means_utc=True), memory={})
    with pytest.raises(Malformed, match="time base not settled"):
        isapi.playback_url(made.device, "1", NOON - HOUR)
    made.now += timedelta(minutes=2)
    assert "starttime=20261001T030000Z" in isapi.playback_url(made.device, "1", NOON - HOUR)


def test_a_device_by_the_oldest_name_is_read_like_the_others() -> None:
    made = world(Manners(interface="/PSIA"))
    (answer,) = made.footage(NOON - 3 * HOUR, NOON - HOUR)
    assert answer.complete
    assert [each.mode for each in isapi.plans(made.device)][:2] == ["continuous", "event"]
    assert made.memory["interface"] == "/PSIA"


def test_an_upgraded_device_is_found_by_its_new_name() -> None:
    made = world(memory={"interface": "/PSIA", "firmware": "V1"})
    isapi.describe(made.device)
    isapi.clock(made.device)
    assert made.memory["interface"] == "/ISAPI"


def test_a_recorder_that_stops_answering_for_overlays_is_not_waited_for_channel_by_channel() -> None:
    made = world()
    honest = simulated.end(made.recorder, lambda: NOON)
    made.wire = plug(made.device, lambda r: Response(dropped=True) if "overlays" in r.path else honest(r))
    assert len(isapi.channels(made.device)) == 4
    assert sum("overlays" in path for path in paths(made)) == 2


@pytest.mark.parametrize("call", ["channels", "plans", "disks", "days_held"])
def test_a_dead_device_is_asked_once(call: str) -> None:
    made = world(None, Fault("dead", *ALWAYS))
    with pytest.raises(Unreachable):
        CALLS[call](made.device)
    assert len(made.wire.asked) == 1


@pytest.mark.parametrize("track", ["101", "1601", "10001", "10101", "I-1"])
def test_the_word_of_a_channel_leads_back_to_its_track(track: str) -> None:
    assert track_of(channel_of(track)) == track


@pytest.mark.parametrize(("number", "word"), [("1", "1"), ("064", "64"), ("101", "10101"), ("I-1", "I-1"), ("0", "")])
def test_numbers_of_channels(number: str, word: str) -> None:
    assert channel_of_number(number) == word


@pytest.mark.parametrize("track", ["102", "120", "1", "01", "001", ""])
def test_what_is_no_main_track_has_no_word(track: str) -> None:
    assert channel_of(track) == ""


def test_channel_numbers_without_end_are_taken_as_they_are() -> None:
    assert track_of("9" * 5000) == "9" * 5000
