"""The device's clock and its stamps (fact sheet §6).

*Device time* is what the device takes for UTC, so true time = device time - clock offset. Some firmware writes its wall
clock into the field for UTC; such a clock is right all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from collectors import http_date
from collectors.answers import ClockReading, Malformed
from collectors.device import Device
from collectors.protocols.onvif import setbacks
from collectors.protocols.onvif.soap import NotAuthorizedError, answer_of
from collectors.protocols.onvif.transport import DEVICE_PATH, exchange
from collectors.xml import each, quoted, text_of
from data.periods import LOCAL_OFFSET

LOCAL_FIELD_KEY = "utc_field_is_local"
YEARS = range(1970, 2101)
NEAR, NEAR_WHEN_KNOWN = timedelta(minutes=1), timedelta(hours=1)
SAME = timedelta(seconds=2)
FRESH = timedelta(seconds=10)
"""One reading may both close a listing and open the next one: the clock is read first and last in each run."""
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?", re.ASCII | re.IGNORECASE
)
_ZONE = re.compile(r"(?:<[^>]+>|[A-Za-z]+)([+-]?)(\d{1,2})(?::(\d\d))?(?::\d\d)?", re.ASCII)
_BACKWARDS = ("GMT+", "UTC+", "GMT-", "UTC-")
_PARTS = ("Year", "Month", "Day", "Hour", "Minute", "Second")
_ASK = "GetSystemDateAndTime"
_OFFSET_NOTE, _CLOSING_NOTE = "token_offset", "closing_clock"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The digits as written, or the instant itself when the device printed an offset other than `Z`."""

    digits: datetime
    is_absolute: bool = False


def parse(text: str, source: str) -> Stamp:
    """Malformed when `text` is no time; a missing `Z` is taken as written."""
    match = _STAMP.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        digits = datetime.fromisoformat(f"{match[1]}T{match[2]}.{(match[3] or '0')[:6]:0<6}")
    except ValueError:
        raise Malformed(f"{source} gives '{quoted(text)}' where a time is expected") from None
    if digits.year not in YEARS:
        raise Malformed(f"{source} gives a time in the year {digits.year}")
    if match[4] is None:
        return Stamp(digits)
    offset = timedelta(hours=int(match[5]), minutes=int(match[6]))
    return Stamp(digits + offset if match[4] == "-" else digits - offset, is_absolute=True)


def read_clock(device: Device) -> ClockReading:
    """Two looks at true time around one at the device's. The call needs no login; where it does, it gets one."""
    source = f"{device.address}{DEVICE_PATH} ({_ASK})"
    before = device.now()
    reply = exchange(device, DEVICE_PATH, "device", _ASK, created=None)
    try:
        answer = answer_of(reply, _ASK, source)
    except NotAuthorizedError as refusal:
        if device.secret is None or not refusal.by_fault:
            raise
        reply = exchange(device, DEVICE_PATH, "device", _ASK, created=before + token_offset(device))
        answer = answer_of(reply, _ASK, source)
    after = device.now()
    written = _utc(answer) or http_date.date_of(reply, source)
    middle = before + (after - before) / 2
    device.notes[_OFFSET_NOTE] = written - middle
    _learn_field(device, answer, written, middle)
    shift = LOCAL_OFFSET if LOCAL_FIELD_KEY in device.memory else timedelta(0)
    setbacks.note(device.memory, after, written - shift - middle)
    return ClockReading(_whole_ms(written - shift - middle), _whole_ms(after - before))


def token_offset(device: Device) -> timedelta:
    """The clock as the device writes it minus true time; zero while the device tells its time to nobody."""
    if _OFFSET_NOTE not in device.notes:
        device.notes[_OFFSET_NOTE] = timedelta(0)
        read_clock(device)
    offset = device.notes[_OFFSET_NOTE]
    assert isinstance(offset, timedelta)
    return offset


def opening_clock(device: Device) -> ClockReading:
    """The reading that closed the listing before, if it was just made, else a new one."""
    kept = device.notes.get(_CLOSING_NOTE)
    if isinstance(kept, tuple) and timedelta(0) <= device.now() - kept[0] <= FRESH:
        reading: ClockReading = kept[1]
        return reading
    return read_clock(device)


def closing_clock(device: Device) -> ClockReading:
    reading = read_clock(device)
    device.notes[_CLOSING_NOTE] = (device.now(), reading)
    return reading


def _utc(answer: etree._Element) -> datetime | None:
    utc, local, zone = _moment(answer, "UTCDateTime"), _moment(answer, "LocalDateTime"), _zone(answer)
    if utc is not None or local is None or zone is None:
        return utc
    return local - zone


def _moment(answer: etree._Element, name: str) -> datetime | None:
    """None when the device left it out or wrote what is no date."""
    found = next(each(answer, name), None)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(text_of(found, part)) for part in _PARTS)
        moment = datetime(year, month, day, hour, minute, second)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None


def _zone(answer: etree._Element) -> timedelta | None:
    """East of Greenwich. POSIX counts westwards (`CST-8`), but `GMT+8` is written both ways; neither is summer time."""
    text = text_of(answer, "TZ")
    match = _ZONE.match(text)
    is_summer = text_of(answer, "DaylightSavings").lower() in ("true", "1")
    if match is None or is_summer or text.upper().startswith(_BACKWARDS):
        return None
    west = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return west if match[1] == "-" else -west


def _learn_field(device: Device, answer: etree._Element, written: datetime, truth: datetime) -> None:
    """Local time stands in the field for UTC: it says the same as the local field, or is eight hours ahead of truth."""
    local = _moment(answer, "LocalDateTime")
    if local is not None and abs(local - written - LOCAL_OFFSET) <= SAME:
        device.memory.pop(LOCAL_FIELD_KEY, None)  # both fields are right, whatever the hour
        return
    same_fields = local is not None and abs(local - written) <= SAME and _zone(answer) == LOCAL_OFFSET
    near = NEAR_WHEN_KNOWN if LOCAL_FIELD_KEY in device.memory else NEAR
    if same_fields or abs(written - truth - LOCAL_OFFSET) <= near:
        device.memory[LOCAL_FIELD_KEY] = "true"
    else:
        device.memory.pop(LOCAL_FIELD_KEY, None)


def _whole_ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
