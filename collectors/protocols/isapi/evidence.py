"""Keeps passwords of cameras and network volumes out of what is stored as evidence."""

from __future__ import annotations

import re
from dataclasses import replace

from collectors.device import Device
from collectors.evidence import NOT_KEPT

_PASSWORD = re.compile(rb"(<(?:\w+:)?\w*password\w*(?:\s[^<>]*)?>)[^<]+", re.IGNORECASE)
_LOGIN_IN_ADDRESS = re.compile(rb"(\w+://)[^/@<>\s]+@")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
"""How a body of two or four bytes a letter begins, in which no password would be found."""


def without_secrets(device: Device, known: int) -> None:
    """Rewrites the exchanges after the first `known`."""
    device.exchanges[known:] = [replace(each, body=_clean(each.body)) for each in device.exchanges[known:]]


def _clean(body: bytes) -> bytes:
    if body.startswith(_WIDE):
        return NOT_KEPT
    return _LOGIN_IN_ADDRESS.sub(rb"\1***@", _PASSWORD.sub(rb"\1***", body))
