"""Answers in JSON that are meant to hurt, and the dates of a device with a wrong clock; for any protocol end."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from collectors.simulator.http import Response
from collectors.simulator.recorder import SimulatedRecorder

HUGE_CHUNKS, HUGE_CHUNK = 3200, b" " * 65536
DEPTH = 200_000
DRIP_S, DRIPS = 1.0, 600
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Login</title></head><body><form></form></body></html>"


def hurtful(recorder: SimulatedRecorder, at: datetime) -> Response | None:
    """The reply to any request while one of these faults is active; `xml_bomb` nests in JSON instead."""
    if recorder.active("dead", at):
        return Response(dropped=True)
    if recorder.active("html", at):
        return Response(200, LOGIN_PAGE, {"Content-Type": "text/html"})
    if recorder.active("huge", at):
        return Response(200, (HUGE_CHUNK for _ in range(HUGE_CHUNKS)), {"Content-Type": "application/json"})
    if recorder.active("xml_bomb", at):
        return Response(200, b"[" * DEPTH, {"Content-Type": "application/json"})
    if recorder.active("slow", at):
        return Response(200, _drip(), {"Content-Type": "application/json"})
    return None


def json_response(content: object, status: int = 200) -> Response:
    return Response(status, json.dumps(content).encode(), {"Content-Type": "application/json"})


def http_date(device_time: datetime) -> str:
    return format_datetime(device_time.replace(tzinfo=UTC, microsecond=0), usegmt=True)


def _drip() -> Iterator[bytes]:
    for _ in range(DRIPS):
        time.sleep(DRIP_S)
        yield b" "
