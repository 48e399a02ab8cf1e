"""Our own outage: six simulated hours without a collector add unknown hours and accuse nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from dashboard.demo import Demo
from data.periods import day_starts_at
from data.store import Store
from rules import catalogue
from rules.engine import judge
from rules.verdicts import Verdict

SEED, DAYS = 5, 6
Verdicts = dict[tuple[str, str, str], Verdict]


@pytest.fixture(scope="module")
def runs() -> Iterator[tuple[Demo, Store, Store]]:
    """The same city collected twice: without interruption, and with the collector off over one midnight."""
    with Store.in_memory() as whole, Store.in_memory() as broken:
        with Demo(whole, seed=SEED, days=DAYS) as demo:
            demo.register()
            demo.collect()
        with Demo(broken, seed=SEED, days=DAYS) as demo:
            demo.register()
            demo.collect(outages=[outage(demo)])
        yield demo, whole, broken


def outage(demo: Demo) -> tuple[datetime, datetime]:
    midnight = day_starts_at(demo.city.plan.day(DAYS - 2))
    return midnight - timedelta(hours=2), midnight + timedelta(hours=4)


def verdicts(demo: Demo, store: Store, now_at: datetime) -> Verdicts:
    month = demo.city.plan.months[-1]
    judgement = judge(store.cursor(), catalogue.load().values(), month, now_at=now_at)
    return {(v.rule_id, v.subject_id, v.period): v for v in judgement.verdicts}


def of(found: Verdicts, outcome: str, rule_id: str | None = None) -> set[tuple[str, str, str]]:
    return {key for key, v in found.items() if v.outcome == outcome and rule_id in (None, v.rule_id)}


def test_during_the_outage_hours_turn_unknown_and_nobody_is_accused(runs: tuple[Demo, Store, Store]) -> None:
    demo, whole, broken = runs
    morning = outage(demo)[1] + timedelta(hours=4)
    before, after = verdicts(demo, whole, morning), verdicts(demo, broken, morning)
    assert len(of(after, "unknown", "far_24h")) > len(of(before, "unknown", "far_24h")) + 30
    assert of(after, "fail") <= of(before, "fail")
    assert of(after, "pass") < of(before, "pass")


def test_after_catching_up_the_verdicts_are_those_of_an_unbroken_watch(runs: tuple[Demo, Store, Store]) -> None:
    demo, whole, broken = runs
    end = demo.city.plan.judged_at
    unbroken, caught_up = verdicts(demo, whole, end), verdicts(demo, broken, end)
    # What a recorder is set to is seen or not; a day on which nobody looked has no such verdict.
    assert {rule_id for rule_id, _, _ in unbroken.keys() ^ caught_up.keys()} <= {"recording_plan_continuous"}
    assert caught_up.keys() <= unbroken.keys()
    differing = {key for key in caught_up if unbroken[key].outcome != caught_up[key].outcome}
    assert {unbroken[key].outcome for key in differing} <= {"pass", "unknown"}
    assert {caught_up[key].outcome for key in differing} <= {"unknown", "suspect"}
    assert not {rule_id for rule_id, _, _ in differing} & {"far_24h", "early_deletion", "retention_6_months"}


def test_a_city_of_one_day_has_no_reports_and_is_still_a_bundle() -> None:
    with Store.in_memory() as store, Demo(store, seed=SEED, days=1) as demo:
        demo.register()
        assert store.cursor().execute("SELECT count(*) > 0 FROM cameras").fetchone() == (True,)
