"""The clockwork: collect every hour, watch the live streams every few minutes, judge after each round.

The one module that knows APScheduler. A round that could not run on time is merged into the next and leaves a row, so
that a missing poll is visible and visibly ours.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from dashboard import rulebook
from dashboard.collecting import Collector, LiveProber
from dashboard.judging import judge_what_changed
from data.facts import PlannedPoll
from data.intake import Batch, take_in_batch
from data.periods import Month, local_day
from data.store import Store

log = logging.getLogger(__name__)

COLLECT_EVERY = timedelta(hours=1)
PROBE_EVERY = timedelta(minutes=5)
JITTER_S = 120
MISFIRE_GRACE_S = 600
"""A round that starts this late is still run; a later one is merged into the next and leaves a row."""
CLOSING_DAYS = 3
"""Local days into a month during which the month before is still judged again, so that late answers can heal it."""
KINDS = {"collect": "footage", "probe": "live"}


@dataclass(slots=True)
class Clockwork:
    """The jobs of one installation, all in this process."""

    store: Store
    collector: Collector
    prober: LiveProber
    now: Callable[[], datetime]

    def collect(self) -> None:
        summary = self.collector.collect_footage()
        log.info("asked %d recorders, %d answers", summary.recorder_count, summary.answer_count)
        self.judge()

    def probe(self) -> None:
        self.collector.probe_live(self.prober)

    def judge(self) -> None:
        now_at = self.store.settled(self.now)
        rules = list(rulebook.rules().values())
        for month in open_months(now_at):
            judge_what_changed(self.store, rules, month, now_at=now_at)

    def missed(self, job_id: str, reason: str) -> None:
        """A round of ours that did not run: recorded, because it explains what is unknown."""
        if kind := KINDS.get(job_id):
            planned = PlannedPoll(self.now(), f"*{kind}", kind, "merged", reason=reason)
            take_in_batch(self.store, Batch(planned_polls=[planned]), now=self.now)


def open_months(now_at: datetime) -> list[Month]:
    """The months judged at `now_at`: this one, and the last one during its closing days."""
    today = local_day(now_at)
    months = [Month.of(today)]
    if today.day <= CLOSING_DAYS:
        months.insert(0, Month.of(today - timedelta(days=today.day)))
    return months


def start(clockwork: Clockwork) -> BaseScheduler:
    """Run the jobs in background threads; `shutdown()` the result before the store is closed."""
    return _start(BackgroundScheduler(timezone="Asia/Shanghai"), clockwork)


def run_forever(clockwork: Clockwork) -> None:
    """Run the jobs until the process is stopped."""
    _start(BlockingScheduler(timezone="Asia/Shanghai"), clockwork)


def _start(scheduler: BaseScheduler, clockwork: Clockwork) -> BaseScheduler:
    common: dict[str, Any] = {
        "max_instances": 1,
        "coalesce": True,
        "misfire_grace_time": MISFIRE_GRACE_S,
        "jitter": JITTER_S,
        "next_run_time": datetime.now(UTC),
    }
    scheduler.add_job(clockwork.collect, "interval", seconds=COLLECT_EVERY.total_seconds(), id="collect", **common)
    scheduler.add_job(clockwork.probe, "interval", seconds=PROBE_EVERY.total_seconds(), id="probe", **common)

    def on_event(event: Any) -> None:
        if event.code == EVENT_JOB_ERROR:
            log.error("job %s failed", event.job_id, exc_info=event.exception)
        reason = {
            EVENT_JOB_MISSED: "the round was due while this machine was busy or asleep",
            EVENT_JOB_MAX_INSTANCES: "the round before was still running",
            EVENT_JOB_ERROR: f"the round stopped: {getattr(event, 'exception', '')}",
        }[event.code]
        clockwork.missed(event.job_id, reason)

    scheduler.add_listener(on_event, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
    scheduler.start()
    return scheduler
