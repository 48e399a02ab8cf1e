"""What Frigate is, how wrong its clock is, and the disk it records on."""

from __future__ import annotations

import re
from datetime import timedelta

from collectors import json_reply
from collectors.answers import ClockReading, Description, DiskReading, Malformed
from collectors.device import Device, Reply
from collectors.http_date import date_of, reading_of
from collectors.learned import forget_old
from collectors.protocols.frigate.server import FrigateDevice, ours
from collectors.xml import quoted

VERSION_KEY = "version"
RECORDINGS = "recordings"
MEBIBYTE = 2**20
"""Unit of the sizes in /api/stats (frigate/stats/util.py divides by 2^20)."""
_TITLE = b"<title>Frigate</title>"
_VERSION = re.compile(r"\d+\.\d+[\w.+-]*", re.ASCII)


def describe(device: Device) -> Description:
    server = ours(device)
    version = _version(server)
    forget_old(server, VERSION_KEY, version)
    return Description(model="Frigate", firmware=version)


def answers_here(device: Device) -> bool:
    """The version is told where no login is wanted; else the web page, which everybody gets, says whose it is."""
    reply = device.get("/api/version")
    if reply.status == 200:
        return _VERSION.fullmatch(_version_text(reply)) is not None
    return reply.status == 401 and _TITLE in device.get("/").body


def clock(device: Device) -> ClockReading:
    """From the `Date` of the version's reply, the cheapest there is."""
    server = ours(device)
    server.ready()  # the login is not part of the round trip
    asked_at = server.now()
    reply = server.ask("/api/version")
    return reading_of(date_of(reply, server.address), asked_at, server.now())


def offset_of(device: Device) -> timedelta:
    return timedelta(milliseconds=clock(device).offset_ms)


def disks(device: Device) -> tuple[DiskReading, ...]:
    """The volume of the recordings; whether its disk is well, Frigate does not know."""
    server = ours(device)
    stats = json_reply.as_object(server.ask_json("/api/stats"), f"{server.address}/api/stats")
    volumes = json_reply.inner(stats, "service", "storage")
    found = [name for name in volumes if name.rstrip("/").endswith(RECORDINGS)]
    if not found:
        raise Malformed(f"{server.address}/api/stats says nothing about a volume of recordings; check its version")
    return tuple(_disk(name, json_reply.inner(volumes, name)) for name in found)


def _disk(name: str, volume: dict[str, object]) -> DiskReading:
    total, free = (_bytes(volume.get(key)) for key in ("total", "free"))
    return DiskReading(
        name, "unknown", json_reply.text(volume.get("mount_type") or volume.get("mnt_type")), total, free
    )


def _bytes(value: object) -> int | None:
    size = json_reply.number(value)
    return None if size is None or size < 0 else int(size * MEBIBYTE)


def _version(server: FrigateDevice) -> str:
    text = _version_text(server.ask("/api/version"))
    if not _VERSION.fullmatch(text):
        raise Malformed(f"{server.address}/api/version answered '{quoted(text)}', which is no version of Frigate")
    return text


def _version_text(reply: Reply) -> str:
    return reply.body[:200].decode("utf-8", "replace").strip().strip('"')
