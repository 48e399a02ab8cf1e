"""Serves a simulated city on loopback ports: its recorders from one child process, its live relay from another.
Recorders of which only an index is handed in have a folder instead.

Simulated time stands still until `set_now` moves it, for the recorders and the relay alike.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from multiprocessing.connection import Connection, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from urllib.parse import urlsplit

from collectors.simulator.changing import Change, end_of
from collectors.simulator.city import LIVE_CREDENTIAL, City
from collectors.simulator.dropping import Droppers
from collectors.simulator.http import LoopbackServer
from collectors.simulator.recorder import SimulatedRecorder
from collectors.simulator.whep import WhepRelay

START_S = 60.0
STOP_S = 5.0
ONE_PORT = {"mediamtx": "?api_port={port}"}
"""What must follow the address of an end that serves two interfaces on its one port."""
FOLDER = "folder"
"""The protocol that is no server."""
_EPOCH = datetime(1970, 1, 1)


class SimulationEndedError(RuntimeError):
    """The child process that plays the recorders is gone; nothing it would have said can be trusted."""


class _Clock(Protocol):
    """Seconds since 1970, UTC, shared between the processes."""

    value: float


class CityServer:
    """`with CityServer(city) as server: server.set_now(at); server.addresses[recorder_id]`.

    Spawns, so a script that uses it needs the usual guard of its main module.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        self._stack = ExitStack()
        self._modes = dict.fromkeys(city.live_cameras, "ok")
        self.addresses: Mapping[str, str] = {}
        self.live_urls: Mapping[str, str] = {}

    def __enter__(self) -> CityServer:
        with ExitStack() as stack:
            self._start_recorders(stack)
            self._open_folders(stack)
            secret = self._city.secrets[LIVE_CREDENTIAL]
            self._relay = stack.enter_context(WhepRelay(self._city.live_cameras, secret.user, secret.password))
            self.live_urls = {camera_id: self._relay.url(camera_id) for camera_id in self._modes}
            self._stack = stack.pop_all()
        self.set_now(self._city.plan.opened_at)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stack.close()

    def set_now(self, at: datetime) -> None:
        """Moves simulated time (naive UTC); SimulationEndedError when there is nobody left to tell."""
        self._check()
        self._clock.value = (at - _EPOCH).total_seconds()
        self._droppers.move(at)
        for camera_id, was in self._modes.items():
            mode = self._city.live_mode(camera_id, at)
            if mode != was:
                self._relay.set_mode(camera_id, mode)
                self._modes[camera_id] = mode

    def _open_folders(self, stack: ExitStack) -> None:
        recorders = [r for r in self._city.recorders.values() if r.protocol == FOLDER]
        place = stack.enter_context(TemporaryDirectory(prefix="liuhen-drops-"))
        self._droppers = Droppers(recorders, Path(place))
        self.addresses = {**self.addresses, **self._droppers.addresses}

    def _start_recorders(self, stack: ExitStack) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        stack.callback(ours.close)
        self._clock = context.Value("d", 0.0)
        recorders = [(r, self._city.changes[r.recorder_id]) for r in self._city.recorders.values()]
        self._process = context.Process(target=_serve, args=(recorders, self._clock, theirs), daemon=True)
        self._process.start()
        stack.callback(self._stop, ours)
        theirs.close()
        if ours not in wait([ours, self._process.sentinel], START_S):
            self._check()
            raise SimulationEndedError(f"the simulated recorders did not start within {START_S:g} s")
        try:
            self.addresses = ours.recv()
        except EOFError:
            self._process.join(STOP_S)
            self._check()
            raise

    def _stop(self, ours: Connection) -> None:
        """The child ends when the pipe does; a child that hangs is ended."""
        ours.close()
        self._process.join(STOP_S)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(STOP_S)

    def _check(self) -> None:
        if not self._process.is_alive():
            raise SimulationEndedError(
                f"the process that plays the recorders ended with status {self._process.exitcode}; "
                "its error stands above, start the demo again"
            )


def _serve(recorders: list[tuple[SimulatedRecorder, tuple[Change, ...]]], clock: _Clock, pipe: Connection) -> None:
    """In the child: one server per recorder that has one, until the parent closes its end of the pipe or is gone."""

    def now() -> datetime:
        return _EPOCH + timedelta(seconds=clock.value)

    with ExitStack() as stack:
        addresses = {}
        for recorder, changes in recorders:
            if recorder.protocol == FOLDER:
                continue
            server = stack.enter_context(LoopbackServer(end_of(recorder, changes, now)))
            port = urlsplit(server.address).port
            suffix = ONE_PORT.get(recorder.protocol, "").format(port=port)
            addresses[recorder.recorder_id] = f"{server.address}{suffix}"
        pipe.send(addresses)
        try:
            pipe.recv()
        except EOFError:
            return
