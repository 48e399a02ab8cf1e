"""One round of collecting: plans it, asks every device in its own thread, and stores what came back.

A dead or hostile device costs its own thread and its own time budget; everyone else's answers are stored as they come.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ALL_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from collectors import protocols
from collectors.answers import ProbeResult, Refused
from collectors.clocks import placed
from collectors.device import Secret
from collectors.polling import Round, Window, ask_windows
from collectors.whep.target import Target
from dashboard.planning import SHORTEST_WINDOW, clock_samples, due_windows
from data.facts import LiveProbe, PlannedPoll, Poll
from data.intake import Batch, take_in_batch
from data.known import create_known_views
from data.store import Store

log = logging.getLogger(__name__)

LOCKOUT_PAUSE = timedelta(hours=24)
"""How long a device that refused a login is left alone when it does not say itself: a few wrong tries lock accounts."""

KEEP_EVERY_S = 2.0
"""Answers are stored together this often while devices are being asked, so that a slow one delays nobody."""


class LiveProber(Protocol):
    def probe(self, targets: Sequence[Target]) -> list[tuple[Target, ProbeResult]]: ...


@dataclass(frozen=True, slots=True)
class RecorderEntry:
    recorder_id: str
    protocol: str
    address: str
    credential: str


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


Result = tuple[RecorderEntry, list[Window], Round, int]
"""A recorder, what was due, what it gave, and the number of requests that took."""


@dataclass(slots=True)
class Collector:
    """Keeps between rounds what was learned about each device and when it may be asked again.

    `now` gives true time (naive UTC); `secrets` are looked up by the name in the register's `credential`.
    """

    store: Store
    secrets: Mapping[str, Secret]
    now: Callable[[], datetime]
    days_per_camera: int = 8
    shortest_window: timedelta = SHORTEST_WINDOW
    budget_s: float = 600.0
    reply_deadline_s: float = 60.0
    worker_count: int = 8
    _memory: dict[str, dict[str, str]] = field(default_factory=dict)
    _not_before: dict[str, datetime] = field(default_factory=dict)

    def collect_footage(self, only: Collection[str] | None = None) -> CollectSummary:
        """Ask the recorders (all, or those in `only`) for what is due and store their answers."""
        planned_at = self.now()
        due = due_windows(self.store, planned_at, days_per_camera=self.days_per_camera, shortest=self.shortest_window)
        entries = [e for e in self._recorders(planned_at) if (only is None or e.recorder_id in only)]
        summary = CollectSummary()
        with ThreadPoolExecutor(self.worker_count, thread_name_prefix="recorder") as pool:
            jobs = {
                pool.submit(self._ask, entry, due[entry.recorder_id], planned_at): entry
                for entry in entries
                if entry.recorder_id in due
            }
            waiting = set(jobs)
            while waiting:
                done, waiting = wait(waiting, timeout=KEEP_EVERY_S, return_when=ALL_COMPLETED)
                if not done:
                    continue
                results = [(jobs[job], due[jobs[job].recorder_id], *job.result()) for job in done]
                self._keep(results, planned_at, summary)
        return summary

    def probe_live(self, prober: LiveProber) -> CollectSummary:
        """Try to watch every live stream on duty and store what was seen."""
        probed_at = self.now()
        targets = self._live_targets(probed_at)
        results = prober.probe(targets)
        probes = [_live_probe(target.camera_id, probed_at, result) for target, result in results]
        planned = [
            PlannedPoll(probed_at, p.camera_id, "live", "skipped" if p.outcome == "not_probed" else "run",
                        p.outcome, p.reason, self.now(), 1, 1, int(p.outcome == "not_probed"))
            for p in probes
        ]  # fmt: skip
        take_in_batch(self.store, Batch(live_probes=probes, planned_polls=planned), now=self.now)
        return CollectSummary(
            poll_count=len(probes), answer_count=sum(p.outcome not in ("not_probed", "unreachable") for p in probes)
        )

    def _ask(self, entry: RecorderEntry, windows: list[Window], planned_at: datetime) -> tuple[Round, int]:
        """Runs in a worker thread; touches the network and this recorder's memory only."""
        if (not_before := self._not_before.get(entry.recorder_id, planned_at)) > planned_at:
            reason = f"not asked: {entry.recorder_id} refused the login and is left alone to avoid a lock-out"
            return Round(skipped=[(window, f"{reason} until {not_before} UTC") for window in windows]), 0
        try:
            protocol = protocols.load(entry.protocol)
        except KeyError as error:
            return Round(skipped=[(window, f"not asked: {error.args[0]}") for window in windows]), 0
        secret = self.secrets.get(entry.credential)
        memory = self._memory.setdefault(entry.recorder_id, {})
        try:
            with protocol.open_device(entry.address, secret=secret, now=self.now, memory=memory) as device:
                device.deadline_s = self.reply_deadline_s
                return ask_windows(protocol, device, windows, budget_s=self.budget_s), device.request_count
        except Exception as error:  # a fault of ours in one protocol must not cost the other devices their round
            log.exception("asking %s failed", entry.recorder_id)
            reason = f"not asked: the '{entry.protocol}' client broke off ({type(error).__name__}); the log says where"
            return Round(skipped=[(window, reason) for window in windows]), 0

    def _keep(self, results: Sequence[Result], planned_at: datetime, summary: CollectSummary) -> None:
        """Store what the devices that are through have given, in one transaction."""
        planned = [_planned(result, planned_at, self.now()) for result in results]
        rounds = [done for _, _, done, _ in results]
        for entry, _, done, _ in results:
            if isinstance(done.stopped_by, Refused) and done.stopped_by.definitive:
                wait_s = done.stopped_by.wait_s
                pause = LOCKOUT_PAUSE if wait_s is None else timedelta(seconds=wait_s)
                self._not_before[entry.recorder_id] = self.now() + pause
        self._place(results)
        polls = [poll for done in rounds for poll in done.polls]
        raw_answers = [answer for done in rounds for answer in done.raw_answers]
        take_in_batch(self.store, Batch(polls, raw_answers, planned_polls=planned), now=self.now)
        summary.add(polls, planned)

    def _place(self, results: Sequence[Result]) -> None:
        """Cut what was recorded while a recorder's clock ran differently out of its answers."""
        for entry, _, done, _ in results:
            from_at = min((poll.covers_from for poll in done.polls), default=None)
            if from_at is not None:
                samples = clock_samples(self.store, entry.recorder_id, from_at)
                done.polls = [piece for poll in done.polls for piece in placed(poll, samples)]

    def _recorders(self, at: datetime) -> list[RecorderEntry]:
        rows = self._known(at, "SELECT recorder_id, protocol, address, credential FROM known_recorders ORDER BY ALL")
        return [RecorderEntry(str(row[0]), str(row[1]), str(row[2]), str(row[3] or "")) for row in rows]

    def _live_targets(self, at: datetime) -> list[Target]:
        rows = self._known(
            at,
            "SELECT camera_id, live_url, credential, address"
            " FROM known_cameras LEFT JOIN known_recorders USING (recorder_id)"
            " WHERE live_url IS NOT NULL AND duty_from <= getvariable('as_of')"
            " AND coalesce(getvariable('as_of') < duty_to, true) ORDER BY camera_id",
        )
        return [self._target(*map(str, row)) for row in rows]

    def _target(self, camera_id: str, url: str, credential: str, recorder_address: str) -> Target:
        """A relay's own secret is named after its host, `live:<host>:<port>`; the recorder's is used on its own host
        only, because a live address is whatever the lab wrote into the register."""
        secret = self.secrets.get(f"live:{urlsplit(url).netloc}")
        if secret is None and urlsplit(url).hostname == urlsplit(recorder_address).hostname:
            secret = self.secrets.get(credential)
        return Target(camera_id, url, secret.user, secret.password) if secret else Target(camera_id, url)

    def _known(self, at: datetime, sql: str) -> list[tuple[object, ...]]:
        with self.store.cursor() as cursor:
            create_known_views(cursor, at)
            return cursor.execute(sql).fetchall()


def _planned(result: Result, planned_at: datetime, finished_at: datetime) -> PlannedPoll:
    """Sums a round up. The reason is the first thing that went wrong; each poll keeps its own."""
    entry, windows, done, request_count = result
    wrong = [poll for poll in done.polls if not (poll.outcome == "ok" and poll.complete)]
    reasons = [poll.reason for poll in wrong] + [reason for _, reason in done.skipped]
    if not done.polls:
        status, outcome = "skipped", None
    elif not wrong and not done.skipped:
        status, outcome = "run", "ok"
    elif len(wrong) < len(done.polls):
        status, outcome = "run", "partial"
    else:
        status, outcome = "run", wrong[0].outcome
    return PlannedPoll(
        planned_at, entry.recorder_id, "footage", status, outcome, next(iter(reasons), ""), finished_at,
        request_count, len(windows), len(done.skipped),
    )  # fmt: skip


def _live_probe(camera_id: str, probed_at: datetime, result: ProbeResult) -> LiveProbe:
    return LiveProbe(
        camera_id, probed_at, result.outcome, result.first_frame_ms, result.width, result.height, result.fps,
        result.black, result.frozen, result.reason,
    )  # fmt: skip
