"""Recorded conversations: what a simulated recorder answers when its channels are asked about a day, kept and replayed.

Replaying costs no network and no simulator, so that what is measured is our own reading alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from requests.structures import CaseInsensitiveDict

from bench.load_fleet import NOW, OPENED, SECRET, recorder
from collectors import protocols
from collectors.answers import Exchange
from collectors.device import Device, Reply
from collectors.polling import Round, Window, ask_windows
from collectors.protocols import RecorderProtocol
from collectors.protocols.dahua.server import DahuaDevice
from collectors.simulator.http import LoopbackServer
from collectors.simulator.serve import ONE_PORT

ENDLESS_S = 3600.0
ADDRESS = "http://192.0.2.1"
HEADERS = CaseInsensitiveDict({"Date": f"{NOW:%a, %d %b %Y %H:%M:%S GMT}"})
"""What some protocols read the clock from."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Conversation:
    """What one channel answered, in the order it was asked; `memory` is what was known of the device before."""

    channel: str
    replies: tuple[Reply, ...]
    memory: dict[str, str]


@dataclass(frozen=True)
class Recorded:
    protocol: str
    conversations: tuple[Conversation, ...]
    segment_count: int
    """Files of the day that all conversations list together."""


def window(camera_id: str, channel: str) -> Window:
    return Window(camera_id, channel, OPENED, OPENED + DAY)


def record(protocol: str, channel_count: int, file_length: timedelta, seam: timedelta) -> Recorded:
    """Over real HTTP, once. The first reading of a channel teaches the device's manners, the second is kept."""
    simulated = recorder(protocol, channel_count, file_length, seam)
    end = import_module(f"collectors.simulator.{protocol}").end(simulated, lambda: NOW)
    client, memory = protocols.load(protocol), dict[str, str]()
    found = []
    with LoopbackServer(end) as server:
        port = server.address.rpartition(":")[2]
        address = f"{server.address}{ONE_PORT.get(protocol, '').format(port=port)}"
        for channel in simulated.channels:
            for _ in ("to learn", "to keep"):
                before = dict(memory)
                with opened(client, address, memory) as device:
                    done = asked(client, device, window("C", channel))
            replies = tuple(Reply(raw.status, HEADERS, raw.body) for raw in done.raw_answers)
            found.append(Conversation(channel, replies, before))
    return Recorded(protocol, tuple(found), channel_count * (DAY // file_length))


def opened(client: RecorderProtocol, address: str, memory: dict[str, str]) -> Device:
    device = client.open_device(address, secret=SECRET, now=lambda: NOW, memory=memory)
    return unpaced(device)


def unpaced(device: Device) -> Device:
    if isinstance(device, DahuaDevice):
        device.pause = lambda _: None
    return device


def asked(client: RecorderProtocol, device: Device, asked_window: Window) -> Round:
    done = ask_windows(client, device, [asked_window], budget_s=ENDLESS_S)
    if not all(poll.outcome == "ok" and poll.complete for poll in done.polls) or not done.polls:
        raise RuntimeError(f"the simulated recorder gave no whole answer: {[poll.reason for poll in done.polls]}")
    return done


def replayed(recorded: Recorded, prefix: str) -> list[Round]:
    """The same conversations once more, without network, for cameras whose ids begin with `prefix`."""
    client = protocols.load(recorded.protocol)
    address = f"{ADDRESS}{ONE_PORT.get(recorded.protocol, '').format(port=80)}"
    with client.open_device(address, secret=SECRET, now=lambda: NOW, memory={}) as device:
        unpaced(device)
        fresh, done = dict(device.notes), []
        for conversation in recorded.conversations:
            device.notes = dict(fresh)
            done.append(_replayed(client, device, conversation, f"{prefix}-{conversation.channel}"))
        return done


def _replayed(client: RecorderProtocol, device: Device, conversation: Conversation, camera_id: str) -> Round:
    replies = iter(conversation.replies)

    def answer(method: str, path: str, **asked: object) -> Reply:
        reply = next(replies)
        said = f"{method} {path}\n{asked.get('body') or ''}".strip()
        device.exchanges.append(Exchange(said, reply.status, reply.body))
        return reply

    device.memory.update(conversation.memory)
    device._ask = answer  # type: ignore[method-assign,assignment]
    return asked(client, device, window(camera_id, conversation.channel))
