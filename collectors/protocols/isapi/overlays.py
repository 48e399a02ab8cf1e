"""Whether time and channel name are set to be burned into the picture (fact sheet §12).

For cameras on the network most recorders do not tell: the setting lives in the camera. Channels that were refused are
left alone for a week.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from lxml import etree

from collectors import xml
from collectors.answers import DeviceFailure, Refused, Unreachable
from collectors.device import Device
from collectors.protocols.isapi import interface

UNTOLD_KEY = "overlays_untold"
"""When, and of which channels, the device last refused to tell: `2026-10-01T04:00:00 1,2,3`."""
ASK_AGAIN = timedelta(days=7)
PATIENCE = 2
"""Given up after so many questions without a reply: each may cost half a minute."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """None: the device did not say."""

    time: bool | None = None
    name: bool | None = None


def read(device: Device, numbers: Iterable[str]) -> dict[str, Overlay]:
    """What is set for each of the channels that the device numbers so; those that it does not tell are left out."""
    since, untold = _untold(device)
    found: dict[str, Overlay] = {}
    patience = PATIENCE
    for number in numbers:
        if number in untold or patience == 0:
            continue
        try:
            root = interface.read(
                device, f"/System/Video/inputs/channels/{quote(number, safe='')}/overlays", "VideoOverlay"
            )
            found[number] = Overlay(_switch(root, "DateTimeOverlay"), _name(root))
        except Unreachable:
            patience -= 1
        except DeviceFailure as failure:
            if isinstance(failure, Refused) and failure.definitive:
                raise
            untold.add(number)
    if untold:
        device.memory[UNTOLD_KEY] = f"{since.isoformat()} {','.join(sorted(untold))}"
    return found


def _untold(device: Device) -> tuple[datetime, set[str]]:
    stamp, _, numbers = device.memory.get(UNTOLD_KEY, "").partition(" ")
    try:
        since = datetime.fromisoformat(stamp)
    except ValueError:
        return device.now(), set()
    return (since, set(numbers.split(","))) if device.now() - since < ASK_AGAIN else (device.now(), set())


def _switch(root: etree._Element, name: str) -> bool | None:
    element = next(xml.each(root, name), None)
    if element is None:
        return None
    return {"true": True, "false": False}.get(xml.text_of(element, "enabled").lower())


def _name(root: etree._Element) -> bool | None:
    """A line of free text may carry the name as well, so it alone settles nothing."""
    is_set = _switch(root, "channelNameOverlay")
    has_text = any(
        xml.text_of(line, "enabled").lower() == "true" and xml.text_of(line, "displayText")
        for line in xml.each(root, "TextOverlay")
    )
    return None if has_text and not is_set else is_set
