"""The owners of recorders that no protocol speaks to: every night each leaves an index in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from collectors.simulator.folder import drop
from collectors.simulator.recorder import SimulatedRecorder
from data.periods import local_day

SPEAKS_ABOUT = timedelta(days=3)
KEPT = 8
"""Indexes left lying there, as somebody tidies up now and then."""


class Droppers:
    """`addresses` by recorder_id; the folders are below `place`."""

    def __init__(self, recorders: Iterable[SimulatedRecorder], place: Path) -> None:
        self._folders = [(recorder, place / recorder.recorder_id.lower()) for recorder in recorders]
        self._dropped: list[tuple[datetime, list[Path]]] = []
        for _, folder in self._folders:
            folder.mkdir(parents=True)
        self.addresses = {recorder.recorder_id: str(folder) for recorder, folder in self._folders}

    def move(self, at: datetime) -> None:
        """A new index of every folder, once a local day; time that is set back takes back what came later."""
        self._remove([each for each in self._dropped if each[0] > at])
        if any(local_day(dropped_at) == local_day(at) for dropped_at, _ in self._dropped):
            return
        window = (at - SPEAKS_ABOUT, at)
        paths = [path for recorder, folder in self._folders for path in drop(recorder, at, folder, window=window)]
        self._dropped.append((at, paths))
        self._remove(self._dropped[:-KEPT])

    def _remove(self, dropped: list[tuple[datetime, list[Path]]]) -> None:
        for each in dropped:
            self._dropped.remove(each)
            for path in each[1]:
                path.unlink()
