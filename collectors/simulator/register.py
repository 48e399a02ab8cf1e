"""What the simulated city says it has: rooms, recorders and cameras, while it is being planned."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

from collectors.intervals import Interval
from collectors.simulator.plan import day_of, local_text
from data.periods import day_starts_at

Row = dict[str, str]
COUNTING = frozenset({"isapi", "dahua", "zoneminder"})
"""Protocols whose channels are numbers from 1."""


@dataclass(frozen=True, slots=True)
class Room:
    room_id: str
    premises_id: str
    name: str
    kind: str
    disciplines: str
    in_use_from: date

    @property
    def is_viewed_live(self) -> bool:
        """Of the kinds whose pictures must be connected."""
        disciplines = self.disciplines.split()
        return (
            self.kind == "sample_reception" or "rebar_mechanics" in disciplines or "concrete_mechanics" in disciplines
        )

    def row(self) -> Row:
        return {
            "room_id": self.room_id,
            "premises_id": self.premises_id,
            "name": self.name,
            "kind": self.kind,
            "disciplines": self.disciplines,
            "in_use_from": self.in_use_from.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Recorder:
    recorder_id: str
    premises_id: str
    protocol: str
    file_length: timedelta
    established: bool

    @property
    def credential(self) -> str:
        """The name of the secret, never the secret."""
        return f"recorder-{self.recorder_id.lower()}"

    def row(self, address: str) -> Row:
        return {
            "recorder_id": self.recorder_id,
            "premises_id": self.premises_id,
            "protocol": self.protocol,
            "address": address,
            "credential": self.credential,
        }


@dataclass(frozen=True, slots=True)
class Camera:
    """`live`: its picture is connected to the platform. `duty_to` None: still on duty."""

    camera_id: str
    view: str
    duty_from: datetime
    duty_to: datetime | None = None
    room: Room | None = None
    recorder: Recorder | None = None
    channel: str = ""
    position: str = ""
    agency_id: str = ""
    mount: str = "fixed"
    covers: tuple[str, ...] = ()
    live: bool = False

    def duty(self, from_at: datetime, to_at: datetime) -> Interval | None:
        """Its duty within `[from_at, to_at)`, which does not begin before its room is in use."""
        start = max(from_at, self.duty_from, day_starts_at(self.room.in_use_from) if self.room else from_at)
        end = min(to_at, self.duty_to or to_at)
        return (start, end) if start < end else None

    def duty_of_day(self, day: date) -> Interval | None:
        return self.duty(*day_of(day))

    def row(self, live_url: str) -> Row:
        return {
            "camera_id": self.camera_id,
            "room_id": self.room.room_id if self.room else "",
            "agency_id": self.agency_id,
            "recorder_id": self.recorder.recorder_id if self.recorder else "",
            "channel": self.channel,
            "view": self.view,
            "mount": self.mount,
            "position": self.position,
            "covers": " ".join(self.covers),
            "live_url": live_url,
            "duty_from": local_text(self.duty_from),
            "duty_to": local_text(self.duty_to) if self.duty_to else "",
        }


@dataclass
class Register:
    """`agencies`, `premises` and `devices` are bundle rows already. `workshop_id`: the premises of the sessions;
    `mixed_ids`: those with recorders of many makes."""

    agencies: list[Row] = field(default_factory=list)
    premises: list[Row] = field(default_factory=list)
    devices: list[Row] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    recorders: list[Recorder] = field(default_factory=list)
    cameras: dict[str, Camera] = field(default_factory=dict)
    workshop_id: str = ""
    mixed_ids: set[str] = field(default_factory=set)

    def add_camera(self, camera: Camera) -> None:
        """Gives it a free channel of its recorder, in the words of its protocol."""
        channel = ""
        if camera.recorder:
            taken = {c.channel for c in self.cameras.values() if c.recorder == camera.recorder}
            words = (_channel_word(camera.recorder.protocol, camera.camera_id, n) for n in count(len(taken) + 1))
            channel = next(word for word in words if word not in taken)
        self.cameras[camera.camera_id] = replace(camera, channel=channel)

    def far_cameras(self, room: Room) -> list[Camera]:
        return [c for c in self.cameras.values() if c.room == room and c.view == "far"]

    def devices_of(self, room: Room) -> list[str]:
        return [device["device_id"] for device in self.devices if device["room_id"] == room.room_id]

    def open_later(self, room: Room, day: date) -> None:
        """The room and its devices are in use from `day` only."""
        opened = replace(room, in_use_from=day)
        self.rooms[self.rooms.index(room)] = opened
        for device in self.devices:
            if device["room_id"] == room.room_id:
                device["in_use_from"] = day.isoformat()
        for camera in [c for c in self.cameras.values() if c.room == room]:
            self.cameras[camera.camera_id] = replace(camera, room=opened)

    def workshop(self) -> list[Room]:
        """The rooms of the workshop: reception, rebar, concrete, and two of soil."""
        return [room for room in self.rooms if room.premises_id == self.workshop_id]


def _channel_word(protocol: str, camera_id: str, number: int) -> str:
    """Of the `number`th camera. A GB/T 28181 platform records every second one itself, the others behind it do."""
    path = camera_id.lower()
    if protocol in COUNTING:
        return str(number)
    if protocol == "wvp":
        return f"rtp/{path}" if number % 2 == 0 else f"34020000001110000001/3402000000131{number:07d}"
    return {"zlmediakit": f"live/{path}", "folder": camera_id}.get(protocol, path)
