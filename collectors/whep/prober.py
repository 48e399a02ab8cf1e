"""The parent's side: starts the probing process, feeds it, and survives whatever happens to it.

What is lost with the process is our own outage and comes back as `not_probed`, with the reason.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from collectors.answers import ProbeResult
from collectors.whep.child import Child
from collectors.whep.target import Limits, Target, target_line

GRACE_S = 15.0
"""Beyond the probe's own bound before the process is taken for hung: start-up, imports, teardown."""
MAX_DEATHS = 3
"""In one batch; then the rest is given back unprobed instead of killing one process after the other."""
MIN_HOSTS = 3


class Prober:
    """Blocking, one batch at a time, from any thread. A dying process takes `max_in_flight` probes at most."""

    def __init__(
        self,
        max_in_flight: int = 16,
        handshakes: int = 8,
        media_window_s: float = 1.0,
        *,
        limits: Limits | None = None,
    ) -> None:
        self._max_in_flight = max_in_flight
        self._handshakes = handshakes
        self._limits = replace(limits or Limits(), media_window_s=media_window_s)
        self._worker: Child | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Prober:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
                self._worker = None

    @property
    def worker_pid(self) -> int | None:
        """For the process list and for tests."""
        return self._worker.pid if self._worker else None

    def probe(self, targets: Sequence[Target]) -> list[tuple[Target, ProbeResult]]:
        with self._lock:
            results = self._probe_all(targets)
        answers = [(target, results[number]) for number, target in enumerate(targets)]
        return doubt_own_network(answers)

    def _probe_all(self, targets: Sequence[Target]) -> dict[int, ProbeResult]:
        results: dict[int, ProbeResult] = {}
        waiting = list(enumerate(targets))[::-1]
        deaths = 0
        while len(results) < len(targets):
            if deaths >= MAX_DEATHS:
                reason = f"our probing process failed {deaths} times in this batch"
                results |= {number: ProbeResult("not_probed", reason) for number, _ in waiting}
                break
            lost, reason = self._run(waiting, results)
            results |= {number: ProbeResult("not_probed", reason) for number in lost}
            deaths += bool(lost)
        return results

    def _run(self, waiting: list[tuple[int, Target]], results: dict[int, ProbeResult]) -> tuple[Iterable[int], str]:
        """Feed one process until all is answered or it fails; what it took with it, and why."""
        worker = self._running_worker()
        out_since: dict[int, float] = {}
        while waiting or out_since:
            while waiting and len(out_since) < self._max_in_flight:
                number, target = waiting.pop()
                out_since[number] = time.monotonic()
                worker.send(target_line(number, target))
            answer = worker.receive(min(out_since.values()) + self._patience_s - time.monotonic())
            if isinstance(answer, str):
                self._worker = None
                worker.kill()
                return out_since, answer
            number, result = answer
            if out_since.pop(number, None) is not None:
                results[number] = result
        return (), ""

    @property
    def _patience_s(self) -> float:
        """One target's longest way through the process: the queue for a handshake, then its own bound."""
        handshake_s = self._limits.http_connect_s + self._limits.answer_s + self._limits.connected_s
        return self._max_in_flight / self._handshakes * handshake_s + self._limits.total_s + GRACE_S

    def _running_worker(self) -> Child:
        if self._worker is None or not self._worker.alive:
            settings = {
                "limits": asdict(self._limits),
                "max_in_flight": self._max_in_flight,
                "handshakes": self._handshakes,
            }
            self._worker = Child(json.dumps(settings) + "\n")
        return self._worker


def doubt_own_network(answers: list[tuple[Target, ProbeResult]]) -> list[tuple[Target, ProbeResult]]:
    """When not one of several relay hosts can be reached, the common cause is on our side of the wire."""
    asked = [(target, result) for target, result in answers if result.outcome != "not_probed"]
    hosts = {target.host for target, _ in asked}
    if len(hosts) < MIN_HOSTS or any(result.outcome != "unreachable" for _, result in asked):
        return answers
    reason = f"none of {len(hosts)} relay hosts could be reached, so our own network is suspected; this one: "
    return [
        (
            target,
            ProbeResult("not_probed", reason + result.reason) if result.outcome == "unreachable" else result,
        )
        for target, result in answers
    ]
