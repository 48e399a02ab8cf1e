"""The monitors, which are the cameras, and what each is set to record.

Their settings hold the passwords of the cameras; only the fields named here are kept, in memory and as evidence.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from collectors import json_reply
from collectors.answers import ChannelReading, Malformed, PlanMode, PlanReading
from collectors.device import Device
from collectors.evidence import reduced_evidence
from collectors.protocols.zoneminder.server import ZoneminderDevice, ours

MONITORS = "/api/monitors.json"
KEPT = ("Id", "Name", "Type", "Function", "Enabled", "Capturing", "Recording", "Deleted", "SectionLength")
STATUS_KEPT = ("Status", "CaptureFPS")
USUAL_SECTION_S, LONGEST_SECTION_S = 600.0, 86_400.0

Monitor = dict[str, object]


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """The monitors that are switched on."""
    server = ours(device)
    return tuple(
        ChannelReading(
            number,
            name=json_reply.text(monitor.get("Name")),
            is_online=_is_online(server, number, monitor),
            address=json_reply.text(monitor.get("address")),
        )
        for number, monitor in monitors(server).items()
        if mode_of(monitor) != "off"
    )


def plans(device: Device) -> tuple[PlanReading, ...]:
    return tuple(PlanReading(number, mode_of(monitor)) for number, monitor in monitors(ours(device)).items())


def monitors(server: ZoneminderDevice) -> dict[str, Monitor]:
    """By Id; asked once per session. A monitor in several groups is listed several times by some versions."""
    if MONITORS not in server.notes:
        with reduced_evidence(server, MONITORS) as kept:
            source = f"{server.address}{MONITORS}"
            listed = json_reply.objects(server.ask_object(MONITORS).get("monitors"), source)
            known = {str(monitor["Id"]): monitor for monitor in (_reduced(item, source) for item in listed)}
            known = {number: each for number, each in known.items() if json_reply.whole(each.get("Deleted")) != 1}
            kept.content = known
        server.notes[MONITORS] = known
    found = server.notes[MONITORS]
    return found if isinstance(found, dict) else {}


def mode_of(monitor: Monitor) -> PlanMode:
    """`Function` up to 1.36; three settings in its place since 1.37."""
    function = monitor.get("Function")
    if isinstance(function, str):
        if json_reply.whole(monitor.get("Enabled")) == 0 or function in ("None", "Monitor"):
            return "off"
        modes: dict[str, PlanMode] = {
            "Record": "continuous",
            "Mocord": "continuous",
            "Modect": "event",
            "Nodect": "event",
        }
        return modes.get(function, "unknown") if json_reply.whole(monitor.get("Enabled")) == 1 else "unknown"
    if monitor.get("Recording") == "None" or monitor.get("Capturing") == "None":
        return "off"
    if monitor.get("Recording") == "OnMotion" or monitor.get("Capturing") == "Ondemand":
        return "event"
    return "continuous" if (monitor.get("Recording"), monitor.get("Capturing")) == ("Always", "Always") else "unknown"


def section_s(monitor: Monitor) -> float:
    """How long an event gets before the next one begins."""
    length_s = json_reply.number(monitor.get("SectionLength")) or 0.0
    return min(length_s, LONGEST_SECTION_S) if length_s > 0 else USUAL_SECTION_S


def _reduced(item: dict[str, object], source: str) -> Monitor:
    monitor = json_reply.inner(item, "Monitor")
    status = json_reply.inner(item, "Monitor_Status")
    number = json_reply.whole(monitor.get("Id"))
    if number is None:
        raise Malformed(f"{source} lists a monitor without an Id")
    kept = {key: monitor[key] for key in KEPT if key in monitor} | {key: status.get(key) for key in STATUS_KEPT}
    return kept | {"Id": str(number), "address": _host(monitor)}


def _host(monitor: Monitor) -> str:
    path = json_reply.text(monitor.get("Path"))
    try:
        return (urlsplit(path).hostname or "") if "://" in path else json_reply.text(monitor.get("Host"))
    except ValueError:
        return ""


def _is_online(server: ZoneminderDevice, number: str, monitor: Monitor) -> bool | None:
    """`Connected` stays when the process that captures was killed, so that process is asked for as well."""
    status = monitor.get("Status")
    if status == "NotRunning":
        return False
    if status != "Connected":
        return None
    reply = server.ask_object(f"/api/monitors/daemonStatus/id:{number}/daemon:zmc.json")
    runs = reply.get("status") is True or json_reply.whole(reply.get("status")) == 1
    return True if runs and json_reply.number(monitor.get("CaptureFPS")) != 0 else None
