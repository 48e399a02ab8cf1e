"""Keeps passwords of cameras and network volumes out of what is stored as evidence."""

from __future__ import annotations

import re
from dataclasses import replace

from collectors.answers import Exchange
from collectors.device import Device
from collectors.evidence import NOT_KEPT

_PASSWORD = re.compile(rb"(<(?:\w{1,60}:)?\w{0,60}password\w{0,60}(?:\s[^<>]*)?>)[^<]+", re.IGNORECASE)
_LOGIN_IN_ADDRESS = re.compile(rb"(://)[^/@<>\s]+@")
"""Both look at each byte a bounded number of times: with a run of letters in front, megabytes of them took hours."""
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
"""How a body of two or four bytes a letter begins, in which no password would be found."""


def without_secrets(device: Device, known: int) -> None:
    """Rewrites the exchanges after the first `known`."""
    device.exchanges[known:] = [_cleaned(each) for each in device.exchanges[known:]]


def _cleaned(exchange: Exchange) -> Exchange:
    body = _clean(exchange.body)
    return exchange if body is exchange.body else replace(exchange, body=body)


def _clean(body: bytes) -> bytes:
    if body.startswith(_WIDE):
        return NOT_KEPT
    if b"password" in body.lower():  # the patterns cost more than reading a page; nearly every page has neither
        body = _PASSWORD.sub(rb"\1***", body)
    return _LOGIN_IN_ADDRESS.sub(rb"\1***@", body) if b"@" in body else body
