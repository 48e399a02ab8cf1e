"""Which protocol answers at an address: asked without a login, one question at a time, the makers' own before ONVIF."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from collectors import protocols
from collectors.answers import DeviceFailure, Unreachable
from collectors.protocols import Recognises

PACE_S = 0.5
"""Between two questions: web services of small recorders were seen to collapse under a dozen quick ones."""
ENOUGH_SILENCE = 2
"""So many questions without any reply, and nobody is there."""
COMMON = "onvif"
"""Many makes speak it beside their own, which tells more."""
ON_PATHS = {"folder"}
"""Protocols whose address is a path of this machine; all others are asked over HTTP."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tried:
    """`reason`: what came instead of an answer."""

    protocol: str
    outcome: Literal["yes", "no", "silent"]
    reason: str = ""


def recognise(
    address: str, names: Iterable[str], *, now: Callable[[], datetime], pause: Callable[[float], None]
) -> list[Tried]:
    """All that was tried, the last one `yes` if any is. No password is at hand here, so none can be sent."""
    tried: list[Tried] = []
    for name in _in_order(address, names):
        if tried:
            pause(PACE_S)
        tried.append(_try(name, address, now))
        is_silent = [each.outcome == "silent" for each in tried]
        if tried[-1].outcome == "yes" or (all(is_silent) and len(tried) >= ENOUGH_SILENCE):
            break
    return tried


def _in_order(address: str, names: Iterable[str]) -> list[str]:
    is_path = urlsplit(address).scheme not in ("http", "https")
    return sorted((name for name in names if (name in ON_PATHS) == is_path), key=lambda name: (name == COMMON, name))


def _try(name: str, address: str, now: Callable[[], datetime]) -> Tried:
    protocol = protocols.load(name)
    if not isinstance(protocol, Recognises):
        return Tried(name, "no", "this protocol cannot be recognised without a login")
    try:
        with protocol.open_device(address, secret=None, now=now, memory={}) as device:
            return Tried(name, "yes" if protocol.answers_here(device) else "no")
    except Unreachable as failure:
        return Tried(name, "silent", str(failure))
    except DeviceFailure as failure:
        return Tried(name, "no", str(failure))
    except Exception as error:  # a fault of our own client costs this protocol only
        log.exception("recognising %s at %s broke off", name, address)
        return Tried(name, "no", f"our client broke off ({type(error).__name__})")
