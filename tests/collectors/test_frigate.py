"""What a Frigate's answer is worth: its login, its settings, its limits, and everything that can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import pytest

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused, Span, Unreachable
from collectors.device import Secret
from collectors.protocols import frigate, load
from collectors.protocols.frigate.server import FrigateDevice
from collectors.simulator.frigate import Manners, end
from collectors.simulator.http import End, LoopbackServer, Request, Response
from collectors.simulator.recorder import Fault, SimulatedChannel, SimulatedDisk, SimulatedRecorder
from data.periods import day_starts_at
from tests.collectors.in_process import InProcess, plug
from tests.collectors.mangle import mangled

NOW = datetime(2026, 9, 30, 12, 0, 0)
SECRET = Secret("bureau", "look only")
ALWAYS = (datetime(2020, 1, 1), datetime(2040, 1, 1))
HOUR = timedelta(hours=1)
MORNING = (NOW - 10 * HOUR, NOW - 4 * HOUR)
EVENING_BEFORE = (NOW - 20 * HOUR, NOW - 15 * HOUR)


def recorder(*faults: str, plan: str = "continuous", offset_ms: int = 0, **details: str) -> SimulatedRecorder:
    lane = SimulatedChannel("lane1", (MORNING,), name="一号车道", address="192.0.2.9", plan=plan)  # type: ignore[arg-type]
    return SimulatedRecorder(
        "R1",
        "frigate",
        SECRET,
        {"lane1": lane, "yard": SimulatedChannel("yard", (), offline=(ALWAYS,))},
        ((ALWAYS[0], offset_ms),),
        tuple(Fault(kind, *ALWAYS, details) for kind in faults),
        disks=(SimulatedDisk("sda", 4 * 2**40, 2**40),),
    )


def open_(
    end_: End, secret: Secret | None = SECRET, now: Callable[[], datetime] = lambda: NOW
) -> tuple[FrigateDevice, InProcess]:
    device = frigate.open_device("http://192.0.2.5:8971", secret=secret, now=now, memory={})
    return device, plug(device, end_)


def ask(world: SimulatedRecorder, window: tuple[datetime, datetime], channel: str = "lane1") -> list[FootageAnswer]:
    device, _ = open_(end(world, lambda: NOW))
    return list(frigate.footage(device, channel, *window))


def test_is_found_by_its_name() -> None:
    assert load("frigate").footage is frigate.footage


def test_the_newest_two_minutes_are_not_spoken_about() -> None:
    (answer,) = ask(recorder(), (NOW - HOUR, NOW + HOUR))
    assert (answer.covers_from, answer.covers_to) == (NOW - HOUR, NOW - timedelta(seconds=120))
    assert (answer.complete, answer.spans) == (True, ())
    (young,) = ask(recorder(), (NOW - timedelta(seconds=90), NOW))
    assert not young.complete
    assert ask(recorder(), (NOW, NOW + HOUR)) == []


def test_a_seam_at_the_edge_of_the_window_is_closed() -> None:
    (answer,) = ask(recorder(), (MORNING[0] + HOUR, MORNING[0] + 2 * HOUR))
    assert answer.spans == (Span(MORNING[0] + HOUR, MORNING[0] + 2 * HOUR),)


@pytest.mark.parametrize("plan", ["off", "event", "unknown"])
def test_only_continuous_recording_denies(plan: str) -> None:
    (answer,) = ask(recorder(plan=plan), (MORNING[0] - HOUR, MORNING[1] + HOUR))
    assert not answer.complete
    assert answer.outcome == "ok"
    assert answer.spans == (Span(*MORNING),)
    assert answer.reason


def test_a_misspelled_camera_is_not_asked_for() -> None:
    device, wire = open_(end(recorder(), lambda: NOW))
    (answer,) = frigate.footage(device, "lane 1", *MORNING)
    assert (answer.complete, answer.spans) == (False, ())
    assert not [request for request in wire.asked if "recordings" in request.path]
    with pytest.raises(Malformed):
        frigate.days_held(device, "lane 1", date(2026, 9, 1), date(2026, 9, 30))


def test_both_bounds_and_the_cache_bypass_go_out_with_reads_only() -> None:
    device, wire = open_(end(recorder(), lambda: NOW))
    list(frigate.footage(device, "lane1", *MORNING))
    for question in (frigate.describe, frigate.channels, frigate.plans, frigate.disks, frigate.clock):
        question(device)
    listings = [request for request in wire.asked if request.path.endswith("/recordings")]
    assert listings
    assert all({"after", "before"} <= set(request.query) for request in listings)
    assert all(float(r.query["before"]) - float(r.query["after"]) <= 7200 for r in listings)
    assert [r.path for r in wire.asked if r.method != "GET"] == ["/api/login"]
    assert all(r.headers["X-Cache-Bypass"] == "1" for r in wire.asked)


def test_neither_password_nor_token_nor_camera_password_is_kept() -> None:
    device, wire = open_(end(recorder(), lambda: NOW))
    list(frigate.footage(device, "lane1", *MORNING))
    frigate.channels(device)
    kept = "".join(f"{each.request} {each.body!r}" for each in device.take_exchanges())
    token = wire.asked[-1].headers["Authorization"].removeprefix("Bearer ")
    assert not [word for word in (SECRET.password, token, "pass@", "secret") if word in kept]
    assert '"address": "192.0.2.9"' in kept


def test_a_broken_configuration_is_not_kept_either() -> None:
    inner = end(recorder(), lambda: NOW)

    def cut(request: Request) -> Response:
        return Response(200, b'{"cameras":{"a":{"pw":"hunter2"') if request.path == "/api/config" else inner(request)

    device, _ = open_(cut)
    with pytest.raises(Malformed):
        frigate.plans(device)
    assert b"hunter2" not in b"".join(each.body for each in device.take_exchanges())


def test_a_login_that_has_run_out_is_renewed_once() -> None:
    at = [NOW]
    device, wire = open_(end(recorder(), lambda: at[0]), now=lambda: at[0])
    frigate.describe(device)
    at[0] += timedelta(days=2)
    frigate.describe(device)
    assert [r.path for r in wire.asked if r.method == "POST"] == ["/api/login", "/api/login"]


def test_a_login_that_does_not_help_is_not_repeated() -> None:
    device, wire = open_(end(recorder("expired"), lambda: NOW))
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            frigate.describe(device)
    assert refused.value.definitive
    assert len([r for r in wire.asked if r.method == "POST"]) <= 2


def test_another_name_of_the_cookie_and_no_authentication_work() -> None:
    for manners, secret in (
        (Manners(cookie="lab_session"), SECRET),
        (Manners(has_auth=False), SECRET),
        (Manners(has_auth=False), None),
    ):
        device, _ = open_(end(recorder(), lambda: NOW, manners), secret)
        assert frigate.describe(device).firmware == "0.17.2-3a3d4e1"


def test_a_missing_password_says_so() -> None:
    device, _ = open_(end(recorder(), lambda: NOW), None)
    with pytest.raises(Refused, match="no password is on file"):
        frigate.describe(device)


def test_a_role_bound_to_other_cameras_is_a_missing_right() -> None:
    device, _ = open_(end(recorder(), lambda: NOW, Manners(cameras=frozenset({"yard"}))))
    with pytest.raises(Refused) as refused:
        list(frigate.footage(device, "lane1", *MORNING))
    assert not refused.value.definitive


def test_what_was_learned_is_forgotten_with_another_version() -> None:
    device, _ = open_(end(recorder(), lambda: NOW))
    device.memory |= {"version": "0.16.0", "else": "x"}
    frigate.describe(device)
    assert device.memory == {"version": "0.17.2-3a3d4e1"}


def test_channels_plans_disks_and_days() -> None:
    device, _ = open_(end(recorder(), lambda: NOW))
    told = {each.channel: each for each in frigate.channels(device)}
    assert (told["lane1"].name, told["lane1"].is_online, told["lane1"].address) == ("一号车道", True, "192.0.2.9")
    assert (told["yard"].is_online, told["yard"].address) == (False, "")
    assert {each.channel: each.mode for each in frigate.plans(device)} == {"lane1": "continuous", "yard": "continuous"}
    (disk,) = frigate.disks(device)
    assert (disk.state, disk.capacity_bytes, disk.free_bytes) == ("unknown", 4 * 2**40, 2**40)
    assert frigate.days_held(device, "lane1", date(2026, 9, 1), date(2026, 10, 1)) == {date(2026, 9, 30)}
    assert frigate.days_held(device, "yard", date(2026, 9, 1), date(2026, 10, 1)) == frozenset()
    assert frigate.playback_url(device, "lane1", MORNING[0]).endswith("/clip.mp4")


def test_a_camera_is_not_called_offline_just_after_a_restart() -> None:
    device, _ = open_(end(recorder(), lambda: NOW, Manners(uptime_s=30)))
    assert {each.channel: each.is_online for each in frigate.channels(device)} == {"lane1": True, "yard": None}


def test_before_0_17_a_mode_of_motion_denies_nothing() -> None:
    device, _ = open_(end(recorder(), lambda: NOW, Manners(retain_mode="motion")))
    assert {each.mode for each in frigate.plans(device)} == {"event"}
    assert not any(answer.complete for answer in frigate.footage(device, "lane1", *EVENING_BEFORE))


def test_an_old_server_with_a_mode_for_all_footage() -> None:
    device, _ = open_(end(recorder(), lambda: NOW, Manners(version="0.14.1-f4f3cfa", retain_mode="all")))
    assert {each.mode for each in frigate.plans(device)} == {"continuous"}
    assert all(answer.complete for answer in frigate.footage(device, "lane1", *MORNING))


def test_a_wrong_clock_shifts_what_is_listed() -> None:
    (answer,) = ask(recorder(offset_ms=600_000), (MORNING[0] - HOUR, MORNING[1] + HOUR))
    assert answer.clock_offset_ms is not None
    assert abs(answer.clock_offset_ms - 600_000) <= 500
    start = answer.spans[0].started_at - timedelta(milliseconds=answer.clock_offset_ms)
    assert abs(start - MORNING[0]) <= timedelta(seconds=1)


def test_rows_with_motion_maps_stay_below_the_limit() -> None:
    device, _ = open_(end(recorder(), lambda: NOW, Manners(heatmaps=True)))
    assert (
        sum(
            (s.ended_at - s.started_at for a in frigate.footage(device, "lane1", *MORNING) for s in a.spans),
            timedelta(),
        )
        == 6 * HOUR
    )


def test_a_window_that_always_fails_leaves_only_itself_open() -> None:
    bad = (MORNING[0] + 2 * HOUR, MORNING[0] + 2 * HOUR + timedelta(minutes=5))
    world = recorder("bad_window", **{"from": str(bad[0]), "to": str(bad[1])})
    answers = ask(world, MORNING)
    (failed,) = [answer for answer in answers if answer.outcome != "ok"]
    assert failed.covers_to - failed.covers_from <= timedelta(minutes=40)
    assert failed.covers_from <= bad[0] < bad[1] <= failed.covers_to
    assert all(answer.complete for answer in answers if answer.outcome == "ok")


@pytest.mark.parametrize(
    ("start_s", "end_s", "words"),
    [(-300, 250, "future"), (-3000, -3600, "ends before it starts"), (-3000, -2100, "never keeps")],
)
def test_a_row_that_cannot_be_footage_denies_nothing_where_it_lies(start_s: int, end_s: int, words: str) -> None:
    now_s = (NOW - datetime(1970, 1, 1)).total_seconds()
    row = {"id": "x", "start_time": now_s + start_s, "end_time": now_s + end_s}
    device, _ = open_(end(recorder(), lambda: NOW, Manners(listed_too=(row,))))
    answers = list(frigate.footage(device, "yard", NOW - timedelta(minutes=70), NOW))
    assert not any(answer.spans for answer in answers)
    assert [answer for answer in answers if words in answer.reason and not answer.complete]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("dead", Unreachable), ("html", Malformed), ("xml_bomb", Malformed), ("locked", Refused), ("huge", Malformed)],
)
def test_the_three_failures(fault: str, kind: type[DeviceFailure]) -> None:
    with pytest.raises(kind) as failure:
        ask(recorder(fault), MORNING)
    assert len(str(failure.value)) < 400


@pytest.mark.parametrize("status", [400, 404, 418, 500, 502, 503])
def test_a_server_in_trouble_is_no_empty_list(status: int) -> None:
    inner = end(recorder(), lambda: NOW)

    def answer(request: Request) -> Response:
        return Response(status, b"{}") if request.path.endswith("recordings") else inner(request)

    device, _ = open_(answer)
    with pytest.raises(DeviceFailure):
        list(frigate.footage(device, "lane1", *MORNING))


def test_over_a_real_socket() -> None:
    with LoopbackServer(end(recorder(), lambda: NOW)) as server:
        device = frigate.open_device(server.address, secret=SECRET, now=lambda: NOW, memory={})
        assert [a.spans for a in frigate.footage(device, "lane1", *MORNING)] == [(Span(*MORNING),)]
    gone = frigate.open_device(server.address, secret=SECRET, now=lambda: NOW, memory={})
    with pytest.raises(Unreachable):
        frigate.describe(gone)


def test_mangled_answers_end_in_a_sentence() -> None:
    """Bytes cut, changed and exchanged in any reply: one of the three failures or answers inside the window."""
    broken = mangled(Random(5), end(recorder(), lambda: NOW))
    window = (MORNING[1] - HOUR, MORNING[1] + HOUR)
    for _ in range(300):
        device, _ = open_(broken)
        for question in (
            lambda d: frigate.footage(d, "lane1", *window),
            frigate.channels,
            frigate.plans,
            frigate.disks,
        ):
            try:
                told = list(question(device))
            except DeviceFailure as failure:
                assert str(failure)
                continue
            for answer in told:
                if isinstance(answer, FootageAnswer):
                    assert window[0] <= answer.covers_from < answer.covers_to <= window[1]


def test_days_are_those_of_beijing() -> None:
    night = SimulatedChannel("lane1", ((day_starts_at(date(2026, 9, 29)) - HOUR, day_starts_at(date(2026, 9, 29))),))
    world = SimulatedRecorder("R1", "frigate", SECRET, {"lane1": night})
    device, _ = open_(end(world, lambda: NOW))
    assert frigate.days_held(device, "lane1", date(2026, 9, 1), date(2026, 9, 30)) == {date(2026, 9, 28)}
