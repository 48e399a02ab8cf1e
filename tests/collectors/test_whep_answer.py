"""Answers of real relays and the mangled ones of the aiortc table: after the sanitiser aiortc takes them all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from collectors.whep.answer_sdp import UnreadableCodec, UnusableAnswer, sanitise

SAMPLES = Path(__file__).parents[2] / ".." / "shared" / "samples" / "platforms"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the recorded answers are not beside this checkout")
RELAY = "198.51.100.1"

SESSION = "v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\na=group:BUNDLE 0\na=fingerprint:sha-256 " + ":".join(["AB"] * 32)
VIDEO = """m=video 9 UDP/TLS/RTP/SAVPF 99
c=IN IP4 0.0.0.0
a=setup:active
a=mid:0
a=ice-ufrag:abcdefgh
a=ice-pwd:abcdefghabcdefghabcdefgh
a=rtcp-mux
a=rtpmap:99 H264/90000
a=fmtp:99 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=ssrc:1362560548 cname:relay
a=sendonly
a=candidate:1 1 udp 2130706431 198.51.100.1 8189 typ host
a=end-of-candidates"""
AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 8\nc=IN IP4 0.0.0.0\na=setup:active\na=mid:1\na=ice-ufrag:abcdefgh\na=ice-pwd:\
abcdefghabcdefghabcdefgh\na=rtcp-mux\na=rtpmap:8 PCMA/8000\na=sendonly"


async def _offer(*kinds: str) -> tuple[RTCPeerConnection, str]:
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    for kind in kinds:
        pc.addTransceiver(kind, direction="recvonly")
    await pc.setLocalDescription(await pc.createOffer())
    return pc, pc.localDescription.sdp


def accepted(answer: str, *kinds: str, cleaned: bool = True) -> tuple[str, ...]:
    """What had to be changed before aiortc took the answer to an offer of these kinds."""

    async def run() -> tuple[str, ...]:
        pc, offer = await _offer(*(kinds or ("video",)))
        try:
            result = sanitise(answer, offer, RELAY) if cleaned else None
            await pc.setRemoteDescription(RTCSessionDescription(result.sdp if result else answer, "answer"))
            return result.changes if result else ()
        finally:
            await pc.close()

    return asyncio.run(run())


def sanitised(answer: str, relay: str = RELAY) -> str:
    async def run() -> str:
        pc, offer = await _offer("video")
        await pc.close()
        return sanitise(answer, offer, relay).sdp

    return asyncio.run(run())


def video(change: Callable[[str], str] = lambda text: text) -> str:
    return SESSION + "\n" + change(VIDEO) + "\n"


def test_a_good_answer_is_left_alone() -> None:
    assert accepted(video()) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("packetization-mode=1", "packetization-mode=0"),
        (";packetization-mode=1", ""),
        ("42e01f", "4d001f"),
        ("42e01f", "640028"),
        ("a=fmtp:99 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n", ""),
        ("a=ssrc:1362560548 cname:relay", "a=ssrc:1362560548 cname"),
        ("a=sendonly", "a=fmtp:77 apt=99\na=sendonly"),
    ],
)
def test_what_aiortc_refuses_is_rewritten(old: str, new: str) -> None:
    mangled = video(lambda text: text.replace(old, new))
    with pytest.raises(Exception):  # noqa: B017 - OperationError, ValueError, StopIteration …
        accepted(mangled, cleaned=False)
    assert len(accepted(mangled)) == 1


@pytest.mark.parametrize(
    ("old", "new"), [("42e01f", "42001f"), ("42e01f", "42e033"), (" 99", " 120"), ("m=video 9 ", "m=video 40000 ")]
)
def test_other_levels_numbers_and_ports_are_fine(old: str, new: str) -> None:
    accepted(
        video(lambda text: text.replace(old, new).replace(":99 ", ":120 ") if new == " 120" else text.replace(old, new))
    )


def test_both_h264_formats_stay_apart_when_renumbered() -> None:
    second = "a=rtpmap:110 H264/90000\na=fmtp:110 packetization-mode=1;profile-level-id=42e01f\na=sendonly"
    renumbered = VIDEO.replace("SAVPF 99", "SAVPF 109 110").replace(":99 ", ":109 ").replace("a=sendonly", second)
    text = sanitised(SESSION + "\n" + renumbered)
    profiles = {line[-6:] for line in text.splitlines() if line.startswith("a=fmtp:1")}
    assert profiles == {"42001f", "42e01f"}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(video(), id="audio left out"),
        pytest.param(video() + "m=audio 0 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 0.0.0.0\na=mid:1\na=inactive\n", id="rejected"),
        pytest.param(video() + "m=audio 0 UDP/TLS/RTP/SAVPF 111\nc=IN IP4 0.0.0.0\n", id="rejected, bare"),
        pytest.param(SESSION + "\n" + AUDIO + "\n" + VIDEO + "\n", id="other order"),
        pytest.param(video() + AUDIO + "\n" + AUDIO.replace("mid:1", "mid:2") + "\n", id="one section too many"),
    ],
)
def test_sections_come_back_as_offered(answer: str) -> None:
    assert accepted(answer, "video", "audio")


def test_an_inactive_audio_section_needs_nothing() -> None:
    assert accepted(video() + AUDIO.replace("sendonly", "inactive") + "\n", "video", "audio") == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("H264", "H265"),
        lambda text: text.replace("a=sendonly", "a=inactive"),
        lambda text: "m=video 0 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 0.0.0.0",
        lambda text: AUDIO,
    ],
    ids=["H265 only", "inactive", "MediaMTX with sound only", "sound only"],
)
def test_no_h264_is_our_limit_and_not_a_bad_answer(change: Callable[[str], str]) -> None:
    with pytest.raises(UnreadableCodec):
        sanitised(video(change))


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "<html>login</html>",
        SESSION,
        video(lambda text: text.replace("a=ice-pwd", "a=x")),
        video(lambda text: text.replace("a=setup", "a=x")),
        video().replace("a=fingerprint", "a=x"),
        video() + "m=audio 9 X 1\n" * 20,
    ],
)
def test_what_cannot_connect_is_named_so(answer: str) -> None:
    with pytest.raises(UnusableAnswer):
        sanitised(answer)


@pytest.mark.parametrize(
    ("relay", "candidate", "kept"),
    [
        ("198.51.100.1", "udp 1 198.51.100.1 8189", True),
        ("198.51.100.1", "UDP 1 198.51.100.1 8189", True),
        ("8.8.8.8", "udp 1 9.9.9.9 8189", True),
        ("8.8.8.8", "udp 1 192.168.1.5 8189", False),
        ("8.8.8.8", "udp 1 127.0.0.1 8189", False),
        ("8.8.8.8", "udp 1 ::ffff:127.0.0.1 8189", False),
        ("192.168.1.5", "udp 1 10.0.0.9 8189", True),
        ("192.168.1.5", "udp 1 9.9.9.9 8189", True),
        ("192.168.1.5", "udp 1 127.0.0.1 8189", False),
        ("192.168.1.5", "udp 1 169.254.1.1 8189", False),
        ("127.0.0.1", "udp 1 127.0.0.1 8189", True),
        ("127.0.0.1", "udp 1 192.168.1.5 8189", True),
        ("192.168.1.5", "udp 1 224.0.0.1 8189", False),
        ("192.168.1.5", "udp 1 255.255.255.255 8189", False),
        ("192.168.1.5", "udp 1 0.0.0.0 8189", False),
        ("192.168.1.5", "tcp 1 192.168.1.5 8189", False),
        ("192.168.1.5", "udp 1 relay.local 8189", False),
        ("192.168.1.5", "udp 1 192.168.1.5 0", False),
        ("192.168.1.5", "udp 1", False),
    ],
)
def test_media_addresses_never_reach_narrower_than_the_relay(relay: str, candidate: str, kept: bool) -> None:
    transport, _, place = candidate.partition(" ")
    line = f"a=candidate:5 1 {transport} {place} typ host"
    text = sanitised(video(lambda text: text.replace("a=end-of-candidates", line)), relay)
    assert (line in text) is kept


def test_parameter_sets_are_read_from_the_answer() -> None:
    async def run() -> tuple[bytes, ...]:
        pc, offer = await _offer("video")
        await pc.close()
        fmtp = "profile-level-id=42e01f;sprop-parameter-sets=Z0LgHw==,aM48gA=="
        return sanitise(video(lambda text: text.replace("profile-level-id=42e01f", fmtp)), offer, RELAY).parameter_sets

    assert asyncio.run(run()) == (b"\x67\x42\xe0\x1f", b"\x68\xce\x3c\x80")


@needs_samples
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("go2rtc/answer_client_test.sdp", ""),
        ("whep/draft_answer_201.sdp", "VP8"),
        ("whep/aiortc_test_video_firefox.sdp", "VP8, VP9"),
        ("whep/aiortc_test_ice_lite.sdp", "no H264 video"),
        ("whep/draft_ice_restart_response.sdpfrag", "not a session description"),
        ("whep/draft_trickle_patch.sdpfrag", "not a session description"),
        ("mediamtx/trickle_fragment_session_creds.sdpfrag", "not a session description"),
        ("zlmediakit/answer_packetization_mode_0.sdp", ""),
        ("go2rtc/answer_creality_camera.sdp", ""),
    ],
)
def test_recorded_answers(name: str, outcome: str) -> None:
    if not (SAMPLES / name).exists():
        pytest.skip(f"{name} is listed in the index but was not delivered")
    text = (
        (SAMPLES / name)
        .read_text()
        .replace("ice-ufrag:xxx", "ice-ufrag:xxxx")
        .replace("ice-pwd:xxx", "ice-pwd:" + "x" * 22)
    )
    if not outcome:
        accepted(text)
        return
    with pytest.raises((UnreadableCodec, UnusableAnswer), match=outcome):
        sanitised(text)
