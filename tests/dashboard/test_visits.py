"""What is learned of a recorder beside footage, who it is taken for, when it is left alone: kept across restarts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors import protocols
from collectors.answers import (
    ChannelReading,
    ClockReading,
    Description,
    DeviceFailure,
    DiskReading,
    FootageAnswer,
    PlanReading,
    Refused,
    Span,
    Unreachable,
)
from collectors.device import Device
from dashboard import cli
from dashboard.collecting import Collector
from data.bundle import take_in
from data.store import Store
from tests.dashboard.small import Rows, bundle, rows

START = datetime(2026, 10, 1, 20)
HOUR = timedelta(hours=1)


@dataclass
class Recorder:
    """A protocol of its own, whose answers a test changes. `asked` are the questions in the order they came."""

    serial: str = "A1"
    camera_address: str = "192.0.2.31"
    failures: dict[str, DeviceFailure] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def open_device(self, address: str, **options: Any) -> Device:
        return Device(address, now=options["now"], secret=options["secret"], memory=options["memory"])

    def _answer(self, question: str) -> None:
        self.asked.append(question)
        if failure := self.failures.get(question):
            raise failure

    def describe(self, device: Device) -> Description:
        self._answer("describe")
        device.memory["firmware"] = "V1"
        return Description("SIM", "V1", self.serial)

    def clock(self, device: Device) -> ClockReading:
        self._answer("clock")
        return ClockReading(120, 40)

    def channels(self, device: Device) -> tuple[ChannelReading, ...]:
        self._answer("channels")
        return (ChannelReading("1", "收样室（示例）", True, self.camera_address),)

    def plans(self, device: Device) -> tuple[PlanReading, ...]:
        self._answer("plans")
        return (PlanReading("1", "event"), PlanReading("9", "off"))

    def disks(self, device: Device) -> tuple[DiskReading, ...]:
        self._answer("disks")
        return (DiskReading("1", "healthy", "ok", 4_000, 10),)

    def days_held(self, device: Device, channel: str, first_day: date, last_day: date) -> frozenset[date]:
        self._answer("days")
        return frozenset({first_day, last_day, last_day - timedelta(days=3)})

    def footage(self, device: Device, channel: str, start: datetime, end: datetime) -> Iterator[FootageAnswer]:
        self._answer("footage")
        yield FootageAnswer(start, end, (Span(start, end),), clock_offset_ms=120)


class World:
    """A store on disk, so that every round may be a new process, and a clock."""

    def __init__(self, folder: Path, recorder: Recorder) -> None:
        self.folder, self.recorder, self.now = folder, recorder, START

    def register(self, content: Rows) -> None:
        self.now += timedelta(minutes=1)
        with Store.open(str(self.folder / "x.duckdb")) as store:
            take_in(store, bundle(self.folder, content), taken_in_at=self.now)

    def round(self, after: timedelta = HOUR) -> list[str]:
        """The questions asked in one round, `after` the last one."""
        self.now += after
        self.recorder.asked.clear()
        with Store.open(str(self.folder / "x.duckdb")) as store:
            Collector(store, secrets={}, now=lambda: self.now).collect_footage()
        return list(self.recorder.asked)

    def get(self, sql: str) -> list[tuple[Any, ...]]:
        with Store.open(str(self.folder / "x.duckdb")) as store:
            return store.cursor().execute(sql).fetchall()

    def last_reason(self) -> str:
        return str(self.get("SELECT arg_max(reason, planned_at) FROM planned_polls WHERE reason <> ''")[0][0])


def one_camera(channel: str = "1") -> Rows:
    base = rows()
    camera = base["cameras"][0] | {"channel": channel, "duty_to": ""}
    recorder = base["recorders"][0] | {"protocol": "pretended", "address": "http://n1.invalid"}
    return {t: base[t] for t in ("agencies", "premises", "rooms")} | {"recorders": [recorder], "cameras": [camera]}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    recorder = Recorder()
    monkeypatch.setattr(protocols, "load", lambda name: recorder)
    monkeypatch.setattr("dashboard.commands.identity.utc_now", lambda: world.now)
    world = World(tmp_path, recorder)
    world.register(one_camera())
    return world


def test_a_first_round_asks_everything_and_keeps_it(world: World) -> None:
    assert world.round() == ["describe", "clock", "channels", "plans", "disks", "footage", "days"]
    assert world.get("SELECT told, serial_number, clock_offset_ms, round_trip_ms FROM recorder_looks") == [
        (["describe", "clock", "channels", "plans", "disks", "days"], "A1", 120, 40)
    ]
    assert world.get("SELECT camera_id, mode FROM recording_plans") == [("C1", "event")]
    assert world.get("SELECT channel, is_online, address FROM channel_readings") == [("1", True, "192.0.2.31")]
    assert world.get("SELECT disk_id, state, free_bytes FROM disk_readings") == [("1", "healthy", 10)]
    assert world.get("SELECT learned FROM recorder_memory") == [('{"firmware": "V1"}',)]


def test_plans_are_asked_once_a_local_day_and_disks_every_six_hours(world: World) -> None:
    world.round()  # 05:00 in Nanchang
    assert world.round() == ["describe", "clock", "channels", "footage"]
    assert "disks" in world.round(5 * HOUR) and "plans" not in world.recorder.asked
    assert "plans" not in world.round(12 * HOUR)  # 23:00
    assert "plans" in world.round()  # midnight


def test_the_calendar_is_read_once_a_local_day_for_the_term_up_to_yesterday(world: World) -> None:
    world.round()  # 05:01 on 2 October
    assert world.get("SELECT count(*), min(day), max(day) FROM days_claimed") == [
        (183, date(2026, 4, 2), date(2026, 10, 1))
    ]
    assert world.get("SELECT day FROM days_claimed WHERE has_footage ORDER BY day") == [
        (date(2026, 4, 2),), (date(2026, 9, 28),), (date(2026, 10, 1),)
    ]  # fmt: skip
    assert "days" not in world.round(18 * HOUR)  # 23:01
    assert "days" in world.round()


def test_a_right_that_is_missing_costs_one_question(world: World) -> None:
    world.recorder.failures["disks"] = Refused("the account may not see disks")
    assert world.round()[-3:] == ["disks", "footage", "days"]
    assert world.get("SELECT failures FROM recorder_looks")[0][0] == [
        {"question": "disks", "outcome": "refused", "reason": "the account may not see disks"}
    ]
    assert "disks" in world.round()


def test_a_device_out_of_reach_is_asked_one_thing(world: World) -> None:
    world.recorder.failures["describe"] = Unreachable("no route")
    assert world.round() == ["describe"]
    assert world.get("SELECT outcome, complete, reason FROM polls") == [("unreachable", False, "no route")]


def test_repeated_silence_is_asked_less_often_and_an_answer_ends_that(world: World) -> None:
    world.recorder.failures["describe"] = Unreachable("no route")
    asked = [bool(world.round()) for _ in range(14)]
    assert asked == [True] * 4 + [False, True] + [False] * 3 + [True] + [False] * 4  # pauses of 1, 2, 4, 6 h
    assert "8 rounds" not in world.last_reason() and "could not be reached in 6 rounds" in world.last_reason()
    del world.recorder.failures["describe"]
    assert world.round() == []
    assert "footage" in world.round()
    world.recorder.failures["describe"] = Unreachable("no route")
    assert [bool(world.round()) for _ in range(3)] == [True] * 3


def test_a_lock_out_outlives_the_process(world: World) -> None:
    world.recorder.failures["describe"] = Refused("wrong password", definitive=True, wait_s=1800)
    assert world.round() == ["describe"]
    assert world.round(HOUR / 4) == [] and "lock-out" in world.last_reason()
    del world.recorder.failures["describe"]
    assert "footage" in world.round(HOUR / 4)


def test_another_serial_number_pauses_until_someone_vouches_for_it(world: World, capsys: Any) -> None:
    world.round()
    world.recorder.serial = "B2"
    assert "footage" not in world.round() and "'B2' where 'A1' was known" in world.last_reason()
    assert "footage" not in world.round()
    store = str(world.folder / "x.duckdb")
    assert cli.main(["identity", "--store", store]) == 0 and "'B2'" in capsys.readouterr().out
    assert cli.main(["identity", "confirm", "N1", "--by", "示例检查员", "--store", store]) == 0
    assert "footage" in world.round()
    assert world.get("SELECT kind, identity, confirmed_by FROM identity_confirmations") == [
        ("serial_number", "B2", "示例检查员")
    ]
    world.recorder.serial = "A1"  # the first one back: vouched for once, but no longer the one that is meant
    assert "footage" not in world.round()


def test_the_old_one_back_needs_nobody(world: World) -> None:
    world.round()
    world.recorder.serial = "B2"
    world.round()
    world.recorder.serial = "A1"
    assert "footage" in world.round()


def test_another_camera_behind_the_channel_pauses_that_camera(world: World) -> None:
    world.round()
    world.recorder.camera_address = "192.0.2.99"
    assert "footage" not in world.round() and "N1/1 now shows the camera address" in world.last_reason()


def test_a_camera_registered_elsewhere_pauses_once_it_has_answers(world: World) -> None:
    world.register(one_camera(channel="2"))  # put right before anything was answered
    world.round()
    world.register(one_camera(channel="5"))
    assert "footage" not in world.round() and "C1 now shows the recorder and channel 'N1/5'" in world.last_reason()


def test_what_is_not_in_doubt_cannot_be_confirmed(world: World, capsys: Any) -> None:
    world.round()
    assert cli.main(["identity", "--store", str(world.folder / "x.duckdb"), "confirm", "N1", "--by", "x"]) == 2
    assert "nothing about 'N1' is in doubt" in capsys.readouterr().err
