"""One round of collecting: plans it, asks every device in its own thread, and stores what came back.

A dead or hostile device costs its own thread and its own time budget; everyone else's answers are stored as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ALL_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collectors.clocks import placed
from collectors.device import Secret
from dashboard.collecting.asking import Budget, Errand, Visit, visit
from dashboard.collecting.known import Known, known_at
from dashboard.collecting.live import LiveProber, live_row, live_targets, planned_live_row
from dashboard.collecting.rows import changed_memories, day_rows, look_row, plan_rows, planned_row, raw_rows
from dashboard.planning import SHORTEST_WINDOW, clock_samples, due_windows
from data.facts import PlannedPoll, Poll
from data.intake import Batch, take_in_batch
from data.store import Store

KEEP_EVERY_S = 2.0
"""Answers are stored together this often while devices are being asked, so that a slow one delays nobody."""
WORKER_COUNT = 32
"""Devices asked at a time. Waiting costs nothing, and so many slow ones must come together before others wait."""


@dataclass(slots=True)
class CollectSummary:
    """Counts of one round, for the command line and the log."""

    recorder_count: int = 0
    poll_count: int = 0
    answer_count: int = 0
    request_count: int = 0
    skipped_count: int = 0
    troubles: list[str] = field(default_factory=list)

    def add(self, polls: Sequence[Poll], planned: Sequence[PlannedPoll]) -> None:
        self.recorder_count += len(planned)
        self.poll_count += len(polls)
        self.answer_count += sum(poll.outcome == "ok" and poll.complete for poll in polls)
        self.request_count += sum(p.request_count for p in planned)
        self.skipped_count += sum(p.skipped_count for p in planned)
        self.troubles += [f"{p.source_id}: {p.reason}" for p in planned if p.reason]


@dataclass(slots=True)
class Collector:
    """Holds nothing between rounds: what was learned about a device, and when it may be asked again, is in the store.

    `now` gives true time (naive UTC); `secrets` are looked up by the name in the register's `credential`.
    """

    store: Store
    secrets: Mapping[str, Secret]
    now: Callable[[], datetime]
    days_per_camera: int = 8
    shortest_window: timedelta = SHORTEST_WINDOW
    budget: Budget = field(default_factory=Budget)
    worker_count: int = WORKER_COUNT

    def collect_footage(self, only: Collection[str] | None = None) -> CollectSummary:
        """Ask the recorders (all, or those in `only`) for what is due and store their answers."""
        planned_at = self.now()
        due = due_windows(self.store, planned_at, days_per_camera=self.days_per_camera, shortest=self.shortest_window)
        known = known_at(self.store, planned_at)
        errands = [
            Errand(entry, due[entry.recorder_id], self.secrets.get(entry.credential))
            for entry in known.entries
            if entry.recorder_id in due and (only is None or entry.recorder_id in only)
        ]
        summary = CollectSummary()
        with ThreadPoolExecutor(self.worker_count, thread_name_prefix="recorder") as pool:
            waiting = {pool.submit(visit, errand, known, self.now, self.budget) for errand in errands}
            while waiting:
                done, waiting = wait(waiting, timeout=KEEP_EVERY_S, return_when=ALL_COMPLETED)
                if done:
                    self._keep([job.result() for job in done], known, planned_at, summary)
        return summary

    def probe_live(self, prober: LiveProber) -> CollectSummary:
        """Try to watch every live stream on duty and store what was seen."""
        probed_at = self.now()
        results = prober.probe(live_targets(self.store, self.secrets, probed_at))
        probes = [live_row(target.camera_id, probed_at, result) for target, result in results]
        planned = [planned_live_row(probe, self.now()) for probe in probes]
        take_in_batch(self.store, Batch(live_probes=probes, planned_polls=planned), now=self.now)
        return CollectSummary(
            poll_count=len(probes), answer_count=sum(p.outcome not in ("not_probed", "unreachable") for p in probes)
        )

    def _keep(self, visits: Sequence[Visit], known: Known, planned_at: datetime, summary: CollectSummary) -> None:
        """Store what the devices that are through have given, in one transaction."""
        placed_visits = [self._placed(done) for done in visits]
        batch = Batch(
            polls=[poll for done in placed_visits for poll in done.done.polls],
            raw_answers=[row for done in visits for row in raw_rows(done)],
            planned_polls=[planned_row(done, planned_at, self.now()) for done in visits],
            looks=[row for done in visits if (row := look_row(done)) is not None],
            plans=[row for done in visits for row in plan_rows(done, known)],
            days_claimed=[row for done in visits for row in day_rows(done)],
            memories=changed_memories(visits, known),
        )
        take_in_batch(self.store, batch, now=self.now)
        summary.add(batch.polls, batch.planned_polls)

    def _placed(self, visited: Visit) -> Visit:
        """Without what was recorded while the recorder's clock ran differently."""
        from_at = min((poll.covers_from for poll in visited.done.polls), default=None)
        if from_at is None:
            return visited
        samples = clock_samples(self.store, visited.entry.recorder_id, from_at)
        polls = [piece for poll in visited.done.polls for piece in placed(poll, samples)]
        return replace(visited, done=replace(visited.done, polls=polls))
