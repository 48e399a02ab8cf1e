"""Nothing but reading requests goes out to a recorder: by lists that name each of them, not by what is forbidden."""

from __future__ import annotations

import pytest

from collectors import protocols
from collectors.simulator.http import Request
from tests.collectors.fuzz import wire
from tests.collectors.fuzz.reads import READS, is_read, said_by
from tests.collectors.fuzz.session import fuzz

WRITES = {
    "isapi": ["PUT /ISAPI/System/time", "POST /ISAPI/System/reboot", "POST /ISAPI/ContentMgmt/record/control/x",
              "GET /ISAPI/Security/users", "POST /ISAPI/System/time"],
    "dahua": ["GET /cgi-bin/configManager.cgi setConfig", "GET /cgi-bin/magicBox.cgi reboot",
              "GET /cgi-bin/global.cgi setCurrentTime", "GET /cgi-bin/storageDevice.cgi setDevice"],
    "onvif": ["POST /onvif/device_service SetSystemDateAndTime", "POST /onvif/recording_service DeleteRecording",
              "POST /onvif/device_service SystemReboot", "GET /onvif/device_service"],
    "mediamtx": ["GET /get", "POST /v3/config/paths/add/x", "DELETE /v3/recordings/deletesegment",
                 "PATCH /v3/config/global/patch", "GET /v3/config/paths/delete/x"],
    "zoneminder": ["DELETE /zm/api/events/7.json", "POST /zm/api/monitors/7.json",
                   "GET /zm/api/monitors/alarm/id:7/command:on.json", "GET /zm/api/events/delete/7.json"],
    "frigate": ["PUT /api/config/set", "POST /api/restart", "DELETE /api/events/x", "GET /api/lane1/recordings/delete"],
    "wvp": ["GET /api/ptz/control/x/y", "GET /api/play/start/x/y", "DELETE /api/device/query/devices/x/delete",
            "GET /api/gb_record/download/start/x/y", "GET /api/device/query/devices/x/sync"],
    "zlmediakit": ["GET /index/api/close_streams", "GET /index/api/deleteRecordDirectory",
                   "GET /index/api/setServerConfig", "POST /index/api/getMp4RecordFile"],
    "folder": ["GET /"],
}  # fmt: skip


def _request(said: str) -> Request:
    method, path, *action = said.split()
    body = f"<s:Body><{action[0]}/></s:Body>".encode() if method == "POST" and action else b""
    return Request(method, path, {"action": action[0]} if action and method == "GET" else {}, {}, body)


@pytest.mark.parametrize("name", protocols.names())
def test_all_that_goes_out_is_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness stops at the first request that is not on the list, whatever the device answered before it."""
    sent: set[str] = set()

    def is_read_and_noted(of: str, request: Request) -> bool:
        sent.add(said_by(request))
        return is_read(of, request)

    monkeypatch.setattr(wire, "is_read", is_read_and_noted)
    tally = fuzz(name, 60, first=1_000_000)
    assert not tally.wrong, "\n".join(tally.wrong)
    assert sent or not READS[name], "nothing went out, so nothing was tested"
    assert {said.split()[0] for said in sent} <= {"GET", "POST"}


@pytest.mark.parametrize("name", protocols.names())
def test_requests_that_change_something_are_not_on_the_lists(name: str) -> None:
    assert name in WRITES, f"name some requests that change something at a device of '{name}'"
    assert [said for said in WRITES[name] if is_read(name, _request(said))] == []
    for method in ("PUT", "DELETE", "PATCH"):
        assert not any(is_read(name, _request(f"{method} {said.split()[1]}")) for said in WRITES[name])
