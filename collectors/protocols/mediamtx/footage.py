"""The footage index: listings of at most a local day, one request at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from collectors.answers import FootageAnswer, Unreachable
from collectors.device import Device
from collectors.http_date import MILLISECOND
from collectors.protocols.mediamtx.identity import clock
from collectors.protocols.mediamtx.listing import Listing, Window
from collectors.protocols.mediamtx.paths import ListingWorth, file_starts, listing_worth
from collectors.protocols.mediamtx.pieces import Piece, pieces
from collectors.protocols.mediamtx.playback import listed
from collectors.protocols.mediamtx.server import MediamtxDevice, ours
from data.periods import day_ends_at, local_day

SETTLING = timedelta(seconds=60)
"""A segment just opened has no complete part yet and makes the whole listing fail."""
CAREFUL_WINDOW = timedelta(hours=2)
"""The server opens every file of a window at once; with segments of seconds a whole day takes minutes."""


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """What the server holds of path `channel` in that window of true time, except its last minute before now.

    A part whose listing fails comes back as `malformed` with the server's words, beside the parts around it.
    """
    server = ours(device)
    covers_to = min(covers_to, server.now() - SETTLING)
    if covers_from >= covers_to:
        return
    offset = timedelta(milliseconds=clock(server).offset_ms)
    worth = listing_worth(server, channel)
    if worth.no_proof:
        yield _answer(Piece(Window(covers_from + offset, covers_to + offset), Listing(nothing=True)), worth, offset)
        return
    starts = cache(lambda: file_starts(server, channel))
    while covers_from < covers_to:
        until = min(covers_to, day_ends_at(local_day(covers_from)), covers_from + server.window)
        found = _pieces(server, channel, Window(covers_from + offset, until + offset), starts)
        if found is None:
            server.window = CAREFUL_WINDOW
            continue
        yield from (_answer(piece, worth, offset) for piece in found)
        covers_from = until


def _pieces(
    server: MediamtxDevice, channel: str, window: Window, starts: Callable[[], Sequence[datetime] | None]
) -> list[Piece] | None:
    """None: no answer in time, and the window is wide enough to blame."""
    try:
        return pieces(window, lambda part: listed(server, channel, part), starts)
    except Unreachable:
        if window.width <= CAREFUL_WINDOW:
            raise
        return None


def _answer(piece: Piece, worth: ListingWorth, offset: timedelta) -> FootageAnswer:
    answer = FootageAnswer(
        piece.window.starts_at - offset,
        piece.window.ends_at - offset,
        clock_offset_ms=offset // MILLISECOND,
    )
    if piece.listing is None:
        return replace(answer, outcome="malformed", complete=False, reason=piece.reason)
    if piece.listing.nothing and worth.no_denial:
        return replace(answer, complete=False, reason=worth.no_denial)
    return replace(answer, spans=piece.listing.spans)
