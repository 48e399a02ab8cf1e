"""The `key=value` text a simulated Dahua recorder writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collectors.answers import PlanMode
from collectors.simulator.recorder import SimulatedChannel, SimulatedDisk, SimulatedRecorder
from collectors.simulator.shelf import File
from data.periods import LOCAL_OFFSET

BYTES_PER_S = 380_000
CAMERA_PASSWORD = "camera-pass-7"  # noqa: S105 (of a simulated camera; it must never be stored)
LOCKED = '{"ErrorCode":268632081,"Result":false,"RmLock":1800,"RmLogin":0}'
FORBIDDEN = '{"error":{"code":403,"message":"Authority:check failure."},"result":false}'
UNAUTHORIZED = "Invalid Authority!"
REJECTED = ("Error", "Bad Request!")
WRONG_ACTION = ("Error", "ErrorID=2, Detail=Invalid Request!")
NO_LOSS = "Error: No Events"
_MODES: dict[PlanMode, int] = {"continuous": 0, "event": 0, "off": 2, "unknown": 0}
_EVERY_DAY: dict[PlanMode, str] = {
    "continuous": "1 00:00:00-23:59:59",
    "event": "6 00:00:00-24:00:00",
    "off": "1 00:00:00-23:59:59",
    "unknown": "1 08:00:00-18:00:00",
}
_UNUSED = "0 00:00:00-23:59:59"
_SLOT = "table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_{}"


def lines(parts: Iterable[str]) -> bytes:
    return "".join(f"{part}\r\n" for part in parts).encode()


def stamp(device_time: datetime, *, is_padded: bool = True) -> str:
    at = device_time + LOCAL_OFFSET
    if is_padded:
        return at.strftime("%Y-%m-%d %H:%M:%S")
    return f"{at.year}-{at.month}-{at.day} {at.hour}:{at.minute}:{at.second}"


def item(number: int, place: int, file: File, *, stream: str, is_copy: bool, is_padded: bool) -> list[str]:
    start, end = (stamp(at, is_padded=is_padded) for at in (file.started_at, file.ended_at))
    local_start, local_end = file.started_at + LOCAL_OFFSET, file.ended_at + LOCAL_OFFSET
    name = f"{local_start:%H.%M.%S}-{local_end:%H.%M.%S}[R][0@0][{int(is_copy)}].dav"
    length = int((file.ended_at - file.started_at).total_seconds()) * BYTES_PER_S
    fields = {
        "Channel": place,
        "EndTime": end,
        "FilePath": f"/mnt/dvr/{local_start:%Y-%m-%d}/{place}/dav/{local_start:%H}/1/0/{file.number}/{name}",
        "Flags[0]": "Timing",
        "Length": length,
        "Redundant": str(is_copy).lower(),
        "StartTime": start,
        "Type": "dav",
        "VideoStream": stream,
    }
    return [f"items[{number}].{key}={value}" for key, value in fields.items()]


def titles(slots: Iterable[tuple[int, str]]) -> list[str]:
    return [f"table.ChannelTitle[{place}].Name={name}" for place, name in slots]


def remote_devices(slots: Iterable[tuple[int, SimulatedChannel | None]], *, is_old: bool) -> list[str]:
    """With the cameras' passwords in clear, as some firmware prints them."""
    given: list[str] = []
    for place, channel in slots:
        slot = f"table.RemoteDevice[{place}]" if is_old else _SLOT.format(place)
        address = (channel.address or f"192.0.2.{100 + place % 100}") if channel else "192.168.0.0"
        fields = {"Address": address, "Enable": str(channel is not None).lower(), "UserName": "admin"}
        given += [f"{slot}.{key}={value}" for key, value in {**fields, "Password": CAMERA_PASSWORD}.items()]
    return given


def states(slots: Iterable[tuple[int, SimulatedChannel]], at: datetime) -> list[str]:
    """In an order of its own, as a real list does not run by channel."""
    words = {True: "Connected", False: "Unconnect"}
    listed = list(slots)[::-1]
    return [
        line
        for number, (place, channel) in enumerate(listed)
        for line in (
            f"states[{number}].channel={place}",
            f"states[{number}].connectionState={words[channel.is_online(at)]}",
        )
    ]


def losses(slots: Iterable[tuple[int, SimulatedChannel]], at: datetime) -> list[str]:
    lost = [place for place, channel in slots if not channel.is_online(at)]
    return [f"channels[{number}]={place}" for number, place in enumerate(lost)] or [NO_LOSS]


def widgets(slots: Iterable[tuple[int, SimulatedChannel]]) -> list[str]:
    given: list[str] = []
    for place, channel in slots:
        for title, is_on in (("TimeTitle", channel.osd_time), ("ChannelTitle", channel.osd_name)):
            prefix = f"table.VideoWidget[{place}].{title}"
            given += [f"{prefix}.EncodeBlend={str(is_on).lower()}", f"{prefix}.PreviewBlend=true"]
            given += [f"{prefix}.Rect[{n}]={value}" for n, value in enumerate((0, 7900, 2000, 8191))]
    return given


def record_modes(slots: Iterable[tuple[int, SimulatedChannel]]) -> list[str]:
    return [f"table.RecordMode[{place}].Mode={_MODES[channel.plan]}" for place, channel in slots]


def records(slots: Iterable[tuple[int, SimulatedChannel]]) -> list[str]:
    return [
        f"table.Record[{place}].TimeSection[{day}][{k}]={_EVERY_DAY[channel.plan] if k == 0 else _UNUSED}"
        for place, channel in slots
        for day in range(8)
        for k in range(6)
    ]


def disks(given: Iterable[SimulatedDisk], at: datetime, *, is_documented_shape: bool) -> list[str]:
    """The documented shape has no names."""
    parts: list[str] = []
    for number, disk in enumerate(given):
        prefix = f"list[{number}]" if is_documented_shape else f"list.info[{number}]"
        has_failed = disk.has_failed(at)
        used = disk.capacity_bytes - disk.free(at)
        parts += [] if is_documented_shape else [f"{prefix}.Name={disk.disk_id}"]
        parts += [
            f"{prefix}.State={'Failure' if has_failed else 'Success'}",
            f"{prefix}.Detail[0].IsError={str(has_failed).lower()}",
            f"{prefix}.Detail[0].TotalBytes={disk.capacity_bytes}.000000",
            f"{prefix}.Detail[0].UsedBytes={used}.000000",
        ]
    return parts or ["list.info=0"]


def system(recorder: SimulatedRecorder) -> list[str]:
    return ["deviceType=31", f"serialNumber={recorder.serial_number}", f"updateSerial={recorder.model}"]
