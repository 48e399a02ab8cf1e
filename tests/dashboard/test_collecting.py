"""One round of collecting with protocols that answer, fail, refuse, hang on to their budget or break."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from collectors import protocols
from collectors.answers import FootageAnswer, ProbeResult, Refused, Span, Unreachable
from collectors.device import Device
from collectors.whep.target import Target
from dashboard.collecting import LOCKOUT_PAUSE, Budget, Collector
from data.store import Store
from tests.dashboard.small import Rows, put, rows

START = datetime(2026, 10, 1, 20)
Behaviour = Callable[[Device, datetime, datetime], Iterator[FootageAnswer]]


class Clock:
    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def whole(device: Device, start: datetime, end: datetime) -> Iterator[FootageAnswer]:
    yield FootageAnswer(start, end, (Span(start, end),), clock_offset_ms=0)


def failing(failure: Exception) -> Behaviour:
    def footage(device: Device, start: datetime, end: datetime) -> Iterator[FootageAnswer]:
        raise failure
        yield

    return footage


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        yield opened


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Protocol word -> behaviour; `asked["log"]` is the addresses in the order they were asked."""
    table: dict[str, Any] = {"log": [], "whole": whole}
    real = protocols.load

    def load(name: str) -> Any:
        if name not in table:
            return real(name)

        def footage(device: Device, channel: str, start: datetime, end: datetime) -> Iterator[FootageAnswer]:
            table["log"].append(device.address)
            device.request_count += 1
            return table[name](device, start, end)

        def open_device(address: str, **options: Any) -> Device:
            return Device(address, now=options["now"], secret=options["secret"], memory=options["memory"])

        return SimpleNamespace(open_device=open_device, footage=footage)

    monkeypatch.setattr(protocols, "load", load)
    return table


def city(words: list[str], cameras_each: int = 1) -> Rows:
    """Recorders N000, N001, … of these protocols, each with cameras on duty since 1 October."""
    base = rows()
    ids = [f"N{number:03d}" for number in range(len(words))]
    return {table: base[table] for table in ("agencies", "premises", "rooms")} | {
        "recorders": [
            base["recorders"][0] | {"recorder_id": id_, "protocol": word, "address": f"http://{id_}.invalid"}
            for id_, word in zip(ids, words, strict=True)
        ],
        "cameras": [
            base["cameras"][0] | {"camera_id": f"{id_}-{n}", "recorder_id": id_, "channel": str(n), "duty_to": ""}
            for id_ in ids for n in range(cameras_each)
        ],
    }  # fmt: skip


def planned(store: Store) -> dict[str, tuple[str, str | None, int, int]]:
    """By source: status, outcome, windows due and windows not asked, of the newest round."""
    sql = (
        "SELECT source_id, status, outcome, window_count, skipped_count FROM planned_polls"
        " QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY planned_at DESC) = 1"
    )
    return {row[0]: row[1:] for row in store.cursor().execute(sql).fetchall()}


def one(store: Store, sql: str) -> Any:
    row = store.cursor().execute(sql).fetchone()
    assert row is not None
    return row[0]


def test_every_way_of_failing_costs_only_its_own_device(
    store: Store, asked: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked["dead"] = failing(Unreachable("no route"))
    asked["broken"] = failing(ZeroDivisionError("ours"))
    put(store, tmp_path, city(["whole", "dead", "broken", "telepathy", "whole"]))
    with caplog.at_level(logging.ERROR):
        summary = Collector(store, secrets={}, now=Clock()).collect_footage()
    assert planned(store) == {
        "N000": ("run", "ok", 1, 0),
        "N001": ("run", "unreachable", 1, 0),
        "N002": ("run", "malformed", 1, 0),
        "N003": ("skipped", None, 1, 1),
        "N004": ("run", "ok", 1, 0),
    }
    assert (summary.recorder_count, summary.poll_count, summary.answer_count, summary.skipped_count) == (5, 4, 2, 1)
    assert [line.split(": ")[0] for line in sorted(summary.troubles)] == ["N001", "N002", "N003"]
    reasons = {
        row[0]: row[1] for row in store.cursor().execute("SELECT source_id, reason FROM planned_polls").fetchall()
    }
    assert (
        "our client broke off (ZeroDivisionError)" in reasons["N002"]
        and "isapi" in reasons["N003"]
        and reasons["N001"] == "no route"
    )
    assert "ZeroDivisionError" in caplog.text
    assert one(store, "SELECT list(DISTINCT camera_id ORDER BY camera_id) FROM footage_days") == ["N000-0", "N004-0"]


def test_a_dead_device_is_asked_one_thing_and_the_rest_of_its_windows_is_recorded_as_not_asked(
    store: Store, asked: dict[str, Any], tmp_path: Path
) -> None:
    asked["dead"] = failing(Unreachable("no route"))
    put(store, tmp_path, city(["dead"], cameras_each=3))
    Collector(store, secrets={}, now=Clock()).collect_footage()
    assert len(asked["log"]) == 1
    assert planned(store)["N000"] == ("run", "unreachable", 3, 2)


@pytest.mark.parametrize(
    ("wait_s", "pause"), [(600, timedelta(seconds=600)), (None, LOCKOUT_PAUSE)], ids=["told", "untold"]
)
def test_a_refused_login_is_left_alone_until_the_wait_is_over(
    wait_s: int | None, pause: timedelta, store: Store, asked: dict[str, Any], tmp_path: Path
) -> None:
    clock = Clock()

    def refuses(device: Device, start: datetime, end: datetime) -> Iterator[FootageAnswer]:
        clock.at += timedelta(seconds=400)  # asking took its time; the wait begins with the refusal
        raise Refused("wrong password", wait_s=wait_s, definitive=True)
        yield

    asked["shy"] = refuses
    put(store, tmp_path, city(["shy", "whole"], cameras_each=2))
    collector = Collector(store, secrets={}, now=clock)
    collector.collect_footage()
    assert planned(store)["N000"] == ("run", "refused", 2, 1)
    refused_at = clock.at
    asked["shy"] = whole
    asked["log"].clear()
    clock.at = refused_at + pause - timedelta(seconds=1)
    assert any("lock-out" in trouble for trouble in collector.collect_footage().troubles)
    assert planned(store)["N000"][:2] == ("skipped", None)
    assert "http://N000.invalid" not in asked["log"] and "http://N001.invalid" in asked["log"]
    clock.at = refused_at + pause
    assert not collector.collect_footage().troubles
    assert planned(store)["N000"][:2] == ("run", "ok")


def test_a_refusal_that_locks_nothing_is_asked_again_next_round(
    store: Store, asked: dict[str, Any], tmp_path: Path
) -> None:
    asked["shy"] = failing(Refused("no right to this channel"))
    put(store, tmp_path, city(["shy"]))
    clock = Clock()
    collector = Collector(store, secrets={}, now=clock)
    collector.collect_footage()
    clock.at += timedelta(minutes=1)
    collector.collect_footage()
    assert len(asked["log"]) == 2


def test_a_spent_budget_skips_the_rest_with_a_row(store: Store, asked: dict[str, Any], tmp_path: Path) -> None:
    put(store, tmp_path, city(["whole"], cameras_each=4))
    summary = Collector(store, secrets={}, now=Clock(), budget=Budget(round_s=-1)).collect_footage()
    assert (asked["log"], summary.skipped_count) == ([], 4)
    assert planned(store)["N000"] == ("skipped", None, 4, 4)
    assert "used up" in one(store, "SELECT reason FROM planned_polls")


def test_only_the_recorders_named_are_asked(store: Store, asked: dict[str, Any], tmp_path: Path) -> None:
    put(store, tmp_path, city(["whole"] * 3))
    Collector(store, secrets={}, now=Clock()).collect_footage(["N001"])
    assert asked["log"] == ["http://N001.invalid"]


def test_a_second_round_asks_nothing_twice(store: Store, asked: dict[str, Any], tmp_path: Path) -> None:
    put(store, tmp_path, city(["whole"] * 2))
    collector = Collector(store, secrets={}, now=Clock())
    collector.collect_footage()
    count = len(asked["log"])
    assert collector.collect_footage().poll_count == 0
    assert len(asked["log"]) == count == 2


def test_two_hundred_devices_in_threads_are_all_stored(store: Store, asked: dict[str, Any], tmp_path: Path) -> None:
    """Some of them meet inside the protocol, so that they are really asked at once, and the rest write meanwhile."""
    together = threading.Barrier(8, timeout=20)

    def meeting(device: Device, start: datetime, end: datetime) -> Iterator[FootageAnswer]:
        together.wait()
        yield from whole(device, start, end)

    asked["meeting"] = meeting
    put(store, tmp_path, city(["meeting"] * 40 + ["whole"] * 160))
    summary = Collector(store, secrets={}, now=Clock(), worker_count=8).collect_footage()
    assert (summary.recorder_count, summary.answer_count) == (200, 200)
    assert one(store, "SELECT count(*) FROM polls") == 200
    assert one(store, "SELECT count(*) FROM (SELECT DISTINCT poll_id, camera_id FROM polls)") == 200
    assert one(store, "SELECT count(*) FROM footage_days WHERE day = '2026-10-01' AND held = asked") == 200
    assert len(planned(store)) == 200


def test_live_streams_on_duty_are_probed_and_each_leaves_a_row(store: Store, tmp_path: Path) -> None:
    content = city(["whole"] * 3)
    for camera, duty_to in zip(content["cameras"], ["", "", "2026-10-01T00:00:00+08:00"], strict=True):
        camera |= {"live_url": f"http://relay.invalid/{camera['camera_id']}/whep", "duty_to": duty_to}
        camera["duty_from"] = "2026-09-01T00:00:00+08:00"
    content["recorders"][0]["credential"] = "n"
    put(store, tmp_path, content)
    seen: list[Target] = []

    class Prober:
        def probe(self, targets: Any) -> list[tuple[Target, ProbeResult]]:
            seen.extend(targets)
            outcomes = [ProbeResult("ok", first_frame_ms=900), ProbeResult("not_probed", "our own outage")]
            return list(zip(targets, outcomes, strict=True))

    summary = Collector(store, secrets={}, now=Clock()).probe_live(Prober())
    assert [target.camera_id for target in seen] == ["N000-0", "N001-0"]
    assert (summary.poll_count, summary.answer_count) == (2, 1)
    assert planned(store) == {"N000-0": ("run", "ok", 1, 0), "N001-0": ("skipped", "not_probed", 1, 1)}
