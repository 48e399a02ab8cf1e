"""The log of when recorded data begins and ends: `FindEvents` on the recording history (fact sheet §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lxml import etree

from collectors.chunks import TooMuchError
from collectors.device import Device
from collectors.intervals import Interval
from collectors.protocols.onvif import searching, times
from collectors.protocols.onvif.recordings import Recording
from collectors.protocols.onvif.soap import EVENTS, SCHEMA, SERVICES, FilterRefusedError, node
from collectors.protocols.onvif.timebase import TimeBase
from collectors.xml import each, text_of

MAX_MATCHES = 1000
FILTER_KEY = "event_filter"
SECOND = timedelta(seconds=1)
FILTERS = {
    "A": "tns1:RecordingHistory//.",
    "B": "tns1:RecordingHistory/Recording/State|tns1:RecordingHistory/Track/State",
    "C": "",
}
"""Spellings of the choice of events, the sharpest first; `C` takes all there are."""
_DIALECT = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
_SEARCH = SERVICES["search"]
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_ITEM = {"track": "IsDataPresent", "recording": "IsRecording"}


@dataclass(frozen=True, slots=True)
class Row:
    """One change of state in device time. `value` None: it cannot be read. `track` and `recording` may be empty.

    `is_start`: not a change but the state at the start of the window asked. `is_restart`: the device has come up and
    says how things stand; what it was doing before ended at an unknown moment.
    """

    kind: Literal["track", "recording"]
    recording: str
    track: str
    at: datetime
    value: bool | None
    is_start: bool
    is_restart: bool


def ask_rows(device: Device, base: TimeBase, recording: Recording, window: Interval) -> list[Row]:
    """The rows of `window`, in the order given. TooMuchError: a narrower window may do.

    A choice of events that brings nothing may not have been understood, so the next one is tried until one has worked.
    """
    known = device.memory.get(FILTER_KEY, "")
    refusal: FilterRefusedError | None = None
    rows: list[Row] | None = None
    for key in [known] if known in FILTERS else FILTERS:
        try:
            rows = _search(device, base, recording, window, FILTERS[key])
        except FilterRefusedError as error:
            refusal = error
            continue
        if rows:
            device.memory[FILTER_KEY] = key
            break
    if rows is None and refusal is not None:
        device.memory.pop(FILTER_KEY, None)
        raise refusal
    return rows or []


def _search(device: Device, base: TimeBase, recording: Recording, window: Interval, topics: str) -> list[Row]:
    items = searching.results(
        device, "FindEvents", _question(base, recording, window, topics), "GetEventSearchResults", "Result"
    )
    if len(items) >= MAX_MATCHES:
        raise TooMuchError(f"{device.address} found {len(items)} events, so the list may be cut off; ask for less")
    source = f"{device.address} (GetEventSearchResults)"
    rows = (_row(item, base, source) for item in items)
    return list(dict.fromkeys(row for row in rows if row is not None and row.recording in ("", recording.token)))


def _question(base: TimeBase, recording: Recording, window: Interval, topics: str) -> list[etree._Element]:
    choice = [node(EVENTS, "TopicExpression", topics, Dialect=_DIALECT)] if topics else []
    return [
        node(_SEARCH, "StartPoint", base.written(window[0])),
        node(_SEARCH, "EndPoint", base.written(window[1] + SECOND - timedelta.resolution)),
        node(_SEARCH, "Scope", node(SCHEMA, "IncludedRecordings", recording.token)),
        node(_SEARCH, "SearchFilter", *choice),
        node(_SEARCH, "IncludeStartState", "true"),
        *searching.limits(MAX_MATCHES),
    ]


def _row(item: etree._Element, base: TimeBase, source: str) -> Row | None:
    """None for other topics, which devices mix in. `Result/Time` counts; the time inside the message can differ."""
    topic = [part.rpartition(":")[2] for part in text_of(item, "Topic").split("/")]
    kind: Literal["track", "recording"]
    if topic == ["RecordingHistory", "Track", "State"]:
        kind = "track"
    elif topic == ["RecordingHistory", "Recording", "State"]:
        kind = "recording"
    else:
        return None
    said = {part.get("Name", ""): part.get("Value", "").strip() for part in each(item, "SimpleItem")}
    is_start = text_of(item, "StartStateEvent").lower() in ("true", "1")
    message = next((part for part in each(item, "Message") if part.get("PropertyOperation")), None)
    operation = "" if message is None else message.get("PropertyOperation", "")
    return Row(
        kind,
        text_of(item, "RecordingToken") or said.get("RecordingToken", "") or said.get("Recording", ""),
        text_of(item, "TrackToken") or said.get("Track", "") or said.get("TrackToken", ""),
        base.device_time(times.parse(text_of(item, "Time"), source)),
        _TRUTH.get(said.get(_ITEM[kind], "").lower()),
        is_start,
        operation.lower() == "initialized" and not is_start,
    )
