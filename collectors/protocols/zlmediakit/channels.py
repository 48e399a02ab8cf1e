"""The streams as channels. A stream stays listed for a while after its camera is gone, so bytes must flow."""

from __future__ import annotations

from collectors.answers import ChannelReading
from collectors.device import Device
from collectors.protocols.zlmediakit.media import Stream, media
from collectors.protocols.zlmediakit.server import ours

BETWEEN_LOOKS_S = 3.0


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """A stream that is not listed may only be asked for by nobody: it is no channel, and nothing is said about it."""
    server = ours(device)
    first = media(server)
    server.pause(BETWEEN_LOOKS_S)
    second = media(server)
    return tuple(
        ChannelReading(name, name=name, is_online=_is_online(first.get(name), second.get(name)))
        for name in sorted({**first, **second})
    )


def _is_online(first: Stream | None, second: Stream | None) -> bool | None:
    """Bytes in both looks, or more of them in the second; none in either is offline. Between the two: not known."""
    if first is None or second is None:
        return None
    if first.byte_count is not None and second.byte_count is not None and second.byte_count > first.byte_count:
        return True
    if first.bytes_per_s is None or second.bytes_per_s is None:
        return None
    if first.bytes_per_s > 0 and second.bytes_per_s > 0:
        return True
    return False if first.bytes_per_s == 0 and second.bytes_per_s == 0 else None
