"""Who answers at an address and what it refuses, against every protocol's other end over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from collectors import oldest, protocols
from collectors.answers import FootageAnswer, Refused, Span
from collectors.device import Device, Secret
from collectors.oldest import Effort, oldest_footage
from collectors.probing import Errand, Manner, Probe, probe
from collectors.protocols import Recognises
from collectors.simulator import isapi as simulated_isapi
from collectors.simulator.http import End, LoopbackServer, Request, Response
from collectors.simulator.isapi_manners import Manners
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from data.periods import day_starts_at

NOW = datetime(2026, 9, 30, 12)
SECRET = Secret("collector", "correct horse")
WRONG = Secret("collector", "battery staple")
OLDEST = date(2026, 9, 1)
RECORDED = ((day_starts_at(OLDEST), NOW + timedelta(days=1)),)
CHANNELS = {"wvp": "34020000001320000001/34020000001310000001", "zlmediakit": "live/cam1", "mediamtx": "cam1",
            "frigate": "cam1", "onvif": "rec1"}  # fmt: skip
WEB = [name for name in protocols.names() if name != "folder"]
LOGIN_MARKS = ("Authorization", "secret")


@dataclass
class Witness:
    """An end that remembers what it was asked and what it answered."""

    end: End
    seen: list[tuple[Request, Response]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        response = self.end(request)
        self.seen.append((request, response))
        return response

    @property
    def logins(self) -> list[Request]:
        return [request for request, _ in self.seen if is_login(request)]

    @property
    def attempts(self) -> int:
        """Logins the device had to judge: ZLMediaKit tells its version to everybody, whatever secret comes along."""
        return sum(is_login(request) and b'"code": 0' not in bytes(response.body) for request, response in self.seen)  # type: ignore[arg-type]


def is_login(request: Request) -> bool:
    return (
        any(mark in request.headers for mark in LOGIN_MARKS)
        or b"UsernameToken" in request.body
        or "login" in request.path
    )


def recorder(name: str) -> SimulatedRecorder:
    word = CHANNELS.get(name, "1")
    channel = SimulatedChannel(word, RECORDED, name="力学室", address="192.0.2.7")
    return SimulatedRecorder("R1", name, SECRET, {word: channel})


def end_of(name: str) -> End:
    end: End = import_module(f"collectors.simulator.{name}").end(recorder(name), lambda: NOW)
    return end


@contextmanager
def served(end: End, name: str = "") -> Iterator[tuple[str, Witness]]:
    witness = Witness(end)
    with LoopbackServer(witness) as server:
        port = server.address.rpartition(":")[2]
        yield server.address + (f"?api_port={port}" if name == "mediamtx" else ""), witness


def probed(address: str, secret: Secret | None = SECRET, **errand: object) -> Probe:
    manner = Manner(lambda: NOW, pause=lambda _: None, effort=Effort(requests=60, seconds=20.0))
    return probe(replace(Errand(address, secret), **errand), manner)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def test_every_protocol_can_be_recognised() -> None:
    assert [name for name in protocols.names() if not isinstance(protocols.load(name), Recognises)] == []


@pytest.mark.parametrize("name", WEB)
def test_each_protocol_is_recognised_and_told_apart_without_a_login(name: str) -> None:
    with served(end_of(name), name) as (address, witness):
        found = probed(address, None)
    assert found.protocol == name
    assert not witness.logins
    assert len(witness.seen) < 30


@pytest.mark.parametrize("name", WEB)
def test_a_login_that_is_accepted_tells_everything(name: str) -> None:
    with served(end_of(name), name) as (address, witness):
        found = probed(address)
    assert (found.protocol, found.login) == (name, "accepted")
    assert found.look is not None and found.look.description is not None and found.look.clock is not None
    first = next(i for i, (request, _) in enumerate(witness.seen) if is_login(request))
    assert first >= 1, "a password went out before anything was recognised"
    days = {each.day for each in found.oldest if each.day}
    assert days <= {OLDEST}, found.oldest


@pytest.mark.parametrize("name", WEB)
def test_a_wrong_password_is_tried_exactly_once(name: str) -> None:
    with served(end_of(name), name) as (address, witness):
        found = probed(address, WRONG)
    assert (found.protocol, found.login) == (name, "refused")
    assert witness.attempts == 1
    assert WRONG.password not in repr(found)
    assert not found.missing_rights


@pytest.mark.parametrize("name", ["isapi", "dahua"])
def test_a_refusal_keeps_the_devices_own_words(name: str) -> None:
    with served(end_of(name), name) as (address, _):
        assert "password is wrong" in probed(address, WRONG).failures[0][1]


def test_no_password_goes_out_where_none_is_wanted() -> None:
    open_to_all = import_module("collectors.simulator.frigate").Manners(has_auth=False)
    end = import_module("collectors.simulator.frigate").end(recorder("frigate"), lambda: NOW, open_to_all)
    with served(end) as (address, witness):
        found = probed(address)
    assert (found.protocol, found.login, witness.logins) == ("frigate", "not_needed", [])
    assert found.oldest


def test_the_makers_own_protocol_goes_before_onvif() -> None:
    own, common = end_of("isapi"), end_of("onvif")

    def both(request: Request) -> Response:
        return common(request) if request.path.startswith("/onvif") else own(request)

    with served(both) as (address, _):
        assert probed(address, None).protocol == "isapi"


def test_a_make_that_speaks_only_onvif_here_is_named() -> None:
    made = import_module("collectors.simulator.onvif_manners").Manners(maker="Hikvision")
    end = import_module("collectors.simulator.onvif").end(recorder("onvif"), lambda: NOW, made)
    with served(end) as (address, _):
        assert probed(address).native == "isapi"


def always(response: Response) -> End:
    return lambda _: response


PAGE = Response(200, b"<!DOCTYPE html><html><title>Router</title></html>", {"Content-Type": "text/html"})
STRANGERS = {
    "page": PAGE,
    "guarded": Response(401, b"no", {"WWW-Authenticate": 'Digest realm="x", nonce="1", qop="auth"'}),
    "basic": Response(401, b"<html>no</html>", {"WWW-Authenticate": 'Basic realm="Router"'}),
    "json": Response(200, b'{"code": 0, "data": {}}', {"Content-Type": "application/json"}),
    "envelope": Response(401, '{"code":401,"msg":"未登录"}'.encode(), {"Content-Type": "application/json"}),
    "empty": Response(200),
    "broken": Response(500, b"Internal Server Error"),
    "elsewhere": Response(302, b"", {"Location": "https://192.0.2.1/"}),
    "binary": Response(200, bytes(range(256)) * 40),
    "deep": Response(200, b"[" * 100_000),
    "packed": Response(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}),
    "dropped": Response(dropped=True),
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_strangers_get_no_password(kind: str) -> None:
    with served(always(STRANGERS[kind])) as (address, witness):
        found = probed(address)
    assert found.protocol == ""
    assert not witness.logins
    assert len(witness.seen) <= 2 * len(WEB)


def test_a_closed_port_is_asked_twice_and_left_alone() -> None:
    with LoopbackServer(always(PAGE)) as server:
        address = server.address
    found = probed(address)
    assert [each.outcome for each in found.tried] == ["silent", "silent"]


def test_another_protocol_than_the_one_named_gets_no_password() -> None:
    with served(end_of("dahua")) as (address, witness):
        found = probed(address, protocol="isapi")
    assert found.protocol == "" and not witness.logins


def test_a_missing_right_has_its_name() -> None:
    end = simulated_isapi.end(recorder("isapi"), lambda: NOW, Manners(forbidden=("Storage", "record/tracks")))
    with served(end) as (address, _):
        found = probed(address)
    rights = {missing.question: missing.right for missing in found.missing_rights}
    assert rights["disks"] == "Remote: Log Search / Interrogate Working Status"
    assert found.login == "accepted"


def test_a_folder_is_recognised_by_its_path(tmp_path: Path) -> None:
    assert probed(str(tmp_path)).protocol == "folder"
    assert probed(str(tmp_path / "none")).protocol == ""


# how far back


class ByDays:
    """A protocol without a calendar that holds the days from `since` on, and refuses or hides some."""

    def __init__(self, since: date, *, hidden: frozenset[date] = frozenset(), failure: Refused | None = None) -> None:
        self.since, self.hidden, self.failure, self.asked = since, hidden, failure, 0

    def footage(self, device: Device, channel: str, a: datetime, b: datetime) -> Iterator[FootageAnswer]:
        self.asked += 1
        if self.failure:
            raise self.failure
        day = (a + timedelta(hours=8)).date()
        if day in self.hidden:
            yield FootageAnswer(a, b, outcome="malformed", complete=False)
        else:
            yield FootageAnswer(a, b, (Span(a, b),) if day >= self.since else ())


def searched(protocol: ByDays, effort: Effort | None = None, channels: tuple[str, ...] = ("1",)) -> list[oldest.Oldest]:
    device = Device("http://192.0.2.1", now=lambda: NOW)
    return list(oldest_footage(protocol, device, channels, effort or Effort()))  # type: ignore[arg-type]


@pytest.mark.parametrize("days_back", [1, 2, 3, 29, 90, 182, 183])
def test_the_oldest_day_is_found_by_halving(days_back: int) -> None:
    since = NOW.date() - timedelta(days=days_back)
    protocol = ByDays(since)
    found = searched(protocol)[0]
    assert (found.day, found.by) == (since, "search")
    assert found.is_exact == (since > date(2026, 3, 30))
    assert protocol.asked <= 11


def test_what_reaches_further_back_than_the_term_is_not_exact() -> None:
    protocol = ByDays(date(2020, 1, 1))
    found = searched(protocol)[0]
    assert (found.day, found.is_exact, protocol.asked) == (date(2026, 3, 30), False, 1)


def test_a_day_that_cannot_be_asked_ends_the_halving() -> None:
    every = frozenset(date(2026, 3, 31) + timedelta(days=n) for n in range(150))
    found = searched(ByDays(OLDEST, hidden=every))[0]
    assert (found.by, found.is_exact) == ("search", False)


def test_no_recent_footage_is_told_as_none_seen() -> None:
    assert searched(ByDays(date(2027, 1, 1)))[0].day is None


def test_a_definitive_refusal_ends_the_asking_and_a_missing_right_does_not() -> None:
    final = ByDays(OLDEST, failure=Refused("no", definitive=True))
    assert [each.by for each in searched(final, channels=("1", "2"))] == ["nothing", "nothing"]
    assert final.asked == 1
    right = ByDays(OLDEST, failure=Refused("no"))
    searched(right, channels=("1", "2"))
    assert right.asked == 2


def test_the_effort_is_bounded() -> None:
    ticks = iter(range(0, 10_000, 100))
    clock: Callable[[], float] = lambda: float(next(ticks))  # noqa: E731
    found = searched(ByDays(OLDEST), Effort(seconds=150, elapsed_s=clock), ("1", "2", "3"))
    assert [each.by for each in found] == ["search", "nothing", "nothing"]
