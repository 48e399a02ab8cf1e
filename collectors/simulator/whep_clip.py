"""A short synthetic picture, encoded and packetised once, that every simulated stream repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import av
from aiortc.codecs.h264 import H264Encoder
from av.video.frame import VideoFrame

WIDTH, HEIGHT = 320, 240
FRAMES_PER_S = 10
SECONDS = 2
RTP_CLOCK_HZ = 90_000
KEY_FRAME_EVERY = 3
"""Frames between key frames: far closer than a camera's, because every probe of the demo waits for one."""


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """`payloads` are ready RTP payloads."""

    key: bool
    payloads: list[bytes] = field(repr=False)


def moving_clip() -> list[ClipFrame]:
    """A bright bar travels over a grey gradient."""
    return _encode(_moving_picture(index) for index in range(FRAMES_PER_S * SECONDS))


def black_clip() -> list[ClipFrame]:
    return _encode(_grey(bytes([16]) * (WIDTH * HEIGHT)) for _ in range(FRAMES_PER_S * SECONDS))


def _moving_picture(index: int) -> VideoFrame:
    left = index * WIDTH // (FRAMES_PER_S * SECONDS)
    row = bytes(235 if left <= x < left + 32 else 40 + x * 120 // WIDTH for x in range(WIDTH))
    return _grey(row * HEIGHT)


def _grey(luma: bytes) -> VideoFrame:
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    frame.planes[0].update(luma)
    for plane in frame.planes[1:]:
        plane.update(bytes([128]) * plane.buffer_size)
    return frame


def _encode(pictures: Iterator[VideoFrame]) -> list[ClipFrame]:
    """Baseline and without B-frames, so that a browser shows it too."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FRAMES_PER_S), Fraction(FRAMES_PER_S)
    encoder.gop_size = KEY_FRAME_EVERY
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "profile": "baseline", "crf": "30"}
    packets = []
    for index, picture in enumerate(pictures):
        picture.pts = index
        packets += encoder.encode(picture)
    packets += encoder.encode(None)
    packer = H264Encoder()
    return [ClipFrame(bool(packet.is_keyframe), packer.pack(packet)[0]) for packet in packets]
