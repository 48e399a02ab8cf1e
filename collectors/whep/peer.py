"""The WebRTC half: an aiortc connection that only transports.

aiortc's receiver would decode every frame in a thread (half a second of CPU per probe); so its private packet
handler is replaced by ours, which counts and keeps key frames. The loopback tests are the contract for that
hook.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs import get_capabilities

from collectors.whep.answer_sdp import Answer
from collectors.whep.failure import ProbeFailure
from collectors.whep.tap import MediaTap, RtpPacket
from collectors.whep.target import Limits, Target

log = logging.getLogger(__name__)


@asynccontextmanager
async def peer(limits: Limits) -> AsyncIterator[RTCPeerConnection]:
    """No ICE servers: left to itself aiortc asks a public STUN server."""
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    try:
        yield pc
    finally:
        try:
            async with asyncio.timeout(limits.close_s):
                await pc.close()
        except TimeoutError:
            log.warning("a peer connection did not close within %g s", limits.close_s)


async def make_offer(pc: RTCPeerConnection) -> str:
    transceiver = pc.addTransceiver("video", direction="recvonly")
    codecs = get_capabilities("video").codecs
    transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType == "video/H264"])
    await pc.setLocalDescription(await pc.createOffer())
    offer: str = pc.localDescription.sdp
    if "a=candidate:" not in offer:
        raise ProbeFailure("not_probed", "this machine has no network address to receive media on")
    return offer


async def accept(pc: RTCPeerConnection, answer: Answer) -> MediaTap:
    """Set the answer and put the tap in before media can flow."""
    try:
        await pc.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
    except Exception as error:  # aiortc raises anything from KeyError to AssertionError for text it does not expect
        raise ProbeFailure(
            "not_probed", f"our probe cannot read the relay's answer: {type(error).__name__}: {error}"
        ) from None
    tap = MediaTap(answer.parameter_sets)
    clock = asyncio.get_running_loop().time

    async def on_packet(packet: Any, arrival_time_ms: int) -> None:  # noqa: ARG001
        tap.feed(
            RtpPacket(packet.ssrc, packet.sequence_number, packet.timestamp, bool(packet.marker), packet.payload),
            clock(),
        )

    setattr(pc.getReceivers()[0], "_handle_rtp_packet", on_packet)  # noqa: B010 - a method replaced on purpose
    return tap


async def connected(pc: RTCPeerConnection, target: Target, limits: Limits) -> None:
    changed = asyncio.Event()
    pc.on("connectionstatechange", changed.set)
    try:
        async with asyncio.timeout(limits.connected_s):
            while pc.connectionState in ("new", "connecting"):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        stage = "ICE" if pc.iceConnectionState != "completed" else "DTLS"
        raise ProbeFailure(
            "unreachable", f"{stage} with {target.place} did not finish within {limits.connected_s:g} s"
        ) from None
    if pc.connectionState != "connected":
        stage = "ICE" if pc.iceConnectionState == "failed" else "DTLS"
        raise ProbeFailure("unreachable", f"{stage} with {target.place} failed")
