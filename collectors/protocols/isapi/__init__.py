"""Hikvision recorders and cameras over ISAPI: read only, one request at a time.

The channel is the number shown in the recorder's own menu: `3` is asked as track 301, its main stream. A number from
101 on is taken as a track id (`302`: sub stream), a text that is no number likewise, as some hybrid recorders use
`I-1`. Footage kept for evidence is on the main stream.

Kept in the device's memory: `search_form` (spelling of the search it accepts), `paging` (`cursor`: it ignores
positions), `z_means` (`local` or `utc`), `z_probed_at`, `z_utc_end` (why it may be UTC), `firmware`, `device_type`. A
change of firmware, noticed by `describe`, clears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from collectors.answers import ClockReading, Description, FootageAnswer, Malformed
from collectors.device import Device, Secret
from collectors.digest import Credentials
from collectors.protocols.isapi import identity
from collectors.protocols.isapi.errors import is_locked
from collectors.protocols.isapi.session import Session
from collectors.protocols.isapi.times import opening_clock, read_clock


def open_device(address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]) -> Device:
    auth = Credentials(secret.user, secret.password, hopeless=is_locked) if secret else None
    return Device(address, now=now, auth=auth, secret=secret, memory=memory)


def describe(device: Device) -> Description:
    return identity.read(device)


def clock(device: Device) -> ClockReading:
    return read_clock(device).reading


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that together cover the window up to now; nothing for a window that lies in the future.

    The last piece ends where footage was indexed to, at most five minutes ago; the rest is left to the next poll. Each
    piece carries the clock offset it was read with. A device that answered nothing at all raises its failure.
    """
    track = track_of(channel)
    session = Session(device, track, opening_clock(device))
    yield from session.answers(covers_from, covers_to)


def track_of(channel: str) -> str:
    """Main track of a channel number below 101; anything else is a track id already."""
    text = channel.strip()
    if not text or text == "0":
        raise Malformed(f"'{channel}' is no channel; register the number shown in the recorder's menu, from 1")
    if text.isascii() and text.isdigit() and int(text) <= 100:
        return f"{int(text)}01"
    return text
