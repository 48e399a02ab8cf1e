"""What the server says it is, and its clock."""

from __future__ import annotations

from collectors import http_date, json_reply
from collectors.answers import ClockReading, Description, Malformed
from collectors.device import Device
from collectors.learned import forget_old
from collectors.protocols.zlmediakit.media import media
from collectors.protocols.zlmediakit.server import NO_SUCH_CALL, NOT_LOGGED_IN, ours

FIRMWARE_KEY = "firmware"


def describe(device: Device) -> Description:
    """Builds have no version numbers, only the commit they were made from; old ones do not tell it."""
    server = ours(device)
    try:
        said = json_reply.inner(server.ask("version"), "data")
    except Malformed:
        media(server)
        said = {}
    words = (json_reply.text(said.get(key)) for key in ("branchName", "commitHash", "buildTime"))
    firmware = " ".join(filter(None, words))
    forget_old(server, FIRMWARE_KEY, firmware)
    return Description(model="ZLMediaKit", firmware=firmware)


def answers_here(device: Device) -> bool:
    """Codes of its own come from the API whoever asks; they are no HTTP statuses."""
    reply = device.get("/index/api/version")
    said = json_reply.object_in(reply.body, f"{device.address}/index/api/version")
    code = json_reply.whole(said.get("code"))
    if code == 0:
        return "commitHash" in json_reply.inner(said, "data")
    return reply.status == 200 and code in (NOT_LOGGED_IN, NO_SUCH_CALL)


def clock(device: Device) -> ClockReading:
    """From the `Date` of a cheap reply, whatever that reply says."""
    server = ours(device)
    asked_at = server.now()
    reply = server.get("/index/api/version")
    answered_at = server.now()
    return http_date.reading_of(http_date.date_of(reply, server.address), asked_at, answered_at)
