"""What a device behind the platform, or the platform itself, has recorded of one channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from collectors import steps
from collectors.answers import FootageAnswer, Malformed
from collectors.chunks import Chunks, Flaw, answers, collect
from collectors.device import Device
from collectors.intervals import Interval, without
from collectors.protocols.wvp import cloud, timebase
from collectors.protocols.wvp.channels import connected
from collectors.protocols.wvp.records import Asker, Row
from collectors.protocols.wvp.server import WvpDevice, ours
from collectors.protocols.wvp.settled import held_by, whole_list

SETTLING = timedelta(minutes=75)
"""The newest file may be listed up to an hour late; what is younger is left to the next poll."""
WIDEST, SMALLEST = timedelta(hours=2), timedelta(minutes=15)
CONTEXT = timedelta(hours=2)
"""Asked before the window, for devices that list a file only where it begins."""
LONGEST_FILE = timedelta(hours=26)
_CODE = re.compile(r"\d{20}", re.ASCII)


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that cover the window up to 75 minutes before now; a device that is silent is a piece, no failure."""
    server = ours(device)
    first, second = words_of(channel)
    covers_to = min(covers_to, server.now() - SETTLING)
    if covers_from >= covers_to:
        return
    window = (covers_from, covers_to)
    if _CODE.fullmatch(first) and _CODE.fullmatch(second):
        yield from _of_device(server, Asker(server, first, second), window)
    else:
        yield from cloud.footage(server, first, second, window)


def words_of(channel: str) -> tuple[str, str]:
    first, _, second = channel.strip().partition("/")
    if not first or not second:
        raise Malformed(
            f"'{channel}' is no channel; write <device code>/<channel code>, or <app>/<stream> for what the platform "
            "itself records"
        )
    return first, second


def _of_device(server: WvpDevice, asker: Asker, window: Interval) -> Iterator[FootageAnswer]:
    """The digits are read as they stand: the offset of this clock is not known, so none is given."""
    if connected(server, asker.device_id) is False:
        reason = f"{server.address} says that the device {asker.device_id} is offline, so it cannot be asked"
        yield FootageAnswer(*window, outcome="unreachable", complete=False, reason=reason)
        return
    note = timebase.doubt(server, asker)
    stretch = (window[0].replace(microsecond=0) - CONTEXT, window[1])
    chunks = collect(stretch, lambda part: whole_list(asker.rows, part), widest=WIDEST, smallest=SMALLEST)
    files, flaws = _sorted_out(chunks, server.now())
    held = held_by(files)
    doubtful = [replace(flaw, part=part) for flaw in flaws for part in without([flaw.part], held)]
    for answer in answers(window, timedelta(), held, [*chunks.flaws, *doubtful], note=note):
        yield replace(answer, clock_offset_ms=None)


def _sorted_out(chunks: Chunks[Row], now: datetime) -> tuple[list[Row], list[Flaw]]:
    """The rows that are footage; where the others claim something, and where a clock was stepped, nothing is denied."""
    files, flaws = [], list[Flaw]()
    for row in dict.fromkeys(chunks.rows):
        why, part = _wrong(row, now)
        if why:
            flaws.append(Flaw(part, f"a row there {why}", "malformed"))
        else:
            files.append(row)
    spans = [(row.started_at, row.ended_at) for row in files]
    for gap, step in steps.explained(spans, chunks.answered):
        flaws.append(Flaw(gap, steps.stepped(step), "malformed"))
    return files, flaws


def _wrong(row: Row, now: datetime) -> tuple[str, Interval]:
    part = (row.started_at, row.ended_at)
    if row.started_at > row.ended_at:
        back = min(row.started_at - row.ended_at, LONGEST_FILE)
        return "ends before it starts", (row.started_at - back, row.started_at + back)
    if row.ended_at > now + timebase.AHEAD:
        return "ends in the future", part
    return ("is longer than a day", part) if row.ended_at - row.started_at > LONGEST_FILE else ("", part)
