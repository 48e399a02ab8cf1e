"""What a simulated ONVIF recorder says about its recordings, and what it is asked to find in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from lxml import etree

from collectors import xml
from collectors.simulator import onvif_words as words
from collectors.simulator.http import Response
from collectors.simulator.onvif_log import Change, History
from collectors.simulator.onvif_manners import Manners, fault, soap
from collectors.simulator.recorder import SimulatedRecorder
from data.periods import LOCAL_OFFSET

VIDEO, AUDIO = "VIDEO001", "AUDIO001"
_FILTERS = {"//.": "A", "Recording/State|": "B", "": "C"}
_BOGUS = datetime(1970, 1, 1, 0, 3, 15)


class NoAnswer(Exception):
    """The fault to send instead."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class Archive:
    """Recording tokens are the words of the channels."""

    def __init__(self, recorder: SimulatedRecorder, manners: Manners) -> None:
        self._recorder, self._manners = recorder, manners
        self._shift = LOCAL_OFFSET if manners.stamps_are_local else timedelta(0)
        self._histories = {
            name: History(recorder, channel, manners.keeps_overwritten, manners.outages)
            for name, channel in recorder.channels.items()
            if not manners.hides_recordings
        }

    def answer(self, operation: str, asked: etree._Element, at: datetime) -> Response:
        """What needs no search."""
        lists = {
            "GetRecordings": ("recording", self._item),
            "GetRecordingJobs": ("recording", self._job),
            "GetOSDs": ("media", self._overlays),
            "GetProfiles": ("media", words.profile),
        }
        if operation in lists:
            service, item = lists[operation]
            return soap(words.response(service, operation, "".join(item(token) for token in self._histories)))
        token = xml.text_of(asked, "RecordingToken")
        if operation not in ("GetRecordingInformation", "GetReplayUri"):
            return fault(500, "Receiver", "ActionNotSupported")
        if token not in self._histories:
            return fault(400, "Sender", "InvalidArgVal", "NoRecording")
        if operation == "GetReplayUri":
            uri = f"<trp:Uri>rtsp://admin:secret@192.0.2.64:554/replay/{token}</trp:Uri>"
            return soap(words.response("replay", operation, uri))
        return soap(words.response("search", operation, self._information(token, at)))

    def informations(self, at: datetime) -> list[str]:
        return [self._information(token, at) for token in self._histories]

    def events(self, asked: etree._Element, at: datetime) -> list[str]:
        """The result of `FindEvents`; NoAnswer when it is refused."""
        start, stop = (self._asked(asked, name) for name in ("StartPoint", "EndPoint"))
        token = xml.text_of(asked, "IncludedRecordings")
        topics = xml.text_of(asked, "TopicExpression")
        key = next(key for text, key in _FILTERS.items() if text in topics)
        if token not in self._histories:
            raise NoAnswer(fault(400, "Sender", "InvalidArgVal", "NoRecording"))
        if key not in self._manners.filters:
            raise NoAnswer(fault(400, "Sender", "InvalidArgVal", "InvalidFilterFault"))
        if self._breaks(start, stop, at):
            raise NoAnswer(fault(500, "Receiver", "Action"))
        if key in self._manners.deaf_filters or self._manners.log == "none":
            return []
        rows = self._rows(token, start, stop, at)
        limit = int(xml.text_of(asked, "MaxMatches") or len(rows))
        return (rows[::-1] if self._manners.is_descending else rows)[:limit]

    def _breaks(self, start: datetime, stop: datetime, at: datetime) -> bool:
        wide, bad = self._recorder.active("wide_500", at), self._recorder.active("bad_window", at)
        if wide and stop - start > timedelta(hours=float(wide.detail.get("max_hours", "6")), seconds=2):
            return True
        if bad is None:
            return False
        first, last = (self._recorder.device_time(datetime.fromisoformat(bad.detail[key])) for key in ("from", "to"))
        return start < last and stop > first

    def _rows(self, token: str, start: datetime, stop: datetime, at: datetime) -> list[str]:
        history, rows = self._histories[token], list[str]()
        if self._manners.start_state != "none":
            state = history.state_at(start, at)
            has_data = state.has_data and self._manners.start_state == "honest"
            stamp = start if self._manners.start_stamp == "window" else state.at
            rows += self._of(token, Change(stamp, has_data), "start")
        for change in history.changes(at):
            if start <= change.at <= stop:
                rows += self._of(token, change, "Initialized" if change.is_restart else "Changed")
        return rows

    def _of(self, token: str, change: Change, kind: str) -> list[str]:
        value = self._manners.true_word if change.has_data else "false"
        stamp, state = change.at + self._shift, "RecordingHistory"
        rows = [words.event((token, ""), stamp, f"{state}/Recording/State", ("IsRecording", value), kind)]
        if self._manners.log == "track":
            for track in (AUDIO, VIDEO):
                rows.append(words.event((token, track), stamp, f"{state}/Track/State", ("IsDataPresent", value), kind))
        if self._manners.has_noise:
            rows.append(words.event(("", ""), stamp, "Configuration/Profile", ("Configuration", "x"), kind))
        return rows

    def _asked(self, asked: etree._Element, name: str) -> datetime:
        return datetime.fromisoformat(xml.text_of(asked, name).removesuffix("Z")) - self._shift

    def _information(self, token: str, at: datetime) -> str:
        ends = self._histories[token].ends(at, self._manners.end_lag)
        oldest, newest = (_BOGUS, _BOGUS) if ends is None else (ends[0] + self._shift, ends[1] + self._shift)
        oldest = _BOGUS if self._manners.oldest_is_1970 else oldest
        times = f"<tt:DataFrom>{words.stamp(oldest)}</tt:DataFrom><tt:DataTo>{words.stamp(newest)}</tt:DataTo>"
        tracks = words.track(VIDEO, "Video", times) + words.track(AUDIO, "Audio", times)
        is_on = any(a <= at < b for a, b in self._recorder.channels[token].recorded)
        return (
            f"<tt:RecordingInformation><tt:RecordingToken>{token}</tt:RecordingToken>{self._source(token)}"
            f"<tt:EarliestRecording>{words.stamp(oldest)}</tt:EarliestRecording>"
            f"<tt:LatestRecording>{words.stamp(newest)}</tt:LatestRecording><tt:Content/>{tracks}"
            f"<tt:RecordingStatus>{'Recording' if is_on else 'Stopped'}</tt:RecordingStatus></tt:RecordingInformation>"
        )

    def _source(self, token: str) -> str:
        channel = self._recorder.channels[token]
        return words.source(token, channel.name or f"camera {token}", f"rtsp://admin:secret@{channel.address}/stream")

    def _item(self, token: str) -> str:
        tracks = words.track(VIDEO, "Video") + words.track(AUDIO, "Audio")
        return (
            f"<trc:RecordingItem><tt:RecordingToken>{token}</tt:RecordingToken>"
            f"<tt:Configuration>{self._source(token)}<tt:Content/></tt:Configuration><tt:Tracks>{tracks}</tt:Tracks>"
            "</trc:RecordingItem>"
        )

    def _job(self, token: str) -> str:
        plan = self._recorder.channels[token].plan
        condition = "<tt:EventFilter/>" if plan == "event" else ""
        job = words.job(token, "Idle" if plan == "off" else "Active")
        return job.replace("</tt:JobConfiguration>", f"{condition}</tt:JobConfiguration>")

    def _overlays(self, token: str) -> str:
        channel, configuration = self._recorder.channels[token], f"vsc_{token}"
        time = words.overlay(f"osd_t_{token}", configuration, "DateAndTime") if channel.osd_time else ""
        name = words.overlay(f"osd_n_{token}", configuration, "Plain", channel.name or f"camera {token}")
        return time + (name if channel.osd_name else words.overlay(f"osd_n_{token}", configuration, "Plain"))
