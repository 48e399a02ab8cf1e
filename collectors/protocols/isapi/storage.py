"""Disks and network volumes, and what the device thinks of them (fact sheet §11)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from collectors import xml
from collectors.answers import DeviceFailure, DiskReading, DiskState, Malformed
from collectors.device import Device
from collectors.protocols.isapi import interface
from collectors.protocols.isapi.errors import UnknownResourceError

PATHS = ("/ContentMgmt/Storage", "/ContentMgmt/storage", "/ContentMgmt/Storage/hdd")
"""One resource under the names that different firmware gives it; the last one tells disks only."""
MIB = 2**20
"""Capacities are in MiB: 953869 is a disk sold as 1 TB."""
EMPTY_BAY = "notexist"
STATES: dict[str, DiskState] = {
    **dict.fromkeys(("ok", "normal", "idle", "sleeping"), "healthy"),
    **dict.fromkeys(
        ("unformatted", "formatting", "error", "abnormal", "offline", "smartfailed", "mismatch", "reparing"), "failed"
    ),
}
_LISTS = {"hddList": "hdd", "nasList": "nas"}


def read(device: Device) -> tuple[DiskReading, ...]:
    root = _storage(device)
    source = interface.source_of(device, PATHS[0])
    lists = [element for name in _LISTS for element in xml.each(root, name)]
    if not lists:
        raise Malformed(f"{source} lists neither disks nor network volumes, so nothing can be said about them")
    readings: dict[str, DiskReading] = {}
    for reading in _readings(lists, source):
        if reading.disk_id in readings:
            raise Malformed(f"{source} lists two disks by the name {reading.disk_id}")
        readings[reading.disk_id] = reading
    return tuple(readings.values())


def _storage(device: Device) -> etree._Element:
    missing: DeviceFailure | None = None
    for path in PATHS:
        try:
            return interface.read(device, path, "storage", "hddList")
        except UnknownResourceError as unknown:
            missing = missing or unknown
    raise missing or Malformed(f"{device.address} tells nothing about its disks")


def _readings(lists: list[etree._Element], source: str) -> Iterator[DiskReading]:
    """Bays without a disk are left out. Disks and volumes are numbered together, and yet some number both from 1."""
    taken: set[str] = set()
    for element in lists:
        kind = _LISTS[xml.local_name(element)]
        for disk in element.iterchildren(f"{{*}}{kind}"):
            word = xml.text_of(disk, "status")
            if word.lower() == EMPTY_BAY:
                continue
            number = xml.text_of(disk, "id") or xml.text_of(disk, f"{kind}Name")
            if not number:
                raise Malformed(f"{source} lists a disk without a number")
            name = f"nas{number}" if kind == "nas" and number in taken else number
            taken.add(name)
            yield DiskReading(
                xml.quoted(name),
                STATES.get(word.lower(), "unknown"),
                xml.quoted(word),
                _bytes(xml.text_of(disk, "capacity")),
                _bytes(xml.text_of(disk, "freeSpace")),
            )


def _bytes(mebibytes: str) -> int | None:
    known = mebibytes.isascii() and mebibytes.isdigit() and len(mebibytes) < 13
    return int(mebibytes) * MIB if known else None
