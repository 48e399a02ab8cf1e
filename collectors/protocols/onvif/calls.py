"""One operation of one service, logged in the way this device takes (fact sheet §1, §8).

The token is tried first. A fault `NotAuthorized` may mean a clock that moved, a device that wants HTTP digest instead,
a missing right or a wrong password; no more attempts are made than the first two need, because a few wrong ones lock
the account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree

from collectors.answers import Malformed, Refused
from collectors.device import Device
from collectors.protocols.onvif import soap
from collectors.protocols.onvif.soap import SERVICES, NotAuthorizedError, NotOfferedError
from collectors.protocols.onvif.times import read_clock, token_offset
from collectors.protocols.onvif.transport import DEVICE_PATH, send
from collectors.xml import each, quoted, text_of

LOGIN_KEY = "login"
_ACCEPTED_NOTE, _PATHS_NOTE = "login_accepted", "service_paths"
SAME_CLOCK = timedelta(seconds=2)
_PATH = re.compile(r"/[!-~]{0,300}")


@dataclass(frozen=True, slots=True)
class _Call:
    path: str
    service: str
    operation: str
    content: tuple[etree._Element, ...]


def ask(device: Device, service: str, operation: str, *content: etree._Element) -> etree._Element:
    """The response element of `operation`; `content` are its children in the order of the WSDL."""
    call = _Call(_path(device, service), service, operation, content)
    by_token = device.secret is not None and device.memory.get(LOGIN_KEY) != "digest"
    try:
        answer = send(device, call.path, service, operation, *content, created=_created(device) if by_token else None)
    except NotAuthorizedError as refusal:
        answer = _again(device, call, refusal, by_token=by_token)
    device.notes[_ACCEPTED_NOTE] = True
    return answer


def _again(device: Device, call: _Call, refusal: NotAuthorizedError, *, by_token: bool) -> etree._Element:
    """What may still help: the clock read anew, then HTTP digest without a token."""
    if device.secret is None or not refusal.by_fault or (device.login_is_final and _ACCEPTED_NOTE not in device.notes):
        device.memory.pop(LOGIN_KEY, None)
        raise refusal
    if by_token and _clock_moved(device):
        try:
            return send(device, call.path, call.service, call.operation, *call.content, created=_created(device))
        except NotAuthorizedError as second:
            refusal = second
    if _ACCEPTED_NOTE in device.notes:
        raise Refused(f"{refusal}: the account was accepted before, so it lacks the right to do this") from None
    if by_token:
        answer = send(device, call.path, call.service, call.operation, *call.content, created=None)
        device.memory[LOGIN_KEY] = "digest"
        return answer
    device.memory.pop(LOGIN_KEY, None)
    raise refusal


def _created(device: Device) -> datetime:
    """Now by the device's clock: some take tokens only within 5 s of it."""
    return device.now() + token_offset(device)


def _clock_moved(device: Device) -> bool:
    before = token_offset(device)
    read_clock(device)
    return abs(token_offset(device) - before) > SAME_CLOCK


def _path(device: Device, service: str) -> str:
    """The device's own path of the service. Its host and port are not used: behind a gateway they are wrong."""
    if service == "device":
        return DEVICE_PATH
    if _PATHS_NOTE not in device.notes:
        device.notes[_PATHS_NOTE] = _paths(device)
    paths = device.notes[_PATHS_NOTE]
    assert isinstance(paths, dict)
    if service not in paths:
        raise NotOfferedError(f"{device.address} offers no ONVIF {service} service; it does not do Profile G")
    return str(paths[service])


def _paths(device: Device) -> dict[str, str]:
    answer = ask(device, "device", "GetServices", soap.node(SERVICES["device"], "IncludeCapability", "false"))
    words = {namespace: word for word, namespace in SERVICES.items()}
    found: dict[str, str] = {}
    for item in each(answer, "Service"):
        word = words.get(text_of(item, "Namespace").rstrip("/"))
        if word is not None:
            found.setdefault(word, _local_part(text_of(item, "XAddr"), device))
    return found


def _local_part(address: str, device: Device) -> str:
    try:
        url = urlsplit(address)
        path = url.path + (f"?{url.query}" if url.query else "")
    except ValueError:
        path = ""
    if not _PATH.fullmatch(path):
        raise Malformed(f"{device.address} gives '{quoted(address)}' as the address of a service; check the firmware")
    return path
