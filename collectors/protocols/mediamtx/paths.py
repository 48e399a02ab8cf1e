"""What the server's configuration says a listing of one path is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from collectors.protocols.mediamtx.listing import instant
from collectors.protocols.mediamtx.server import ApiClosedError, MediamtxDevice

Settings = dict[str, object]
EVIDENCE_KEYS = (
    "name",
    "record",
    "recordFormat",
    "recordDeleteAfter",
    "recordSegmentDuration",
    "alwaysAvailable",
    "sourceOnDemand",
)
PAGE = 1000
"""Items per page; the server's default is 100."""


@dataclass(frozen=True, slots=True)
class ListingWorth:
    """Why an empty answer proves nothing (`no_denial`), or not even a span (`no_proof`); empty: it does."""

    no_denial: str = ""
    no_proof: str = ""


def listing_worth(server: MediamtxDevice, channel: str) -> ListingWorth:
    try:
        settings = _settings(server, channel)
    except ApiClosedError as closed:
        return ListingWorth(f"nothing is listed, and whether the path is set up is not known: {closed}")
    if settings is None:
        return ListingWorth(f"nothing is listed for '{channel}', which is not configured, not online and not recorded")
    return judged(settings, channel)


def judged(settings: Settings, channel: str) -> ListingWorth:
    """Anything but a plain `record: true` means that silence is not absence."""
    if settings.get("alwaysAvailable", False) is not False:
        reason = (
            f"path '{channel}' is alwaysAvailable: a slate is recorded while the camera is gone, "
            "so its recordings prove nothing about the camera"
        )
        return ListingWorth(reason, reason)
    if settings.get("record") is not True:
        return ListingWorth(f"nothing is listed, and recording is switched off for path '{channel}'")
    return ListingWorth()


def file_starts(server: MediamtxDevice, channel: str) -> Sequence[datetime] | None:
    """The starts of all files of the path, sorted; None when the API does not tell."""
    try:
        recording = server.ask_api(f"/v3/recordings/get/{quote(channel)}") or {}
        segments = recording.get("segments")
        return sorted(instant(segment["start"]) for segment in segments) if isinstance(segments, list) else None
    except (ApiClosedError, KeyError, TypeError, ValueError, OverflowError):
        return None


def _settings(server: MediamtxDevice, channel: str) -> Settings | None:
    """The configuration that governs `channel`, None when the server knows no such path."""
    own = _configuration(server, channel)
    if own is not None:
        return own
    online = server.ask_api(f"/v3/paths/get/{quote(channel)}", keep=("name", "confName"))
    if online is not None:
        return _configuration(server, str(online.get("confName")))
    return _common_to_patterns(server) if file_starts(server, channel) else None


def _common_to_patterns(server: MediamtxDevice) -> Settings | None:
    """For a path that was recorded under a pattern and is offline: what all patterns agree on.

    Which pattern governs it depends on the server's own regular expressions, so we do not guess.
    """
    page = server.ask_api(f"/v3/config/paths/list?itemsPerPage={PAGE}", keep=EVIDENCE_KEYS) or {}
    items = page.get("items")
    if not isinstance(items, list) or page.get("pageCount") != 1:
        return None
    patterns = [item for item in items if isinstance(item, dict) and is_pattern(str(item.get("name")))]
    agreed = {(item.get("record") is True, item.get("alwaysAvailable", False) is True) for item in patterns}
    return patterns[0] if len(agreed) == 1 else None


def is_pattern(name: str) -> bool:
    return name.startswith("~") or name in ("all", "all_others")


def _configuration(server: MediamtxDevice, name: str) -> Settings | None:
    return server.ask_api(f"/v3/config/paths/get/{quote(name)}", keep=EVIDENCE_KEYS)
