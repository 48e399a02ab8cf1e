"""Searches by the number a person knows, whichever way the device counts, and tells nothing from no such channel.

Recorders are asked from 1 and answer from 0; cameras may be asked from 0. Only rows tell which: asked with the wrong
number, a device may truthfully find nothing. So as long as it is not known, both numbers must come back empty.
"""

from __future__ import annotations

from dataclasses import replace

from collectors.answers import Malformed
from collectors.intervals import Interval
from collectors.protocols.dahua.finder import FINDER_KEY, Found, find
from collectors.protocols.dahua.remote import is_in_use
from collectors.protocols.dahua.server import DahuaDevice


def search(device: DahuaDevice, channel: int, window: Interval) -> Found:
    """All rows of `channel` (from 1) in `window` (device time). No rows and no doubt: there is no footage."""
    base = device.memory.get(_key(channel))
    if base not in ("0", "1"):
        return _learn(device, channel, window)
    found = find(device, channel - 1 + int(base), window)
    if found is None:
        return _nothing(device, channel)
    own = replace(found, rows=tuple(row for row in found.rows if row.channel == channel - 1))
    if found.rows and not own.rows:
        del device.memory[_key(channel)]
        raise _foreign(device, channel, found)
    return own


def _learn(device: DahuaDevice, channel: int, window: Interval) -> Found:
    first = find(device, channel, window)
    listed = _channels(first)
    if listed == {channel - 1}:
        return _learned(device, channel, "1", first)
    if listed not in (set(), {channel}):
        raise _foreign(device, channel, first)
    second = find(device, channel - 1, window)
    others = _channels(second)
    if others == {channel - 1} or (listed and not others):
        return _learned(device, channel, "0", second)
    if listed or others not in (set(), {channel - 2}):
        raise _foreign(device, channel, second)
    if first is None or (second is None and not others):
        return _nothing(device, channel)
    if second is not None and second.doubt and not others:
        return Found(doubt=second.doubt)
    return first


def _learned(device: DahuaDevice, channel: int, base: str, found: Found | None) -> Found:
    device.memory[_key(channel)] = base
    return _nothing(device, channel) if found is None else found


def _nothing(device: DahuaDevice, channel: int) -> Found:
    """The device answered `Error`. That is an empty answer only for a channel that is there."""
    in_use = is_in_use(device, channel)
    is_known = in_use is None and _key(channel) in device.memory
    if FINDER_KEY in device.memory and (in_use or is_known):
        return Found()
    raise Malformed(
        f"{device.address} finds nothing or has no channel {channel}, and does not tell which; check the channel number"
    )


def _channels(found: Found | None) -> set[int]:
    return {row.channel for row in found.rows} if found else set()


def _foreign(device: DahuaDevice, channel: int, found: Found | None) -> Malformed:
    others = ", ".join(str(number + 1) for number in sorted(_channels(found))[:4])
    return Malformed(f"asked for channel {channel}, {device.address} listed channel {others}; check the channel number")


def _key(channel: int) -> str:
    return f"base_{channel}"
