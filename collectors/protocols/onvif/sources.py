"""Recordings as channels, and what is overlaid on their sources (fact sheet §3, §7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from collectors.answers import ChannelReading, Malformed, Refused
from collectors.device import Device
from collectors.protocols.onvif import jobs, recordings
from collectors.protocols.onvif.calls import ask
from collectors.protocols.onvif.overlays import Overlay, Overlays
from collectors.protocols.onvif.recordings import Recording
from collectors.xml import each, text_of

T = TypeVar("T")
_SCHEMA_HOST = "www.onvif.org"
"""Devices that record a profile of their own name its type instead of an address."""


def read(device: Device) -> tuple[ChannelReading, ...]:
    """Whether a camera is online is not told: a recording that stands still may have been switched off."""
    found = recordings.listed(device)
    overlays = Overlays(_if_told(lambda: _overlays(device)))
    if overlays.all:
        overlays.links = dict(_if_told(lambda: _links(device)))
        for job in _if_told(lambda: list(jobs.listed(device))):
            overlays.sources.setdefault(job.recording, set()).update(job.sources)
    return tuple(_reading(recording, overlays, len(found)) for recording in found if recording.token)


def _reading(recording: Recording, overlays: Overlays, recordings_count: int) -> ChannelReading:
    name = recording.source_name
    configuration = overlays.configuration_of(recording, is_only=recordings_count == 1)
    return ChannelReading(
        recording.token,
        name,
        None,
        _host(recording.address),
        overlays.shows_time(configuration),
        overlays.shows_name(configuration, name),
    )


def _if_told(ask_for: Callable[[], list[T]]) -> list[T]:
    """Nothing where the device does not tell; a lost connection or a refused login is raised."""
    try:
        return ask_for()
    except Malformed:
        return []
    except Refused as refusal:
        if refusal.definitive:
            raise
        return []


def _overlays(device: Device) -> list[Overlay]:
    found = []
    for item in each(ask(device, "media", "GetOSDs"), "OSDs"):
        text = next(each(item, "TextString"), None)
        if text is not None:
            marked = text_of(text, "ChannelName").lower()
            found.append(
                Overlay(
                    text_of(item, "VideoSourceConfigurationToken"),
                    text_of(text, "Type"),
                    text_of(text, "PlainText"),
                    marked in ("true", "1") if marked else None,
                )
            )
    return found


def _links(device: Device) -> list[tuple[str, str]]:
    """From the tokens of profiles and video sources to the configuration they lead to, where it is only one."""
    leads: dict[str, set[str]] = {}
    for profile in each(ask(device, "media", "GetProfiles"), "Profiles"):
        configuration = next(each(profile, "VideoSourceConfiguration"), None)
        if configuration is not None:
            token = configuration.get("token", "")
            for word in (profile.get("token", ""), text_of(configuration, "SourceToken"), token):
                leads.setdefault(word, set()).add(token)
    return [(word, next(iter(tokens))) for word, tokens in leads.items() if word and len(tokens) == 1]


def _host(address: str) -> str:
    """Host and port of the camera; empty when the text is no address of one."""
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return ""
    if not url.hostname or url.hostname == _SCHEMA_HOST:
        return ""
    return url.hostname if port is None else f"{url.hostname}:{port}"
