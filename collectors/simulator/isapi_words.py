"""The XML a simulated Hikvision recorder writes; as text, because a demo asks for it thousands of times."""

from __future__ import annotations

from datetime import datetime, timedelta

from collectors.simulator.http import Response
from collectors.simulator.recorder import SimulatedRecorder
from collectors.simulator.shelf import File

STAMP = "%Y-%m-%dT%H:%M:%SZ"
FIRMWARE, FIRMWARE_DATE = "V4.61.030", "build 220101"
BYTES_PER_S = 380_000
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>index</title></head><body>login</body></html>"

_VER20 = 'version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"'
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "boom">{_ENTITIES}]>'
    "<CMSearchResult><responseStatusStrg>NO MATCHES</responseStatusStrg>&e9;</CMSearchResult>"
)


def result(search_id: str, status: str, count: int, items: str) -> str:
    """Without `items` the list is left out, as older firmware does."""
    matches = f"<matchList>{items}</matchList>" if items else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n<CMSearchResult {_VER20}>'
        f"<searchID>{{{search_id.lower()}}}</searchID><responseStatus>true</responseStatus>"
        f"<responseStatusStrg>{status}</responseStatusStrg><numOfMatches>{count}</numOfMatches>"
        f"{matches}</CMSearchResult>"
    )


def user_check(*, locked: bool, attempts_left: int) -> str:
    """The body of a 401."""
    return (
        f"<userCheck {_VER20}><statusValue>401</statusValue><statusString>Unauthorized</statusString>"
        f"<isActivated>true</isActivated><lockStatus>{'lock' if locked else 'unlock'}</lockStatus>"
        f"<unlockTime>{1795 if locked else 0}</unlockTime><retryLoginTime>{attempts_left}</retryLoginTime></userCheck>"
    )


def user_check_passed() -> str:
    return f"<userCheck {_VER20}><statusValue>200</statusValue><statusString>OK</statusString></userCheck>"


def time(wall_clock: datetime) -> str:
    stamp = wall_clock.strftime("%Y-%m-%dT%H:%M:%S+08:00")
    return (
        f"<Time {_VER20}><timeMode>NTP</timeMode><localTime>{stamp}</localTime><timeZone>CST-8:00:00</timeZone></Time>"
    )


def device_info(recorder: SimulatedRecorder, device_type: str) -> str:
    return (
        f'<DeviceInfo version="1.0"><deviceName>{recorder.recorder_id}</deviceName>'
        f"<model>{recorder.model}</model><serialNumber>{recorder.serial_number}</serialNumber>"
        f"<firmwareVersion>{FIRMWARE}</firmwareVersion>"
        f"<firmwareReleasedDate>{FIRMWARE_DATE}</firmwareReleasedDate>"
        f"<deviceType>{device_type}</deviceType></DeviceInfo>"
    )


def status(http_status: int, code: int, text: str, word: str) -> Response:
    body = (
        '<ResponseStatus version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        f"<statusCode>{code}</statusCode><statusString>{text}</statusString>"
        f"<subStatusCode>{word}</subStatusCode></ResponseStatus>"
    )
    return reply(body, http_status)


def reply(body: str, http_status: int = 200) -> Response:
    return Response(http_status, body.encode(), {"Content-Type": 'application/xml; charset="UTF-8"'})


def item(track: str, file: File, shift: timedelta, overlap: timedelta) -> str:
    """One row; `shift` leads from device time to the digits written, `overlap` is added to finished files."""
    start = (file.started_at + shift).strftime(STAMP)
    stop = (file.ended_at + overlap * (not file.is_open) + shift).strftime(STAMP)
    size = int((file.ended_at - file.started_at).total_seconds()) * BYTES_PER_S
    address = (
        f"rtsp://192.0.2.1/Streaming/tracks/{track}/?starttime={_compact(start)}&amp;endtime={_compact(stop)}"
        f"&amp;name={file.number:011d}000000&amp;size={size}"
    )
    return (
        "<searchMatchItem><sourceID>{00000000-0000-0000-0000-000000000000}</sourceID>"
        f"<trackID>{track}</trackID><timeSpan><startTime>{start}</startTime><endTime>{stop}</endTime></timeSpan>"
        "<mediaSegmentDescriptor><contentType>video</contentType><codecType>H.264-BP</codecType>"
        f"<playbackURI>{address}</playbackURI></mediaSegmentDescriptor><metadataMatches><metadataDescriptor>"
        "recordType.meta.hikvision.com/timing</metadataDescriptor></metadataMatches></searchMatchItem>"
    )


def _compact(stamp: str) -> str:
    return stamp.replace("-", "").replace(":", "")
