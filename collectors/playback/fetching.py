"""Tries to play one listed minute: one key frame, over the way the protocol offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from collectors import json_reply
from collectors.answers import DeviceFailure, FootageAnswer, Refused, Unreachable
from collectors.device import Device, Secret
from collectors.playback.decoder import Decoder
from collectors.playback.frame import Frame
from collectors.protocols import PlaysBack, RecorderProtocol, StampsClips

MINUTE = timedelta(minutes=1)
MOMENTS = (timedelta(seconds=30), timedelta(seconds=33))
"""Of the minute. The second is tried before it is said that the minute does not play: at the seam of two files some
recorders find nothing for a moment. It is so near that what plays elsewhere in the minute does not speak for it."""
BUSY = (408, 429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Player:
    """One open recorder, asked by one thread, one request at a time."""

    protocol: RecorderProtocol
    device: Device
    decoder: Decoder

    def play(self, channel: str, minute_at: datetime) -> Frame:
        """Never raises for the device's trouble. A minute without a picture must still be listed to count as such."""
        if not isinstance(self.protocol, PlaysBack):
            return Frame("not_possible", "the protocol offers no playback")
        frame = Frame("not_possible")
        for moment in MOMENTS:
            frame = self._moment(self.protocol, channel, minute_at + moment)
            if frame.outcome != "no_picture":
                return frame
        return self._still_listed(channel, minute_at) or frame

    def _moment(self, protocol: PlaysBack, channel: str, at: datetime) -> Frame:
        return self._guarded(lambda: self._frame(protocol.playback_url(self.device, channel, at), at))

    def _guarded(self, ask: Callable[[], Frame]) -> Frame:
        try:
            return ask()
        except Refused as refusal:
            return Frame("refused", str(refusal), is_final=refusal.definitive)
        except Unreachable as failure:
            return Frame("unreachable", str(failure))
        except DeviceFailure as failure:
            return Frame("not_possible", str(failure))
        finally:
            self.device.take_exchanges()  # clips are not kept

    def _frame(self, url: str, at: datetime) -> Frame:
        scheme = urlsplit(url).scheme
        if scheme == "rtsp":
            if urlsplit(url).fragment:
                return Frame("not_possible", "the replay must be told the time in a way our player cannot")
            return self.decoder.stream(_with_login(url, self.device.secret))
        if not url.startswith(f"{self.device.address}/"):
            return Frame(
                "not_possible", f"the playback is offered over {scheme} at another address than the recorder's"
            )
        return self._clip(url.removeprefix(self.device.address), at)

    def _clip(self, path: str, at: datetime) -> Frame:
        reply = self.device.get(path)
        if reply.status in (401, 403):
            raise Refused(
                f"{self.device.address} refused the playback ({reply.status})", definitive=reply.status == 401
            )
        if reply.status in BUSY:
            return Frame("unreachable", f"the recorder is busy or down ({reply.status})")
        if reply.status not in (200, 206):
            return Frame("no_picture", f"the recorder answered {reply.status} instead of a clip")
        if json_reply.is_web_page(reply.body):
            return Frame("not_possible", "a web page came instead of a clip")
        if isinstance(self.protocol, StampsClips) and self.protocol.CLIPS_TELL_START:
            offset = timedelta(milliseconds=self.protocol.clock(self.device).offset_ms)
            return self.decoder.clip(reply.body, at + offset)
        return self.decoder.clip(reply.body)

    def _still_listed(self, channel: str, minute_at: datetime) -> Frame | None:
        """Why the minute may rightly not play: it is no longer listed, or nobody can tell."""
        try:
            answers = list(self.protocol.footage(self.device, channel, minute_at, minute_at + MINUTE))
        except DeviceFailure as failure:
            return Frame("not_possible", f"it does not play, and cannot be listed again: {failure}")
        finally:
            self.device.take_exchanges()
        if all(_lists(answers, minute_at + moment) for moment in MOMENTS):
            return None
        return Frame("not_possible", "it does not play, and is no longer listed either")


def _lists(answers: list[FootageAnswer], at: datetime) -> bool:
    for answer in answers:
        device_at = at + timedelta(milliseconds=answer.clock_offset_ms or 0)
        if any(span.started_at <= device_at < span.ended_at for span in answer.spans):
            return True
    return False


def _with_login(url: str, secret: Secret | None) -> str:
    if secret is None:
        return url
    parts = urlsplit(url)
    login = f"{quote(secret.user, safe='')}:{quote(secret.password, safe='')}"
    return parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}").geturl()
