"""One way in a process of its own: `python -m bench.child WAY FOLDER REPEATS` prints what it cost as JSON."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from pathlib import Path

from bench.ways import WAYS, Answer


def main() -> None:
    name, folder, repeats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    way = WAYS[name](folder)
    started = time.perf_counter()
    next(way)
    load_s = time.perf_counter() - started
    answer_s: list[float] = []
    answer: Answer | None = None
    for _ in range(repeats):
        started = time.perf_counter()
        answer = next(way)
        answer_s.append(time.perf_counter() - started)
    way.close()  # type: ignore[attr-defined]
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    judged = answer or {}
    lacking = {key: seconds for key, seconds in judged.items() if seconds}
    digest = hashlib.sha256(repr(sorted(lacking.items())).encode()).hexdigest()
    print(json.dumps({"load_s": load_s, "answer_s": answer_s, "peak_mb": peak_kb / 1024, "judged": len(judged),
                      "lacking": len(lacking), "missing_s": sum(lacking.values()), "digest": digest}))  # fmt: skip


if __name__ == "__main__":
    main()
