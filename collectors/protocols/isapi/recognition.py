"""Whether a device of this make answers, found out without a login."""

from __future__ import annotations

from collectors import xml
from collectors.answers import DeviceFailure, Malformed, Unreachable
from collectors.device import Device, Reply

_USER_CHECKS = ("/ISAPI/Security/userCheck", "/PSIA/Custom/SelfExt/userCheck")
_ROOTS = ("userCheck", "ResponseStatus")
_SERVERS = ("dnvrs-webs", "dvrdvs-webs", "app-webs", "hikvision-webs")
_NO_SUCH_PAGE = "/ISAP/none"
"""What only a server that guards everything would answer with a request for a login."""


def answers_here(device: Device) -> bool:
    """The check of logins is asked unsigned, which costs no attempt (fact sheet §1.2)."""
    return any(_is_checked_at(device, path) for path in _USER_CHECKS)


def _is_checked_at(device: Device, path: str) -> bool:
    reply = device.get(path)
    if reply.status not in (200, 401, 403):
        return False
    if _root_name(reply) in _ROOTS or reply.headers.get("Server", "").lower().startswith(_SERVERS):
        return True
    if reply.status != 401 or not reply.headers.get("WWW-Authenticate", "").lower().startswith("digest"):
        return False
    return _is_unguarded(device)


def _is_unguarded(device: Device) -> bool:
    """Cameras refuse with a web page: then the login is asked for under this name, and not everywhere."""
    try:
        return device.get(_NO_SUCH_PAGE).status == 404
    except Unreachable:
        return False
    except DeviceFailure:
        return False


def _root_name(reply: Reply) -> str:
    try:
        return xml.local_name(xml.parse(reply.body, ""))
    except Malformed:
        return ""
