"""Asks one resource and gives its root element, or the failure that its reply stands for.

The oldest recorders call the same resources PSIA (fact sheet §1); which of the two names a device knows is learned from
the questions that every device must answer.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from collectors.answers import Malformed
from collectors.device import Device, Reply
from collectors.protocols.isapi import login
from collectors.protocols.isapi.errors import UnknownResourceError, root_of
from collectors.protocols.isapi.evidence import without_secrets

INTERFACE_KEY = "interface"
ISAPI, PSIA = "/ISAPI", "/PSIA"
_EVERYWHERE = ("/System/time", "/System/deviceInfo")
_USER_CHECK = {ISAPI: "/ISAPI/Security/userCheck", PSIA: "/PSIA/Custom/SelfExt/userCheck"}


def read(device: Device, path: str, *roots: str) -> etree._Element:
    """GET `path`, which begins after the name of the interface; one of `roots` must come back."""
    known = _interface(device)
    try:
        return _asked(device, known, path, roots, device.get)
    except UnknownResourceError as unknown:
        if path not in _EVERYWHERE:
            raise
        try:
            return _asked(device, PSIA if known == ISAPI else ISAPI, path, roots, device.get)
        except Malformed:
            raise unknown from None


def query(device: Device, path: str, body: str, *roots: str) -> etree._Element:
    """A POST that only reads: its question is in the body."""
    return _asked(device, _interface(device), path, roots, lambda where: device.search(where, body))


def source_of(device: Device, path: str) -> str:
    """The full address of `path` on this device, for sentences."""
    return f"{device.address}{_interface(device)}{path}"


def _asked(
    device: Device, interface: str, path: str, roots: tuple[str, ...], send: Callable[[str], Reply]
) -> etree._Element:
    login.mind(device, _USER_CHECK[interface])
    known = len(device.exchanges)
    try:
        reply = send(f"{interface}{path}")
    finally:
        without_secrets(device, known)
    login.note(device, reply)
    root = root_of(reply, roots, f"{device.address}{interface}{path}")
    device.memory[INTERFACE_KEY] = interface
    return root


def _interface(device: Device) -> str:
    known = device.memory.get(INTERFACE_KEY, ISAPI)
    return known if known in _USER_CHECK else ISAPI
