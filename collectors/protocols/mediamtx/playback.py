"""Which days hold recordings, and where a moment can be seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from collectors.answers import Malformed, Refused
from collectors.device import Device
from collectors.protocols.mediamtx.identity import clock
from collectors.protocols.mediamtx.listing import TICK, Listing, UnlistableError, Window, read_listing
from collectors.protocols.mediamtx.paths import file_starts, listing_worth
from collectors.protocols.mediamtx.server import MediamtxDevice, ours
from data.periods import day_starts_at, local_day

ONE_DAY = timedelta(days=1)
SPILL = timedelta(hours=1)
"""Of a day without a file of its own, so much is looked at for one that began the day before."""
BOUNDARY = timedelta(milliseconds=50)
"""A clip asked for a hair before its file begins is not found."""
CLIP_S = 5


def listed(server: MediamtxDevice, channel: str, window: Window) -> Listing:
    """The window is part of the path, not a parameter, so that it stands in the evidence."""
    query = urlencode({"path": channel, "start": text_of(window.starts_at), "end": text_of(window.ends_at - TICK)})
    return read_listing(server.get(f"/list?{query}"), window, server.address)


def text_of(at: datetime) -> str:
    return f"{at.isoformat(timespec='microseconds')}Z"


def days_held(device: Device, channel: str, first_day: date, last_day: date) -> frozenset[date]:
    """Days of Beijing time on which a file begins, or into which one reaches.

    No file at all is what the server says as well when it cannot read them, so that is no answer.
    """
    server = ours(device)
    starts = file_starts(server, channel)
    if starts is None:
        raise Refused(f"the control API at {server.api_address} does not list the recordings of '{channel}'")
    if not starts:
        raise Malformed(f"{server.api_address} lists no recording of '{channel}', as it does when it cannot read them")
    days = {local_day(start) for start in starts}
    asked = [first_day + ONE_DAY * n for n in range((last_day - first_day).days + 1)]
    spilled = [
        day for day in asked if day not in days and day - ONE_DAY in days and _reaches_into(server, channel, day)
    ]
    return frozenset(day for day in asked if day in days or day in spilled)


def _reaches_into(server: MediamtxDevice, channel: str, day: date) -> bool:
    window = Window(day_starts_at(day), day_starts_at(day) + SPILL)
    try:
        return bool(listed(server, channel, window).spans)
    except UnlistableError as failure:
        raise Malformed(f"whether '{channel}' holds anything of {day} cannot be listed: {failure}") from None


def playback_url(device: Device, channel: str, at: datetime) -> str:
    """A clip of some seconds from `at` on. It takes the same login as the listing, which is not part of the address."""
    server = ours(device)
    device_at = at + timedelta(milliseconds=clock(server).offset_ms)
    worth = listing_worth(server, channel)
    if worth.no_proof:
        raise Malformed(worth.no_proof)
    try:
        spans = listed(server, channel, Window(device_at - BOUNDARY * 2, device_at + timedelta(seconds=CLIP_S))).spans
    except UnlistableError as failure:
        raise Malformed(f"that moment of '{channel}' cannot be listed: {failure}") from None
    for span in spans:
        if span.started_at <= device_at < span.ended_at:
            start = max(device_at, span.started_at + BOUNDARY)
            query = urlencode({"path": channel, "start": text_of(start), "duration": CLIP_S, "format": "mp4"})
            return f"{server.address}/get?{query}"
    raise Malformed(f"{server.address} lists nothing of '{channel}' at that moment")
