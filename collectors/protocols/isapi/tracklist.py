"""What each channel is set to record, from the schedule of its main track (fact sheet §9)."""

from __future__ import annotations

from lxml import etree

from collectors import xml
from collectors.answers import PlanMode, PlanReading
from collectors.device import Device
from collectors.protocols.isapi import interface
from collectors.protocols.isapi.schedule import mode_of
from collectors.protocols.isapi.tracks import channel_of

PATH = "/ContentMgmt/record/tracks"


def read(device: Device) -> tuple[PlanReading, ...]:
    """One reading per main track; a track listed twice with different plans is unknown."""
    modes: dict[str, PlanMode] = {}
    for track in xml.each(interface.read(device, PATH, "TrackList"), "Track"):
        channel = channel_of(_own(track, "id"))
        if channel:
            mode = _mode(track)
            modes[channel] = mode if modes.get(channel, mode) == mode else "unknown"
    return tuple(PlanReading(channel, mode) for channel, mode in modes.items())


def _mode(track: etree._Element) -> PlanMode:
    """`enableSchedule` is the switch; `Enable` says false whatever is set, and the default mode nothing at all."""
    switch = xml.text_of(track, "enableSchedule").lower()
    schedule = next(track.iterchildren("{*}TrackSchedule"), None)
    if switch == "false":
        return "off"
    if switch != "true" or schedule is None:
        return "unknown"
    return mode_of(schedule)


def _own(track: etree._Element, name: str) -> str:
    """The text of a child: blocks and actions have an `id` too."""
    found = next(track.iterchildren(f"{{*}}{name}"), None)
    return "" if found is None else (found.text or "").strip()
