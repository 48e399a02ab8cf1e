"""The streams the server has now: one entry per output format, and none when there is no stream."""

from __future__ import annotations

from dataclasses import dataclass

from collectors import json_reply
from collectors.protocols.zlmediakit.server import VHOST, ZlmDevice

EVIDENCE_KEYS = (
    "schema",
    "vhost",
    "app",
    "stream",
    "createStamp",
    "aliveSecond",
    "bytesSpeed",
    "totalBytes",
    "isRecordingMP4",
    "isRecordingHLS",
    "originTypeStr",
)


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream over all its formats. None: no entry says so. Bytes are those that came in since it was made."""

    is_recording: bool | None
    is_recording_hls: bool
    bytes_per_s: int | None
    byte_count: int | None


def media(server: ZlmDevice, app: str = "", stream: str = "") -> dict[str, Stream]:
    """By `<app>/<stream>`, those of the default virtual host."""
    query = {"vhost": VHOST} | ({"app": app, "stream": stream} if app else {})
    content = server.ask("getMediaList", keep=EVIDENCE_KEYS, **query)
    found: dict[str, list[dict[str, object]]] = {}
    for entry in json_reply.objects(content.get("data", []), f"{server.address}/index/api/getMediaList"):
        name = f"{json_reply.text(entry.get('app'))}/{json_reply.text(entry.get('stream'))}"
        found.setdefault(name, []).append(entry)
    return {name: _stream(entries) for name, entries in found.items()}


def _stream(entries: list[dict[str, object]]) -> Stream:
    flags = [flag for entry in entries if isinstance(flag := entry.get("isRecordingMP4"), bool)]
    return Stream(
        any(flags) if flags else None,
        any(entry.get("isRecordingHLS") is True for entry in entries),
        max((n for entry in entries if (n := json_reply.whole(entry.get("bytesSpeed"))) is not None), default=None),
        max((n for entry in entries if (n := json_reply.whole(entry.get("totalBytes"))) is not None), default=None),
    )
