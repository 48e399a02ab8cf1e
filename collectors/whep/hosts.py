"""Lets aioice gather loopback addresses, which it never does by itself.

Simulated and local relays live on 127.0.0.1. Only the process that calls `allow_loopback` (the probe's child,
or a test) is changed, and only probes of a loopback target see it, so that no real relay is ever told about
127.0.0.1.
"""

from __future__ import annotations

from contextvars import ContextVar
from ipaddress import ip_address

from aioice import ice

toward_loopback: ContextVar[bool] = ContextVar("toward_loopback", default=False)

_gather = ice.get_host_addresses


def allow_loopback() -> None:
    ice.get_host_addresses = _with_loopback


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _with_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    addresses = _gather(use_ipv4, use_ipv6)
    return ["127.0.0.1", *addresses] if toward_loopback.get() and use_ipv4 else addresses
