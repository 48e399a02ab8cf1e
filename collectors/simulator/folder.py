"""Whoever owns a recorder that no protocol speaks to: writes its footage index into a folder.

There is no server. `drop` leaves one pair of files, as a script of the owner would every night.
"""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from collectors.intervals import common
from collectors.simulator.recorder import SimulatedRecorder
from data.periods import to_iso

EPOCH = datetime(1970, 1, 1)
POLLS_ZH = ("查询编号", "摄像机", "查询时间", "查询时段起", "查询时段止", "结果", "完整", "时钟偏差")
FOOTAGE_ZH = ("查询编号", "摄像机", "开始", "结束")
POLLS = ("poll_id", "camera_id", "asked_at", "covers_from", "covers_to", "outcome", "complete", "clock_offset_ms")
FOOTAGE = ("poll_id", "camera_id", "started_at", "ended_at")


@dataclass(frozen=True, slots=True)
class Manners:
    """How the owner writes. `mark`: the last line, empty for none; `settled`: so long ago the files were changed."""

    encoding: str = "utf-8"
    in_chinese: bool = False
    mark: str = "#END"
    states_offset: bool = True
    settled: timedelta = timedelta(minutes=5)
    newline: str = "\r\n"


def drop(
    recorder: SimulatedRecorder,
    at: datetime,
    folder: Path,
    *,
    window: tuple[datetime, datetime] | None = None,
    manners: Manners | None = None,
) -> tuple[Path, Path]:
    """The index of `window` (the last two days by default) as it is at `at` (true time), for all channels."""
    manners, window = manners or Manners(), window or (at - timedelta(days=2), at)
    offset = recorder.clock_offset(at)
    polls, footage = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for name, channel in sorted(recorder.channels.items()):
        poll_id = f"{recorder.recorder_id}-{at:%Y%m%d%H%M%S}"
        stated = str(offset // timedelta(milliseconds=1)) if manners.states_offset else ""
        polls.append((poll_id, name, to_iso(at), to_iso(window[0]), to_iso(window[1]), "ok", "yes", stated))
        shift = offset if manners.states_offset else timedelta(0)
        footage += [
            (poll_id, name, to_iso(a + shift), to_iso(b + shift)) for a, b in common(channel.held(at), [window])
        ]
    ending = f"-{at:%Y-%m-%d-%H%M%S}.csv"
    words = (POLLS_ZH, FOOTAGE_ZH) if manners.in_chinese else (POLLS, FOOTAGE)
    names = ("录像查询", "录像段") if manners.in_chinese else ("polls", "footage")
    paths = (folder / f"{names[0]}{ending}", folder / f"{names[1]}{ending}")
    for path, header, rows in zip(paths, words, (polls, footage), strict=True):
        path.write_bytes(_text(header, rows, manners).encode(manners.encoding))
        changed_s = (at - manners.settled - EPOCH).total_seconds()
        os.utime(path, (changed_s, changed_s))
    return paths


def _text(header: tuple[str, ...], rows: list[tuple[str, ...]], manners: Manners) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator=manners.newline).writerows([header, *rows])
    return stream.getvalue() + (f"{manners.mark}{manners.newline}" if manners.mark else "")
