"""Fetching and decoding one frame: real clips over real HTTP, and everything that may come instead of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from collectors import protocols
from collectors.answers import ClockReading, FootageAnswer, Malformed, Refused, Span, Unreachable
from collectors.device import Device, Secret
from collectors.playback.decoder import Decoder
from collectors.playback.fetching import MOMENTS, Player
from collectors.playback.frame import Frame
from collectors.protocols import mediamtx
from collectors.simulator import mediamtx as simulated
from collectors.simulator.http import LoopbackServer, Request, Response
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from tests.collectors.clips import HEIGHT, WIDTH, blanked, clip

NOW = datetime(2026, 10, 2, 4)
MINUTE = datetime(2026, 10, 1, 4, 7)
SECRET = Secret("bureau", "look only")
VIDEO = {"Content-Type": "video/mp4"}


def recorder(*recorded: tuple[datetime, datetime]) -> SimulatedRecorder:
    held = recorded or ((NOW - timedelta(days=5), NOW),)
    return SimulatedRecorder("N1", "mediamtx", SECRET, {"cam1": SimulatedChannel("cam1", held)})


@contextmanager
def mediamtx_player(get: Response, what: SimulatedRecorder | None = None) -> Iterator[tuple[Player, list[Request]]]:
    """A MediaMTX whose `/get` answers with `get`; the requests it got."""
    end, asked = simulated.end(what or recorder(), lambda: NOW), []

    def answer(request: Request) -> Response:
        asked.append(request)
        return get if request.path == "/get" else end(request)

    with LoopbackServer(answer) as server:
        port = server.address.rpartition(":")[2]
        address = f"{server.address}?api_port={port}"
        with mediamtx.open_device(address, secret=SECRET, now=lambda: NOW, memory={}) as device:
            yield Player(mediamtx, device, Decoder()), asked  # type: ignore[arg-type]


def played(get: Response) -> Frame:
    with mediamtx_player(get) as (player, _):
        return player.play("cam1", MINUTE)


def test_a_real_clip_is_good_and_its_frame_is_told_by_digest_and_size() -> None:
    with mediamtx_player(Response(200, clip(), VIDEO)) as (player, asked):
        frame = player.play("cam1", MINUTE)
        assert player.device.exchanges == []
    assert (frame.outcome, frame.width, frame.height) == ("good", WIDTH, HEIGHT)
    assert frame.size_bytes and len(frame.sha256) == len(hashlib.sha256().hexdigest())
    gets = [request for request in asked if request.path == "/get"]
    assert [request.method for request in gets] == ["GET"]
    assert gets[0].query["start"].startswith("2026-10-01T04:07:30")
    assert gets[0].headers["Authorization"].startswith("Basic ")


INSTEAD = {
    "blanked": (Response(200, blanked(clip()), VIDEO), "no_picture"),
    "cut": (Response(200, clip()[:900], VIDEO), "no_picture"),
    "empty": (Response(200, b"", VIDEO), "no_picture"),
    "noise": (Response(200, bytes(range(256)) * 200, VIDEO), "no_picture"),
    "nothing_found": (Response(404, b'{"status":"error","error":"no recording segments found"}'), "no_picture"),
    "fails": (Response(500, b"open: no such file"), "no_picture"),
    "page": (Response(200, b"<!DOCTYPE html><html>please log in</html>"), "not_possible"),
    "playlist": (
        Response(200, b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/hostname\n"),
        "not_possible",
    ),
    "huge": (Response(200, (b"x" * 65536 for _ in range(200)), VIDEO), "not_possible"),
    "login": (Response(401, b"no"), "refused"),
    "right": (Response(403, b"no"), "refused"),
    "busy": (Response(503, b"later"), "unreachable"),
    "dropped": (Response(dropped=True), "unreachable"),
}


@pytest.mark.parametrize("kind", INSTEAD)
def test_what_comes_instead_of_a_clip(kind: str) -> None:
    response, outcome = INSTEAD[kind]
    frame = played(response)
    assert frame.outcome == outcome, frame
    assert frame.reason and SECRET.password not in frame.reason and frame.sha256 == ""
    assert frame.is_final == (kind == "login")


def test_a_minute_without_a_picture_is_tried_again_a_moment_later() -> None:
    with mediamtx_player(Response(404, b"{}")) as (player, asked):
        assert player.play("cam1", MINUTE).outcome == "no_picture"
    assert len([request for request in asked if request.path == "/get"]) == len(MOMENTS)


def test_what_is_no_longer_listed_is_not_held_against_anybody() -> None:
    gone = recorder((NOW - timedelta(hours=2), NOW))
    with mediamtx_player(Response(404, b"{}"), gone) as (player, _):
        assert player.play("cam1", MINUTE).outcome == "not_possible"


@pytest.mark.parametrize("listed", ["nothing", "edge", "failure"])
def test_a_minute_must_still_be_listed_to_count_as_not_playing(listed: str) -> None:
    def footage(device: Device, channel: str, a: datetime, b: datetime) -> Iterator[FootageAnswer]:
        if listed == "failure":
            raise Unreachable("gone")
        yield FootageAnswer(a, b, (Span(a, a + timedelta(seconds=20)),) if listed == "edge" else ())

    with LoopbackServer(lambda _: Response(404)) as server:
        player = player_of(f"{server.address}/clip.mp4")
        device = Device(server.address, now=lambda: NOW)
        assert replace(player, device=device).play("1", MINUTE).outcome == "no_picture"
        protocol = SimpleNamespace(playback_url=vars(player.protocol)["playback_url"], footage=footage)
        assert replace(player, device=device, protocol=protocol).play("1", MINUTE).outcome == "not_possible"


# other ways than HTTP, with a protocol of our own


def player_of(url: str | Exception, *, decoder: Decoder | None = None, secret: Secret | None = SECRET) -> Player:
    def playback_url(device: Device, channel: str, at: datetime) -> str:
        if isinstance(url, Exception):
            raise url
        return url

    def footage(device: Device, channel: str, a: datetime, b: datetime) -> Iterator[FootageAnswer]:
        yield FootageAnswer(a, b, (Span(a, b),))

    protocol = SimpleNamespace(playback_url=playback_url, footage=footage)
    device = Device("http://127.0.0.1:9", now=lambda: NOW, secret=secret)
    return Player(protocol, device, decoder or Decoder())  # type: ignore[arg-type]


def test_a_protocol_without_playback_cannot_be_tried() -> None:
    device = Device("http://127.0.0.1:9", now=lambda: NOW)
    frame = Player(protocols.load("folder"), device, Decoder()).play("cam1", MINUTE)
    assert (frame.outcome, frame.reason) == ("not_possible", "the protocol offers no playback")


def test_a_stream_nobody_serves_is_unreachable_and_tells_no_login() -> None:
    frame = player_of("rtsp://127.0.0.1:9/playback").play("1", MINUTE)
    assert frame.outcome == "unreachable"
    assert "look" not in frame.reason


class Watching(Decoder):
    urls: list[str]

    def stream(self, url: str) -> Frame:
        Watching.urls.append(url)
        return Frame("good")


def test_a_stream_gets_the_login_in_its_address() -> None:
    Watching.urls = []
    player_of("rtsp://u:p@[::1]:554/x?a=1", decoder=Watching(), secret=Secret("a@b", "p/w:1")).play("1", MINUTE)
    player_of("rtsp://192.0.2.1/x", decoder=Watching(), secret=None).play("1", MINUTE)
    assert Watching.urls == ["rtsp://a%40b:p%2Fw%3A1@[::1]:554/x?a=1", "rtsp://192.0.2.1/x"]


@pytest.mark.parametrize(
    "url", ["rtsp://192.0.2.1/x#clock=20261001T040700Z", "http://192.0.2.9/clip", "ftp://192.0.2.1/x"]
)
def test_ways_we_cannot_play_are_told_as_such(url: str) -> None:
    assert player_of(url).play("1", MINUTE).outcome == "not_possible"


@pytest.mark.parametrize(
    ("failure", "outcome", "is_final"),
    [(Refused("no", definitive=True), "refused", True), (Refused("no right"), "refused", False),
     (Unreachable("dead"), "unreachable", False), (Malformed("odd"), "not_possible", False)],
)  # fmt: skip
def test_failures_on_the_way_to_the_address(failure: Exception, outcome: str, is_final: bool) -> None:
    frame = player_of(failure).play("1", MINUTE)
    assert (frame.outcome, frame.is_final) == (outcome, is_final)


# the clip's own stamp


def stamped(made_at: datetime, *, offset_ms: int = 0) -> Frame:
    with LoopbackServer(lambda _: Response(200, clip(2, made_at), VIDEO)) as server:
        player = player_of(f"{server.address}/clip.mp4")
        protocol = SimpleNamespace(
            **vars(player.protocol), CLIPS_TELL_START=True, clock=lambda _: ClockReading(offset_ms, 0)
        )
        device = Device(server.address, now=lambda: NOW)
        return replace(player, protocol=protocol, device=device).play("1", MINUTE)


def test_a_stamp_of_the_right_time_is_good_also_by_a_wrong_clock() -> None:
    assert stamped(MINUTE + MOMENTS[0]).outcome == "good"
    assert stamped(MINUTE + MOMENTS[0] + timedelta(hours=1), offset_ms=3_600_000).outcome == "good"


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
def test_a_stamp_of_another_time_is_told(hours: int) -> None:
    assert stamped(MINUTE + timedelta(hours=hours)).outcome == "wrong_time"


# the process


def test_a_decoder_that_does_not_come_to_an_end_is_killed_and_blames_nobody() -> None:
    frame = Decoder(deadline_s=0.01).clip(clip())
    assert (frame.outcome, "0.01 s" in frame.reason) == ("not_possible", True)


def test_a_decoder_that_dies_blames_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert Decoder().clip(clip()).outcome == "not_possible"
    monkeypatch.setattr("sys.executable", "/no/such/python")
    assert Decoder().clip(clip()).outcome == "not_possible"
