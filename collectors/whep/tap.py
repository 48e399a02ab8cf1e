"""Counts RTP packets and puts key frames together, without decoding the stream.

Pure: packets come in with their arrival time, nothing here knows a socket.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from collectors.whep.h264 import (
    NAL_IDR,
    NAL_PPS,
    NAL_SLICE,
    NAL_SPS,
    START_CODE,
    begun_nal_types,
    depacketize,
    whole_nals,
)

MAX_KEY_FRAME_BYTES = 8 * 1024 * 1024
MAX_REMEMBERED_FRAMES = 10_000
RTP_CLOCK_HZ = 90_000


@dataclass(frozen=True, slots=True)
class RtpPacket:
    ssrc: int
    sequence: int
    timestamp: int
    marker: bool
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A complete access unit as an Annex B byte stream, parameter sets in front."""

    completed_at_s: float
    annex_b: bytes = field(repr=False)


class MediaTap:
    """Fed with every packet of one video stream. Times are seconds of the caller's monotonic clock."""

    def __init__(self, parameter_sets: Iterable[bytes] = ()) -> None:
        """`parameter_sets`: SPS and PPS from the SDP, for streams that do not repeat them in band."""
        self.packets = 0
        self.lost = 0
        self.first_packet_at_s: float | None = None
        self.last_packet_at_s: float | None = None
        self.last_frame_at_s: float | None = None
        self.key_frames: list[KeyFrame] = []
        self.key_frames_begun = 0
        self.ssrc: int | None = None
        self._highest = 0
        self._frames: dict[int, float] = {}
        self._parameters = {nal[0] & 0x1F: nal for nal in parameter_sets if nal}
        self._unit: _AccessUnit | None = None

    def feed(self, packet: RtpPacket, at_s: float) -> None:
        if packet.ssrc != self.ssrc:
            self._restart(packet)
        self._count(packet, at_s)
        if packet.payload:
            self._collect(packet, at_s)

    def watched_s(self, from_s: float) -> float:
        """From the first to the latest frame that began to arrive at or after `from_s`."""
        arrivals = [at for at in self._frames.values() if at >= from_s]
        return arrivals[-1] - arrivals[0] if arrivals else 0.0

    def frame_rate(self, from_s: float) -> float:
        """Frames per second over `watched_s`, whole intervals only, so that a short window rounds nothing.

        The lower of two readings: by arrival, which a relay that catches up after a hiccup inflates, and by
        RTP time, which knows nothing of frames that never came.
        """
        stamps = [stamp for stamp, at in self._frames.items() if at >= from_s]
        watched_s = self.watched_s(from_s)
        if watched_s <= 0:
            return 0.0
        ticks = [_distance(stamp, stamps[0], 32) for stamp in stamps]
        media_s = (max(ticks) - min(ticks)) / RTP_CLOCK_HZ
        return (len(stamps) - 1) / max(watched_s, media_s)

    def _restart(self, packet: RtpPacket) -> None:
        """A camera that reconnects at the relay goes on with a new source, new numbers and new timestamps."""
        self.ssrc = packet.ssrc
        self._highest = packet.sequence - 1
        self._frames.clear()
        self._unit = None

    def _count(self, packet: RtpPacket, at_s: float) -> None:
        self.packets += 1
        self.first_packet_at_s = at_s if self.first_packet_at_s is None else self.first_packet_at_s
        self.last_packet_at_s = at_s
        step = _distance(packet.sequence, self._highest)
        if step > 0:
            self.lost += step - 1
            self._highest = packet.sequence
        elif step < 0 and self.lost:
            self.lost -= 1  # it was late, not lost
        if packet.timestamp not in self._frames and len(self._frames) < MAX_REMEMBERED_FRAMES:
            self._frames[packet.timestamp] = self.last_frame_at_s = at_s

    def _collect(self, packet: RtpPacket, at_s: float) -> None:
        for nal in whole_nals(packet.payload):
            if nal[0] & 0x1F in (NAL_SPS, NAL_PPS):
                self._parameters[nal[0] & 0x1F] = nal
        unit = self._unit
        if unit is None or packet.timestamp != unit.timestamp:
            if unit is not None:
                unit.next_frame_began(packet.sequence)
                self._finish(at_s)
            if not {NAL_IDR, NAL_SPS} & set(begun_nal_types(packet.payload)):
                return
            unit = self._unit = _AccessUnit(packet.timestamp)
            self.key_frames_begun += 1
        unit.add(packet)
        self._finish(at_s)

    def _finish(self, at_s: float) -> None:
        """Take the unit when it is whole. One with a gap waits for a late packet until the next key frame."""
        if self._unit is None or not self._unit.complete:
            return
        nals = list(depacketize(self._unit.payloads()))
        self._unit = None
        kinds = {nal[0] & 0x1F for nal in nals}
        if not kinds & {NAL_IDR, NAL_SLICE}:
            self.key_frames_begun -= 1  # parameter sets alone
            return
        missing = [self._parameters[k] for k in (NAL_SPS, NAL_PPS) if k not in kinds and k in self._parameters]
        self.key_frames.append(KeyFrame(at_s, b"".join(START_CODE + nal for nal in [*missing, *nals])))


class _AccessUnit:
    """The packets of one timestamp, in whatever order they come."""

    def __init__(self, timestamp: int) -> None:
        self.timestamp = timestamp
        self._parts: dict[int, bytes] = {}
        self._origin: int | None = None
        self._last: int | None = None
        self._size = 0

    def add(self, packet: RtpPacket) -> None:
        if self._origin is None:
            self._origin = packet.sequence
        place = _distance(packet.sequence, self._origin)
        if place in self._parts or self._size > MAX_KEY_FRAME_BYTES:
            return
        self._parts[place] = packet.payload
        self._size += len(packet.payload)
        if packet.marker:
            self._last = place

    def next_frame_began(self, sequence: int) -> None:
        """Some senders never set the marker: an unbroken step to the next timestamp ends the unit as well."""
        place = _distance(sequence, self._origin or 0)
        if self._last is None and self._parts and place == max(self._parts) + 1:
            self._last = place - 1

    @property
    def complete(self) -> bool:
        return self._last is not None and len(self._parts) == self._last - min(self._parts) + 1

    def payloads(self) -> list[bytes]:
        return [self._parts[place] for place in sorted(self._parts)]


def _distance(number: int, origin: int, bits: int = 16) -> int:
    """Signed steps from `origin` to `number` on a circle of that many bits."""
    half = 1 << (bits - 1)
    return (number - origin + half) % (2 * half) - half
