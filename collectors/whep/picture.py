"""Decodes one key frame and measures the picture."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import av
from av.codec.context import CodecContext

SMALL_WIDTH, SMALL_HEIGHT = 64, 36
BLACK_MEAN, BLACK_SPREAD = 16.0, 2.0
"""Of 255, on a small grey copy. A dark room with sensor noise or a burned-in clock spreads wider."""


class Undecodable(Exception):
    """The bytes of a complete key frame gave no picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    black: bool


def look_at(annex_b: bytes) -> Picture:
    decoder = CodecContext.create("h264", "r")
    decoder.thread_count = 1
    try:
        frames = [*decoder.decode(av.Packet(annex_b)), *decoder.decode(None)]
    except av.FFmpegError as error:
        raise Undecodable(str(error)) from None
    if not frames:
        raise Undecodable("the decoder gave no picture")
    frame = frames[0]
    small = frame.reformat(SMALL_WIDTH, SMALL_HEIGHT, "gray")
    plane = small.planes[0]
    rows, line_bytes = bytes(plane), plane.line_size
    luma = b"".join(rows[y * line_bytes : y * line_bytes + SMALL_WIDTH] for y in range(SMALL_HEIGHT))
    return Picture(frame.width, frame.height, is_black(luma))


def is_black(luma: bytes) -> bool:
    mean = sum(luma) / len(luma)
    variance = sum(value * value for value in luma) / len(luma) - mean * mean
    return mean <= BLACK_MEAN and sqrt(max(variance, 0.0)) <= BLACK_SPREAD
