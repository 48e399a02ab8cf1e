"""What an administrator wants to know of a recorder before it is registered: who it is, what it tells, what it refuses.

Nothing is known about the device yet, so a password goes out only after the protocol was recognised and a login was
asked for, and a login that is refused is not tried again: a few wrong ones lock the account.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from collectors import protocols
from collectors.answers import DeviceFailure, Exchange, Refused
from collectors.device import Secret
from collectors.looking import Look, look
from collectors.oldest import Effort, Oldest, oldest_footage
from collectors.protocols import NamesRights, RecorderProtocol
from collectors.protocols.onvif import native_protocol
from collectors.recognising import COMMON, Tried, recognise

Login = Literal["not_needed", "missing", "accepted", "refused"]
WANTS_LOGIN = 401


@dataclass(frozen=True, slots=True)
class Errand:
    """Where to ask, as whom, and for which channels beside those the device names itself."""

    address: str
    secret: Secret | None = None
    protocol: str = ""
    channels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """True time, and what a test holds still."""

    now: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep
    effort: Effort = field(default_factory=Effort)


@dataclass(frozen=True, slots=True)
class MissingRight:
    """A question that was refused. `right`: as the device's own menu calls it; empty where that is not known."""

    question: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Probe:
    """`protocol` is empty when nobody was recognised. `native`: what the make speaks besides, and should be tried."""

    address: str
    tried: tuple[Tried, ...]
    protocol: str = ""
    native: str = ""
    login: Login = "not_needed"
    look: Look | None = None
    oldest: tuple[Oldest, ...] = ()
    missing_rights: tuple[MissingRight, ...] = ()
    request_count: int = 0
    """Without those of recognising."""

    @property
    def failures(self) -> tuple[tuple[str, str], ...]:
        """Questions without a usable answer for another reason than a missing right."""
        failed = self.look.failures if self.look else ()
        return tuple((question, str(failure)) for question, failure in failed if not _is_missing_right(failure))


def probe(errand: Errand, manner: Manner) -> Probe:
    """Never raises for the device's trouble; KeyError for a protocol that does not exist."""
    names = [errand.protocol] if errand.protocol else protocols.names()
    tried = recognise(errand.address, names, now=manner.now, pause=manner.pause)
    if not tried or tried[-1].outcome != "yes":
        return Probe(errand.address, tuple(tried))
    name = tried[-1].protocol
    manner.pause(1.0)
    return _asked(errand, manner, tuple(tried), name)


def _asked(errand: Errand, manner: Manner, tried: tuple[Tried, ...], name: str) -> Probe:
    protocol = protocols.load(name)
    seen, exchanges, oldest, count = _visit(protocol, errand, manner, None)
    login: Login = "not_needed"
    if _wants_login(seen, exchanges):
        login = "missing"
        if errand.secret is not None:
            seen, exchanges, oldest, more = _visit(protocol, errand, manner, errand.secret)
            login, count = "refused" if isinstance(seen.stopped_by, Refused) else "accepted", count + more
    if login == "accepted" and any(isinstance(each.failure, Refused) and each.failure.definitive for each in oldest):
        login = "refused"
    native = native_protocol(seen.description) if name == COMMON and seen.description is not None else ""
    rights = protocol.RIGHTS if isinstance(protocol, NamesRights) else {}
    missing = [MissingRight(q, rights.get(q, ""), reason) for q, reason in _refused(seen, oldest)]
    return Probe(errand.address, tried, name, native, login, seen, oldest, tuple(missing), count)


def _visit(
    protocol: RecorderProtocol, errand: Errand, manner: Manner, secret: Secret | None
) -> tuple[Look, tuple[Exchange, ...], tuple[Oldest, ...], int]:
    """A look and, where that was not stopped, the age of the footage; without a login only if none is wanted."""
    with protocol.open_device(errand.address, secret=secret, now=manner.now, memory={}) as device:
        device.login_is_final = True
        seen = look(protocol, device)
        exchanges = device.take_exchanges()
        if seen.stopped_by is not None or (secret is None and errand.secret and _wants_login(seen, exchanges)):
            return seen, exchanges, (), device.request_count
        named = [reading.channel for reading in seen.channels or ()]
        channels = [*named, *(channel for channel in errand.channels if channel not in named)]
        oldest = oldest_footage(protocol, device, channels, manner.effort)
        return seen, exchanges, oldest, device.request_count


def _wants_login(seen: Look, exchanges: Sequence[Exchange]) -> bool:
    return isinstance(seen.stopped_by, Refused) or any(exchange.status == WANTS_LOGIN for exchange in exchanges)


def _refused(seen: Look, oldest: Sequence[Oldest]) -> Iterator[tuple[str, str]]:
    """Each refused question with what the device's refusal means."""
    yield from ((question, str(failure)) for question, failure in seen.failures if _is_missing_right(failure))
    reasons = dict.fromkeys(str(each.failure) for each in oldest if _is_missing_right(each.failure))
    yield from (("footage", reason) for reason in reasons)


def _is_missing_right(failure: DeviceFailure | None) -> bool:
    return isinstance(failure, Refused) and not failure.definitive
