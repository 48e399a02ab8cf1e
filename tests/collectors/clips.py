"""Small real clips, made by PyAV as recorders make them: fragmented MP4 with H.264 inside."""

from __future__ import annotations

import io
from datetime import datetime
from fractions import Fraction
from functools import cache

import av
from av.video.frame import VideoFrame

WIDTH, HEIGHT, RATE = 64, 48, 5


@cache
def clip(seconds: int = 2, made_at: datetime | None = None) -> bytes:
    """With a key frame every second; `made_at` is what it says of its own beginning."""
    out = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(out, "w", format="mp4", options=options) as container:
        if made_at is not None:
            container.metadata["creation_time"] = f"{made_at.isoformat()}Z"
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "tune": "zerolatency"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = WIDTH, HEIGHT, "yuv420p", RATE
        stream.time_base = Fraction(1, RATE)
        for index in range(seconds * RATE):
            picture = VideoFrame(WIDTH, HEIGHT, "yuv420p")
            for plane in picture.planes:
                plane.update(bytes([40 + index * 5 % 150]) * plane.buffer_size)
            picture.pts = index
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return out.getvalue()


def blanked(content: bytes) -> bytes:
    """The same boxes, and nothing in those that hold the pictures."""
    blank, at = bytearray(content), 0
    while at + 8 <= len(blank):
        size = int.from_bytes(blank[at : at + 4])
        if blank[at + 4 : at + 8] == b"mdat":
            blank[at + 8 : at + size] = bytes(size - 8)
        at += size or len(blank)
    return bytes(blank)
