"""What happens on an open connection: the first key frame, its picture, the frame rate."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor

from aiortc import RTCPeerConnection

from collectors.whep.failure import ProbeFailure
from collectors.whep.picture import Picture, Undecodable, look_at
from collectors.whep.tap import KeyFrame, MediaTap
from collectors.whep.target import Limits, Target

POLL_S = 0.05


def require_session(pc: RTCPeerConnection, target: Target) -> None:
    if pc.connectionState != "connected":
        raise ProbeFailure(
            "no_media",
            f"{target.place} connected and then ended the session, "
            "as relays do when the publisher stops or sends B-frames",
        )


async def first_key_frame(pc: RTCPeerConnection, tap: MediaTap, target: Target, limits: Limits) -> KeyFrame:
    clock = asyncio.get_running_loop().time
    connected_at_s = clock()
    refresh_asked = False
    while not tap.key_frames:
        require_session(pc, target)
        waited_s = clock() - connected_at_s
        if tap.first_packet_at_s is None and waited_s >= limits.first_packet_s:
            raise ProbeFailure(
                "no_media",
                f"{target.place} connected but sent no video packet in {limits.first_packet_s:g} s",
            )
        if waited_s >= limits.key_frame_s:
            raise _no_key_frame(tap, target, waited_s)
        if tap.ssrc is not None and not refresh_asked and waited_s >= limits.refresh_after_s:
            refresh_asked = True
            await pc.getReceivers()[0]._send_rtcp_pli(tap.ssrc)  # only encoder-backed relays obey
        await asyncio.sleep(POLL_S)
    return tap.key_frames[0]


def _no_key_frame(tap: MediaTap, target: Target, waited_s: float) -> ProbeFailure:
    told = f"{tap.packets} video packets from {target.place} in {waited_s:.0f} s"
    if tap.key_frames_begun:
        return ProbeFailure(
            "not_probed",
            f"{told}, {tap.lost} lost on the way: no key frame came through whole, perhaps by our network",
        )
    return ProbeFailure("no_media", f"{told} and no key frame among them")


async def look(key: KeyFrame, decoder: Executor | None) -> Picture:
    try:
        return await asyncio.get_running_loop().run_in_executor(decoder, look_at, key.annex_b)
    except Undecodable as error:
        raise ProbeFailure("not_probed", f"our probe cannot decode the key frame: {error}") from None


async def frame_rate(pc: RTCPeerConnection, tap: MediaTap, target: Target, limits: Limits) -> float:
    """Watch for the window and on to the next frame, so that whole frame intervals are measured."""
    clock = asyncio.get_running_loop().time
    first_at_s, last_at_s = tap.first_packet_at_s or clock(), clock()
    from_s = max(last_at_s, first_at_s + limits.settle_s)
    await asyncio.sleep(max(0.0, from_s + limits.media_window_s - clock()))
    while tap.watched_s(from_s) < limits.media_window_s:
        require_session(pc, target)
        quiet_s = clock() - (tap.last_frame_at_s or from_s)
        if quiet_s >= limits.stall_s:
            raise ProbeFailure("no_media", f"{target.place} sent a picture and then nothing for {quiet_s:.1f} s")
        await asyncio.sleep(POLL_S)
    return tap.frame_rate(from_s)
