"""Reading and storing alone: recorded answers of whole days through the protocol's own client, polls into a store."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.load_fleet import NOW
from bench.parse_pages import Recorded, record, replayed
from data.intake import Batch, take_in_batch
from data.store import Store

RECORDERS_A_BATCH = 4
"""About what a round keeps together: the answers of two seconds."""


@dataclass(frozen=True)
class Parse:
    """`seam_s` apart, every file reaches the ledger as a stretch of its own; without it a day is one stretch."""

    protocol: str
    file_minutes: int
    seam_s: int = 2
    channel_count: int = 32
    batch_count: int = 4
    repeats: int = 3


def measure(parse: Parse, folder: Path) -> dict[str, Any]:
    """Seconds are those of all cores, so that segments a second are those of one."""
    length, seam = timedelta(minutes=parse.file_minutes), timedelta(seconds=parse.seam_s)
    recorded = record(parse.protocol, parse.channel_count, length, seam)
    _once(recorded, folder / "warm.duckdb", 1)  # what is imported at first use is not counted
    runs = [_once(recorded, folder / f"{n}.duckdb", parse.batch_count) for n in range(parse.repeats)]
    segments = recorded.segment_count * RECORDERS_A_BATCH * parse.batch_count
    reading_s, storing_s = (median(run[n] for run in runs) for n in (0, 1))
    return asdict(parse) | {
        "segments": segments,
        "parse_us": reading_s * 1e6 / segments,
        "store_us": storing_s * 1e6 / segments,
        "per_core_s": segments / median(sum(run) for run in runs),
        "load": os.getloadavg()[0],
    }


def _once(recorded: Recorded, path: Path, batch_count: int) -> tuple[float, float]:
    reading_s = storing_s = 0.0
    with Store.open(str(path)) as store:
        for number in range(batch_count):
            started = time.process_time()
            rounds = [each for n in range(RECORDERS_A_BATCH) for each in replayed(recorded, f"{number}-{n}")]
            batch = Batch(
                polls=[poll for each in rounds for poll in each.polls],
                raw_answers=[raw for each in rounds for raw in each.raw_answers],
            )
            read = time.process_time()
            take_in_batch(store, batch, now=lambda: NOW)
            reading_s += read - started
            storing_s += time.process_time() - read
    return reading_s, storing_s
