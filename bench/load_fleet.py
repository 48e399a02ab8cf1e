"""A fleet of simulated recorders, served over real HTTP from a process of its own, and the register that names them.

The recorders of a fleet are twins on ports of their own: they hold the same files, which are cut once and shared.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Protocol

from collectors.device import Secret
from collectors.intervals import Interval
from collectors.simulator.http import LoopbackServer
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from data.periods import day_starts_at
from data.store import Store

SECRET = Secret("collector", "correct horse")
CREDENTIAL = "fleet"
DAY = date(2026, 10, 1)
OPENED = day_starts_at(DAY)
NOW = OPENED + timedelta(hours=26)
"""Two hours after the day has ended; the recorders still record."""
STOP_S = 10.0
_EPOCH = datetime(1970, 1, 1)

REGISTER_SQL = """
INSERT INTO recorders BY NAME
SELECT unnest($ids) AS recorder_id, 'P1' AS premises_id, $protocol AS protocol, unnest($addresses) AS address,
       $credential AS credential, $opened AS known_from, false AS withdrawn;
INSERT INTO cameras BY NAME
SELECT recorder_id || '-' || channel AS camera_id, 'R1' AS room_id, recorder_id, CAST(channel AS TEXT) AS channel,
       'far' AS view, 'fixed' AS mount, 'inside' AS position, $opened AS duty_from, $duty_to AS duty_to,
       $opened AS known_from, false AS withdrawn
FROM (SELECT unnest($ids) AS recorder_id), range(1, $channel_count + 1) AS each(channel)
"""


class _Clock(Protocol):
    value: float


def recorder(
    protocol: str, channel_count: int, file_length: timedelta, seam: timedelta = timedelta(0), *, days: int = 2
) -> SimulatedRecorder:
    """Files of `file_length`; with a `seam` each lacks that much at its end, so that no two make one stretch."""
    recorded = tuple(_files(OPENED, OPENED + timedelta(days=days), file_length, seam))
    channels = {
        str(number): SimulatedChannel(str(number), recorded, file_length=file_length, address=f"192.0.2.{number}")
        for number in range(1, channel_count + 1)
    }
    return SimulatedRecorder("twin", protocol, SECRET, channels)


def _files(start: datetime, end: datetime, length: timedelta, seam: timedelta) -> list[Interval]:
    if not seam:
        return [(start, end)]
    return [(start + n * length, start + (n + 1) * length - seam) for n in range((end - start) // length)]


def register(
    store: Store, protocol: str, addresses: Sequence[str], channel_count: int, duty_to: datetime | None
) -> list[str]:
    """The ids of the recorders; every channel is a camera on duty from `OPENED` on."""
    ids = [f"N{number:03d}" for number in range(len(addresses))]
    values = {"ids": ids, "addresses": list(addresses), "protocol": protocol, "credential": CREDENTIAL,
              "opened": OPENED, "duty_to": duty_to, "channel_count": channel_count}  # fmt: skip
    with store.write() as cursor:
        for statement in REGISTER_SQL.split(";\n"):
            cursor.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
    return ids


class Fleet:
    """`with Fleet(recorder, 200) as fleet: fleet.addresses`. Spawns, so the main module needs its usual guard."""

    def __init__(self, simulated: SimulatedRecorder, count: int, *, now: datetime = NOW) -> None:
        context = multiprocessing.get_context("spawn")
        self._clock = context.Value("d", 0.0)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(simulated, count, self._clock, theirs), daemon=True)
        self.addresses: list[str] = []
        self.set_now(now)

    def set_now(self, at: datetime) -> None:
        self._clock.value = (at - _EPOCH).total_seconds()

    def now(self) -> datetime:
        return _EPOCH + timedelta(seconds=self._clock.value)

    def __enter__(self) -> Fleet:
        self._process.start()
        self.addresses = self._pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join(STOP_S)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()


def _serve(simulated: SimulatedRecorder, count: int, clock: _Clock, pipe: Connection) -> None:
    """In the child: until the parent closes its end of the pipe or is gone."""

    def now() -> datetime:
        return _EPOCH + timedelta(seconds=clock.value)

    end = import_module(f"collectors.simulator.{simulated.protocol}").end(simulated, now)
    with ExitStack() as stack:
        pipe.send([stack.enter_context(LoopbackServer(end)).address for _ in range(count)])
        try:
            pipe.recv()
        except EOFError:
            return
