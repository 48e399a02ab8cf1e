"""Whether a device of this make answers, found out without a login."""

from __future__ import annotations

from collectors.device import Device
from collectors.protocols.dahua.errors import tells_attempts
from collectors.protocols.dahua.words import decoded, pairs

_PATH = "/cgi-bin/magicBox.cgi?action=getDeviceType"
_REFUSAL = "Invalid Authority"
_REALM = 'realm="login to '


def answers_here(device: Device) -> bool:
    """Refusals carry the make's own words, or a realm that begins like this one."""
    reply = device.get(_PATH)
    if reply.status == 200:
        return "type" in pairs(decoded(reply.body), f"{device.address}{_PATH}")
    if reply.status not in (401, 403):
        return False
    realm = reply.headers.get("WWW-Authenticate", "").lower()
    return tells_attempts(reply.body) or _REALM in realm or _REFUSAL in decoded(reply.body[:200])
