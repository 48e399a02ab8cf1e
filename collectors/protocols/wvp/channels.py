"""The devices registered with the platform and their channels."""

from __future__ import annotations

from urllib.parse import quote

from collectors import json_reply
from collectors.answers import ChannelReading, Malformed
from collectors.chunks import DeviceBrokeError
from collectors.device import Device
from collectors.protocols.wvp.server import WvpDevice, ours

DEVICES = "/api/device/query/devices"
STREAMS = "/api/device/query/streams"


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """Online is proved by a stream. `ON` alone is what the device once said and may be long past: not known.

    `OFF` is believed while the device is connected and the platform has no stream of that channel.
    """
    server = ours(device)
    streams = _streams(server)
    return tuple(
        ChannelReading(
            f"{device_id}/{channel_id}",
            name=json_reply.text(row.get("name")),
            is_online=_is_online(row, f"{device_id}_{channel_id}", streams) if is_connected else None,
        )
        for device_id, is_connected in _devices(server).items()
        for channel_id, row in _channels_of(server, device_id).items()
    )


def connected(server: WvpDevice, device_id: str) -> bool | None:
    """Whether the platform sees the device; None when it does not say. Malformed when it does not know it."""
    key = f"connected {device_id}"
    if key not in server.notes:
        found = _devices(server, query=device_id)
        if device_id not in found:
            raise Malformed(f"{server.address} has no device {device_id}; check the channel in the register")
        server.notes[key] = found[device_id]
    known = server.notes[key]
    return known if isinstance(known, bool) else None


def _devices(server: WvpDevice, **query: str) -> dict[str, bool | None]:
    """`onLine` by device code; None where it is not a truth value."""
    rows = ((json_reply.text(row.get("deviceId")), row.get("onLine")) for row in server.ask_pages(DEVICES, **query))
    return {device_id: online if isinstance(online, bool) else None for device_id, online in rows if device_id}


def _channels_of(server: WvpDevice, device_id: str) -> dict[str, dict[str, object]]:
    """By channel code, which old versions call `channelId`."""
    rows = server.ask_pages(f"{DEVICES}/{quote(device_id, safe='')}/channels")
    return {code: row for row in rows if (code := json_reply.text(row.get("channelId") or row.get("deviceId")))}


def _streams(server: WvpDevice) -> set[str] | None:
    """Names of the live streams; None when the platform does not list them."""
    try:
        return {json_reply.text(row.get("streamId")) for row in server.ask_pages(STREAMS)}
    except (Malformed, DeviceBrokeError):
        return None


def _is_online(row: dict[str, object], stream: str, streams: set[str] | None) -> bool | None:
    if streams is None:
        return None
    if stream in streams:
        return True
    return False if json_reply.text(row.get("status")).upper() == "OFF" else None
