"""The JSON of a ZLMediaKit server, and MP4 files that are all header."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

from collectors.simulator.http import Request, Response

JSON = {"Content-Type": "application/json; charset=utf-8"}
PICTURE_BYTES = 4096
BYTES_PER_S = 250_000
_SINCE_1904 = datetime(1904, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)


def answered(data: object) -> Response:
    return _json({"code": 0} if data is None else {"code": 0, "data": data})


def failed(code: int, message: str) -> Response:
    return _json({"code": code, "msg": message})


def media_entry(name: str, alive_s: int, *, stalled: bool) -> list[dict[str, object]]:
    """One entry per format; the address of the source holds the camera's password."""
    app, stream = name.split("/", 1)
    speed = 0 if stalled else BYTES_PER_S
    return [
        {"schema": schema, "vhost": "__defaultVhost__", "app": app, "stream": stream, "aliveSecond": alive_s,
         "bytesSpeed": speed, "totalBytes": 0 if stalled else speed * alive_s, "isRecordingMP4": True,
         "isRecordingHLS": False, "originTypeStr": "pull", "originUrl": "rtsp://admin:camera-pass@192.0.2.7/1"}
        for schema in ("rtsp", "rtmp", "fmp4")
    ]  # fmt: skip


def movie_file(made_at: datetime, length: timedelta, *, fast_start: bool, damaged: bool) -> bytes:
    pictures = _box(b"mdat", b"\x00" * PICTURE_BYTES)
    movie = b"" if damaged else _box(b"moov", _box(b"mvhd", _header(made_at, length)))
    parts = [movie, pictures] if fast_start else [pictures, movie]
    return b"".join([_box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2"), *parts])


def part_of(content: bytes, request: Request) -> Response:
    wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range", ""))
    if wanted is None:
        return Response(200, content)
    first, last = int(wanted[1]), int(wanted[2])
    if first >= len(content):
        return Response(416, b"")
    part = content[first : last + 1]
    return Response(206, part, {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(content)}"})


def _header(made_at: datetime, length: timedelta) -> bytes:
    made_s = (made_at - _SINCE_1904) // timedelta(seconds=1)
    numbers = (0, made_s, made_s, 1000, length // _MILLISECOND)
    return b"".join(number.to_bytes(4) for number in numbers) + b"\x00" * 80


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + kind + content


def _json(content: object) -> Response:
    return Response(200, json.dumps(content).encode(), JSON)
