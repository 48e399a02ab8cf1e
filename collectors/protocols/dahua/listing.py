"""Lists one channel and, where the device's own counts do not add up, has every gap denied by a search of its own.

Only `found=0` says that there is nothing; a page that is short of its own count, a repeated one or one with a row that
cannot be read says so of nothing it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from collectors.answers import Malformed
from collectors.chunks import DeviceBrokeError, Flaw
from collectors.intervals import Interval, without
from collectors.protocols.dahua.finder import SECOND, Found
from collectors.protocols.dahua.rows import Row
from collectors.protocols.dahua.search import search
from collectors.protocols.dahua.server import DahuaDevice

MAX_PROOFS = 48
"""Searches per reading for the sake of gaps: a device that repeats its first page of one row needs one per file."""
LONGEST_FILE = timedelta(hours=2)
"""What these recorders allow; 60 minutes is usual."""


class Lister:
    """`flaws`: gaps of the windows asked so far that nothing proves empty."""

    def __init__(self, device: DahuaDevice, channel: int) -> None:
        self._device, self._channel = device, channel
        self._proofs_left = MAX_PROOFS
        self.flaws: list[Flaw] = []

    def rows(self, window: Interval) -> list[Row]:
        found = search(self._device, self._channel, window)
        rows = list(found.rows)
        if found.doubt:
            self._prove(window, rows, found.doubt)
        return rows

    def _prove(self, window: Interval, rows: list[Row], doubt: str) -> None:
        """Adds to `rows` what narrow searches find in its gaps."""
        todo = _gaps(files(rows), [window])
        while todo and self._proofs_left:
            self._proofs_left -= 1
            gap = todo.pop(0)
            try:
                found = self._inside(gap)
            except (DeviceBrokeError, Malformed) as failure:
                self.flaws.append(Flaw(gap, str(failure)))
                continue
            rows += found.rows
            rest = _gaps(files(found.rows), [gap]) if found.doubt else []
            if rest == [gap]:
                self.flaws.append(Flaw(gap, f"no answer proves this gap: {found.doubt}"))
            else:
                todo += rest
        self.flaws += [Flaw(gap, f"no answer proves this gap: {doubt}") for gap in todo]

    def _inside(self, gap: Interval) -> Found:
        """A neighbour that touches the gap may be listed for it, and miscounted like the rest: a second less is asked
        then. Not at once, because a file that starts in that second may be listed for nothing later."""
        found = search(self._device, self._channel, (gap[0], gap[1] - SECOND))
        if found.doubt and _gaps(files(found.rows), [gap]) == [gap]:
            return search(self._device, self._channel, (gap[0] + SECOND, gap[1] - SECOND))
        return found


def _gaps(held: Iterable[Interval], listed: Iterable[Interval]) -> list[Interval]:
    """What of `listed` is not held, to the second that its times are good to."""
    return [gap for gap in without(listed, held) if gap[1] - gap[0] > SECOND]


def files(rows: Iterable[Row]) -> list[Interval]:
    return [(row.started_at, row.ended_at) for row in rows if row.started_at < row.ended_at]
