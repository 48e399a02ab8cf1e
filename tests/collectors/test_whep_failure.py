"""What an HTTP answer, or none, says about a camera: only what is no limit of ours may speak against it."""

from __future__ import annotations

import errno
import socket
import ssl

import httpx
import pytest

from collectors.answers import ProbeResult
from collectors.whep.failure import connection_failure, status_failure
from collectors.whep.picture import is_black
from collectors.whep.prober import doubt_own_network
from collectors.whep.signalling import _authorization, _on_origin_of
from collectors.whep.target import Limits, Target, read_result, read_target, result_line, target_line
from collectors.whep.worker import judged_fairly

TARGET = Target("c1", "http://relay.example:8889/cam/whep?jwt=tok-secret", "bureau", "pw-secret")


@pytest.mark.parametrize(
    ("status", "content_type", "body", "outcome"),
    [
        (401, "", b"", "refused"),
        (403, "", b"", "refused"),
        (404, "", b"404 page not found", "no_media"),
        (409, "", b"", "no_media"),
        (503, "", b"", "no_media"),
        (500, "text/plain", b"streams: dial tcp 10.0.0.5:554: i/o timeout", "no_media"),
        (500, "text/html", b"<html><h1>500</h1></html>", "unreachable"),
        (500, "", b"", "unreachable"),
        (502, "text/html", b"<html>", "unreachable"),
        (406, "text/plain", b"stream not found", "no_media"),
        (406, "application/sdp", b"v=0", "not_probed"),
        (400, "application/json", b'{"status":"error","error":"codecs not supported by client"}', "not_probed"),
        (400, "application/json", b'{"error":"source of path \'cam\' has timed out"}', "no_media"),
        (400, "application/json", b'{"error":"path \'cam\' is not configured"}', "no_media"),
        (400, "", b"bad offer", "not_probed"),
        (415, "", b"", "not_probed"),
        (429, "", b"", "not_probed"),
        (302, "", b"", "unreachable"),
        (204, "", b"", "unreachable"),
    ],
)
def test_status(status: int, content_type: str, body: bytes, outcome: str) -> None:
    failure = status_failure(status, content_type, body, TARGET)
    assert failure.outcome == outcome
    assert str(status) in failure.reason
    assert "secret" not in failure.reason


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "unreachable"),
        (socket.gaierror(socket.EAI_AGAIN, "later"), "not_probed"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "not_probed"),
        (OSError(errno.EMFILE, "Too many open files"), "not_probed"),
        (OSError(errno.ECONNREFUSED, "refused"), "unreachable"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "unreachable"),
        (ssl.SSLCertVerificationError("self-signed"), "unreachable"),
    ],
)
def test_connection_errors_are_told_by_their_innermost_cause(cause: OSError, outcome: str) -> None:
    try:
        try:
            raise OSError("All connection attempts failed") from ExceptionGroup("attempts", [cause])
        except OSError as inner:
            raise httpx.ConnectError("failed") from inner
    except httpx.ConnectError as error:
        assert connection_failure(error, TARGET).outcome == outcome


@pytest.mark.parametrize(
    ("location", "resource"),
    [
        ("http://relay:1/cam/whep/1?jwt=t", "http://relay:1/cam/whep/1?jwt=t"),
        ("https://evil.example/cam/1", "http://relay:1/cam/1"),
    ],
)
def test_the_session_is_ended_on_the_relay_we_asked_and_nowhere_else(location: str, resource: str) -> None:
    assert _on_origin_of("http://relay:1/cam/whep", location) == resource


def test_credentials() -> None:
    assert _authorization(Target("c", "u", "a", "b")) == {"Authorization": "Basic YTpi"}
    assert _authorization(Target("c", "u", "", "token")) == {"Authorization": "Bearer token"}
    assert _authorization(Target("c", "u")) == {}
    assert "secret" not in repr(TARGET).replace("tok-secret", "")


def test_lines_between_the_processes() -> None:
    result = ProbeResult("ok", first_frame_ms=7, width=2, height=1, fps=9.5, black=False)
    assert read_target(target_line(3, TARGET)) == (3, TARGET)
    assert read_result(result_line(3, result)) == (3, result)


def test_every_stage_fits_into_the_whole() -> None:
    limits = Limits()
    assert limits.total_s > limits.http_connect_s + limits.answer_s + limits.connected_s + limits.key_frame_s


def test_a_prober_that_stood_still_accuses_nobody() -> None:
    down, fine = ProbeResult("no_media", "silence"), ProbeResult("ok")
    assert judged_fairly(down, 0.2) is down
    assert judged_fairly(down, 3.0).outcome == "not_probed"
    assert judged_fairly(fine, 3.0) is fine


def _answers(*outcomes: str, hosts: int) -> list[tuple[Target, ProbeResult]]:
    return [
        (Target(f"c{n}", f"http://relay{n % hosts}/whep"), ProbeResult(outcome, "r"))  # type: ignore[arg-type]
        for n, outcome in enumerate(outcomes)
    ]


def test_several_silent_hosts_and_no_other_answer_are_our_own_outage() -> None:
    doubted = doubt_own_network(_answers("unreachable", "unreachable", "unreachable", hosts=3))
    assert [result.outcome for _, result in doubted] == ["not_probed"] * 3


@pytest.mark.parametrize(
    "answers",
    [
        _answers("unreachable", "unreachable", "unreachable", hosts=2),
        _answers("unreachable", "unreachable", "unreachable", "refused", hosts=4),
        _answers("unreachable", "unreachable", "ok", hosts=3),
        [],
    ],
)
def test_one_answer_from_outside_proves_our_network(answers: list[tuple[Target, ProbeResult]]) -> None:
    assert doubt_own_network(answers) == answers


@pytest.mark.parametrize(
    ("luma", "black"),
    [
        (bytes(1000), True),
        (bytes([12] * 1000), True),
        (bytes([40] * 1000), False),
        (bytes([2] * 980 + [200] * 20), False),  # a burned-in clock on black
        (bytes([n % 12 for n in range(1000)]), False),  # the noise of a dark room
    ],
)
def test_black_is_evenly_black(luma: bytes, black: bool) -> None:
    assert is_black(luma) is black
