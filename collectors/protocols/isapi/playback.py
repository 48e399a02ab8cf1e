"""Where one picture of a past instant can be fetched."""

from __future__ import annotations

from datetime import datetime, timedelta

from collectors.answers import Malformed
from collectors.device import Device
from collectors.protocols.isapi import addresses, timebase
from collectors.protocols.isapi.times import opening_clock

LENGTH = timedelta(seconds=10)
"""Long enough for a key frame; an address without an end would play to the end of the footage."""


def address(device: Device, track: str, at: datetime) -> str:
    """The stream of `track` from `at` (true time), in the digits that this device means; no credentials in it."""
    clock = opening_clock(device)
    if at >= device.now():
        raise Malformed(f"{device.address} cannot play {at:%Y-%m-%d %H:%M:%S} UTC, which has not passed yet")
    found = timebase.find(device, clock, track)
    if not found.certain:
        raise Malformed(f"{device.address} cannot be asked to play: {found.note}")
    starts = found.base.digits((at + clock.offset).replace(microsecond=0))
    return addresses.playback(device, track, starts, starts + LENGTH)
