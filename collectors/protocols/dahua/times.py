"""The device's clock, and what needs it. *Device time* is its wall clock read as Beijing time, as naive UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from collectors.answers import ClockReading, Malformed
from collectors.device import Device
from collectors.protocols.dahua.server import DahuaDevice, number_of, ours
from collectors.protocols.dahua.words import device_time, pairs, written
from collectors.xml import quoted

CLOCK = "/cgi-bin/global.cgi?action=getCurrentTime"
FRESH = timedelta(seconds=10)
"""One reading may both close a listing and open the next one: the clock is read first and last in each run."""
RTSP_PORT = 554
PLAYED = timedelta(seconds=60)
"""A playback ends by itself after that, however long it takes to notice the first key frame."""
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    read_at: datetime
    reading: ClockReading


def clock(device: Device) -> ClockReading:
    """Two looks at true time around one at the device's."""
    recorder = ours(device)
    before = recorder.now()
    text = recorder.text(CLOCK)
    after = recorder.now()
    shown = pairs(text, recorder.source(CLOCK)).get("result", "")
    at = device_time(shown)
    if at is None:
        raise Malformed(f"{recorder.source(CLOCK)} gives '{quoted(shown)}' where the time is expected")
    middle = before + (after - before) / 2
    return ClockReading(round((at - middle) / _MILLISECOND), round((after - before) / _MILLISECOND))


def opening_offset(device: DahuaDevice) -> timedelta:
    """From the reading that closed the listing before, if it was just made, else from a new one."""
    kept = device.notes.get("closing_clock")
    if isinstance(kept, _Kept) and timedelta(0) <= device.now() - kept.read_at <= FRESH:
        return _offset(kept.reading)
    return _offset(clock(device))


def closing_offset(device: DahuaDevice) -> timedelta:
    reading = clock(device)
    device.notes["closing_clock"] = _Kept(device.now(), reading)
    return _offset(reading)


def playback_url(device: Device, channel: str, at: datetime) -> str:
    """Main stream over RTSP, which has its own port and counts channels from 1; the login is the caller's to add.

    Times are the device's wall clock, written `2026_10_01_12_00_00`, as its vendor documents them.
    """
    recorder, number = ours(device), number_of(channel)
    from_at = at + opening_offset(recorder)
    start, end = (_underscored(each) for each in (from_at, from_at + PLAYED))
    host = urlsplit(recorder.address).hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"rtsp://{host}:{RTSP_PORT}/cam/playback?channel={number}&subtype=0&starttime={start}&endtime={end}"


def _underscored(at: datetime) -> str:
    return written(at).replace("-", "_").replace(" ", "_").replace(":", "_")


def _offset(reading: ClockReading) -> timedelta:
    return reading.offset_ms * _MILLISECOND
