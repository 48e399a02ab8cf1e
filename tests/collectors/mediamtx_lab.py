"""A small MediaMTX lab for the tests: one camera that recorded a morning, one that never did."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from collectors.answers import FootageAnswer
from collectors.device import Secret
from collectors.protocols import mediamtx
from collectors.protocols.mediamtx.server import MediamtxDevice
from collectors.simulator.http import End, Request, Response
from collectors.simulator.mediamtx import end
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedRecorder
from tests.collectors.in_process import InProcess, plug

NOW = datetime(2026, 9, 30, 12, 0, 0)
SECRET = Secret("bureau", "look only")
ALWAYS = (datetime(2020, 1, 1), datetime(2040, 1, 1))
HOUR = timedelta(hours=1)
MORNING = (NOW - 10 * HOUR, NOW - 4 * HOUR)
EMPTY_DAY = (NOW - 50 * HOUR, NOW - 40 * HOUR)
JSON = {"Content-Type": "application/json"}


def recorder(*faults: str, offset_ms: int = 0, **details: str) -> SimulatedRecorder:
    channels = {
        "lane1": SimulatedChannel("lane1", (MORNING,)),
        "idle": SimulatedChannel("idle", ()),
    }
    return SimulatedRecorder(
        "R1",
        "mediamtx",
        SECRET,
        channels,
        clock_steps=((ALWAYS[0], offset_ms),),
        faults=tuple(Fault(kind, *ALWAYS, details) for kind in faults),
    )


def open_(end_: End, secret: Secret | None = SECRET) -> tuple[MediamtxDevice, InProcess]:
    device = mediamtx.open_device("http://192.0.2.5:9996", secret=secret, now=lambda: NOW, memory={})
    return device, plug(device, end_)


def footage(
    recorder: SimulatedRecorder, window: tuple[datetime, datetime], channel: str = "lane1"
) -> list[FootageAnswer]:
    device, _ = open_(end(recorder, lambda: NOW))
    return list(mediamtx.footage(device, channel, *window))


def listing(body: object, status: int = 200) -> Callable[[Request], Response]:
    """An open API and a playback server that answers every listing with `body`."""

    def answer(request: Request) -> Response:
        if request.path.startswith("/v3/"):
            return Response(200, b'{"name":"lane1","record":true}', JSON)
        if "path" not in request.query:
            return Response(400, b"invalid path name", {"Date": "Wed, 30 Sep 2026 12:00:00 GMT"})
        return Response(status, body if isinstance(body, bytes) else json.dumps(body).encode(), JSON)

    return answer
