"""Which recordings there are, of what, and between which times (fact sheet §3). Gaps are invisible here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lxml import etree

from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.device import Device
from collectors.protocols.onvif import searching
from collectors.protocols.onvif.calls import ask
from collectors.protocols.onvif.soap import SERVICES, NotOfferedError, node
from collectors.protocols.onvif.times import Stamp, parse
from collectors.xml import each, local_name, quoted, text_of

MAX_RECORDINGS = 500
KEPT_FOR = timedelta(minutes=10)
_NOTE = "recordings"


@dataclass(frozen=True, slots=True)
class Track:
    """`data_from`, `data_to`: what it holds at most, as written; None when the device does not say."""

    token: str
    is_video: bool
    data_from: Stamp | None = None
    data_to: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    token: str
    source_id: str
    source_name: str
    address: str
    tracks: tuple[Track, ...]
    status: str = ""

    @property
    def has_stopped(self) -> bool:
        """By its own word; it may have stopped without one."""
        return self.status.lower() in ("stopped", "removing", "removed", "initiated")

    @property
    def video(self) -> tuple[Track, ...]:
        return tuple(track for track in self.tracks if track.is_video)


def listed(device: Device) -> tuple[Recording, ...]:
    """Without their times. Some recorders know only one of the two ways to ask; none listed proves nothing."""
    kept = device.notes.get(_NOTE)
    if isinstance(kept, tuple) and timedelta(0) <= device.now() - kept[0] <= KEPT_FOR:
        found: tuple[Recording, ...] = kept[1]
        return found
    found = _by_service(device) or searched(device)
    device.notes[_NOTE] = (device.now(), found)
    return found


def searched(device: Device) -> tuple[Recording, ...]:
    """By the search service, with their times."""
    question = [node(SERVICES["search"], "Scope"), *searching.limits(MAX_RECORDINGS)]
    items = searching.results(device, "FindRecordings", question, "GetRecordingSearchResults", "RecordingInformation")
    return tuple(_recording(item, device) for item in items)


def chosen(device: Device, channel: str) -> Recording:
    """The one recording the register means: by its token, else by a source id or name that no other one has."""
    word, found = channel.strip(), listed(device)
    if not found:
        raise Malformed(
            f"{device.address} lists no recording, which does not prove that it holds none; "
            "register its native protocol, or check the rights of the ONVIF user"
        )
    for key in ("token", "source_id", "source_name"):
        fitting = [recording for recording in found if word and getattr(recording, key) == word]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            break
    tokens = quoted(", ".join(recording.token for recording in found), 120)
    raise Malformed(f"{device.address} lists not exactly one recording '{quoted(channel)}'; register one of: {tokens}")


def with_times(device: Device, recording: Recording) -> Recording:
    """The recording with the times and the status the device gives it now; as it was where it gives none."""
    token = node(SERVICES["search"], "RecordingToken", recording.token)
    try:
        answer = ask(device, "search", "GetRecordingInformation", token)
    except NotOfferedError:
        told = next((each for each in searched(device) if each.token == recording.token), recording)
    else:
        told = _recording(answer, device)
    if told.token != recording.token:
        raise Malformed(f"{device.address} described recording '{quoted(told.token)}' when asked for another")
    return replace(recording, tracks=told.tracks or recording.tracks, status=told.status)


def searched_if_told(device: Device) -> tuple[Recording, ...]:
    """As `searched`; none where the device does not tell. A refused login is raised."""
    try:
        return searched(device)
    except Refused as refusal:
        if refusal.definitive:
            raise
        return ()
    except DeviceFailure:
        return ()


def _by_service(device: Device) -> tuple[Recording, ...]:
    try:
        answer = ask(device, "recording", "GetRecordings")
    except NotOfferedError:
        return ()
    return tuple(_recording(item, device) for item in each(answer, "RecordingItem"))


def _recording(item: etree._Element, device: Device) -> Recording:
    source = f"{device.address} (list of recordings)"
    earliest, latest = (_stamp(item, name, source) for name in ("EarliestRecording", "LatestRecording"))
    tracks = tuple(_track(element, earliest, latest, source) for element in _tracks(item))
    origin = next(each(item, "Source"), item)
    return Recording(
        text_of(item, "RecordingToken"),
        text_of(origin, "SourceId"),
        text_of(origin, "Name"),
        text_of(origin, "Address"),
        tracks,
        text_of(item, "RecordingStatus"),
    )


def _tracks(item: etree._Element) -> list[etree._Element]:
    return [element for element in each(item, "Track") if any(local_name(part) == "TrackToken" for part in element)]


def _track(element: etree._Element, earliest: Stamp | None, latest: Stamp | None, source: str) -> Track:
    return Track(
        text_of(element, "TrackToken"),
        text_of(element, "TrackType").lower() == "video",
        _stamp(element, "DataFrom", source) or earliest,
        _stamp(element, "DataTo", source) or latest,
    )


def _stamp(element: etree._Element, name: str, source: str) -> Stamp | None:
    text = text_of(element, name)
    return parse(text, source) if text else None


def plausible(at: datetime, device_now: datetime) -> bool:
    """Devices without an answer write 1970, or anything else."""
    return datetime(2010, 1, 1) <= at <= device_now + timedelta(days=1)
