"""Where the replay of a recording can be had. The instant is no part of an ONVIF replay address."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from collectors.answers import Malformed
from collectors.device import Device
from collectors.protocols.onvif import recordings, timebase
from collectors.protocols.onvif.calls import ask
from collectors.protocols.onvif.soap import SCHEMA, SERVICES, node
from collectors.protocols.onvif.times import opening_clock
from collectors.xml import quoted, text_of


def url(device: Device, channel: str, at: datetime) -> str:
    offset = timedelta(milliseconds=opening_clock(device).offset_ms)
    recording = recordings.with_times(device, recordings.chosen(device, channel))
    base = timebase.find(device, offset, recording)
    replay = SERVICES["replay"]
    setup = node(
        replay,
        "StreamSetup",
        node(SCHEMA, "Stream", "RTP-Unicast"),
        node(SCHEMA, "Transport", node(SCHEMA, "Protocol", "RTSP")),
    )
    answer = ask(device, "replay", "GetReplayUri", setup, node(replay, "RecordingToken", recording.token))
    digits = base.written(at + offset).replace("-", "").replace(":", "")
    return f"{_reachable(text_of(answer, 'Uri'), device)}#clock={digits}"


def _reachable(address: str, device: Device) -> str:
    """The address on the host we connected to, with its own port and without user or password."""
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError:
        found, port = urlsplit(""), None
    host = urlsplit(device.address).hostname
    if found.scheme not in ("rtsp", "rtsps", "http", "https") or not found.hostname or host is None:
        raise Malformed(f"{device.address} gives '{quoted(address)}' as the address of a replay; check the firmware")
    place = f"[{host}]" if ":" in host else host
    return found._replace(netloc=place if port is None else f"{place}:{port}", fragment="").geturl()
