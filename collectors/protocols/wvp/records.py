"""One question for what a device has recorded, and its answer: the GB/T 28181 RecordInfo query (fact sheet)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from collectors import json_reply
from collectors.answers import Malformed, Unreachable
from collectors.chunks import DeviceBrokeError
from collectors.intervals import Interval
from collectors.protocols.wvp.identity import knock
from collectors.protocols.wvp.server import WvpDevice
from collectors.xml import quoted
from data.periods import LOCAL_OFFSET

PAUSE_S = 0.5
MAX_SILENCE = 6
"""Questions in a row without an answer; after that the device is not asked again in this session."""
SECOND = timedelta(seconds=1)
YEARS = range(1970, 2101)
_DIGITS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One recorded file as listed: it may be inverted, of no length, or lie in the future.

    *Device time* is the device's wall clock read as Beijing time and expressed as naive UTC.
    """

    started_at: datetime
    ended_at: datetime
    kind: str


class Asker:
    """Asks one channel of one device, one question at a time, and stops when the device stays silent."""

    def __init__(self, server: WvpDevice, device_id: str, channel_id: str) -> None:
        self._server = server
        self.device_id, self.channel_id = device_id, channel_id
        self._path = f"/api/gb_record/query/{quote(device_id, safe='')}/{quote(channel_id, safe='')}"
        self._source = f"{server.address}{self._path}"

    def rows(self, window: Interval) -> list[Row]:
        """Every file that touches `window` of device time, or a failure: never a part of them."""
        silence = self._silence()
        if len(silence) >= MAX_SILENCE:
            raise DeviceBrokeError(f"{silence[-1]}; it left {len(silence)} questions in a row unanswered")
        self._server.pause(PAUSE_S)
        try:
            rows = self._read(self._ask(window))
        except DeviceBrokeError as failure:
            silence.append(str(failure))
            raise
        silence.clear()
        return _about(rows, window, self._source)

    def _silence(self) -> list[str]:
        """The last questions to this device that were left unanswered, and why."""
        silence = self._server.notes.setdefault(f"silence {self.device_id}", [])
        return silence if isinstance(silence, list) else []

    def _ask(self, window: Interval) -> object:
        """A site may let its devices take longer than we wait: then the platform itself still answers."""
        from_at, to_at = written(window[0]), written(_whole_second_up(window[1]))
        try:
            return self._server.ask(self._path, startTime=from_at, endTime=to_at)
        except DeviceBrokeError:
            raise
        except Unreachable as failure:
            knock(self._server)
            raise DeviceBrokeError(f"{failure}, though the platform itself does") from None

    def _read(self, data: object) -> list[Row]:
        content = json_reply.as_object(data, self._source)
        promised, listed = json_reply.whole(content.get("sumNum")), content.get("recordList")
        if listed is None or promised is None:
            raise DeviceBrokeError(f"{self._source} gives no list of records, which is not the same as an empty one")
        rows = list(json_reply.objects(listed, self._source))
        if len(rows) != promised:
            raise DeviceBrokeError(f"{self._source} lists {len(rows)} of {promised} records")
        return [self._row(row) for row in rows]

    def _row(self, row: dict[str, object]) -> Row:
        whose = json_reply.text(row.get("deviceId"))
        if whose and whose not in (self.channel_id, self.device_id):
            raise Malformed(f"{self._source} lists records of '{quoted(whose)}'; check the channel")
        started_at, ended_at = (self._instant(row.get(name)) for name in ("startTime", "endTime"))
        return Row(started_at, ended_at, json_reply.text(row.get("type")))

    def _instant(self, value: object) -> datetime:
        text = json_reply.text(value)
        try:
            if not _DIGITS.fullmatch(text):
                raise ValueError
            digits = datetime.fromisoformat(text)
        except ValueError:
            raise Malformed(f"{self._source} gives '{quoted(text)}' where a time is expected") from None
        if digits.year not in YEARS:
            raise Malformed(f"{self._source} gives a time in the year {digits.year}")
        return digits - LOCAL_OFFSET


def written(at: datetime) -> str:
    """As the platform wants it: Beijing time, whole seconds."""
    return (at + LOCAL_OFFSET).strftime("%Y-%m-%d %H:%M:%S")


def _whole_second_up(at: datetime) -> datetime:
    return at if at.microsecond == 0 else at.replace(microsecond=0) + SECOND


def _about(rows: list[Row], window: Interval, source: str) -> list[Row]:
    """Malformed when nothing of what is listed touches the window: that answers another question."""
    if rows and not any(_touches(row, window) for row in rows):
        raise Malformed(f"{source} lists only records outside the window it was asked for")
    return rows


def _touches(row: Row, window: Interval) -> bool:
    first, last = sorted((row.started_at, row.ended_at))
    return first <= window[1] + SECOND and last >= window[0] - SECOND
