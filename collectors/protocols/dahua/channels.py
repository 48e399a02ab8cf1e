"""The channels in use: titles, enrolled cameras, whether they answer, and what is burned in (§6, §7)."""

from __future__ import annotations

import re

from collectors.answers import ChannelReading, Malformed
from collectors.device import Device
from collectors.protocols.dahua.errors import RejectedError
from collectors.protocols.dahua.remote import slots
from collectors.protocols.dahua.server import DahuaDevice, config, ours, told, told_config
from collectors.protocols.dahua.words import number, pairs, switch

_STATES = "/cgi-bin/LogicDeviceManager.cgi?action=getCameraState&uniqueChannels[0]=-1"
_LOSSES = "/cgi-bin/eventManager.cgi?action=getEventIndexes&code=VideoLoss"
_NO_LOSS = "Error: No Events"
_WORDS = {"Connected": True, "Unconnect": False, "Unconnected": False}
_TITLE = re.compile(r"ChannelTitle\[(\d{1,4})\]\.Name", re.ASCII)
_STATE = re.compile(r"states\[(\d{1,4})\]\.(channel|connectionState)", re.ASCII)
_LOSS = re.compile(r"channels\[\d{1,4}\]", re.ASCII)


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """All slots have titles, used or not; in use is where a camera is enrolled or answers, or the only one there is."""
    recorder = ours(device)
    matches = ((_TITLE.fullmatch(key), value) for key, value in config(recorder, "ChannelTitle").items())
    titles = {int(match[1]): value for match, value in matches if match}
    enrolled = slots(recorder) or {}
    states = told(recorder, "getCameraState", lambda: _ask(recorder, _STATES))
    online = _by_state(states or {})
    in_use = {place for place, slot in enrolled.items() if slot.in_use}
    in_use |= {place for place, is_online in online.items() if is_online and place not in enrolled}
    in_use |= set(titles) - set(enrolled) if len(titles) == 1 else set()
    if not in_use and not enrolled:
        raise Malformed(f"{recorder.address} does not tell which of its {len(titles)} channels are in use")
    if states is None:
        online = _by_picture(recorder, in_use)
    widgets = told_config(recorder, "VideoWidget") or {}
    return tuple(
        ChannelReading(
            str(place + 1),
            titles.get(place, ""),
            online.get(place),
            enrolled[place].address if place in enrolled else "",
            _is_burned_in(widgets, place, "TimeTitle"),
            _is_burned_in(widgets, place, "ChannelTitle"),
        )
        for place in sorted(in_use)
    )


def _ask(device: DahuaDevice, path: str) -> dict[str, str]:
    return pairs(device.text(path), device.source(path))


def _by_state(states: dict[str, str]) -> dict[int, bool | None]:
    """By channel counted from 0, joined by the value of `channel`: the list has its own order.

    What is not listed, or with another word, is not known.
    """
    entries: dict[str, dict[str, str]] = {}
    for key, value in states.items():
        match = _STATE.fullmatch(key)
        if match:
            entries.setdefault(match[1], {})[match[2]] = value
    online: dict[int, bool | None] = {}
    for entry in entries.values():
        place, is_online = number(entry.get("channel")), _WORDS.get(entry.get("connectionState", ""))
        if place is not None:
            online[place] = is_online if online.get(place, is_online) == is_online else None
    return online


def _by_picture(device: DahuaDevice, places: set[int]) -> dict[int, bool | None]:
    """Where states are not told: channels that have lost their picture. No answer to that says nothing of any."""
    lost = told(device, "VideoLoss", lambda: _losses(device))
    return {} if lost is None else {place: str(place) not in lost.values() for place in places}


def _losses(device: DahuaDevice) -> dict[str, str]:
    try:
        found = {key: value for key, value in _ask(device, _LOSSES).items() if _LOSS.fullmatch(key)}
    except RejectedError as answer:
        if answer.said == _NO_LOSS:  # the good answer is spelled like an error
            return {}
        raise
    if not found:
        raise Malformed(f"{device.source(_LOSSES)} lists no channel and does not say that there is none")
    return found


def _is_burned_in(widgets: dict[str, str], place: int, title: str) -> bool | None:
    """`EncodeBlend` is the recorded picture, `PreviewBlend` only the live one. Without a place: not known."""
    prefix = f"VideoWidget[{place}].{title}."
    is_on = switch(widgets.get(f"{prefix}EncodeBlend"))
    corners = [widgets.get(f"{prefix}Rect[{n}]") for n in range(4)]
    return None if is_on and corners == ["0"] * 4 else is_on
