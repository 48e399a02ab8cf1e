"""Tries the drawn minutes: recorders side by side, each one minute at a time."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime

import pyarrow as pa

from collectors import protocols
from collectors.device import Secret
from collectors.playback.decoder import Decoder
from collectors.playback.drawing import Drawn
from collectors.playback.fetching import Player
from collectors.playback.frame import Frame
from dashboard.collecting.asking import LOCKOUT_PAUSE, LOGIN_PAUSE
from dashboard.collecting.known import Known, RecorderEntry, known_at
from dashboard.playback.drawing import QUERIES, Revealed
from data.facts import RecorderMemory
from data.intake import Batch, take_in_batch
from data.known import create_known_views
from data.store import Store

log = logging.getLogger(__name__)

ENOUGH_SILENCE = 2
"""So many minutes in a row without a reply, and the rest of the recorder's draw is not asked."""
WORKER_COUNT = 4
"""Recorders at a time: each costs a decoder."""
SAMPLES = pa.schema(
    [("day", pa.date32()), ("recorder_id", pa.string()), ("ordinal", pa.int32()), ("camera_id", pa.string()),
     ("minute_at", pa.timestamp("us")), ("tried_at", pa.timestamp("us")), ("outcome", pa.string()),
     ("reason", pa.string()), ("frame_sha256", pa.string()), ("frame_bytes", pa.int64()), ("width", pa.int32()),
     ("height", pa.int32())]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    minute: Drawn
    tried_at: datetime
    frame: Frame


@dataclass(frozen=True, slots=True)
class Proofs:
    store: Store
    secrets: Mapping[str, Secret]
    now: Callable[[], datetime]
    decoder: Decoder = field(default_factory=Decoder)
    worker_count: int = WORKER_COUNT

    def run(self, revealed: Revealed) -> int:
        """Try what was drawn and not tried yet; how many that was."""
        known, channels, tried = self._before(revealed)
        waiting: defaultdict[str, list[Drawn]] = defaultdict(list)
        for minute in revealed.drawn:
            if (minute.recorder_id, minute.ordinal) not in tried:
                waiting[minute.recorder_id].append(minute)
        with ThreadPoolExecutor(self.worker_count, thread_name_prefix="playback") as pool:
            jobs = [pool.submit(self._recorder, known, channels, each, waiting[each]) for each in waiting]
            for job in as_completed(jobs):
                self._keep(revealed, known, job.result())
        return sum(map(len, waiting.values()))

    def _before(self, revealed: Revealed) -> tuple[Known, dict[str, tuple[str, str]], set[tuple[str, int]]]:
        at = self.now()
        known = known_at(self.store, at)
        with self.store.cursor() as cursor:
            create_known_views(cursor, at)
            channels = {row[0]: (row[1], row[2]) for row in cursor.execute(QUERIES["places"]).fetchall()}
            tried = {(row[0], row[1]) for row in cursor.execute(QUERIES["tried"], {"day": revealed.day}).fetchall()}
        return known, channels, tried

    def _recorder(
        self, known: Known, channels: Mapping[str, tuple[str, str]], recorder_id: str, minutes: Sequence[Drawn]
    ) -> list[Tried]:
        """Never raises: a fault of ours in one protocol must not cost the other recorders their draw."""
        entry = next((entry for entry in known.entries if entry.recorder_id == recorder_id), None)
        memory = known.memory(recorder_id)
        if entry is None:
            return self._all(minutes, Frame("not_possible", "the recorder is no longer registered"))
        if memory.not_before is not None and memory.not_before > self.now():
            reason = f"not asked until {memory.not_before:%Y-%m-%d %H:%M} UTC: {memory.reason}"
            return self._all(minutes, Frame("not_possible", reason))
        done: list[Tried] = []
        try:
            self._play(entry, memory, channels, minutes, done)
        except Exception as error:
            log.exception("playing from %s broke off", recorder_id)
            reason = f"our '{entry.protocol}' client broke off ({type(error).__name__})"
            done += self._all(minutes[len(done) :], Frame("not_possible", reason))
        return done

    def _play(
        self,
        entry: RecorderEntry,
        memory: RecorderMemory,
        channels: Mapping[str, tuple[str, str]],
        minutes: Sequence[Drawn],
        done: list[Tried],
    ) -> None:
        protocol = protocols.load(entry.protocol)
        secret = self.secrets.get(entry.credential)
        with protocol.open_device(entry.address, secret=secret, now=self.now, memory=dict(memory.learned)) as device:
            player = Player(protocol, device, self.decoder)
            for number, minute in enumerate(minutes):
                recorder_id, channel = channels.get(minute.camera_id, ("", ""))
                if recorder_id != entry.recorder_id:
                    frame = Frame("not_possible", "the camera is no longer registered at this recorder")
                else:
                    frame = player.play(channel, minute.minute_at)
                done.append(Tried(minute, self.now(), frame))
                if _ends(done):
                    rest = replace(frame, reason=f"not asked after: {frame.reason}", is_final=False)
                    done += self._all(minutes[number + 1 :], rest)
                    return

    def _all(self, minutes: Sequence[Drawn], frame: Frame) -> list[Tried]:
        return [Tried(minute, self.now(), frame) for minute in minutes]

    def _keep(self, revealed: Revealed, known: Known, done: Sequence[Tried]) -> None:
        rows = [_row(revealed, each) for each in done]
        with self.store.write() as cursor:
            cursor.register("new_rows", pa.Table.from_pylist(rows, schema=SAMPLES))
            cursor.execute(
                "INSERT INTO playback_samples BY NAME SELECT *, CAST($at AS TIMESTAMP) AS known_from FROM new_rows",
                {"at": self.now()},
            )
            cursor.unregister("new_rows")
        for each in done:
            if each.frame.is_final:
                memory = replace(
                    known.memory(each.minute.recorder_id),
                    not_before=self.now() + LOCKOUT_PAUSE,
                    reason=f"{LOGIN_PAUSE} ({each.frame.reason})",
                )
                take_in_batch(self.store, Batch(memories=[memory]), now=self.now)


def _ends(done: Sequence[Tried]) -> bool:
    """A refusal holds for the account; silence for now."""
    last = [each.frame.outcome for each in done[-ENOUGH_SILENCE:]]
    return last[-1] == "refused" or last == ["unreachable"] * ENOUGH_SILENCE


def _row(revealed: Revealed, tried: Tried) -> dict[str, object]:
    minute, frame = tried.minute, tried.frame
    return {
        "day": revealed.day, "recorder_id": minute.recorder_id, "ordinal": minute.ordinal,
        "camera_id": minute.camera_id, "minute_at": minute.minute_at, "tried_at": tried.tried_at,
        "outcome": frame.outcome, "reason": frame.reason, "frame_sha256": frame.sha256,
        "frame_bytes": frame.size_bytes, "width": frame.width, "height": frame.height,
    }  # fmt: skip
