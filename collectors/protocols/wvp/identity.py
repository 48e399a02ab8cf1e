"""What the platform says it is, and its clock. The clocks of the devices behind it cannot be read."""

from __future__ import annotations

from collectors import http_date, json_reply
from collectors.answers import ClockReading, Description, Malformed
from collectors.chunks import DeviceBrokeError
from collectors.device import Device
from collectors.learned import forget_old
from collectors.protocols.wvp.server import WvpDevice, ours

VERSION = "/api/server/version"
FIRMWARE_KEY = "firmware"
PROJECT = "wvp-pro"
NOT_LOGGED_IN, WANTS_LOGIN = 401, "请登录后重新请求"


def describe(device: Device) -> Description:
    """Forgets what was learned about the devices behind it when the platform is another version."""
    server = ours(device)
    try:
        data = server.ask(VERSION)
    except (Malformed, DeviceBrokeError):
        data = None
        knock(server)
    said = data if isinstance(data, dict) else {}
    firmware = json_reply.text(said.get("version")) or json_reply.text(said.get("GIT_Revision"))
    forget_old(server, FIRMWARE_KEY, firmware)
    return Description(model="WVP-GB28181-pro", firmware=firmware)


def answers_here(device: Device) -> bool:
    """Strangers get the platform's own words, or, where no login is wanted, what it was built from."""
    reply = device.get(VERSION)
    said = json_reply.object_in(reply.body, f"{device.address}{VERSION}")
    if json_reply.whole(said.get("code")) == NOT_LOGGED_IN:
        return json_reply.text(said.get("msg")) == WANTS_LOGIN
    built = json_reply.inner(said, "data")
    return json_reply.whole(said.get("code")) == 0 and ("GIT_Revision" in built or built.get("project") == PROJECT)


def knock(server: WvpDevice) -> None:
    """A cheap question every version answers: one row of the list of devices."""
    source = f"{server.address}/api/device/query/devices"
    page = json_reply.as_object(server.ask("/api/device/query/devices", page=1, count=1), source)
    if not isinstance(page.get("list"), list):
        raise Malformed(f"{source} does not list devices; check that this is the address of a WVP platform")


def clock(device: Device) -> ClockReading:
    server = ours(device)
    asked_at = server.now()
    reply = server.get(VERSION)
    answered_at = server.now()
    return http_date.reading_of(http_date.date_of(reply, server.address), asked_at, answered_at)
