"""The configured paths: what each is set to record, and which camera is behind it.

The source of a path can hold the camera's password: its host is taken here, and nothing of it becomes evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from collectors.answers import ChannelReading, PlanMode, PlanReading, Refused
from collectors.device import Device
from collectors.protocols.mediamtx.paths import EVIDENCE_KEYS, PAGE, Settings, is_pattern
from collectors.protocols.mediamtx.server import ApiClosedError, MediamtxDevice, ours

STATE_KEYS = ("name", "confName", "ready", "available", "online", "onlineTime")
MAX_PAGES = 50
RELAYED = {"localhost", "127.0.0.1", "::1"}
"""A camera read through another relay on the same machine: its own address is not known here."""


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """All paths that are configured by name or there now."""
    server = ours(device)
    known = _known(server)
    return tuple(
        ChannelReading(name, name=name, is_online=_is_online(settings, state), address=_address(settings))
        for name, (settings, state) in sorted(known.items())
    )


def plans(device: Device) -> tuple[PlanReading, ...]:
    return tuple(PlanReading(name, mode_of(settings)) for name, (settings, _) in sorted(_known(ours(device)).items()))


def mode_of(settings: Settings) -> PlanMode:
    """A path records whatever it has: it has a slate without its camera when always available, and nothing while nobody
    watches when it is read on demand. Neither says that the camera is recorded all the time."""
    record = settings.get("record")
    if record is not True:
        return "off" if record is False else "unknown"
    waits = settings.get("sourceOnDemand", False) is not False or bool(settings.get("runOnDemand"))
    return "unknown" if waits or settings.get("alwaysAvailable", False) is not False else "continuous"


def _known(server: MediamtxDevice) -> dict[str, tuple[Settings, Settings]]:
    """By name: the settings that govern the path and its state now, each empty when there are none."""
    try:
        configured = {str(item.get("name")): item for item in _all(server, "/v3/config/paths/list", EVIDENCE_KEYS)}
        states = {str(item.get("name")): item for item in _all(server, "/v3/paths/list", STATE_KEYS)}
    except ApiClosedError as closed:
        raise Refused(f"the paths cannot be asked for: {closed}") from None
    known: dict[str, tuple[Settings, Settings]] = {
        name: (settings, {}) for name, settings in configured.items() if not is_pattern(name)
    }
    for name, state in states.items():
        governing = configured.get(name) or configured.get(str(state.get("confName"))) or {}
        known[name] = (governing, state)
    return known


def _all(server: MediamtxDevice, path: str, keep: tuple[str, ...]) -> Iterator[Settings]:
    """Pages count from 0; a page past the end is empty. A path can come twice when one appears in between."""
    for number in range(MAX_PAGES):
        page = server.ask_api(f"{path}?page={number}&itemsPerPage={PAGE}", keep=keep) or {}
        items, count = page.get("items"), page.get("pageCount")
        if not isinstance(items, list) or not isinstance(count, int) or not all(isinstance(i, dict) for i in items):
            raise ApiClosedError(f"what {server.api_address}{path} answers is no page of paths")
        yield from items
        if number + 1 >= count or not items:
            return


def _is_online(settings: Settings, state: Settings) -> bool | None:
    """`online` is about the camera since v1.16; before, `ready` was, and still is where no slate stands in for it."""
    online = state.get("online")
    if not isinstance(online, bool):
        blind = settings.get("alwaysAvailable", False) is not False
        online = None if blind else state.get("ready")
    if online is True:
        return True
    waits = settings.get("sourceOnDemand") is True or bool(settings.get("runOnDemand"))
    return False if online is False and not waits else None


def _address(settings: Settings) -> str:
    source = settings.get("source")
    try:
        host = urlsplit(source).hostname or "" if isinstance(source, str) and "://" in source else ""
    except ValueError:
        return ""
    return "" if host in RELAYED or "$" in host else host
