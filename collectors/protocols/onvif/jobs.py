"""Recording jobs: what is set to be recorded from where."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from collectors.device import Device
from collectors.protocols.onvif.calls import ask
from collectors.protocols.onvif.soap import NotOfferedError
from collectors.xml import each, text_of


@dataclass(frozen=True, slots=True)
class Job:
    """`is_conditional`: it records only by a schedule or on events."""

    recording: str
    mode: str
    sources: tuple[str, ...]
    is_conditional: bool


def listed(device: Device) -> tuple[Job, ...]:
    """Empty also when the device has no such list."""
    try:
        answer = ask(device, "recording", "GetRecordingJobs")
    except NotOfferedError:
        return ()
    return tuple(_job(item) for item in each(answer, "JobItem"))


def _job(item: etree._Element) -> Job:
    sources = (text_of(source, "Token") for source in each(item, "SourceToken"))
    conditions = ("ScheduleToken", "Schedule", "EventFilter")
    return Job(
        text_of(item, "RecordingToken"),
        text_of(item, "Mode").lower(),
        tuple(token for token in sources if token),
        any(next(each(item, name), None) is not None for name in conditions),
    )
