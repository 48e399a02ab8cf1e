"""The demonstration: a fictional city with planted faults, collected over real protocols, judged, and compared with the
truth log. The same code is the acceptance test of the whole path.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from collectors.device import Secret
from collectors.simulator.city import LIVE_CREDENTIAL, City, build_city
from collectors.simulator.plan import JUDGED_AFTER, night, probe
from collectors.simulator.serve import CityServer
from collectors.whep.prober import Prober
from collectors.whep.target import Limits
from dashboard import rulebook
from dashboard.collecting import Budget, Collector
from dashboard.judging import judge_and_remember
from data.bundle import take_in
from data.periods import day_ends_at
from data.store import Store
from rules.cases import write_bundle
from rules.engine import Judgement
from rules.verdicts import fingerprint, table_of

LAST_DAY = date(2026, 10, 31)
"""The simulated period always ends here, so that the same seed gives the same fingerprint on any day."""

ENDED_AT = day_ends_at(LAST_DAY) + JUDGED_AFTER
"""The present of the demo: its pages stand still here, as its recorders do."""

DAYS_PER_CAMERA = 24
"""Enough to ask six months of history within the first ten simulated nights."""

MEDIA_WINDOW_S = 0.3
PROBE_LIMITS = Limits(settle_s=0.0, first_packet_s=2.0)
"""The simulated streams are short loops on loopback: less waiting tells as much as the usual bounds."""

REPLY_DEADLINE_S = 5.0
"""On loopback; the one recorder that drips its bytes need not be waited for as long as a real one."""

Interval = tuple[datetime, datetime]
Progress = Callable[[Iterable[date], int], Iterable[date]]


@dataclass(frozen=True, slots=True)
class DemoResult:
    """`planted` counts the faults that some rule must find; `false_accusations` the fail and suspect verdicts that say
    worse of a subject than is true."""

    seed: int
    days: int
    agencies: int
    cameras: int
    planted: int
    fault_kinds: int
    found: int
    missed: list[str]
    false_accusations: int
    falsely_accused: list[str]
    unknown: int
    verdicts: int
    fingerprint: str
    requests: int
    seconds: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class Demo:
    """A running city beside a store. `now` follows the simulated clock; close it when done."""

    def __init__(self, store: Store, *, seed: int, days: int) -> None:
        self.store = store
        self.city: City = build_city(seed, LAST_DAY - timedelta(days=days - 1), days)
        self.seed, self.days = seed, days
        self._now = self.city.plan.opened_at
        self._request_count = 0
        with ExitStack() as stack:
            self.server = stack.enter_context(CityServer(self.city))
            self.prober = stack.enter_context(Prober(media_window_s=MEDIA_WINDOW_S, limits=PROBE_LIMITS))
            self._stack = stack.pop_all()
        self._to_come = self.city.submissions(self.server.addresses, self.server.live_urls)
        self.collector = Collector(
            store,
            secrets=_secrets(self.city, self.server),
            now=self.now,
            days_per_camera=DAYS_PER_CAMERA,
            shortest_window=timedelta(hours=1),
            budget=Budget(reply_s=REPLY_DEADLINE_S, pause=_no_pause),
        )

    def now(self) -> datetime:
        return self._now

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Demo:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def register(self) -> None:
        """Hand the city's register in as a bundle, the way agencies would."""
        self._hand_in(self.city.plan.opened_at)

    def _hand_in(self, until: datetime) -> None:
        """Take in the bundles that are due."""
        while self._to_come and self._to_come[0].given_at <= until:
            submission = self._to_come.pop(0)
            with TemporaryDirectory(prefix="liuhen-demo-") as folder:
                write_bundle(Path(folder), submission.files)
                take_in(self.store, Path(folder), taken_in_at=submission.given_at)

    def collect(self, *, outages: Sequence[Interval] = (), progress: Progress = lambda days, _: days) -> None:
        """Live through the period, asking by the schedule the planted faults rely on.

        During `outages` our own collector is off: what falls into them is not asked, and the next round catches up.
        """
        plan = self.city.plan
        days = [plan.first_day + timedelta(days=i) for i in range(plan.days + 1)]
        for day in progress(days, len(days)):
            self._step(night(day), self._collect_footage, outages)
            if day < plan.end_day:
                self._step(probe(day), self._probe_live, outages)
            self._hand_in(probe(day + timedelta(days=1)))
        self._set_now(plan.judged_at)

    def judge(self) -> list[Judgement]:
        rules = list(rulebook.rules().values())
        return [judge_and_remember(self.store, rules, month, now_at=self.now()) for month in self.city.plan.months]

    def compare(self, judgements: Sequence[Judgement], seconds: float) -> DemoResult:
        """Hold the verdicts against the truth log."""
        verdicts = [verdict for judgement in judgements for verdict in judgement.verdicts]
        outcomes = {(v.rule_id, v.subject_id, v.period): v.outcome for v in verdicts}
        planted = [fault for fault in self.city.truth() if fault.expected]
        missed = [
            f"{fault.kind}: {e.rule_id} {e.subject_id} {e.period} should be {e.outcome}"
            f" and is {outcomes.get((e.rule_id, e.subject_id, e.period), 'absent')}"
            for fault in planted
            for e in fault.expected
            if outcomes.get((e.rule_id, e.subject_id, e.period)) != e.outcome
        ]
        found = sum(
            all(outcomes.get((e.rule_id, e.subject_id, e.period)) == e.outcome for e in fault.expected)
            for fault in planted
        )
        accused = [v for v in verdicts if not self.city.may_be(v.outcome, v.rule_id, v.subject_id, v.period)]
        return DemoResult(
            seed=self.seed,
            days=self.days,
            agencies=len(self.city.register.agencies),
            cameras=len(self.city.register.cameras),
            planted=len(planted),
            fault_kinds=len({fault.kind for fault in planted}),
            found=found,
            missed=missed,
            false_accusations=len(accused),
            falsely_accused=[f"{v.rule_id} {v.subject_id} {v.period} {v.outcome} {v.measured}" for v in accused],
            unknown=sum(v.outcome == "unknown" for v in verdicts),
            verdicts=len(verdicts),
            fingerprint=_joint_fingerprint(judgements),
            requests=self._request_count,
            seconds=round(seconds, 1),
        )

    def _step(self, at: datetime, work: Callable[[], None], outages: Sequence[Interval]) -> None:
        self._set_now(at)
        if not any(from_at <= at < to_at for from_at, to_at in outages):
            work()

    def _collect_footage(self) -> None:
        self._request_count += self.collector.collect_footage().request_count

    def _probe_live(self) -> None:
        self._request_count += self.collector.probe_live(self.prober).poll_count

    def _set_now(self, at: datetime) -> None:
        self._now = at
        self.server.set_now(at)


def run_demo(
    store: Store,
    *,
    seed: int,
    days: int,
    outages: Sequence[Interval] = (),
    progress: Progress = lambda days, _: days,
) -> DemoResult:
    """Build, collect, judge and compare; the store keeps everything for the dashboard."""
    started = time.monotonic()
    with Demo(store, seed=seed, days=days) as demo:
        demo.register()
        demo.collect(outages=outages, progress=progress)
        judgements = demo.judge()
        return demo.compare(judgements, time.monotonic() - started)


def _no_pause(_: float) -> None:
    """Simulated recorders need no rest."""


def _secrets(city: City, server: CityServer) -> dict[str, Secret]:
    relays = {f"live:{urlsplit(url).netloc}" for url in server.live_urls.values()}
    return {**city.secrets, **dict.fromkeys(relays, city.secrets[LIVE_CREDENTIAL])}


def _joint_fingerprint(judgements: Sequence[Judgement]) -> str:
    """One month keeps its own fingerprint; several are judged apart and fingerprinted together."""
    if len(judgements) == 1:
        return judgements[0].fingerprint
    return fingerprint(table_of(verdict for judgement in judgements for verdict in judgement.verdicts))
