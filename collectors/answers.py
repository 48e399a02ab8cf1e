"""What a device said, and the three ways it can fail to say it.

A protocol yields these records and raises these failures; it never stores, never reads the clock itself and never
turns a failure into an empty answer. All instants are naive UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from collectors.texts import one_line

LONGEST_REASON = 400
LONGEST_NAME = 200
"""In characters. What devices write into names and messages ends up in rows, pages and logs."""

Outcome = Literal["ok", "unreachable", "refused", "malformed"]


class DeviceFailure(Exception):
    """No answer could be had. The message is one sentence an administrator can act on."""

    outcome: Outcome = "malformed"

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message, LONGEST_REASON))


class Unreachable(DeviceFailure):
    """No connection, no reply in time, or the device says it is busy or broken."""

    outcome = "unreachable"


class Refused(DeviceFailure):
    """The device answered that we may not: wrong password, missing right, locked out."""

    outcome = "refused"

    def __init__(self, message: str, *, wait_s: int | None = None, definitive: bool = False) -> None:
        """`wait_s`: no request before that many seconds. `definitive`: asking again can lock the account."""
        super().__init__(message)
        self.wait_s = wait_s
        self.definitive = definitive


class Malformed(DeviceFailure):
    """Something came back that this protocol does not allow: HTML, cut-off XML, a lying counter, too many bytes."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """`offset_ms` is device minus true time at the middle of the round trip, which took `round_trip_ms`."""

    offset_ms: int
    round_trip_ms: int


@dataclass(frozen=True, slots=True)
class Span:
    """One span of footage as the device lists it: device time, half-open."""

    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class FootageAnswer:
    """What one device said about one channel in `[covers_from, covers_to)` (true time).

    Only `outcome == "ok"` with `complete` denies what it does not list. A window that failed in part comes back as
    several answers: the pieces that worked and, with their reason, the pieces that did not. `clock_offset_ms` is the
    offset the spans were read and cut with, where the protocol measured one of its own (None: use `clock`).
    """

    covers_from: datetime
    covers_to: datetime
    spans: tuple[Span, ...] = ()
    outcome: Outcome = "ok"
    complete: bool = True
    reason: str = ""
    clock_offset_ms: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", one_line(self.reason, LONGEST_REASON))


@dataclass(frozen=True, slots=True)
class Description:
    """What the device says it is. Empty text: it did not say."""

    model: str = ""
    firmware: str = ""
    serial_number: str = ""

    def __post_init__(self) -> None:
        _tidy(self, "model", "firmware", "serial_number")


PlanMode = Literal["continuous", "event", "off", "unknown"]
DiskState = Literal["healthy", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class ChannelReading:
    """One channel as the device describes it; `channel` is the word used in `cameras.csv`.

    None and empty text: the device did not say. `address` is the camera behind the channel, which tells whether it is
    still the same one. `osd_time`, `osd_name`: set to be burned into the recorded picture.
    """

    channel: str
    name: str = ""
    is_online: bool | None = None
    address: str = ""
    osd_time: bool | None = None
    osd_name: bool | None = None

    def __post_init__(self) -> None:
        _tidy(self, "channel", "name", "address")


@dataclass(frozen=True, slots=True)
class PlanReading:
    """What the device is set to record on one channel, whole week; `unknown` when it does not say so clearly."""

    channel: str
    mode: PlanMode

    def __post_init__(self) -> None:
        _tidy(self, "channel")


@dataclass(frozen=True, slots=True)
class DiskReading:
    """One disk or volume. `state_text` is the device's own word; a word we do not know is `unknown`, never failed."""

    disk_id: str
    state: DiskState
    state_text: str = ""
    capacity_bytes: int | None = None
    free_bytes: int | None = None

    def __post_init__(self) -> None:
        _tidy(self, "disk_id", "state_text")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its reply, kept as evidence; `request` carries no credentials."""

    request: str
    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One attempt to watch a stream. `outcome` is the public word; `reason` says more, in one sentence."""

    outcome: Literal["ok", "no_media", "refused", "unreachable", "not_probed"]
    reason: str = ""
    first_frame_ms: int | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    black: bool | None = None
    frozen: bool | None = None


def _tidy(record: object, *names: str) -> None:
    for name in names:
        object.__setattr__(record, name, one_line(getattr(record, name), LONGEST_NAME))
