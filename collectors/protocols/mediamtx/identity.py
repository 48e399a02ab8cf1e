"""Who answers, and how wrong its clock is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from collectors.answers import ClockReading, Description, Malformed, Unreachable
from collectors.device import Device, Reply
from collectors.protocols.mediamtx.server import ApiClosedError, MediamtxDevice, check_allowed, ours

DATE_RESOLUTION = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)
JOINS_ACROSS_STALLS_SINCE = (1, 15, 5)


def describe(device: Device) -> Description:
    """Model and version. A server whose API is closed, or older than v1.15.2, does not tell its version."""
    server = ours(device)
    try:
        info = server.ask_api("/v3/info") or {}
    except ApiClosedError:
        knock(server)
        info = {}
    version = info.get("version")
    if not isinstance(version, str):
        return Description(model="MediaMTX")
    server.memory["version"] = version
    note = "; a stall inside one stream is not listed as a gap" if joins_across_stalls(version) else ""
    return Description(model="MediaMTX", firmware=f"{version}{note}")


def joins_across_stalls(version: str) -> bool:
    """From v1.15.5 neighbouring segments of one stream are joined whatever the time between them."""
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    return match is not None and tuple(map(int, match.groups())) >= JOINS_ACROSS_STALLS_SINCE


def clock(device: Device) -> ClockReading:
    """From the `Date` of a cheap reply, for want of a clock call.

    `Date` is cut to the second, so the middle of that second is taken and the reading is uncertain by half a
    second and half the round trip; an offset within that is reported as zero.
    """
    server = ours(device)
    asked_at = server.now()
    reply = knock(server)
    answered_at = server.now()
    offset = _device_time(reply, server) + DATE_RESOLUTION / 2 - (asked_at + (answered_at - asked_at) / 2)
    if abs(offset) <= (DATE_RESOLUTION + (answered_at - asked_at)) / 2:
        offset = timedelta()
    return ClockReading(offset // MILLISECOND, (answered_at - asked_at) // MILLISECOND)


def knock(server: MediamtxDevice) -> Reply:
    """The cheapest question to playback: a listing of no path, which it refuses with 400 before any login."""
    reply = server.get("/list")
    check_allowed(reply, server.address)
    if reply.status >= 500:
        raise Unreachable(f"{server.address} is in trouble: it answered {reply.status}")
    if reply.status != 400:
        raise Malformed(
            f"what answers at {server.address} is not a MediaMTX playback server (status {reply.status}); "
            "check the port and playback: yes"
        )
    return reply


def _device_time(reply: Reply, server: MediamtxDevice) -> datetime:
    try:
        return parsedate_to_datetime(reply.headers["Date"]).astimezone(UTC).replace(tzinfo=None)
    except (KeyError, ValueError, OverflowError):
        raise Malformed(f"{server.address} sends no usable Date header, so its clock cannot be read") from None
