"""One round of collecting from a whole fleet over real HTTP: planned, asked, read and stored, as the scheduler does."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.load_fleet import CREDENTIAL, NOW, OPENED, SECRET, Fleet, recorder, register
from dashboard.collecting import Budget, Collector
from data.store import Store

DAY = timedelta(days=1)
HELD_SQL = "SELECT count(*), sum(total_length(held)) FROM footage_days"
UNHURRIED = Budget(round_s=3600.0, reply_s=600.0)
"""A machine that others use as well must not turn into silent recorders."""


@dataclass(frozen=True)
class Load:
    """`seam_s`: what each file lacks at its end."""

    protocol: str
    recorder_count: int
    channel_count: int
    file_minutes: int
    seam_s: int = 0

    @property
    def segment_count(self) -> int:
        return self.recorder_count * self.channel_count * (1440 // self.file_minutes)


def cpu_s(who: int = resource.RUSAGE_SELF) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def collect(load_: Load, folder: Path) -> dict[str, Any]:
    """Collect the day once; the figures are of this process alone, the recorders' are told apart."""
    file_length, seam = timedelta(minutes=load_.file_minutes), timedelta(seconds=load_.seam_s)
    simulated = recorder(load_.protocol, load_.channel_count, file_length, seam)
    with Store.open(str(folder / "load.duckdb")) as store:
        with Fleet(simulated, load_.recorder_count) as fleet:
            register(store, load_.protocol, fleet.addresses, load_.channel_count, OPENED + DAY)
            figures = _measured(store, load_)
        held_days, held_ms = store.cursor().execute(HELD_SQL).fetchall()[0]
    wanted_ms = load_.segment_count * (file_length - seam) // timedelta(milliseconds=1)
    whole = (held_days, int(held_ms or 0)) == (load_.recorder_count * load_.channel_count, wanted_ms)
    recorders_s = cpu_s(resource.RUSAGE_CHILDREN)
    return asdict(load_) | figures | {"is_whole": whole, "recorders_cpu_s": recorders_s, "load": os.getloadavg()[0]}


def _measured(store: Store, load_: Load) -> dict[str, Any]:
    collector = Collector(store, {CREDENTIAL: SECRET}, lambda: NOW, budget=UNHURRIED)
    started, cpu_before = time.perf_counter(), cpu_s()
    summary = collector.collect_footage()
    return {
        "wall_s": time.perf_counter() - started,
        "cpu_s": cpu_s() - cpu_before,
        "request_count": summary.request_count,
        "answer_count": summary.answer_count,
        "troubles": summary.troubles[:3],
        "segments": load_.segment_count,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
