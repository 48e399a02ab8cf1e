"""Which channels of a recorder have a camera enrolled, and at what address (fact sheet §6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from collectors.protocols.dahua.server import DahuaDevice, told_config
from collectors.protocols.dahua.words import switch

PLACEHOLDERS = {"", "0.0.0.0", "192.168.0.0"}  # noqa: S104 (compared, not bound to)
_SLOT = re.compile(r"RemoteDevice\.?(?P<id>.*?(?P<index>\d{1,4})\]?)\.(?P<field>Enable|Address)", re.ASCII)
_MAP = re.compile(r"RemoteChannel\[(\d{1,4})\]\.Device", re.ASCII)


@dataclass(frozen=True, slots=True)
class Slot:
    """`in_use` is None when the device does not say whether the slot is switched on."""

    in_use: bool | None
    address: str


def slots(device: DahuaDevice) -> dict[int, Slot] | None:
    """Slots by channel, counted from 0; None when the device does not tell. Asked once as long as it is open."""
    if "slots" not in device.notes:
        device.notes["slots"] = _slots(device)
    known = device.notes["slots"]
    return known if isinstance(known, dict) else None


def is_in_use(device: DahuaDevice, channel: int) -> bool | None:
    """Whether a camera is enrolled on `channel` (from 1); None when the device does not tell."""
    slot = (slots(device) or {}).get(channel - 1)
    return None if slot is None else slot.in_use


def _slots(device: DahuaDevice) -> dict[int, Slot] | None:
    table = told_config(device, "RemoteDevice")
    if table is None:
        return None
    fields: dict[str, dict[str, str]] = {}
    places: dict[str, int] = {}
    for key, value in table.items():
        match = _SLOT.fullmatch(key)
        if match:
            name = match["id"].removeprefix("uuid:")
            fields.setdefault(name, {})[match["field"]] = value
            places[name] = int(match["index"])
    mapped = _mapped(device)
    if mapped:
        return {place: _slot(fields[name]) for place, name in mapped.items() if name in fields}
    return {places[name]: _slot(of_slot) for name, of_slot in fields.items()}


def _mapped(device: DahuaDevice) -> dict[int, str]:
    """Channel to slot, where the device has such a table; else a slot's number is its channel."""
    table = told_config(device, "RemoteChannel") or {}
    matches = ((_MAP.fullmatch(key), value) for key, value in table.items())
    return {int(match[1]): value.removeprefix("uuid:") for match, value in matches if match and value}


def _slot(of_slot: dict[str, str]) -> Slot:
    address = of_slot.get("Address", "")
    is_on = switch(of_slot.get("Enable"))
    return Slot(None if is_on is None else is_on and address not in PLACEHOLDERS, address)
