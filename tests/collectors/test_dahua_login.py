"""How the collector logs in, paces itself and fails; what goes out are reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors import protocols
from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.device import Secret
from collectors.protocols import dahua
from collectors.protocols.dahua.server import BUSY_PAUSE_S, PACE_S
from collectors.simulator import dahua_words as words
from collectors.simulator.dahua import Manners, Recorder
from collectors.simulator.digest import Guard
from collectors.simulator.http import LoopbackServer, Request, Response
from tests.collectors.dahua_bench import NOON, at, bench, on
from tests.collectors.in_process import plug
from tests.collectors.recorders import SECRET, held


@pytest.mark.parametrize(
    ("fault", "failure"),
    [("dead", Unreachable), ("locked", Refused), ("html", Malformed), ("xml_bomb", Malformed), ("huge", Malformed)],
)
def test_a_device_that_answers_nothing_usable_raises_its_failure(fault: str, failure: type[DeviceFailure]) -> None:
    world = bench([(at(-48), at(1))], NOON, faults=[fault])
    with pytest.raises(failure):
        world.footage(at(-30), NOON)
    assert world.device.request_count < 40
    assert not world.end.finders.opened


def test_a_locked_account_is_not_asked_with_a_password() -> None:
    world = bench([(at(-48), at(1))], NOON, faults=["locked"])
    with pytest.raises(Refused) as caught:
        world.footage(at(-2), NOON)
    assert (caught.value.definitive, caught.value.wait_s) == (True, 1800 + 60)
    assert not any("Authorization" in request.headers for request in world.wire.asked)


def test_a_lock_that_comes_in_the_middle_of_a_search_is_not_answered_with_more_logins() -> None:
    world = bench([(at(-48), at(1))], NOON)
    world.spoil(on("findNextFile", Response(403, words.LOCKED.encode())))
    with pytest.raises(Refused, match="locked for 1800 s"):
        world.footage(at(-2), NOON)
    assert world.wire.asked[-1].query["action"] == "findNextFile"


def test_a_401_is_asked_once_more_after_a_pause_because_it_can_mean_too_many_users() -> None:
    world = bench([(at(-48), at(1))], NOON)
    crowded = [True]

    def answer(request: Request, honest: Response) -> Response:
        if crowded and "Authorization" in request.headers:
            crowded.clear()
            return Response(401, words.UNAUTHORIZED.encode(), {"WWW-Authenticate": Guard("R1", SECRET).challenge})
        return honest

    world.spoil(answer)
    assert dahua.clock(world.device).offset_ms == 0
    assert world.pauses.count(BUSY_PAUSE_S) == 1


def test_a_wrong_password_costs_two_attempts_and_no_third() -> None:
    world = bench([(at(-48), at(1))], NOON)
    other = replace(world.recorder, secret=Secret("collector", "changed"))
    world.wire = plug(world.device, Recorder(other, lambda: NOON, Manners()))
    with pytest.raises(Refused, match="wrong, or too many users") as caught:
        world.footage(at(-2), NOON)
    assert caught.value.definitive
    assert sum("Authorization" in request.headers for request in world.wire.asked) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_an_old_signature_is_made_anew(status: int) -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(stale_status=status))
    for _ in range(3):
        assert dahua.clock(world.device).offset_ms == 0
        world.end.expire_nonce()


def test_a_device_that_wants_a_new_signature_for_every_request_is_read_whole() -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(renews_nonce=True))
    assert held(world.footage(at(-2), at(-1))) == [(at(-2), at(-1))]


def test_requests_are_half_a_second_apart() -> None:
    world = bench([(at(-48), at(1))], NOON)
    world.footage(at(-2), at(-1))
    assert set(world.pauses) == {PACE_S}
    assert len(world.pauses) == len([r for r in world.wire.asked if "Authorization" in r.headers]) - 1


def test_only_reads_go_out() -> None:
    sent: set[tuple[str, str, str]] = set()
    for fault in ("lying_counter", "stuck_paging", "wide_500", "html", "xml_bomb", "locked", "dead"):
        world = bench(
            [(at(-48), at(-30)), (at(-20), at(1))], NOON, faults=[fault] if fault != "slow" else (), memory={}
        )
        calls = (dahua.describe, dahua.clock, dahua.channels, dahua.plans, dahua.disks)
        for call in (lambda w=world: w.footage(at(-40), NOON), *(lambda w=world, c=c: c(w.device) for c in calls)):
            try:
                call()
            except DeviceFailure:
                continue
            finally:
                sent |= {(r.method, r.path, r.query.get("action", "")) for r in world.wire.asked}
    assert {method for method, _, _ in sent} == {"GET"}
    finder = {action for _, path, action in sent if path == "/cgi-bin/mediaFileFind.cgi"}
    assert finder == {"factory.create", "findFile", "findNextFile", "close", "destroy"}
    assert all(action.startswith("get") for action in {action for _, _, action in sent} - finder)


def test_our_own_password_stands_in_no_request_and_no_message() -> None:
    world = bench([(at(-48), at(1))], NOON, faults=["lying_counter"])
    world.footage(at(-8), at(-4))
    for exchange in world.device.take_exchanges():
        assert SECRET.password not in exchange.request
        assert SECRET.password.encode() not in exchange.body


def test_over_real_http_it_is_the_same() -> None:
    world = bench([(at(-48), at(-6)), (at(-5), at(1))], NOON)
    with LoopbackServer(world.end) as server:
        protocol = protocols.load("dahua")
        with protocol.open_device(server.address, secret=SECRET, now=lambda: NOON, memory={}) as device:
            device.pause = lambda _: None  # type: ignore[attr-defined]
            answers = list(protocol.footage(device, "1", at(-8), at(-4)))
            assert dahua.channels(device)
    assert held(answers) == [(at(-8), at(-6)), (at(-5), at(-4))]
    assert not world.end.finders.opened
