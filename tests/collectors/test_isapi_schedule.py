"""How the weekly schedule of a Hikvision recorder is read, and its calendar beside the search."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from collectors import xml
from collectors.answers import Malformed
from collectors.protocols import isapi
from collectors.protocols.isapi.schedule import mode_of
from collectors.simulator.http import Response
from collectors.simulator.isapi import Manners
from tests.collectors.in_process import plug
from tests.collectors.recorders import bench, held

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOON = datetime(2026, 10, 1, 4)
HOUR = timedelta(hours=1)


def action(starts: str, ends: str, mode: str = "CMR", record: str = "true") -> str:
    (day, at), (last_day, last_at) = starts.split(), ends.split()
    return (
        f"<ScheduleAction><ScheduleActionStartTime><DayOfWeek>{day}</DayOfWeek><TimeOfDay>{at}</TimeOfDay>"
        f"</ScheduleActionStartTime><ScheduleActionEndTime><DayOfWeek>{last_day}</DayOfWeek><TimeOfDay>{last_at}"
        f"</TimeOfDay></ScheduleActionEndTime><Actions><Record>{record}</Record>"
        f"<ActionRecordingMode>{mode}</ActionRecordingMode></Actions></ScheduleAction>"
    )


def week(ends: str, mode: str = "CMR", *, next_day: bool = False, starts: str = "00:00:00") -> str:
    return "".join(action(f"{day} {starts}", f"{DAYS[(n + next_day) % 7]} {ends}", mode) for n, day in enumerate(DAYS))


def mode(actions: str) -> str:
    body = f"<TrackSchedule><ScheduleBlockList>{actions}</ScheduleBlockList></TrackSchedule>"
    return mode_of(xml.parse(body.encode(), "the schedule"))


@pytest.mark.parametrize(
    "actions",
    [
        week("00:00:00", next_day=True),
        week("00:00:00"),
        week("24:00:00"),
        week("23:59:59"),
        week("23:59"),
        week("12:00:00") + week("24:00:00", starts="12:00:00"),
        action("Monday 00:00:00", "Sunday 24:00:00"),
        action("Wednesday 08:00:00", "Tuesday 08:00:00") + week("24:00:00"),
        week("24:00:00") + week("24:00:00", "MOTION"),
        week("24:00:00") + action("Sunday 12:00:00", "Sunday 13:00:00", "WHATEVER"),
    ],
)
def test_every_minute_of_the_week_is_continuous(actions: str) -> None:
    assert mode(actions) == "continuous"


@pytest.mark.parametrize(
    "actions",
    [
        week("24:00:00", "MOTION"),
        week("24:00:00", "lineDetection"),
        week("12:00:00") + week("24:00:00", "AllEvent", starts="12:00:00"),
        week("12:00:00", "ALARMANDMOTION"),
        action("Monday 00:00:00", "Monday 01:00:00", "EDR"),
    ],
)
def test_where_something_must_happen_it_is_event(actions: str) -> None:
    assert mode(actions) == "event"


@pytest.mark.parametrize("actions", ["", action("Monday 00:00:00", "Tuesday 00:00:00", record="false")])
def test_without_any_recording_it_is_off(actions: str) -> None:
    assert mode(actions) == "off"


@pytest.mark.parametrize(
    "actions",
    [
        week("18:00:00", starts="08:00:00"),
        week("24:00:00", "MANUAL"),
        week("12:00:00", "MOTION") + week("24:00:00", "MANUAL", starts="12:00:00"),
        week("12:00:00") + week("24:00:00", "", starts="12:00:00"),
        week("23:58:00"),
        week("24:00:00") + action("Monday 22:00:00", "Monday 06:00:00"),
        week("24:00:00") + action("Monday 22:00:00", "Tuesday 25:00:00"),
        week("24:00:00") + action("Funday 22:00:00", "Tuesday 02:00:00"),
        week("24:00:00").replace("<Record>true</Record>", "", 1),
        week("24:00:00").replace("<Record>true", "<Record>perhaps", 1),
        week("24:00:00").replace("ScheduleActionEndTime", "End", 2),
    ],
)
def test_what_is_not_clear_is_unknown(actions: str) -> None:
    assert mode(actions) == "unknown"


def test_the_holiday_block_is_not_the_week() -> None:
    assert mode(f"<HolidaySchedule>{week('24:00:00')}</HolidaySchedule>") == "off"
    assert mode(week("24:00:00") + f"<HolidaySchedule>{week('25:00:00', 'ALARM')}</HolidaySchedule>") == "continuous"


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        ("<Track><id>101</id><enableSchedule>true</enableSchedule></Track>", [("1", "unknown")]),
        ("<Track><id>101</id><TrackSchedule/></Track>", [("1", "unknown")]),
        ("<Track><id>101</id><enableSchedule>false</enableSchedule></Track>", [("1", "off")]),
        ("<Track><id>102</id><enableSchedule>false</enableSchedule></Track>", []),
        ("<Track><id>I-1</id><enableSchedule>false</enableSchedule></Track>", [("I-1", "off")]),
        (
            "<Track><id>101</id><enableSchedule>true</enableSchedule></Track>"
            "<Track><id>101</id><enableSchedule>false</enableSchedule></Track>",
            [("1", "unknown")],
        ),
        ("<Track><x><id>101</id></x></Track>", []),
    ],
)
def test_plans_of_odd_tracks(tracks: str, expected: list[tuple[str, str]]) -> None:
    world = bench([], NOON)
    world.wire = plug(world.device, lambda _: Response(200, f"<TrackList>{tracks}</TrackList>".encode()))
    assert [(plan.channel, plan.mode) for plan in isapi.plans(world.device)] == expected


def test_an_empty_day_that_the_calendar_calls_recorded_is_in_doubt_and_its_neighbours_are_not() -> None:
    midnight = datetime(2026, 9, 27, 16)
    manners = Manners(wrong_days=frozenset({date(2026, 9, 28)}))
    world = bench(
        [(midnight - 72 * HOUR, midnight - HOUR)], NOON, manners=manners, clock_steps=((datetime(2000, 1, 1), 27_000),)
    )
    answers = world.footage(midnight - 24 * HOUR, midnight + 48 * HOUR)
    doubtful = [answer for answer in answers if answer.outcome != "ok"]
    assert [(answer.outcome, answer.complete) for answer in doubtful] == [("malformed", False)]
    assert doubtful[0].covers_from == midnight - timedelta(seconds=27)
    assert doubtful[0].covers_to == midnight + 24 * HOUR - timedelta(seconds=27)
    assert held(answers) == [(midnight - 24 * HOUR, midnight - HOUR)]


def test_a_day_that_is_empty_from_its_first_instant_is_compared_with_the_calendar() -> None:
    midnight = datetime(2026, 9, 27, 16)
    world = bench([(midnight - 72 * HOUR, midnight)], NOON, manners=Manners(wrong_days=frozenset({date(2026, 9, 28)})))
    answers = world.footage(midnight, midnight + 24 * HOUR)
    assert [(answer.outcome, answer.covers_from) for answer in answers] == [("malformed", midnight)]


def test_an_empty_day_without_a_calendar_is_denied() -> None:
    world = bench([(NOON - 200 * HOUR, NOON - 100 * HOUR)], NOON, manners=Manners(missing=("dailyDistribution",)))
    answers = world.footage(NOON - 90 * HOUR, NOON - 10 * HOUR)
    assert [(answer.outcome, answer.complete, answer.spans) for answer in answers] == [("ok", True, ())]
    with pytest.raises(Malformed, match="not known to the device"):
        isapi.days_held(world.device, "1", date(2026, 9, 1), date(2026, 9, 2))


@pytest.mark.parametrize("channel", ["", "0", "1/../x", "机位"])
def test_a_calendar_of_what_is_no_channel_is_not_asked(channel: str) -> None:
    world = bench([], NOON)
    with pytest.raises(Malformed):
        isapi.days_held(world.device, channel, date(2026, 9, 1), date(2026, 9, 2))
    assert world.wire.asked == []


def test_no_days_are_held_of_a_period_that_ends_before_it_begins() -> None:
    world = bench([], NOON)
    assert isapi.days_held(world.device, "1", date(2026, 9, 2), date(2026, 9, 1)) == frozenset()
