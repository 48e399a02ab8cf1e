"""One way in a process of its own: `python -m bench.child MODULE.FUNCTION FOLDER REPEATS` prints its cost as JSON."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


def main() -> None:
    way, folder, repeats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    module, function = way.split(".")
    answers: Iterator[Any] = getattr(import_module(f"bench.ways.{module}"), function)(folder)
    load_s, load_cpu_s, _ = _timed(answers)
    answer: Any = {}
    answer_s, cpu_s = [], []
    for _ in range(repeats):
        wall, cpu, answer = _timed(answers)
        answer_s.append(wall)
        cpu_s.append(cpu)
    answers.close()  # type: ignore[attr-defined]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cost = {"load_s": load_s, "load_cpu_s": load_cpu_s, "answer_s": answer_s, "cpu_s": cpu_s, "peak_mb": peak_mb}
    print(json.dumps(cost | (_sums(answer) if isinstance(answer, dict) else _kept(answer, folder, way))))


def _timed(answers: Iterator[Any]) -> tuple[float, float, Any]:
    """Wall seconds, seconds of all cores, and the answer."""
    started, cpu_started = time.perf_counter(), _cpu_s()
    answer = next(answers)
    return time.perf_counter() - started, _cpu_s() - cpu_started, answer


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _sums(answer: dict[Any, float]) -> dict[str, Any]:
    lacking = {key: seconds for key, seconds in answer.items() if seconds}
    digest = hashlib.sha256(repr(sorted(lacking.items())).encode()).hexdigest()
    return {"judged": len(answer), "lacking": len(lacking), "missing_s": sum(lacking.values()), "digest": digest}


def _kept(table: Any, folder: Path, way: str) -> dict[str, Any]:
    """A table of verdicts is left as a file, to be compared with those of other ways."""
    path = folder / f"{way}.answer.parquet"
    pq.write_table(table, path)
    return {"judged": table.num_rows, "answer": str(path)}


if __name__ == "__main__":
    main()
