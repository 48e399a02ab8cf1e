"""Who answers, and how wrong its clock is."""

from __future__ import annotations

import re

from collectors import http_date
from collectors.answers import ClockReading, Description, Malformed, Unreachable
from collectors.device import Device, Reply
from collectors.protocols.mediamtx.server import ApiClosedError, MediamtxDevice, check_allowed, error_text, ours
from collectors.xml import quoted

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
    server.memory["version"] = quoted(version)
    note = "; a stall inside one stream is not listed as a gap" if joins_across_stalls(version) else ""
    return Description(model="MediaMTX", firmware=f"{version}{note}")


def joins_across_stalls(version: str) -> bool:
    """From v1.15.5 neighbouring segments of one stream are joined whatever the time between them."""
    match = re.match(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})", version)
    return match is not None and tuple(map(int, match.groups())) >= JOINS_ACROSS_STALLS_SINCE


def clock(device: Device) -> ClockReading:
    """From the `Date` of a cheap reply, for want of a clock call."""
    server = ours(device)
    asked_at = server.now()
    reply = knock(server)
    answered_at = server.now()
    return http_date.reading_of(http_date.date_of(reply, server.address), asked_at, answered_at)


def answers_here(device: Device) -> bool:
    """A list of no path is refused before any login, in words of its own."""
    reply = ours(device).get("/list")
    return reply.status == 400 and error_text(reply).startswith("invalid path name")


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
