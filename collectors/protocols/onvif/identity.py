"""What the device says it is, and what must be learned anew when that changes."""

from __future__ import annotations

from collectors.answers import Description
from collectors.device import Device
from collectors.learned import forget_old
from collectors.protocols.onvif.calls import ask
from collectors.protocols.onvif.soap import NotAuthorizedError
from collectors.protocols.onvif.times import read_clock
from collectors.xml import text_of

FIRMWARE_KEY = "firmware"
_NATIVE = {
    "isapi": ("hikvision", "海康", "hiwatch", "hilook", "annke", "laview", "lts", "safire"),
    "dahua": ("dahua", "大华", "amcrest", "lorex", "cp plus", "cpplus", "intelbras", "qvis", "imou"),
}


def read(device: Device) -> Description:
    """Model starts with the manufacturer. Forgets what was learned about the device when its firmware is another."""
    answer = ask(device, "device", "GetDeviceInformation")
    maker, model, firmware, serial_number = (
        text_of(answer, name) for name in ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber")
    )
    forget_old(device, FIRMWARE_KEY, firmware)
    named = model if model.lower().startswith(maker.lower()) else f"{maker} {model}".strip()
    return Description(named, firmware, serial_number)


def answers_here(device: Device) -> bool:
    """The clock is told without a login; where it is not, the refusal is SOAP."""
    try:
        read_clock(device)
    except NotAuthorizedError as refusal:
        return refusal.by_fault
    return True


def native_protocol(description: Description) -> str:
    """The protocol this make speaks besides ONVIF, which tells more and should be registered; empty when unknown."""
    words = f" {description.model.lower().replace('-', ' ').replace('_', ' ')} "
    for protocol, makers in _NATIVE.items():
        if any(words.startswith(f" {maker} ") if maker.isascii() else maker in words for maker in makers):
            return protocol
    return ""
