"""Many rounds one after the other over simulated hours: what the process holds must not grow with them."""

from __future__ import annotations

import gc
import os
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.load_fleet import CREDENTIAL, NOW, SECRET, Fleet, recorder, register
from bench.load_round import UNHURRIED
from dashboard.collecting import Collector
from data.store import Store

HOUR = timedelta(hours=1)
DATABASE_SQL = "SELECT coalesce(sum(memory_usage_bytes), 0) FROM duckdb_memory()"


@dataclass(frozen=True)
class Rounds:
    """Every round is an hour later; calendars are read in the first one and after each midnight."""

    protocol: str = "isapi"
    recorder_count: int = 8
    channel_count: int = 8
    file_minutes: int = 5
    round_count: int = 50
    looked_at_every: int = 10


def repeat(rounds: Rounds, folder: Path) -> dict[str, Any]:
    days = rounds.round_count // 24 + 3
    simulated = recorder(rounds.protocol, rounds.channel_count, timedelta(minutes=rounds.file_minutes), days=days)
    path = folder / "rounds.duckdb"
    states: list[dict[str, Any]] = []
    answers = 0
    with Store.open(str(path)) as store, Fleet(simulated, rounds.recorder_count) as fleet:
        register(store, rounds.protocol, fleet.addresses, rounds.channel_count, None)
        collector = Collector(store, {CREDENTIAL: SECRET}, fleet.now, budget=UNHURRIED)
        for number in range(1, rounds.round_count + 1):
            fleet.set_now(NOW + (number - 1) * HOUR)
            answers += collector.collect_footage().answer_count
            if number % rounds.looked_at_every == 0:
                states.append({"round": number} | _state(store))
    return asdict(rounds) | {"answers": answers, "states": states, "load": os.getloadavg()[0]}


def _state(store: Store) -> dict[str, Any]:
    gc.collect()
    return {
        "rss_mb": resident_mb(),
        "objects": len(gc.get_objects()),
        "database_mb": store.cursor().execute(DATABASE_SQL).fetchall()[0][0] / 2**20,
    }


def resident_mb() -> float:
    """Of this process now, from the kernel's table of pages."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
