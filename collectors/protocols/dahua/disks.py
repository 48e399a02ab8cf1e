"""The disks, in the shape devices use (`list.info[0]`) and in the documented one (`list[0]`, without names) (§7)."""

from __future__ import annotations

import re

from collectors.answers import DiskReading, DiskState, Malformed
from collectors.device import Device
from collectors.protocols.dahua.server import ours
from collectors.protocols.dahua.words import pairs, switch

_PATH = "/cgi-bin/storageDevice.cgi?action=getDeviceAllInfo"
_FIELD = re.compile(r"list(?:\.info)?\[(\d{1,4})\]\.(.+)", re.ASCII)
_DETAIL = re.compile(r"Detail\[\d{1,4}\]\.(\w+)", re.ASCII)
_BYTES = re.compile(r"(\d{1,18})(?:\.\d+)?", re.ASCII)
_STATES: dict[str, DiskState] = {"success": "healthy", "normal": "healthy", "failure": "failed"}


def disks(device: Device) -> tuple[DiskReading, ...]:
    """A disk that is full is normal: the oldest footage is overwritten. An error in any part of it is not."""
    recorder = ours(device)
    lines = pairs(recorder.text(_PATH), recorder.source(_PATH))
    by_disk: dict[int, dict[str, str]] = {}
    for key, value in lines.items():
        match = _FIELD.fullmatch(key)
        if match:
            by_disk.setdefault(int(match[1]), {})[match[2]] = value
    if not by_disk and lines.get("list.info") != "0":
        raise Malformed(f"{recorder.source(_PATH)} answered without a list of disks")
    return tuple(_disk(place, by_disk[place]) for place in sorted(by_disk))


def _disk(place: int, fields: dict[str, str]) -> DiskReading:
    state = fields.get("State", "")
    has_error = any(switch(value) for value in _details(fields, "IsError"))
    total, used = (_sum(_details(fields, name)) for name in ("TotalBytes", "UsedBytes"))
    return DiskReading(
        fields.get("Name") or str(place + 1),
        "failed" if has_error else _STATES.get(state.lower(), "unknown"),
        f"{state} IsError".strip() if has_error else state,
        total,
        None if total is None or used is None or used > total else total - used,
    )


def _details(fields: dict[str, str], name: str) -> list[str]:
    return [value for key, value in fields.items() if (match := _DETAIL.fullmatch(key)) and match[1] == name]


def _sum(texts: list[str]) -> int | None:
    """Bytes are written as floats; None unless every part tells them."""
    matches = [_BYTES.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in matches if match]
    return sum(numbers) if numbers and len(numbers) == len(texts) else None
