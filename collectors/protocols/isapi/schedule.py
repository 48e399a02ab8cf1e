"""One track's weekly schedule as intervals of the week (fact sheet §9).

A whole day runs from Monday 00:00 to Tuesday 00:00 on most devices and from Monday 00:00 to Monday 00:00 on others;
Sunday ends on Monday. What stands in the holiday block is no part of the normal week.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from collectors import xml
from collectors.answers import PlanMode
from collectors.intervals import Interval, merged, without

CONTINUOUS = "cmr"
EVENTS = {"motion", "alarm", "edr", "alarmormotion", "alarmandmotion", "allevent", "event", "smart", "vca", "pir"}
_SMART = ("detection", "event", "region", "motion", "alarm")
"""Parts of the many names that devices give to what their cameras recognise."""

WEEK = (datetime(2001, 1, 1), datetime(2001, 1, 8))
"""Any week that starts on a Monday."""
SEAM = timedelta(seconds=60)
"""A plan that ends its days at 23:59 or 23:59:59 leaves nothing out."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?Z?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Action:
    """What is recorded in a part of the week; `kind` is unknown for a word we do not know."""

    starts: datetime
    ends: datetime
    kind: PlanMode


class UnclearScheduleError(ValueError):
    """The schedule can be read in more than one way, or not at all."""


def mode_of(schedule: etree._Element) -> PlanMode:
    """Continuous: every minute of the week. Event: part of the week only when something happens. Off: never.

    A plan that records continuously for part of the week and not at all for the rest is none of these: unknown.
    """
    try:
        actions = list(_actions(schedule))
    except UnclearScheduleError:
        return "unknown"
    if not actions:
        return "off"
    if not _holes(action for action in actions if action.kind == "continuous"):
        return "continuous"
    kinds = {action.kind for action in actions}
    if "unknown" in kinds:
        return "unknown"
    return "event" if "event" in kinds else "unknown"


def _holes(actions: Iterable[Action]) -> list[Interval]:
    parts = [part for action in actions for part in _in_week(action)]
    return [hole for hole in without([WEEK], merged(parts)) if hole[1] - hole[0] > SEAM]


def _in_week(action: Action) -> Iterator[Interval]:
    """The action, and again a week earlier for what runs beyond Sunday midnight."""
    yield action.starts, min(action.ends, WEEK[1])
    if action.ends > WEEK[1]:
        yield WEEK[0], min(action.ends - _WEEK, WEEK[1])


def _actions(schedule: etree._Element) -> Iterator[Action]:
    for element in xml.each(schedule, "ScheduleAction"):
        if any(xml.local_name(above) == "HolidaySchedule" for above in element.iterancestors()):
            continue
        records = xml.text_of(element, "Record").lower()
        if records == "false":
            continue
        if records != "true":
            raise UnclearScheduleError
        starts, ends = _instant(element, "ScheduleActionStartTime"), _instant(element, "ScheduleActionEndTime")
        yield Action(starts, _end_after(starts, ends), _kind(xml.text_of(element, "ActionRecordingMode")))


def _end_after(starts: datetime, ends: datetime) -> datetime:
    if ends == starts:
        return starts + _DAY
    if ends > starts:
        return ends
    if ends.date() == starts.date():
        raise UnclearScheduleError
    return ends + _WEEK


def _instant(action: etree._Element, name: str) -> datetime:
    element = next(xml.each(action, name), None)
    if element is None:
        raise UnclearScheduleError
    day = xml.text_of(element, "DayOfWeek").lower()
    clock = _CLOCK.fullmatch(xml.text_of(element, "TimeOfDay"))
    if day not in _NAMES or clock is None:
        raise UnclearScheduleError
    passed = timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))
    if passed > _DAY:
        raise UnclearScheduleError
    return WEEK[0] + _NAMES.index(day) * _DAY + passed


def _kind(word: str) -> PlanMode:
    name = word.lower()
    if name == CONTINUOUS:
        return "continuous"
    return "event" if name in EVENTS or any(part in name for part in _SMART) else "unknown"
