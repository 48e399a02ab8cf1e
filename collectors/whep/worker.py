"""The probe's own process: `python -m collectors.whep.worker`.

First line in: the settings. Then one target a line in, one result a line out, in any order. The end of the
input is the order to stop. Decoders read bytes a stranger sent, hence the memory limit and nothing of value
in this process.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import uvloop

from collectors.answers import ProbeResult
from collectors.whep import hosts
from collectors.whep.probe import probe_once
from collectors.whep.target import Limits, Target, read_target, result_line

MAX_MEMORY_BYTES = 4 * 1024**3
"""Of address space; the resident part is some 150 MB."""
BEAT_S = 0.25
TOLERATED_LAG_S = 1.0


class Pulse:
    """How late this process ran its own tasks: a starved probe sees stalls that are not the camera's."""

    def __init__(self) -> None:
        self._lags: list[tuple[float, float]] = []

    async def run(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            began_s = clock()
            await asyncio.sleep(BEAT_S)
            lag_s = clock() - began_s - BEAT_S
            if lag_s > TOLERATED_LAG_S:
                self._lags.append((clock(), lag_s))

    def worst_since(self, at_s: float) -> float:
        return max((lag_s for seen_s, lag_s in self._lags if seen_s >= at_s), default=0.0)


@dataclass(frozen=True)
class Prober:
    limits: Limits
    in_flight: asyncio.Semaphore
    handshakes: asyncio.Semaphore
    decoder: ThreadPoolExecutor
    pulse: Pulse

    async def run(self, number: int, target: Target) -> None:
        clock = asyncio.get_running_loop().time
        async with self.in_flight:
            began_s = clock()
            result = await probe_once(target, self.limits, handshake=self.handshakes, decoder=self.decoder)
            result = judged_fairly(result, self.pulse.worst_since(began_s))
        sys.stdout.write(result_line(number, result))
        sys.stdout.flush()


def judged_fairly(result: ProbeResult, lag_s: float) -> ProbeResult:
    if lag_s <= TOLERATED_LAG_S or result.outcome in ("ok", "not_probed", "refused"):
        return result
    return ProbeResult("not_probed", f"our prober stood still for {lag_s:.1f} s meanwhile; it saw: {result.reason}")


async def serve() -> None:
    lines = asyncio.StreamReader(limit=1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    settings: dict[str, Any] = json.loads(await lines.readline())
    pulse = Pulse()
    with ThreadPoolExecutor(1, "key-frames") as decoder:
        prober = Prober(
            Limits(**settings["limits"]),
            asyncio.Semaphore(settings["max_in_flight"]),
            asyncio.Semaphore(settings["handshakes"]),
            decoder,
            pulse,
        )
        beating = asyncio.create_task(pulse.run())
        tasks: set[asyncio.Task[None]] = set()
        while line := await lines.readline():
            task = asyncio.create_task(prober.run(*read_target(line)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        for task in [beating, *tasks]:
            task.cancel()
        await asyncio.gather(beating, *tasks, return_exceptions=True)


def main() -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    logging.getLogger("aiortc").setLevel(logging.ERROR)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    hosts.allow_loopback()
    with contextlib.suppress(BrokenPipeError):
        uvloop.run(serve())


if __name__ == "__main__":
    main()
