"""What a recorder tells of itself, as its page reads it: states as of the last word, scope, forecast, doubts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.identity import Doubt
from dashboard.forecast import Forecast
from dashboard.queries import Reader
from dashboard.recorders import Recorders
from dashboard.rows import WHOLE_CITY, Scope
from data.facts import ChannelSeen, DayClaimed, DiskSeen, PlanSeen, RecorderLook
from data.intake import Batch, take_in_batch
from data.periods import local_day
from data.store import Store
from tests.dashboard.small import put, rows

NOON = datetime(2026, 10, 20, 4)
DAY = timedelta(days=1)
TODAY = date(2026, 10, 20)
TB = 10**12
TOLD = ("describe", "clock", "channels", "plans", "disks", "days")
CHANNELS = (
    ChannelSeen("01", "力学室", True, "192.0.2.31", True, None),
    ChannelSeen("7", "走廊", False),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.in_memory() as opened:
        content = rows()
        for camera in content["cameras"]:
            camera["duty_to"] = ""
        put(opened, tmp_path, {t: content[t] for t in ("agencies", "premises", "rooms", "recorders", "cameras")})
        yield opened


def look(store: Store, at: datetime = NOON, *, disks: tuple[DiskSeen, ...] | None = None, **fields: object) -> None:
    given: dict[str, object] = {"told": TOLD, "channels": CHANNELS, "serial_number": "A1", "model": "示例机"} | fields
    row = RecorderLook("N1", "http://127.0.0.1:9", at, disks=disks, **given)  # type: ignore[arg-type]
    take_in_batch(store, Batch(looks=[row], plans=[PlanSeen("C1", at, "continuous")]), now=lambda: at)


def sight(store: Store, scope: Scope = WHOLE_CITY, at: datetime = NOON + timedelta(minutes=1)) -> Recorders:
    return Recorders(Reader(store, scope, at))


def test_channels_named_and_channels_registered_stand_side_by_side(store: Store) -> None:
    look(store)
    found = [(c.channel, c.camera_id, c.is_listed, c.is_online, c.plan) for c in sight(store).channels("N1")]
    assert found == [
        ("01", "C1", True, True, "continuous"),
        ("02", "C2", False, None, None),
        ("7", None, True, False, None),
    ]


def test_what_a_later_look_changed_counts_and_what_it_did_not_tell_stays(store: Store) -> None:
    look(store, NOON - DAY, disks=(DiskSeen("1", "healthy", "ok", TB, 5),))
    offline = ChannelSeen("01", "力学室", False, "192.0.2.31", True, None)
    look(store, NOON, channels=(offline,), told=("channels",), serial_number="", model="")
    recorder = sight(store).recorder("N1")
    assert recorder is not None and (recorder.model, recorder.serial_number) == ("示例机", "A1")
    assert [(c.channel, c.is_online) for c in sight(store).channels("N1") if c.is_listed] == [("01", False)]
    assert [(d.disk_id, d.state) for d in sight(store).disks("N1")] == [("1", "healthy")]
    assert [c.is_online for c in sight(store, at=NOON - timedelta(hours=1)).channels("N1") if c.is_listed] == [
        True,
        False,
    ]


def test_another_agency_sees_none_of_it(store: Store) -> None:
    look(store, disks=(DiskSeen("1", "healthy", "ok", TB, 5),))
    stranger = sight(store, Scope("008"))
    assert stranger.recorder("N1") is None
    assert stranger.channels("N1") == [] and stranger.disks("N1") == []
    assert stranger.forecast("N1") == Forecast("cannot_tell", "no_disks")
    assert stranger.reader.doubts("N1") == []


def test_the_forecast_takes_the_last_reading_of_each_day_and_leaves_failed_disks_out(store: Store) -> None:
    for back in range(6, -1, -1):
        for hour, spare in ((0, 40), (3, 0)):
            free = (300 + 20 * back + spare) * 10**9
            disks = (DiskSeen("1", "healthy", "ok", TB, free), DiskSeen("2", "failed", "bad", TB, TB))
            look(store, NOON - back * DAY + timedelta(hours=hour) - timedelta(hours=3), disks=disks)
    found = sight(store).forecast("N1")
    assert (found.state, found.on_day) == ("falls_short", TODAY + 15 * DAY)  # 300 of 20 a day
    assert found.span_days == pytest.approx(50)


def test_a_full_recorder_is_foretold_from_its_calendar(store: Store) -> None:
    for back in range(5, -1, -1):
        at = NOON - back * DAY
        look(store, at, disks=(DiskSeen("1", "healthy", "ok", TB, 0),))
        first, today = local_day(at) - 100 * DAY, local_day(at)
        claims = [DayClaimed("C1", day, at, day >= first) for day in _days(TODAY - 110 * DAY, today - DAY)]
        take_in_batch(store, Batch(days_claimed=claims), now=lambda at=at: at)
    found = sight(store).forecast("N1")
    assert (found.state, found.span_days) == ("short_now", 100)


def test_a_stranger_is_shown_as_a_doubt(store: Store) -> None:
    look(store, NOON - DAY)
    look(store, NOON, serial_number="B2", channels=(ChannelSeen("01", address="192.0.2.99"),))
    assert sight(store).reader.doubts("N1") == [
        Doubt("camera_address", "N1/01", "192.0.2.31", "192.0.2.99"),
        Doubt("serial_number", "N1", "A1", "B2"),
    ]


def _days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]
