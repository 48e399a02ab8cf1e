"""Addresses of recorded streams: how this device writes them, learned from those in its own listings (fact sheet §4).

The host is the one we reach the device at, never the one it writes: behind a router it only knows its inner address.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from collectors import xml
from collectors.answers import Malformed
from collectors.device import Device

STAMP_KEY = "playback_stamp"
PORT_KEY = "playback_port"
DASHED = "dashed"
USUAL_PORT = 554
_WRITTEN = re.compile(
    r"rtsp://(?:[^/@]*@)?(?:\[[^\]]*\]|[^/:?]*)(?::(\d{1,5}))?/[^?]*\?(?:.*&)?starttime=(\d{4}-)?", re.I
)


def learn(device: Device, root: etree._Element) -> None:
    """Remembers the spelling of times and the port from the first address of a listing, where it has one."""
    found = _WRITTEN.match(xml.text_of(root, "playbackURI"))
    if found is None:
        return
    device.memory[STAMP_KEY] = DASHED if found[2] else "compact"
    device.memory[PORT_KEY] = found[1] or str(USUAL_PORT)


def playback(device: Device, track: str, starts: datetime, ends: datetime) -> str:
    """`starts` and `ends` are the digits the device means, whole seconds."""
    host = urlsplit(device.address).hostname
    if not host or not track.isascii() or not track.isalnum():
        raise Malformed(f"{device.address} has no address for track '{xml.quoted(track)}'; check the channel")
    form = "%Y-%m-%dT%H:%M:%SZ" if device.memory.get(STAMP_KEY) == DASHED else "%Y%m%dT%H%M%SZ"
    server = f"[{host}]" if ":" in host else host
    return (
        f"rtsp://{server}:{_port(device)}/Streaming/tracks/{track}/"
        f"?starttime={starts.strftime(form)}&endtime={ends.strftime(form)}"
    )


def _port(device: Device) -> int:
    text = device.memory.get(PORT_KEY, "")
    port = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else USUAL_PORT
    return port if 0 < port < 65536 else USUAL_PORT
