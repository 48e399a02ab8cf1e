"""What the device says it is, and what must be learned anew when that changes."""

from __future__ import annotations

from collectors.answers import Description, Malformed
from collectors.device import Device
from collectors.learned import forget_old
from collectors.protocols.dahua.server import DahuaDevice, ours, told
from collectors.protocols.dahua.words import pairs

FIRMWARE_KEY = "firmware"
_PATH = "/cgi-bin/magicBox.cgi?action="


def describe(device: Device) -> Description:
    """Forgets what was learned about the device when its firmware is no longer the one it was learned with."""
    recorder = ours(device)
    system = _ask(recorder, "getSystemInfo")
    kind = system.get("deviceType", "")
    if not (kind or system.get("updateSerial") or system.get("serialNumber")):
        raise Malformed(f"{recorder.address}{_PATH}getSystemInfo tells neither type nor serial number of the device")
    firmware = _told(recorder, "getSoftwareVersion", "version")
    if firmware:
        forget_old(recorder, FIRMWARE_KEY, firmware)
    # Newer recorders give a number for their type.
    model = ("" if kind.isdigit() else kind) or system.get("updateSerial") or _told(recorder, "getDeviceType", "type")
    serial_number = system.get("serialNumber") or _told(recorder, "getSerialNo", "sn")
    return Description(model, firmware, serial_number)


def _ask(device: DahuaDevice, action: str) -> dict[str, str]:
    path = f"{_PATH}{action}"
    return pairs(device.text(path), device.source(path))


def _told(device: DahuaDevice, action: str, key: str) -> str:
    return (told(device, action, lambda: _ask(device, action)) or {}).get(key, "")
