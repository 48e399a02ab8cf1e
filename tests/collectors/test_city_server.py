"""The simulated city over real HTTP: every recorder answers for itself, in simulated time, from one child process."""

from __future__ import annotations

import http.client
import os
import signal
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from collectors import protocols
from collectors.answers import DeviceFailure, Unreachable
from collectors.intervals import Interval, common, merged, without
from collectors.simulator.city import LIVE_CREDENTIAL, City, build_city
from collectors.simulator.plan import day_of, night
from collectors.simulator.register import Camera
from collectors.simulator.serve import CityServer, SimulationEndedError
from data.periods import local_day

FIRST_DAY = date(2026, 9, 12)


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(2, FIRST_DAY, 30)


@pytest.fixture(scope="module")
def server(city: City) -> Iterator[CityServer]:
    with CityServer(city) as running:
        yield running


def test_every_recorder_lists_what_it_holds(city: City, server: CityServer) -> None:
    """One camera of each recorder, on a day without faults of its own."""
    at = night(FIRST_DAY + timedelta(days=2))
    server.set_now(at)
    for recorder_id in city.recorders:
        wanted = day_of(FIRST_DAY)
        camera = next(c for c in _recorded(city, recorder_id) if not _lost(city, c, at, wanted))
        if not any(city.recorders[recorder_id].active(kind, at) for kind in ("html", "dead")):
            assert _asked(city, server, camera, at, wanted) == [wanted]


def test_a_planted_gap_is_what_the_collector_finds(city: City, server: CityServer) -> None:
    for fault in (f for f in city.truth() if f.kind in ("missing_61_s", "gap_60_s", "missing_hours")):
        day = local_day(fault.from_at)
        at = night(day + timedelta(days=1))
        server.set_now(at)
        camera = city.register.cameras[fault.subject]
        try:
            found = without([day_of(day)], _asked(city, server, camera, at, day_of(day)))
        except DeviceFailure:
            continue  # its recorder has a bad night
        assert [end - start for start, end in found] == [fault.to_at - fault.from_at]


def test_a_dead_recorder_hangs_up(city: City, server: CityServer) -> None:
    fault = next(f for f in city.truth() if f.kind == "dead")
    at = fault.from_at + timedelta(hours=1)
    server.set_now(at)
    camera = _recorded(city, fault.subject)[0]
    with pytest.raises(Unreachable):
        _asked(city, server, camera, at, day_of(FIRST_DAY))


def test_the_relay_follows_simulated_time(city: City, server: CityServer) -> None:
    fault = next(f for f in city.truth() if f.kind == "live_refused")
    statuses = []
    for at in (fault.from_at, fault.to_at, fault.from_at):
        server.set_now(at)
        statuses.append(_status_with_right_password(city, server, fault.subject))
    assert statuses == [401, 405, 401]


def test_a_crash_of_the_recorders_is_told(city: City) -> None:
    with CityServer(city) as server:
        pid = server._process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        server._process.join(10)
        with pytest.raises(SimulationEndedError, match="ended with status -9"):
            server.set_now(night(FIRST_DAY))


def test_nothing_is_left_running(city: City) -> None:
    with CityServer(city) as server:
        process, address = server._process, urlsplit(server.addresses[next(iter(city.recorders))])
    assert process.exitcode == 0
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection(str(address.hostname), address.port, timeout=5).request("GET", "/")


def _recorded(city: City, recorder_id: str) -> list[Camera]:
    cameras = city.register.cameras.values()
    return [c for c in cameras if c.recorder and c.recorder.recorder_id == recorder_id]


def _lost(city: City, camera: Camera, at: datetime, window: Interval) -> list[Interval]:
    assert camera.recorder is not None
    return without([window], city.recorders[camera.recorder.recorder_id].channels[camera.channel].held(at))


def _asked(city: City, server: CityServer, camera: Camera, at: datetime, window: Interval) -> list[Interval]:
    """What complete answers list of the window, in true time."""
    assert camera.recorder is not None
    recorder = city.recorders[camera.recorder.recorder_id]
    protocol = protocols.load(recorder.protocol)
    address = server.addresses[recorder.recorder_id]
    with protocol.open_device(address, secret=recorder.secret, now=lambda: at, memory={}) as device:
        device.pause = lambda _: None
        answers = list(protocol.footage(device, camera.channel, *window))
    assert all(answer.outcome == "ok" and answer.complete for answer in answers)
    offsets = {answer: timedelta(milliseconds=answer.clock_offset_ms or 0) for answer in answers}
    spans = [(s.started_at - offset, s.ended_at - offset) for answer, offset in offsets.items() for s in answer.spans]
    return common(merged(spans), [window])


def _status_with_right_password(city: City, server: CityServer, camera_id: str) -> int:
    """Of a GET, which no WHEP relay allows."""
    url, secret = urlsplit(server.live_urls[camera_id]), city.secrets[LIVE_CREDENTIAL]
    token = b64encode(f"{secret.user}:{secret.password}".encode()).decode()
    with closing(http.client.HTTPConnection(str(url.hostname), url.port, timeout=10)) as connection:
        connection.request("GET", url.path, headers={"Authorization": f"Basic {token}"})
        return connection.getresponse().status
