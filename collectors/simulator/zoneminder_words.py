"""The objects a ZoneMinder answers with, spelled as its versions do."""

from __future__ import annotations

from datetime import datetime

from collectors.simulator.recorder import SimulatedChannel, SimulatedDisk
from collectors.simulator.zoneminder_events import Item

FUNCTIONS = {"continuous": "Record", "event": "Modect", "off": "None", "unknown": "Reticulate"}
RECORDING = {"continuous": "Always", "event": "OnMotion", "off": "None", "unknown": "Reticulate"}
EPOCH = datetime(1970, 1, 1)


def event_item(item: Item, has_seconds: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "Id": item.number,
        "MonitorId": int(item.monitor),
        "Name": "New Event" if item.ended is None else f"Event- {item.number}",
        "Cause": "Continuous",
        "StartDateTime": str(item.started),
        "EndDateTime": None if item.ended is None else str(item.ended),
        "Length": f"{item.length_s:.2f}",
        "Frames": None,
        "Archived": 0,
        "StartTime": str(item.started),
        "EndTime": None if item.ended is None else str(item.ended),
    }
    if has_seconds:
        row |= {"StartTimeSecs": item.start_s, "EndTimeSecs": item.end_s}
    return {"Event": row}


def monitor_item(channel: SimulatedChannel, status: str, *, is_new: bool) -> dict[str, object]:
    source = f"rtsp://admin:pass@{channel.address or 'camera'}:554/stream1"
    monitor: dict[str, object] = {
        "Id": int(channel.channel),
        "Name": channel.name,
        "Type": "Ffmpeg",
        "Enabled": 1,
        "Path": source,
        "Pass": "pass",
        "SectionLength": int(channel.file_length.total_seconds()),
    }
    if is_new:
        monitor |= {"Capturing": "Always", "Recording": RECORDING[channel.plan], "Deleted": 0}
    else:
        monitor["Function"] = FUNCTIONS[channel.plan]
    fps = "15.00" if status == "Connected" else "0.00"
    said = {"MonitorId": int(channel.channel), "Status": status, "CaptureFPS": fps}
    return {"Monitor": monitor, "Monitor_Status": said, "Event_Summary": {}}


def storage_item(disk: SimulatedDisk, at: datetime) -> dict[str, object]:
    used = disk.capacity_bytes - disk.free(at)
    return {"Storage": {"Id": 1, "Name": disk.disk_id, "Path": "/var/cache/zoneminder/events", "Type": "local"}
            | {"DiskSpace": used, "Scheme": "Medium", "ServerId": None}}  # fmt: skip


def failure(status: int, message: str, url: str) -> dict[str, object]:
    exception = {"class": "HttpException", "code": status, "message": message}
    return {"success": False, "data": {"name": message, "message": message, "url": url, "exception": exception}}


def as_text(content: object) -> object:
    """Below PHP 8.1 every number of the database comes as text."""
    if isinstance(content, dict):
        return {name: as_text(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_text(value) for value in content]
    return str(content) if isinstance(content, int) and not isinstance(content, bool) else content
