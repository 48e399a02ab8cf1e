"""What was learned about a device holds for one version of its software."""

from __future__ import annotations

from collectors.answers import LONGEST_NAME
from collectors.device import Device
from collectors.texts import one_line


def forget_old(device: Device, key: str, told: str) -> None:
    """Forgets everything when `told` is not the version that the memory keeps under `key`, and keeps `told` there."""
    version = one_line(told, LONGEST_NAME)
    if device.memory.get(key, version) != version:
        device.memory.clear()
    device.memory[key] = version
