"""Channels in use and whether their cameras can be reached (fact sheet §10).

A recorder lists the cameras on the network that it records, a hybrid or analogue one also its own inputs, a camera
only its own input. Online says nothing about recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from lxml import etree

from collectors import xml
from collectors.answers import ChannelReading, DeviceFailure, Malformed, Refused
from collectors.device import Device
from collectors.protocols.isapi import interface, overlays
from collectors.protocols.isapi.errors import RequestRejectedError, UnknownResourceError
from collectors.protocols.isapi.identity import is_camera
from collectors.protocols.isapi.tracks import channel_of_number

PROXIES = "/ContentMgmt/InputProxy/channels"
INPUTS = "/System/Video/inputs/channels"
NO_VIDEO = "no video"
LONGEST_NAME = 80


def read(device: Device) -> tuple[ChannelReading, ...]:
    """One reading per channel; numbers that network cameras and own inputs share say nothing about either."""
    proxies, inputs = _told(device, PROXIES, "InputProxyChannelList"), _told(device, INPUTS, "VideoInputChannelList")
    if isinstance(proxies, DeviceFailure) and isinstance(inputs, DeviceFailure):
        raise proxies
    found = [] if isinstance(proxies, DeviceFailure) else _proxied(device, proxies)
    if not isinstance(inputs, DeviceFailure):
        found += _own(device, inputs, is_only=not found)
    readings: dict[str, ChannelReading] = {}
    for number, reading in found:
        readings[number] = ChannelReading(reading.channel) if number in readings else reading
    return tuple(_with_overlays(device, readings))


def _told(device: Device, path: str, root: str) -> etree._Element | DeviceFailure:
    """The list, or why this kind of device or this account does not give it."""
    try:
        return interface.read(device, path, root)
    except Refused as refusal:
        if refusal.definitive:
            raise
        return refusal
    except (UnknownResourceError, RequestRejectedError) as unknown:
        return unknown


def _proxied(device: Device, listed: etree._Element) -> list[tuple[str, ChannelReading]]:
    source = interface.source_of(device, PROXIES)
    elements = [(_number(element, source), element) for element in xml.each(listed, "InputProxyChannel")]
    states = _states(device, [number for number, _ in elements])
    return [
        (number, ChannelReading(channel_of_number(number), _name(element), states.get(number), _address(element)))
        for number, element in elements
    ]


def _own(device: Device, listed: etree._Element, *, is_only: bool) -> list[tuple[str, ChannelReading]]:
    """Inputs of the device itself. The picture of a camera that answers is there unless it says otherwise."""
    source = interface.source_of(device, INPUTS)
    elements = [(_number(element, source), element) for element in xml.each(listed, "VideoInputChannel")]
    unsaid = True if elements and is_only and is_camera(device) else None
    return [
        (number, ChannelReading(channel_of_number(number), _name(element), _has_video(element, unsaid)))
        for number, element in elements
    ]


def _has_video(element: etree._Element, unsaid: bool | None) -> bool | None:
    if xml.text_of(element, "videoInputEnabled").lower() == "false":
        return False
    said = xml.text_of(element, "resDesc").lower()
    return said != NO_VIDEO if said else unsaid


def _states(device: Device, numbers: Sequence[str]) -> dict[str, bool]:
    """Channel by channel where the firmware has no list; nothing where it does not tell at all."""
    listed = _told(device, f"{PROXIES}/status", "InputProxyChannelStatusList")
    if not isinstance(listed, DeviceFailure):
        return _online(xml.each(listed, "InputProxyChannelStatus"))
    states: dict[str, bool] = {}
    for number in numbers:
        told = _told(device, f"{PROXIES}/{quote(number, safe='')}/status", "InputProxyChannelStatus")
        if isinstance(told, DeviceFailure):
            break
        states |= _online([told])
    return states


def _online(elements: Iterable[etree._Element]) -> dict[str, bool]:
    """By number; a channel that says neither true nor false is left out."""
    said = {xml.text_of(element, "id"): xml.text_of(element, "online").lower() for element in elements}
    return {number: word == "true" for number, word in said.items() if word in ("true", "false")}


def _address(element: etree._Element) -> str:
    """Where the camera is; several inputs of one camera are told apart by their number."""
    host = xml.text_of(element, "ipAddress") or xml.text_of(element, "ipv6Address") or xml.text_of(element, "hostName")
    port = xml.text_of(element, "srcInputPort")
    return xml.quoted(f"{host}#{port}" if host and port not in ("", "1") else host, LONGEST_NAME)


def _with_overlays(device: Device, readings: dict[str, ChannelReading]) -> Iterator[ChannelReading]:
    """The setting of a camera that is offline cannot be had; asking would only wait for it."""
    set_up = overlays.read(device, [number for number, each in readings.items() if each.is_online is not False])
    for number, reading in readings.items():
        overlay = set_up.get(number, overlays.Overlay())
        yield replace(reading, osd_time=overlay.time, osd_name=overlay.name)


def _number(element: etree._Element, source: str) -> str:
    number = xml.text_of(element, "id")
    if not channel_of_number(number):
        raise Malformed(f"{source} lists a channel by the number '{xml.quoted(number)}', which is none")
    return number


def _name(element: etree._Element) -> str:
    return xml.quoted(xml.text_of(element, "name"), LONGEST_NAME)
