"""One reply of `/list`, read strictly."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collectors.answers import Malformed, Span, Unreachable
from collectors.device import Reply
from collectors.protocols.mediamtx.server import check_allowed, error_text

SLIVER = timedelta(milliseconds=50)
"""Clipping leaves entries of under a millisecond at the edges, and old versions even negative ones."""
TICK = timedelta(microseconds=1)
NOTHING_FOUND = "no recording segments found"
NEVER_RECORDED = ("no such file or directory", "cannot find the")
NOT_SUPPORTED = "not supported yet"
EXHAUSTED = "too many open files"


@dataclass(frozen=True, slots=True)
class Window:
    """Device time, half-open."""

    starts_at: datetime
    ends_at: datetime

    @property
    def width(self) -> timedelta:
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Listing:
    """`nothing`: the server says it has nothing here, which is worth what its settings are worth."""

    spans: tuple[Span, ...] = ()
    nothing: bool = False


class UnlistableError(Exception):
    """This window as a whole has no answer. `divisible`: a part of it may have one."""

    def __init__(self, message: str, *, divisible: bool = True, exhausted: bool = False) -> None:
        super().__init__(message)
        self.divisible = divisible
        self.exhausted = exhausted


def read_listing(reply: Reply, window: Window, server: str) -> Listing:
    """The spans of `window`; raises UnlistableError, or the failure of the device as a whole."""
    check_allowed(reply, server)
    if reply.status == 200:
        spans = tuple(_spans(_entries(reply, server), window, server))
        return Listing(spans, nothing=not spans)
    text = error_text(reply)
    if reply.status == 404 and text == NOTHING_FOUND:
        return Listing(nothing=True)
    if reply.status == 400:
        if any(words in text for words in NEVER_RECORDED):
            return Listing(nothing=True)
        raise UnlistableError(f"the server rejects the question: {text[:200]}", divisible=False)
    if reply.status == 500:
        raise _unlistable(text[:200])
    if reply.status > 500:
        raise Unreachable(f"{server} is in trouble: it answered {reply.status}")
    raise Malformed(f"{server} answered {reply.status} to a listing; this is not a MediaMTX playback server")


def _unlistable(text: str) -> UnlistableError:
    if NOT_SUPPORTED in text:
        return UnlistableError(
            f"recordings in this format cannot be listed: {text}; set recordFormat: fmp4", divisible=False
        )
    return UnlistableError(f"a damaged file makes the listing fail: {text}", exhausted=EXHAUSTED in text)


def _entries(reply: Reply, server: str) -> list[object]:
    try:
        entries = json.loads(reply.body)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        raise Malformed(f"{server} answered a listing with something that is not a JSON list")
    return entries


def _spans(entries: list[object], window: Window, server: str) -> list[Span]:
    """Merged, sorted and clipped: versions before v1.11 ignore the window and list everything."""
    clipped = (_clip(_span(entry, server), window) for entry in entries)
    return merged([span for span in clipped if span.ended_at - span.started_at >= SLIVER])


def _span(entry: object, server: str) -> Span:
    try:
        if not isinstance(entry, dict):
            raise TypeError
        start, duration_s = entry["start"], entry["duration"]
        if isinstance(duration_s, bool) or not math.isfinite(duration_s):
            raise TypeError
        started_at = instant(start)
        return Span(started_at, started_at + timedelta(seconds=duration_s))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Malformed(f"{server} lists an entry without a usable start and duration: {str(entry)[:120]}") from None


def instant(text: str) -> datetime:
    """RFC 3339 in any zone and with nanoseconds, which are cut, to naive UTC; raises ValueError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"'{text}' has no zone")
    return at.astimezone(UTC).replace(tzinfo=None)


def _clip(span: Span, window: Window) -> Span:
    """The question ends a tick early, so that a file starting exactly at the end is the next window's."""
    ended_at = window.ends_at if span.ended_at >= window.ends_at - TICK else span.ended_at
    return Span(max(span.started_at, window.starts_at), ended_at)


def merged(spans: list[Span]) -> list[Span]:
    """Sorted, with overlaps and touching neighbours joined: ranges of this server overlap by seconds."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.started_at):
        if joined and span.started_at <= joined[-1].ended_at:
            joined[-1] = Span(joined[-1].started_at, max(joined[-1].ended_at, span.ended_at))
        else:
            joined.append(span)
    return joined
