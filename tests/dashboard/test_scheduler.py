"""The first round starts at once, wherever the machine thinks it is, and a missed one leaves a row."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Any, cast

import pytest

from dashboard import scheduler
from dashboard.collecting import Collector, CollectSummary, LiveProber
from data.periods import Month
from data.store import Store

NOW = datetime(2026, 10, 5, 4)


class Rounds:
    """Stands in for the collector and says when it was called."""

    def __init__(self) -> None:
        self.collected, self.probed = threading.Event(), threading.Event()

    def collect_footage(self) -> CollectSummary:
        self.collected.set()
        return CollectSummary()

    def probe_live(self, _: Any) -> CollectSummary:
        self.probed.set()
        return CollectSummary()


def clockwork(store: Store, rounds: Rounds) -> scheduler.Clockwork:
    return scheduler.Clockwork(store, cast(Collector, rounds), cast(LiveProber, None), lambda: NOW)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_first_round_runs_at_once_in_any_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    rounds = Rounds()
    with Store.in_memory() as store:
        running = scheduler.start(clockwork(store, rounds))
        try:
            assert rounds.collected.wait(20)
            assert rounds.probed.wait(20)
        finally:
            running.shutdown()
        assert store.cursor().execute("SELECT count(*) FROM planned_polls").fetchone() == (0,)
    monkeypatch.undo()
    time.tzset()


def test_a_round_of_ours_that_did_not_run_leaves_a_row() -> None:
    with Store.in_memory() as store:
        clockwork(store, Rounds()).missed("collect", "the machine was asleep")
        clockwork(store, Rounds()).missed("other", "not a round")
        rows = store.cursor().execute("SELECT kind, status, reason FROM planned_polls").fetchall()
    assert rows == [("footage", "merged", "the machine was asleep")]


def test_last_month_is_judged_during_its_closing_days_only() -> None:
    assert scheduler.open_months(datetime(2026, 10, 3, 12)) == [Month(2026, 9), Month(2026, 10)]
    assert scheduler.open_months(datetime(2026, 10, 3, 16)) == [Month(2026, 10)]
