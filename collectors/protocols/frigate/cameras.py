"""The cameras of the configuration, and what each is set to record.

The configuration holds the passwords of the cameras; only the fields named here are kept, in memory and as evidence.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from collectors import json_reply
from collectors.answers import ChannelReading, PlanMode, PlanReading
from collectors.device import Device
from collectors.protocols.frigate.server import FrigateDevice, ours

CONFIG, STATS = "/api/config", "/api/stats"
RELAYED = {"127.0.0.1", "localhost", "::1"}
"""A camera read through the relay inside Frigate: its own address is not in its settings."""
STATS_FRESH = timedelta(seconds=120)
WARM_UP_S = 120
"""Frame rates are zero for a while after the start."""
EVENT_KEYS = ("motion", "alerts", "detections", "events", "retain")

EPOCH = datetime(1970, 1, 1)

Cameras = dict[str, dict[str, object]]


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """The cameras that are switched on. Online means that frames arrived in the ten seconds before the last sample."""
    server = ours(device)
    stats = json_reply.as_object(server.ask_json(STATS), f"{server.address}{STATS}")
    return tuple(
        ChannelReading(
            name,
            name=json_reply.text(camera.get("friendly_name")),
            is_online=_is_online(server, stats, name),
            address=json_reply.text(camera.get("address")),
        )
        for name, camera in cameras(server).items()
        if camera.get("enabled") is not False
    )


def plans(device: Device) -> tuple[PlanReading, ...]:
    return tuple(PlanReading(name, mode_of(camera)) for name, camera in cameras(ours(device)).items())


def cameras(server: FrigateDevice) -> Cameras:
    """By name; asked once per session."""
    if CONFIG not in server.notes:
        server.notes[CONFIG] = server.ask_reduced(CONFIG, _reduced)
    found = server.notes[CONFIG]
    return found if isinstance(found, dict) else {}


def mode_of(camera: dict[str, object]) -> PlanMode:
    """Since 0.17 days are given per kind of footage; before, `retain` had one mode for all of it."""
    record = json_reply.inner(camera, "record")
    if camera.get("enabled") is False or record.get("enabled") is False:
        return "off"
    if record.get("enabled") is not True:
        return "unknown"
    if "continuous" in record:
        days = json_reply.number(json_reply.inner(record, "continuous").get("days"))
    else:
        days = json_reply.number(json_reply.inner(record, "retain").get("days"))
        mode = json_reply.inner(record, "retain").get("mode", "all")
        days = 0.0 if days is not None and mode in ("motion", "active_objects") else days
        days = days if mode in ("all", "motion", "active_objects") else None
    if days is None:
        return "unknown"
    return "continuous" if days > 0 else "event" if any(_keeps(record.get(key)) for key in EVENT_KEYS) else "off"


def _keeps(kind: object) -> bool:
    """Whether settings of one kind of footage, or those below its `retain`, keep it for some days."""
    if not isinstance(kind, dict):
        return False
    retain = json_reply.inner(kind, "retain")
    days = [json_reply.number(each) for each in (kind.get("days"), retain.get("days"), retain.get("default"))]
    return any(each is not None and each > 0 for each in days)


def _reduced(config: dict[str, object]) -> dict[str, object]:
    found = json_reply.as_object(config.get("cameras"), "the configuration's list of cameras")
    return {name: _camera(json_reply.as_object(each, f"camera '{name}'")) for name, each in found.items()}


def _camera(camera: dict[str, object]) -> dict[str, object]:
    """The record settings hold numbers and words only; the address is cut out of the source of the stream."""
    record = json_reply.inner(camera, "record")
    kept = {key: record[key] for key in ("enabled", "continuous", *EVENT_KEYS) if key in record}
    return {
        "enabled": camera.get("enabled"),
        "friendly_name": camera.get("friendly_name"),
        "record": kept,
        "address": _address(camera),
    }


def _address(camera: dict[str, object]) -> str:
    inputs = json_reply.inner(camera, "ffmpeg").get("inputs")
    for source in inputs if isinstance(inputs, list) else []:
        roles = source.get("roles") if isinstance(source, dict) else None
        if isinstance(roles, list) and "record" in roles:
            return _host(json_reply.text(source.get("path")))
    return ""


def _host(path: str) -> str:
    try:
        host = urlsplit(path).hostname or ""
    except ValueError:
        return ""
    return "" if host in RELAYED else host


def _is_online(server: FrigateDevice, stats: dict[str, object], name: str) -> bool | None:
    """None when the figures are stale, too young, or not there; before 0.12 cameras stood at the top."""
    camera = json_reply.inner(stats, "cameras", name) or json_reply.inner(stats, name)
    fps = json_reply.number(camera.get("camera_fps"))
    service = json_reply.inner(stats, "service")
    uptime_s, updated = (json_reply.number(service.get(key)) for key in ("uptime", "last_updated"))
    if fps is None or uptime_s is None or updated is None:
        return None
    age_s = (server.now() - EPOCH).total_seconds() - updated
    is_fresh = abs(age_s) <= STATS_FRESH.total_seconds()
    return fps > 0 if is_fresh and (uptime_s >= WARM_UP_S or fps > 0) else None
