"""What one case may cost. No clock on the wall is asked: a busy machine changes nothing."""

from __future__ import annotations

import signal
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from tests.collectors.fuzz.wire import Runaway

MAX_CPU_S = 20
"""Of a case that takes some milliseconds: only a client that is caught in a loop or an expression reaches it."""
MAX_BYTES = 256 * 2**20
"""Taken at once for an answer that may have 8 MiB."""


@contextmanager
def bounded_cpu() -> Iterator[None]:
    """Seconds of computing in this process."""

    def stop(*_: object) -> None:
        raise Runaway(f"more than {MAX_CPU_S} s of computing for one case")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MAX_CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def bounded_memory(*, is_weighed: bool) -> Iterator[None]:
    if not is_weighed:
        yield
        return
    tracemalloc.start()
    try:
        yield
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken <= MAX_BYTES, f"{taken // 2**20} MiB were taken at once"
