"""What one viewer of the simulated relay gets: an aiortc connection that sends ready-made payloads."""

from __future__ import annotations

import asyncio
import re
from secrets import token_hex
from typing import Any

from aioice import ice
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    rtcrtpsender,
)
from aiortc.codecs import get_capabilities

from collectors.simulator.whep_clip import FRAMES_PER_S, RTP_CLOCK_HZ, ClipFrame, black_clip, moving_clip

STALL_AFTER_FRAMES = 5
CLOSE_S = 3.0


class Stream:
    """One path. `mode` is read at every frame, so that a running session changes with it."""

    def __init__(self) -> None:
        self.mode = "ok"


class _Playing(MediaStreamTrack):
    """Frames at the pace of one clock: a viewer joins wherever the picture is, as on a real relay."""

    kind = "video"

    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self._stream = stream
        self._index = _now_index()
        self._sent_since_key: int | None = None

    async def recv(self) -> Any:
        """The next frame to send, as (payloads, RTP timestamp)."""
        while True:
            self._index = max(self._index + 1, _now_index())
            await asyncio.sleep(self._index / FRAMES_PER_S - asyncio.get_running_loop().time())
            frame = _clip(self._stream.mode)[self._index % len(_clip(self._stream.mode))]
            if self._wanted(frame):
                return frame.payloads, self._index * (RTP_CLOCK_HZ // FRAMES_PER_S)

    def _wanted(self, frame: ClipFrame) -> bool:
        mode = self._stream.mode
        if mode == "stalled":
            return self._before_the_stall(frame)
        return mode in ("ok", "black") or (mode == "no_keyframe" and not frame.key)

    def _before_the_stall(self, frame: ClipFrame) -> bool:
        if self._sent_since_key is None:
            if not frame.key:
                return True
            self._sent_since_key = 0
        self._sent_since_key += 1
        return self._sent_since_key <= STALL_AFTER_FRAMES


class Sessions:
    """All open sessions, by the id in their `Location`."""

    def __init__(self) -> None:
        self._open: dict[str, RTCPeerConnection] = {}

    def __len__(self) -> int:
        return len(self._open)

    async def open(self, stream: Stream, offer: str) -> tuple[str, str]:
        """The session's id and the SDP answer."""
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        session_id = token_hex(8)
        self._open[session_id] = pc
        pc.on("connectionstatechange", lambda: self._changed(session_id, pc, stream))
        try:
            await pc.setRemoteDescription(RTCSessionDescription(_offer_for(stream.mode, offer), "offer"))
            pc.addTrack(_Playing(stream))
            codecs = get_capabilities("video").codecs
            pc.getTransceivers()[0].setCodecPreferences([c for c in codecs if c.mimeType == "video/H264"])
            await pc.setLocalDescription(await pc.createAnswer())
        except BaseException:
            await self.end(session_id)
            raise
        answer: str = pc.localDescription.sdp
        return session_id, _answer_for(stream.mode, answer)

    async def end(self, session_id: str) -> bool:
        pc = self._open.pop(session_id, None)
        if pc is None:
            return False
        async with asyncio.timeout(CLOSE_S):
            await pc.close()
        return True

    async def end_all(self) -> None:
        await asyncio.gather(*(self.end(session_id) for session_id in list(self._open)), return_exceptions=True)

    async def _changed(self, session_id: str, pc: RTCPeerConnection, stream: Stream) -> None:
        over = pc.connectionState in ("failed", "closed")
        if over or (pc.connectionState == "connected" and stream.mode == "ended"):
            await self.end(session_id)


class _Ready:
    """Stands where aiortc's encoder stands."""

    def pack(self, frame: tuple[list[bytes], int]) -> tuple[list[bytes], int]:
        return frame


def prepare_aiortc() -> None:
    """In this process only: gather loopback alone, and send frames that are packetised already."""
    ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]  # noqa: ARG005
    setattr(rtcrtpsender, "get_encoder", lambda codec: _Ready())  # noqa: ARG005, B010 - a name it does not export
    _CLIPS.update(black=black_clip(), moving=moving_clip())


_CLIPS: dict[str, list[ClipFrame]] = {}


def _clip(mode: str) -> list[ClipFrame]:
    return _CLIPS["black" if mode == "black" else "moving"]


def _now_index() -> int:
    return int(asyncio.get_running_loop().time() * FRAMES_PER_S)


def _offer_for(mode: str, offer: str) -> str:
    """Browsers hide their addresses behind names; resolving those takes a second and is not needed.

    For `no_ice` the relay must not know the viewer's addresses, else its own checks would connect the two.
    """
    useless = "a=candidate:" if mode == "no_ice" else ".local "
    kept = [line for line in offer.splitlines() if not (line.startswith("a=candidate:") and useless in line)]
    return "\r\n".join(kept) + "\r\n"


def _answer_for(mode: str, answer: str) -> str:
    """For `no_ice` the media address is one where nobody listens."""
    if mode == "sound_only":
        session = answer[: answer.index("m=video")].replace("a=group:BUNDLE 0\r\n", "")
        return f"{session}m=video 0 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n"
    if mode != "no_ice":
        return answer
    return re.sub(r"(?m)^(a=candidate:(?:\S+ ){5})\d+", r"\g<1>9", answer)
