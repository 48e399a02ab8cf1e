"""The files of one simulated channel, cut once and found by bisection.

Files end at multiples of the channel's file length and wherever the clock is stepped, as real recorders do; their
stamps are those of the device clock while they were written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from collectors.simulator.recorder import Deletion, SimulatedChannel, SimulatedRecorder

_EPOCH = datetime(2000, 1, 1)
_NEVER = datetime(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class File:
    """Device time in whole seconds; written from `true_from` to `true_to` with a clock wrong by `offset`."""

    started_at: datetime
    ended_at: datetime
    number: int
    true_from: datetime
    true_to: datetime
    offset: timedelta
    is_open: bool = False


class Shelf:
    def __init__(self, recorder: SimulatedRecorder, channel: SimulatedChannel) -> None:
        self._recorder, self._channel = recorder, channel
        self._cut: dict[tuple[int, int], tuple[list[File], list[datetime], timedelta]] = {}

    def listed(self, from_at: datetime, to_at: datetime, at: datetime, trail: timedelta) -> list[File]:
        """Whole files that overlap `[from_at, to_at]` of device time, as the index at true time `at` has them."""
        files, starts, longest = self._files(at)
        low, high = bisect_left(starts, from_at - longest), bisect_right(starts, to_at)
        seen = (_as_indexed(file, at, trail) for file in files[low:high])
        return [file for file in seen if file is not None and file.ended_at > from_at]

    def _files(self, at: datetime) -> tuple[list[File], list[datetime], timedelta]:
        gone = tuple(deletion for deletion in self._channel.deletions if deletion.deleted_at <= at)
        pending = tuple(Deletion(at, late.from_at, late.to_at) for late in self._channel.late if late.arrived_at > at)
        state = (len(gone), len(pending))
        if state not in self._cut:
            pieces = replace(self._channel, deletions=gone + pending, late=()).held(_NEVER)
            files = [self._file(a, b) for start, end in pieces for a, b in self._parts(start, end)]
            files.sort(key=lambda file: file.started_at)
            longest = max((file.ended_at - file.started_at for file in files), default=timedelta(0))
            self._cut[state] = (files, [file.started_at for file in files], longest)
        return self._cut[state]

    def _file(self, start: datetime, end: datetime) -> File:
        offset = self._recorder.clock_offset(start)
        number = (start - _EPOCH) // timedelta(seconds=1)
        return File(_whole(start + offset), _whole(end + offset), number, start, end, offset)

    def _parts(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        length = self._channel.file_length
        first = _EPOCH + ((start - _EPOCH) // length + 1) * length
        cuts = {first + n * length for n in range(max(0, -(-(end - first) // length)))}
        cuts |= {at for at, _ in self._recorder.clock_steps if start < at < end}
        edges = [start, *sorted(cuts), end]
        return list(pairwise(edges))


def _as_indexed(file: File, at: datetime, trail: timedelta) -> File | None:
    """A finished file as it is; the one being written up to `trail` before `at`; None when it is not listed yet."""
    if file.true_to <= at:
        return file
    indexed_to = at - trail
    if indexed_to <= file.true_from:
        return None
    ended_at = _whole(indexed_to + file.offset)
    return replace(file, ended_at=ended_at, is_open=True) if ended_at > file.started_at else None


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
