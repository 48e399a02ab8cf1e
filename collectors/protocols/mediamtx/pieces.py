"""Finding what can be answered around a damaged file: the server lists a window in full or not at all.

One empty or foreign file makes every listing fail that opens it, and a listing opens all files that start in
its window and the last one before. So such a file spoils exactly the time from its start to that of the next.
The control API knows those starts; without it the window is halved down to `SMALLEST`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.protocols.mediamtx.listing import Listing, UnlistableError, Window, merged

SMALLEST = timedelta(minutes=5)
MAX_QUESTIONS = 64
"""Per window. Two damaged files of a day cost about forty; a wholly unreadable day must not cost hundreds."""

Ask = Callable[[Window], Listing]
Starts = Callable[[], Sequence[datetime] | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a window: its listing, or why there is none."""

    window: Window
    listing: Listing | None = None
    reason: str = ""


def pieces(window: Window, ask: Ask, starts: Starts) -> list[Piece]:
    """Pieces that together are `window`, oldest first.

    `starts` (sorted file starts, None: unknown) is only called when something fails. The widest parts are
    asked first, so that a spent budget leaves small parts unanswered.
    """
    waiting, found, asked = deque([window]), list[Piece](), 0
    while waiting:
        part = waiting.popleft()
        if asked == MAX_QUESTIONS:
            found.append(Piece(part, reason="not asked: too many damaged files around it"))
            continue
        asked += 1
        try:
            found.append(Piece(part, ask(part)))
        except UnlistableError as failure:
            cut = _cut(part, failure, starts) if failure.divisible else None
            if cut is None:
                found.append(Piece(part, reason=str(failure)))
            else:
                waiting += (Window(part.starts_at, cut), Window(cut, part.ends_at))
    return list(_joined(sorted(found, key=lambda piece: piece.window.starts_at)))


def _cut(part: Window, failure: UnlistableError, starts: Starts) -> datetime | None:
    """Where to divide, or None when no smaller part could fare better."""
    known = starts()
    if known is not None:
        inside = known[bisect_right(known, part.starts_at) : bisect_left(known, part.ends_at)]
        if inside:
            return inside[len(inside) // 2]
        if not failure.exhausted:
            return None
    return part.starts_at + part.width / 2 if part.width > SMALLEST else None


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Neighbours of the same kind as one piece: pieces are made by the search, not by the device."""
    last = found[0]
    for piece in found[1:]:
        window = Window(last.window.starts_at, piece.window.ends_at)
        if last.listing and piece.listing and last.listing.nothing == piece.listing.nothing:
            spans = tuple(merged([*last.listing.spans, *piece.listing.spans]))
            last = Piece(window, Listing(spans, last.listing.nothing))
        elif not last.listing and not piece.listing and last.reason == piece.reason:
            last = Piece(window, reason=last.reason)
        else:
            yield last
            last = piece
    yield last
