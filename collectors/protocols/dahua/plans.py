"""What is set to be recorded: `RecordMode` decides, and where it says so, the weekly plan of `Record` (§6)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from collectors.answers import PlanMode, PlanReading
from collectors.device import Device
from collectors.intervals import Interval, merged
from collectors.protocols.dahua.server import config, ours, told_config
from collectors.protocols.dahua.words import number

BY_PLAN, ALWAYS, OFF = "0", "1", "2"
TIMING = 1
"""The bit of a section's mask that means recording all the time; the others are kinds of events."""
_MODE = re.compile(r"RecordMode\[(\d{1,4})\]\.Mode", re.ASCII)
_SECTION = re.compile(r"(\d{1,5}) +(\d{1,2}):(\d{2}):(\d{2})-(\d{1,2}):(\d{2}):(\d{2})", re.ASCII)
_KEY = re.compile(r"Record\[(\d{1,4})\]\.TimeSection\[(\d)\]\[\d{1,2}\]", re.ASCII)
WEEK = range(7)
"""Sunday to Saturday; 7 are holidays, which are days of the week as well."""
_SECOND = timedelta(seconds=1)
_MIDNIGHT = datetime(2000, 1, 1)
_LAST_SECOND = _MIDNIGHT + timedelta(days=1) - _SECOND

Week = dict[int, list[str]]
"""The sections as written, by day."""


def plans(device: Device) -> tuple[PlanReading, ...]:
    recorder = ours(device)
    modes = {m[1]: value for key, value in config(recorder, "RecordMode").items() if (m := _MODE.fullmatch(key))}
    weeks: dict[str, Week] = {}
    if BY_PLAN in modes.values():
        for key, value in (told_config(recorder, "Record") or {}).items():
            if (m := _KEY.fullmatch(key)) and int(m[2]) in WEEK:
                weeks.setdefault(m[1], {}).setdefault(int(m[2]), []).append(value)
    return tuple(
        PlanReading(str(int(place) + 1), _mode(modes[place], weeks.get(place, {}))) for place in sorted(modes, key=int)
    )


def _mode(mode: str, week: Week) -> PlanMode:
    if mode in (ALWAYS, OFF):
        return "continuous" if mode == ALWAYS else "off"
    if mode != BY_PLAN or set(week) != set(WEEK):
        return "unknown"
    days = [[_section(text) for text in sections] for sections in week.values()]
    sections = [section for day in days for section in day if section is not None]
    if len(sections) < sum(map(len, days)):
        return "unknown"
    if all(_is_whole(part for mask, part in filter(None, day) if mask & TIMING) for day in days):
        return "continuous"
    masks = {mask for mask, part in sections if part[0] < part[1]}
    if not any(masks):
        return "off"
    return "unknown" if any(mask & TIMING for mask in masks) else "event"


def _section(text: str) -> tuple[int, Interval] | None:
    match = _SECTION.fullmatch(text)
    mask = number(match[1]) if match else None
    if match is None or mask is None:
        return None
    start, end = (
        _MIDNIGHT + timedelta(hours=int(match[n]), minutes=int(match[n + 1]), seconds=int(match[n + 2])) for n in (2, 5)
    )
    return mask, (start, end)


def _is_whole(parts: object) -> bool:
    """Whole days end at 23:59:59 or 24:00:00, and sections within a day likewise."""
    whole = merged(parts, _SECOND)  # type: ignore[arg-type]
    return len(whole) == 1 and whole[0][0] == _MIDNIGHT and whole[0][1] >= _LAST_SECOND
