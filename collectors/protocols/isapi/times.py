"""Device digits and instants.

Recorders write their wall clock with a `Z` glued on; cameras mean UTC by the same `Z` (fact sheet §6). *Device time*
is the wall clock read as Beijing time and expressed as naive UTC, so that true time = device time − clock offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.answers import ClockReading, Malformed
from collectors.device import Device
from collectors.protocols.isapi import interface
from collectors.xml import quoted, text_of
from data.periods import LOCAL_OFFSET

LONG_AGO = datetime(1970, 1, 1)
YEARS = range(1970, 2101)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The digits as written; `offset` only when the device printed one (`Z` is not an offset here)."""

    digits: datetime
    offset: timedelta | None = None

    @property
    def device_time(self) -> datetime:
        """Digits that are the wall clock: those of `localTime`, and those with a printed offset."""
        return self.digits - LOCAL_OFFSET


@dataclass(frozen=True, slots=True)
class TimeBase:
    """What the `Z` of a search means: device time = digits + `shift`."""

    shift: timedelta

    @classmethod
    def local(cls) -> TimeBase:
        return cls(-LOCAL_OFFSET)

    @classmethod
    def utc(cls, declared: timedelta) -> TimeBase:
        """UTC digits become wall clock by the offset the device itself declares."""
        return cls(declared - LOCAL_OFFSET)

    def device_time(self, stamp: Stamp) -> datetime:
        return stamp.digits + self.shift if stamp.offset is None else stamp.device_time

    def digits(self, device_time: datetime) -> datetime:
        return device_time - self.shift

    def written(self, device_time: datetime) -> str:
        return self.digits(device_time).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """The clock as read once: its reading, and the offset from UTC that the device declares for itself."""

    reading: ClockReading
    declared: timedelta

    @property
    def offset(self) -> timedelta:
        return timedelta(milliseconds=self.reading.offset_ms)


def parse(text: str, source: str) -> Stamp:
    """Malformed when `text` is not a time of this interface."""
    match = _STAMP.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        fraction = f".{match[3][:6]:0<6}" if match[3] else ""
        digits = datetime.fromisoformat(f"{match[1]}T{match[2]}{fraction}")
    except ValueError:
        raise Malformed(f"{source} gives '{quoted(text)}' where a time is expected") from None
    if digits.year not in YEARS:
        raise Malformed(f"{source} gives a time in the year {digits.year}")
    if match[4] is None:
        return Stamp(digits)
    offset = timedelta(hours=int(match[5]), minutes=int(match[6]))
    return Stamp(digits, -offset if match[4] == "-" else offset)


def read_clock(device: Device) -> DeviceClock:
    """Two looks at true time around one at the device's; its digits count, not the offset it prints."""
    before = device.now()
    root = interface.read(device, "/System/time", "Time")
    after = device.now()
    stamp = parse(text_of(root, "localTime"), interface.source_of(device, "/System/time"))
    middle = before + (after - before) / 2
    return DeviceClock(
        ClockReading(_whole_ms(stamp.device_time - middle), _whole_ms(after - before)),
        LOCAL_OFFSET if stamp.offset is None else stamp.offset,
    )


FRESH = timedelta(seconds=10)
"""One reading may both close a listing and open the next one: the clock is read first and last in each run."""


def opening_clock(device: Device) -> DeviceClock:
    """The reading that closed the listing before, if it was just made, else a new one."""
    kept = device.notes.get("closing_clock")
    if isinstance(kept, tuple) and timedelta(0) <= device.now() - kept[0] <= FRESH:
        clock: DeviceClock = kept[1]
        return clock
    return read_clock(device)


def closing_clock(device: Device) -> DeviceClock:
    clock = read_clock(device)
    device.notes["closing_clock"] = (device.now(), clock)
    return clock


def _whole_ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
