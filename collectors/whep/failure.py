"""Which outcome a failed probe has, and the sentence that explains it.

`no_media`, `refused` and `unreachable` speak against the live connection (rule `live_viewable`); whatever is
or may be our own limit is `not_probed`.
"""

from __future__ import annotations

import errno
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

import httpx

from collectors.whep.target import Target

FailedOutcome = Literal["no_media", "refused", "unreachable", "not_probed"]
OUR_NETWORK = {
    errno.ENETUNREACH,
    errno.ENETDOWN,
    errno.EADDRNOTAVAIL,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
}
SOURCE_DOWN = {404, 409, 503}
OUR_REQUEST = {400, 406, 415, 422, 429}
ABSENT_WORDS = ("not configured", "not found", "no one is publishing", "no stream", "timed out")
MAX_QUOTE = 120


class ProbeFailure(Exception):
    """The probe ends here."""

    def __init__(self, outcome: FailedOutcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome: FailedOutcome = outcome
        self.reason = reason


def codec_failure(codec: str) -> ProbeFailure:
    return ProbeFailure("not_probed", f"our probe cannot read codec {codec}")


def status_failure(status: int, content_type: str, body: bytes, target: Target) -> ProbeFailure:
    """By class and text; relays disagree about codes: 400 in MediaMTX is 500 in go2rtc, 406 in ZLMediaKit."""
    text = _quote(body)
    outcome, meaning = _status_meaning(status, content_type, text)
    said = f" ({text})" if text else ""
    return ProbeFailure(outcome, f"{target.place} answered {status}{said}: {meaning}")


def _status_meaning(status: int, content_type: str, text: str) -> tuple[FailedOutcome, str]:
    absent = any(word in text.lower() for word in ABSENT_WORDS)
    counter_offer = status == 406 and "application/sdp" in content_type
    meanings: tuple[tuple[bool, FailedOutcome, str], ...] = (
        (status in (401, 403), "refused", "the credentials are missing, wrong or without the right"),
        (300 <= status < 400, "unreachable", "a redirect; register the address it really uses"),
        (counter_offer, "not_probed", "a counter-offer, which our probe does not take up"),
        ("codec" in text.lower(), "not_probed", "our probe cannot read codec of this stream"),
        (
            absent or status in SOURCE_DOWN or (status in (406, 500) and bool(text)),
            "no_media",
            "the relay has no such stream now, or the address is wrong",
        ),
        (status in OUR_REQUEST, "not_probed", "the relay does not accept our request"),
    )
    fitting = ((outcome, meaning) for applies, outcome, meaning in meanings if applies)
    return next(fitting, ("unreachable", "no answer to a WHEP offer"))


def connection_failure(error: Exception, target: Target) -> ProbeFailure:
    for cause in _causes(error):
        if isinstance(cause, OSError) and (failure := _network_failure(cause, target)):
            return failure
    kinds: tuple[tuple[type[Exception] | tuple[type[Exception], ...], FailedOutcome, str], ...] = (
        (httpx.ConnectTimeout, "unreachable", "did not accept a TCP connection in time"),
        (httpx.TimeoutException, "unreachable", "did not answer the offer in time"),
        ((httpx.RemoteProtocolError, httpx.ReadError), "unreachable", "closed the connection without an answer"),
        ((httpx.InvalidURL, httpx.UnsupportedProtocol), "not_probed", "is registered but is no WHEP address"),
    )
    fitting = ((outcome, meaning) for kind, outcome, meaning in kinds if isinstance(error, kind))
    outcome, meaning = next(fitting, ("unreachable", f"cannot be asked: {error or type(error).__name__}"))
    return ProbeFailure(outcome, f"{target.place} {meaning}")


def _network_failure(cause: OSError, target: Target) -> ProbeFailure | None:
    if isinstance(cause, socket.gaierror):
        if cause.errno == socket.EAI_AGAIN:
            return ProbeFailure("not_probed", f"our name server did not answer for {target.host}")
        return ProbeFailure("unreachable", f"the name {target.host} does not exist")
    if isinstance(cause, ssl.SSLError):
        return ProbeFailure("unreachable", f"TLS with {target.place} failed: {cause}")
    if cause.errno in OUR_NETWORK:
        return ProbeFailure("not_probed", f"our own network cannot reach {target.place}: {cause.strerror}")
    if cause.errno == errno.ECONNREFUSED:
        return ProbeFailure("unreachable", f"{target.place} refused the TCP connection")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it came from; anyio wraps failed connection attempts in groups."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _causes(inner)
    following = error.__cause__ or error.__context__
    if following is not None:
        yield from _causes(following)


def _quote(body: bytes) -> str:
    """The relay's own words, one line; nothing of an HTML page. JSON errors: the field that says it."""
    text = " ".join(body.decode("utf-8", "replace").split())
    if text.startswith("{"):
        with suppress(ValueError):
            fields = json.loads(text)
            text = next((str(fields[key]) for key in ("error", "msg", "message", "detail") if key in fields), text)
    return "" if text.startswith("<") else text[:MAX_QUOTE]
