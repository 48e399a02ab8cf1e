"""What the device says it is, and what must be learned anew when that changes."""

from __future__ import annotations

from collectors.answers import Description
from collectors.device import Device
from collectors.learned import forget_old
from collectors.protocols.isapi import interface
from collectors.xml import quoted, text_of

KIND_KEY = "device_type"
FIRMWARE_KEY = "firmware"
_CAMERAS = ("ipc", "camera", "dome")


def read(device: Device) -> Description:
    """Forgets what was learned about the device when its firmware is no longer the one it was learned with."""
    root = interface.read(device, "/System/deviceInfo", "DeviceInfo")
    firmware = f"{text_of(root, 'firmwareVersion')} {text_of(root, 'firmwareReleasedDate')}".strip()
    forget_old(device, FIRMWARE_KEY, firmware)
    device.memory[KIND_KEY] = quoted(text_of(root, "deviceType"))
    return Description(text_of(root, "model"), firmware, text_of(root, "serialNumber"))


def is_camera(device: Device) -> bool:
    """Recorders of this make say NVR or DVR, or anything else; cameras say so."""
    if KIND_KEY not in device.memory:
        read(device)
    kind = device.memory[KIND_KEY].lower()
    return any(word in kind for word in _CAMERAS)
