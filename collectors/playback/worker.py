"""The decoder's own process: `python -m collectors.playback.worker`, one clip or address, one answer.

In: a line of JSON, then the bytes of a clip if it came over HTTP. Out: a line of JSON, the fields of a `Frame`.
Decoders read bytes a stranger sent, hence the limits, and nothing of value in this process.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import av

from collectors.playback.frame import Frame, Outcome

MAX_MEMORY_BYTES = 2 * 1024**3
"""Of address space; a 4K picture takes some 150 MB resident."""
MAX_CPU_S = 20
CLIP_FORMATS = "mov,mpegts,mpeg,matroska,flv,h264,hevc,dhav"
"""No playlists: they name further addresses."""
FOREIGN = (b"#EXTM3U", b"RIFF", b"IMKH", b"\x30\x26\xb2\x75")
"""Playlist, AVI, Hikvision's own and ASF: films perhaps, but none of CLIP_FORMATS."""
WHOLE = {"ignore_editlist": "1"}
"""A clip begins with the key frame before the moment asked for, which an edit list hides from players."""
STREAM_PROTOCOLS = "rtsp,rtp,tcp,udp"
STRAY_S = 120.0
"""A recorder's clock and its stamps may differ by so much, and a key frame lie so far before the moment asked for."""
MAX_PACKETS = 3000


class NotDecodableError(Exception):
    """We lack what it takes to decode this; the message says what."""


LACKING = (
    av.error.ArgumentError,  # a container that is not among CLIP_FORMATS
    av.error.ProtocolNotFoundError,
    av.error.DemuxerNotFoundError,
    av.error.DecoderNotFoundError,
    NotDecodableError,
)
MEANINGS: tuple[tuple[tuple[type[BaseException], ...], Outcome, str], ...] = (
    ((av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError), "refused", "the stream's server refused the login"),
    ((av.error.HTTPServerError, av.error.HTTPTooManyRequestsError), "unreachable", "the stream's server is in trouble"),
    ((av.error.HTTPClientError,), "no_picture", "the stream's server answered '{said}'"),
    (LACKING, "not_possible", "our decoder cannot play this: {said}"),
    ((MemoryError,), "not_possible", "our decoder ran out of memory"),
    ((OSError,), "unreachable", "the stream broke off: {said}"),
    ((av.FFmpegError, ValueError), "no_picture", "what came cannot be decoded: {said}"),
)
"""The first that fits counts."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
    asked = json.loads(sys.stdin.buffer.readline())
    sys.stdout.write(json.dumps(asdict(look(asked, sys.stdin.buffer.read()))) + "\n")


def look(asked: dict[str, Any], clip: bytes) -> Frame:
    try:
        with closing(_opened(asked, clip)) as container:
            return _first_picture(container, asked.get("wanted_at"))
    except (av.FFmpegError, NotDecodableError, MemoryError, OSError, ValueError) as error:
        outcome, meaning = next((o, text) for kinds, o, text in MEANINGS if isinstance(error, kinds))
        return Frame(outcome, meaning.format(said=getattr(error, "strerror", None) or error.args[-1]))


def _opened(asked: dict[str, Any], clip: bytes) -> Any:  # PyAV comes without types
    if asked.get("url"):
        options = {"rtsp_transport": "tcp", "protocol_whitelist": STREAM_PROTOCOLS}
        return av.open(asked["url"], options=options, timeout=(asked["open_s"], asked["read_s"]))
    if not clip:
        raise ValueError("nothing came")
    if clip.startswith(FOREIGN):
        raise NotDecodableError("a list of addresses, or a kind of film that we do not open")
    return av.open(io.BytesIO(clip), options={"format_whitelist": CLIP_FORMATS, **WHOLE})


def _first_picture(container: Any, wanted_at: str | None) -> Frame:
    if not container.streams.video:
        return Frame("no_picture", "what came holds no video")
    stream = container.streams.video[0]
    if stream.codec_context is None:
        raise NotDecodableError("its codec is not known")
    stream.thread_count = 1
    starts_at = _stamp(container) if wanted_at else None
    if wanted_at and starts_at:
        offset_s = (datetime.fromisoformat(wanted_at) - starts_at).total_seconds()
        length_s = (container.duration or 0) / av.time_base
        if not -STRAY_S <= offset_s <= length_s + STRAY_S:
            return Frame("wrong_time", f"its own stamp is {starts_at:%Y-%m-%d %H:%M:%S}, {offset_s:+.0f} s away")
        container.seek(int(max(offset_s, 0.0) * av.time_base))
    return _key_frame(container, stream)


def _key_frame(container: Any, stream: Any) -> Frame:
    found = Frame("no_picture", "what came holds no key frame")
    for _, packet in zip(range(MAX_PACKETS), container.demux(stream), strict=False):
        if not packet.is_keyframe or not packet.size:
            continue
        found = Frame("no_picture", "its key frame gives no picture")
        pictures = [*packet.decode(), *stream.codec_context.decode(None)]
        if pictures and not pictures[0].is_corrupt:
            content, picture = bytes(packet), pictures[0]
            sha256 = hashlib.sha256(content).hexdigest()
            return Frame("good", "", sha256, len(content), picture.width, picture.height)
        stream.codec_context.flush_buffers()
    return found


def _stamp(container: Any) -> datetime | None:
    try:
        made_at = datetime.fromisoformat(container.metadata["creation_time"])
    except (KeyError, ValueError):
        return None
    return made_at.astimezone(UTC).replace(tzinfo=None) if made_at.tzinfo else made_at


if __name__ == "__main__":
    main()
