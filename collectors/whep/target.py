"""What is asked of a probe, how long it may take, and both as JSON lines between parent and child."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from collectors.answers import ProbeResult


@dataclass(frozen=True, slots=True)
class Target:
    """One camera's WHEP address. `user` empty and `password` set: the password is sent as a bearer token."""

    camera_id: str
    url: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def place(self) -> str:
        """The address for a sentence: without query and user, where tokens live."""
        parts = urlsplit(self.url)
        if not parts.hostname:
            return repr(self.url.partition("?")[0])
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one probe, in seconds; one per stage, so that the reason can name the stage that failed."""

    http_connect_s: float = 3.0
    answer_s: float = 12.0
    """Relays that pull a camera on demand answer when it has started or, in MediaMTX, failed to for 10 s."""
    connected_s: float = 5.0
    """ICE and DTLS together; aiortc on its own gives up after more than a minute, or never."""
    first_packet_s: float = 6.0
    key_frame_s: float = 12.0
    """While packets flow. Longer than the usual longest key-frame interval of 10 s."""
    refresh_after_s: float = 1.0
    settle_s: float = 0.3
    """Frames this soon after the first packet may be a burst from the relay's cache."""
    media_window_s: float = 1.0
    stall_s: float = 3.0
    delete_s: float = 2.0
    close_s: float = 3.0

    @property
    def total_s(self) -> float:
        """An upper bound for everything, teardown included: the sum of the stages and a little slack."""
        stages = self.http_connect_s + self.answer_s + self.connected_s + self.key_frame_s
        return stages + self.media_window_s + self.stall_s + self.delete_s + self.close_s + 2.0


def target_line(number: int, target: Target) -> str:
    return json.dumps({"number": number, "target": asdict(target)}) + "\n"


def read_target(line: str | bytes) -> tuple[int, Target]:
    message = json.loads(line)
    return message["number"], Target(**message["target"])


def result_line(number: int, result: ProbeResult) -> str:
    return json.dumps({"number": number, "result": asdict(result)}) + "\n"


def read_result(line: str | bytes) -> tuple[int, ProbeResult]:
    message: dict[str, Any] = json.loads(line)
    return message["number"], ProbeResult(**message["result"])
