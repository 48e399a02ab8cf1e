"""Which days of a month a track holds footage of, as the device's own calendar says (fact sheet §8).

The days are those of the device's own clock. A month lists up to 31 days whatever its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from lxml import etree

from collectors import xml
from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.device import Device
from collectors.intervals import Interval
from collectors.protocols.isapi import interface
from collectors.protocols.isapi.doubts import Doubt
from data.periods import Month, day_ends_at, day_starts_at, local_day


def days_held(device: Device, track: str, first_day: date, last_day: date) -> frozenset[date]:
    """The days from `first_day` to `last_day`, both included, that the device says it holds any footage of."""
    held: set[date] = set()
    month = Month.of(first_day)
    while month.first_day <= last_day:
        wanted = [day for day in month.days if first_day <= day <= last_day]
        said = read_month(device, track, month)
        unsaid = [day for day in wanted if day not in said]
        if unsaid:
            raise Malformed(
                f"{interface.source_of(device, _path(track))} says nothing about {unsaid[0]} in its calendar of {month}"
            )
        held.update(day for day in wanted if said[day])
        month = Month.of(month.next_first_day)
    return frozenset(held)


def read_month(device: Device, track: str, month: Month) -> dict[date, bool]:
    """Whether each day holds footage; a day is missing when the device does not say."""
    body = (
        f"<trackDailyParam><year>{month.year:04d}</year><monthOfYear>{month.number:02d}</monthOfYear></trackDailyParam>"
    )
    root = interface.query(device, _path(track), body, "trackDailyDistribution")
    source = interface.source_of(device, _path(track))
    days = {day.day: day for day in month.days}
    said: dict[date, bool] = {}
    for entry in xml.each(root, "day"):
        number = xml.text_of(entry, "dayOfMonth")
        day = days.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 3 else None
        if day is None:
            continue
        records = _truth(entry, source)
        if said.setdefault(day, records) != records:
            raise Malformed(f"{source} says both yes and no about {day}")
    return said


def contradictions(device: Device, track: str, silent: list[Interval], window: Interval) -> Iterator[Doubt]:
    """Whole days that the listing leaves empty and the calendar calls recorded: neither is then believed.

    `silent` are stretches of device time listed without footage; only days that touch `window` matter. A calendar that
    cannot be had is no contradiction.
    """
    days = [day for stretch in silent for day in _whole_days(stretch) if _touches(day, window)]
    for month, its_days in groupby(sorted(days), Month.of):
        try:
            said = read_month(device, track, month)
        except DeviceFailure as failure:
            if isinstance(failure, Refused) and failure.definitive:
                raise
            return
        reason = "the calendar of the device says that it holds footage of this day, but the search lists none"
        yield from (Doubt((day_starts_at(day), day_ends_at(day)), reason) for day in its_days if said.get(day))


def _whole_days(stretch: Interval) -> Iterator[date]:
    day = local_day(stretch[0] - timedelta.resolution) + timedelta(days=1)
    while day_ends_at(day) <= stretch[1]:
        yield day
        day += timedelta(days=1)


def _touches(day: date, window: Interval) -> bool:
    return day_starts_at(day) < window[1] and day_ends_at(day) > window[0]


def _path(track: str) -> str:
    if not (track.isascii() and track.replace("-", "").isalnum()):
        raise Malformed(f"'{xml.quoted(track)}' is no track; register the number shown in the recorder's menu, from 1")
    return f"/ContentMgmt/record/tracks/{track}/dailyDistribution"


def _truth(entry: etree._Element, source: str) -> bool:
    word = xml.text_of(entry, "record").lower()
    if word not in ("true", "false"):
        raise Malformed(f"{source} gives '{xml.quoted(word)}' where true or false is expected")
    return word == "true"
