"""What a ZoneMinder's answer is worth: its tokens, versions and torn events, and everything that can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused, Span, Unreachable
from collectors.device import Secret
from collectors.polling import Window, ask_windows
from collectors.protocols import load, zoneminder
from collectors.protocols.zoneminder.server import ZoneminderDevice
from collectors.simulator.http import End, LoopbackServer, Request, Response
from collectors.simulator.recorder import Deletion, Fault, SimulatedChannel, SimulatedDisk, SimulatedRecorder
from collectors.simulator.zoneminder import Manners, end
from tests.collectors.in_process import InProcess, plug
from tests.collectors.mangle import mangled

NOW = datetime(2026, 9, 30, 12, 0, 0)
SECRET = Secret("bureau", "look only")
ALWAYS = (datetime(2020, 1, 1), datetime(2040, 1, 1))
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
MORNING = (NOW - 10 * HOUR, NOW - 4 * HOUR)
KNOWN = {"zone": "Asia/Shanghai", "shift_s": "0"}


def recorder(*faults: str, offset_ms: int = 0, plan: str = "continuous", **details: str) -> SimulatedRecorder:
    lane = SimulatedChannel("7", (MORNING,), (), 10 * MINUTE, name="一号车道", address="192.0.2.9", plan=plan)  # type: ignore[arg-type]
    busy = SimulatedChannel("8", ((NOW - 30 * HOUR, NOW + 99 * HOUR),), file_length=10 * MINUTE)
    return SimulatedRecorder(
        "R1",
        "zoneminder",
        SECRET,
        {"7": lane, "8": busy, "9": SimulatedChannel("9", (), offline=(ALWAYS,))},
        ((ALWAYS[0], offset_ms),),
        tuple(Fault(kind, *ALWAYS, details) for kind in faults),
        disks=(SimulatedDisk("Default"),),
    )


def open_(
    end_: End,
    secret: Secret | None = SECRET,
    now: Callable[[], datetime] = lambda: NOW,
    memory: dict[str, str] | None = None,
) -> tuple[ZoneminderDevice, InProcess]:
    known = dict(KNOWN) if memory is None else memory
    device = zoneminder.open_device("http://192.0.2.5", secret=secret, now=now, memory=known)
    return device, plug(device, end_)


def ask(
    world: SimulatedRecorder, window: tuple[datetime, datetime], manners: Manners | None = None, channel: str = "7"
) -> list[FootageAnswer]:
    device, _ = open_(end(world, lambda: NOW, manners))
    return list(zoneminder.footage(device, channel, *window))


def test_is_found_by_its_name() -> None:
    assert load("zoneminder").footage is zoneminder.footage


def test_the_newest_minute_is_not_spoken_about() -> None:
    (answer,) = ask(recorder(), (NOW - HOUR, NOW + HOUR))
    assert (answer.covers_from, answer.covers_to) == (NOW - HOUR, NOW - MINUTE)
    assert (answer.complete, answer.spans) == (True, ())
    (young,) = ask(recorder(), (NOW - 30 * SECOND, NOW))
    assert not young.complete
    assert ask(recorder(), (NOW, NOW + HOUR)) == []


def test_sections_that_touch_are_one_stretch_over_several_pages() -> None:
    answers = ask(recorder(), (NOW - 29 * HOUR, NOW - HOUR), channel="8")
    assert all(answer.complete for answer in answers)
    assert sum((s.ended_at - s.started_at for a in answers for s in a.spans), timedelta()) == 28 * HOUR


@pytest.mark.parametrize("plan", ["off", "event", "unknown"])
def test_only_continuous_recording_denies(plan: str) -> None:
    for manners in (Manners(), Manners(version="1.38.1")):
        (answer,) = ask(recorder(plan=plan), (MORNING[0] - HOUR, MORNING[1] + HOUR), manners)
        assert (answer.complete, answer.outcome, answer.spans) == (False, "ok", (Span(*MORNING),))


def test_a_monitor_that_is_not_there_is_no_gap() -> None:
    device, wire = open_(end(recorder(), lambda: NOW))
    (answer,) = zoneminder.footage(device, "12", *MORNING)
    assert (answer.complete, answer.spans) == (False, ())
    assert "'12' does not exist" in answer.reason
    assert not [request for request in wire.asked if "/events/" in request.path]


def test_the_token_and_all_passwords_stay_out_of_evidence_and_reasons() -> None:
    device, wire = open_(end(recorder("wide_500", max_hours="3"), lambda: NOW))
    answers = list(zoneminder.footage(device, "7", *MORNING))
    zoneminder.channels(device)
    token = wire.asked[-1].query["token"]
    with pytest.raises(Malformed) as failure:
        device.ask("/api/nothing.json")
    kept = "".join(f"{each.request} {each.body!r}" for each in device.take_exchanges())
    said = "".join(answer.reason for answer in answers) + str(failure.value)
    assert not [word for word in (token, SECRET.password, "pass", "admin") if word in kept + said]
    assert "***" in kept  # the error repeated the address with the token


def test_a_device_that_hangs_up_does_not_print_the_token() -> None:
    inner, calls = end(recorder(), lambda: NOW), []

    def answer(request: Request) -> Response:
        calls.append(request)
        return Response(dropped=True) if "/events/" in request.path else inner(request)

    with LoopbackServer(answer) as server:
        device = zoneminder.open_device(server.address, secret=SECRET, now=lambda: NOW, memory={})
        with pytest.raises(Unreachable) as failure:
            list(zoneminder.footage(device, "7", *MORNING))
    assert calls[-1].query["token"] not in str(failure.value)


def test_only_reads_and_the_login_go_out() -> None:
    device, wire = open_(end(recorder(), lambda: NOW))
    list(zoneminder.footage(device, "7", *MORNING))
    for question in (zoneminder.describe, zoneminder.clock, zoneminder.channels, zoneminder.plans, zoneminder.disks):
        question(device)
    assert zoneminder.playback_url(device, "7", MORNING[0] + HOUR).startswith("http://192.0.2.5/zm/index.php?view=")
    assert {(r.method, r.path) for r in wire.asked if r.method != "GET"} == {("POST", "/zm/api/host/login.json")}
    assert all(int(r.query["limit"]) <= 100 and r.query["page"] for r in wire.asked if "/events/" in r.path)
    assert not [r for r in wire.asked if "frames" in r.path or "states" in r.path]


def test_a_token_is_renewed_before_it_runs_out_and_once_when_it_is_refused() -> None:
    at, extra = [NOW], []
    inner = end(recorder(), lambda: at[0])
    device, wire = open_(lambda r: Response(401, b"{}") if extra and extra.pop() else inner(r), now=lambda: at[0])
    zoneminder.describe(device)
    at[0] += timedelta(seconds=0.81 * 7200)
    zoneminder.describe(device)
    extra.append(True)
    zoneminder.describe(device)
    assert [r.method for r in wire.asked].count("POST") == 3


def test_a_login_that_does_not_help_ends_there() -> None:
    device, _ = open_(end(recorder("expired"), lambda: NOW))
    with pytest.raises(Refused) as refused:
        zoneminder.describe(device)
    assert refused.value.definitive


@pytest.mark.parametrize("secret", [SECRET, None])
def test_authentication_that_is_off_needs_no_token(secret: Secret | None) -> None:
    device, wire = open_(end(recorder(), lambda: NOW, Manners(has_auth=False)), secret)
    assert [a.spans for a in zoneminder.footage(device, "7", *MORNING)] == [(Span(*MORNING),)]
    assert not [request for request in wire.asked if "token" in request.query]


def test_a_missing_password_and_a_missing_hash_secret_say_so() -> None:
    device, _ = open_(end(recorder(), lambda: NOW), None)
    with pytest.raises(Refused, match="not on file"):
        zoneminder.describe(device)
    device, wire = open_(end(recorder("no_secret"), lambda: NOW))
    for _ in range(2):
        with pytest.raises(Refused, match="valid AUTH_HASH_SECRET"):
            zoneminder.describe(device)
    assert len(wire.asked) == 1  # a login that was refused is not tried again


def test_without_rewriting_the_interface_is_found_below_index_php_and_remembered() -> None:
    device, wire = open_(end(recorder(), lambda: NOW, Manners(rewrites=False)))
    assert [a.spans for a in zoneminder.footage(device, "7", *MORNING)] == [(Span(*MORNING),)]
    assert device.memory["entry"] == "/index.php"
    assert [r.path for r in wire.asked if "/index.php/" not in r.path] == ["/zm/api/host/login.json"]


def test_an_interface_that_is_switched_off_says_where_to_look() -> None:
    device, _ = open_(end(recorder(), lambda: NOW, Manners(api_on=False)))
    with pytest.raises(Refused, match="API Disabled"):
        zoneminder.describe(device)


def test_a_right_that_is_missing_is_a_401_and_locks_nothing() -> None:
    """As the real one does, with words instead of a status of its own; the login is not repeated for it."""
    device, wire = open_(end(recorder("no_right"), lambda: NOW))
    zoneminder.describe(device)
    with pytest.raises(Refused, match="Insufficient Privileges") as refused:
        list(zoneminder.footage(device, "7", *MORNING))
    assert not refused.value.definitive
    assert [r.method for r in wire.asked].count("POST") == 1


def test_a_database_that_is_down_answers_with_nothing_and_is_no_empty_list() -> None:
    with pytest.raises(Unreachable, match="database behind it is down"):
        ask(recorder("database_down"), MORNING)


def test_from_1_36_36_without_login_the_version_is_blamed() -> None:
    (broken,) = _failures(Manners(version="1.36.36", has_auth=False))
    assert (broken.outcome, broken.complete) == ("malformed", False)
    assert "cannot list events while authentication is off" in broken.reason
    assert not _failures(Manners(version="1.36.36"))


def _failures(manners: Manners) -> list[FootageAnswer]:
    device, _ = open_(end(recorder(), lambda: NOW, manners))
    done = ask_windows(zoneminder, device, [Window("c", "7", *MORNING)], budget_s=99)
    polls = [p for p in done.polls if p.outcome != "ok"]
    return [FootageAnswer(p.covers_from, p.covers_to, (), p.outcome, p.complete, p.reason) for p in polls]  # type: ignore[arg-type]


@pytest.mark.parametrize("refresh_s", [20, 4000])
def test_a_torn_event_leaves_open_what_it_may_hold(refresh_s: int) -> None:
    """As seen on a real one: killed, its row keeps the length of the last hundred frames, and its file holds more."""
    torn = MORNING[0] + HOUR + 5 * MINUTE + 13 * SECOND
    answers = ask(recorder(), MORNING, Manners(torn_at=(torn,), refresh=timedelta(seconds=refresh_s)))
    (open_part,) = [answer for answer in answers if not answer.complete]
    assert "was not closed" in open_part.reason
    assert open_part.covers_from <= torn
    assert open_part.covers_to <= torn + SECOND
    assert sum(((s.ended_at - s.started_at) for a in answers for s in a.spans), timedelta()) >= 6 * HOUR - 6 * MINUTE


def test_after_a_power_cut_only_the_rest_of_the_section_is_open() -> None:
    torn = MORNING[1] - 17 * MINUTE
    world = SimulatedRecorder(
        "R1", "zoneminder", SECRET, {"7": SimulatedChannel("7", ((MORNING[0], torn),), file_length=10 * MINUTE)}
    )
    answers = ask(world, (MORNING[0], NOW - HOUR), Manners(torn_at=(torn,), refresh=timedelta(seconds=400)))
    (open_part,) = [answer for answer in answers if not answer.complete]
    assert open_part.covers_to - open_part.covers_from <= 12 * MINUTE
    assert [(a.complete, a.covers_to) for a in answers][-1] == (True, NOW - HOUR)


def test_an_event_that_began_while_the_database_was_down_has_no_row_and_is_no_gap() -> None:
    """As seen on a real one: it was written to a folder 0, and the event before it was never closed."""
    cut = MORNING[0] + 2 * HOUR
    manners = Manners(database_down=((cut - 14 * SECOND, cut + 17 * SECOND),), refresh=timedelta(seconds=20))
    answers = ask(recorder(), MORNING, manners)
    (open_part,) = [answer for answer in answers if not answer.complete]
    assert open_part.covers_to == cut + 10 * MINUTE
    assert sum((s.ended_at - s.started_at for a in answers for s in a.spans), timedelta()) >= 6 * HOUR - 11 * MINUTE


def test_the_event_being_written_reaches_as_far_as_its_length_says() -> None:
    answers = ask(recorder(), (NOW - HOUR, NOW), Manners(refresh=timedelta(seconds=20)), channel="8")
    assert [answer.complete for answer in answers] == [True]
    late = (NOW - HOUR, NOW + 399 * SECOND)
    device, _ = open_(end(recorder(), lambda: late[1], Manners(refresh=timedelta(seconds=400))), now=lambda: late[1])
    assert [a.complete for a in zoneminder.footage(device, "8", *late)] == [True, False]


def test_a_start_dated_late_is_a_gap_no_longer_than_that() -> None:
    """Seen on a real one: the first event after a start is dated five seconds after its footage begins."""
    (answer,) = ask(recorder(), (MORNING[0], MORNING[0] + HOUR), Manners(late_start=timedelta(seconds=5)))
    assert answer.spans == (Span(MORNING[0] + timedelta(seconds=5), MORNING[0] + HOUR),)


def test_the_zone_of_the_database_is_found_by_an_event_that_moves_on() -> None:
    at, memory = [NOW], dict[str, str]()
    manners = Manners(database_shift=timedelta(hours=-8))
    device, _ = open_(end(recorder(), lambda: at[0], manners), now=lambda: at[0], memory=memory)
    first = list(zoneminder.footage(device, "8", *MORNING))
    assert not any(answer.complete for answer in first)
    assert any("not settled" in answer.reason for answer in first)
    for minutes, is_settled in ((4, False), (4, False), (4, True)):  # a look too soon proves nothing, nor puts it off
        at[0] += timedelta(minutes=minutes)
        second = list(zoneminder.footage(device, "8", *MORNING))
        assert {answer.complete for answer in second} == {is_settled}
    assert [a.spans for a in second] == [(Span(*MORNING),)]
    assert memory["shift_s"] == "-28800"


def test_an_event_torn_eight_hours_ago_is_not_taken_for_another_zone() -> None:
    """It looks like one that is being written by a database in UTC, but it does not move."""
    torn = NOW - 8 * HOUR - 2 * SECOND
    channel = SimulatedChannel("7", ((NOW - 20 * HOUR, torn),), file_length=10 * MINUTE)
    world = SimulatedRecorder("R1", "zoneminder", SECRET, {"7": channel})
    manners = Manners(torn_at=(torn,), refresh=SECOND)
    memory: dict[str, str] = {}
    for _ in range(3):
        device, _ = open_(end(world, lambda: NOW, manners), memory=memory)
        assert not any(answer.complete for answer in zoneminder.footage(device, "7", *MORNING))
    assert "shift_s" not in memory


def test_a_camera_that_stopped_an_hour_ago_does_not_hide_a_database_an_hour_ahead() -> None:
    stopped = SimulatedChannel("7", ((NOW - 9 * HOUR, NOW - HOUR),), file_length=10 * MINUTE)
    world = SimulatedRecorder("R1", "zoneminder", SECRET, {"7": stopped})
    device, _ = open_(end(world, lambda: NOW, Manners(database_shift=HOUR)), memory={})
    assert not any(answer.complete for answer in zoneminder.footage(device, "7", *MORNING))


def test_seconds_since_1970_need_no_zone() -> None:
    manners = Manners(version="1.38.1", has_seconds=True, database_shift=timedelta(hours=-8))
    device, _ = open_(end(recorder(), lambda: NOW, manners), memory={})
    assert [(a.complete, a.spans) for a in zoneminder.footage(device, "7", *MORNING)] == [(True, (Span(*MORNING),))]


def test_an_hour_that_stands_twice_is_left_open_unless_seconds_are_told() -> None:
    night = datetime(2026, 10, 25, 1, 0)
    part = (night - 3 * HOUR, night + 3 * HOUR)
    channel = SimulatedChannel("7", (part, (night + 9 * HOUR, night + 99 * HOUR)), file_length=10 * MINUTE)
    world = SimulatedRecorder("R1", "zoneminder", SECRET, {"7": channel})
    now = night + 20 * HOUR
    for seconds, complete in ((False, False), (True, True)):
        manners = Manners(zone="Europe/Berlin", has_seconds=seconds)
        device, _ = open_(end(world, lambda: now, manners), now=lambda: now)
        answers = list(zoneminder.footage(device, "7", night - HOUR, night + HOUR))
        assert {answer.complete for answer in answers} == {complete}


def test_a_shift_found_in_winter_says_nothing_about_summer() -> None:
    """A database in UTC beside a PHP in Berlin is one hour off today and was two in summer."""
    channel = SimulatedChannel("7", ((NOW - 99 * HOUR, NOW + 9000 * HOUR),), file_length=10 * MINUTE)
    world = SimulatedRecorder("R1", "zoneminder", SECRET, {"7": channel})
    winter = datetime(2026, 12, 1, 12, 0)
    manners = Manners(zone="Europe/Berlin", database_shift=-HOUR)
    known = {"zone": "Europe/Berlin", "shift_s": "-3600"}
    for day, complete in ((NOW, False), (winter - 24 * HOUR, True)):
        device, _ = open_(end(world, lambda: winter, manners), now=lambda: winter, memory=dict(known))
        assert {a.complete for a in zoneminder.footage(device, "7", day, day + HOUR)} == {complete}


def test_rows_that_vanish_while_they_are_listed_are_read_again() -> None:
    world = recorder()
    before = end(world, lambda: NOW)
    channel = SimulatedChannel(
        "8", world.channels["8"].recorded, (Deletion(ALWAYS[0], NOW - 29 * HOUR, NOW - 20 * HOUR),), 10 * MINUTE
    )
    after = end(SimulatedRecorder("R1", "zoneminder", SECRET, {"8": channel}), lambda: NOW)
    pages: list[str] = []

    def answer(request: Request) -> Response:
        if "%3E%3D" in request.path:
            pages.append(request.query["page"])
        return (after if len(pages) > 1 else before)(request)

    device, _ = open_(answer)
    answers = list(zoneminder.footage(device, "8", NOW - 20 * HOUR, NOW - HOUR))
    assert all(a.complete for a in answers)
    assert sum((s.ended_at - s.started_at for a in answers for s in a.spans), timedelta()) == 19 * HOUR


def test_channels_plans_and_disks() -> None:
    for manners in (Manners(), Manners(groups=3), Manners(texts_only=True), Manners(warns=True)):
        device, _ = open_(end(recorder(), lambda: NOW, manners))
        told = {each.channel: each for each in zoneminder.channels(device)}
        assert list(told) == ["7", "8", "9"]
        assert (told["7"].name, told["7"].is_online, told["7"].address) == ("一号车道", True, "192.0.2.9")
        assert told["9"].is_online is None  # it says that it is priming, for as long as the camera is away
        assert {each.mode for each in zoneminder.plans(device)} == {"continuous"}
        assert [(each.disk_id, each.state, each.capacity_bytes) for each in zoneminder.disks(device)] == [
            ("Default", "unknown", None)
        ]


def test_a_stale_status_is_not_believed() -> None:
    device, _ = open_(end(recorder("zmc_killed"), lambda: NOW, Manners(lost_status="NotRunning")))
    assert {each.channel: each.is_online for each in zoneminder.channels(device)} == {"7": None, "8": None, "9": False}


def test_what_was_learned_is_forgotten_with_another_version() -> None:
    device, _ = open_(end(recorder(), lambda: NOW), memory={"version": "1.34.0", **KNOWN})
    zoneminder.describe(device)
    assert device.memory == {"version": "1.36.33"}


def test_lies_about_counts_and_pages_are_worked_around() -> None:
    for faults in (("lying_counter",), ("stuck_paging",), ("lying_counter", "stuck_paging")):
        answers = ask(recorder(*faults), (NOW - 29 * HOUR, NOW - HOUR), channel="8")
        assert all(answer.complete for answer in answers)
        assert sum((s.ended_at - s.started_at for a in answers for s in a.spans), timedelta()) == 28 * HOUR


def test_a_window_that_always_fails_leaves_only_itself_open() -> None:
    local = timedelta(hours=8)
    bad = (MORNING[0] + 2 * HOUR, MORNING[0] + 2 * HOUR + 5 * MINUTE)
    answers = ask(recorder("bad_window", **{"from": str(bad[0] + local), "to": str(bad[1] + local)}), MORNING)
    (failed,) = [answer for answer in answers if answer.outcome != "ok"]
    assert failed.covers_from <= bad[0] < bad[1] <= failed.covers_to
    assert failed.covers_to - failed.covers_from <= 2 * HOUR


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"StartDateTime": "2026-09-30 19:00:00", "EndDateTime": "2026-09-30 21:00:00"}, "future"),
        ({"StartDateTime": "2026-09-30 19:00:00", "EndDateTime": "2026-09-30 18:30:00"}, "ends before it starts"),
        ({"StartDateTime": "2026-09-30 19:00:00", "EndDateTime": "2026-09-30 19:10:00", "Length": "99.5"}, "lost"),
    ],
)
def test_a_row_that_cannot_be_whole_footage_leaves_its_time_open(row: dict[str, object], words: str) -> None:
    extra: dict[str, object] = {"Event": {"Id": 1, "MonitorId": 9, "Length": "0", **row}}
    device, _ = open_(_with_row(recorder(), extra))
    answers = list(zoneminder.footage(device, "9", NOW - 2 * HOUR, NOW))
    assert [answer for answer in answers if words in answer.reason and not answer.complete]
    assert any(answer.complete for answer in answers)


def _with_row(world: SimulatedRecorder, row: dict[str, object]) -> End:
    plain, extra = end(world, lambda: NOW), end(world, lambda: NOW, Manners(listed_too=(row,)))
    return lambda request: (extra if "%3E%3D%3A2026-09-30" in request.path else plain)(request)


def test_events_of_another_monitor_are_no_answer() -> None:
    row: dict[str, object] = {"Event": {"Id": 1, "MonitorId": 8, "StartDateTime": "2026-09-30 12:00:00"}}
    device, _ = open_(_with_row(recorder(), row))
    with pytest.raises(Malformed, match="other monitors"):
        list(zoneminder.footage(device, "7", *MORNING))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("dead", Unreachable), ("html", Malformed), ("xml_bomb", Malformed), ("locked", Refused), ("huge", Malformed)],
)
def test_the_three_failures(fault: str, kind: type[DeviceFailure]) -> None:
    with pytest.raises(kind) as failure:
        ask(recorder(fault), MORNING)
    assert len(str(failure.value)) < 400


@pytest.mark.parametrize("status", [400, 403, 404, 418, 500, 502, 503])
def test_a_server_in_trouble_is_no_empty_list(status: int) -> None:
    inner = end(recorder(), lambda: NOW)
    device, _ = open_(lambda r: Response(status, b"{}") if "/events/" in r.path else inner(r))
    with pytest.raises(DeviceFailure):
        list(zoneminder.footage(device, "7", *MORNING))


def test_over_a_real_socket() -> None:
    with LoopbackServer(end(recorder(), lambda: NOW)) as server:
        device = zoneminder.open_device(f"{server.address}/zm", secret=SECRET, now=lambda: NOW, memory=dict(KNOWN))
        assert [a.spans for a in zoneminder.footage(device, "7", *MORNING)] == [(Span(*MORNING),)]
    gone = zoneminder.open_device(server.address, secret=SECRET, now=lambda: NOW, memory={})
    with pytest.raises(Unreachable):
        zoneminder.describe(gone)


def test_mangled_answers_end_in_a_sentence() -> None:
    """Bytes cut, changed and exchanged in any reply: one of the three failures, or answers inside the window."""
    chance = Random(7)
    broken = mangled(chance, end(recorder(), lambda: NOW))
    window = (MORNING[1] - HOUR, MORNING[1] + HOUR)
    for _ in range(400):
        device, _ = open_(broken)
        for question in (
            lambda d: zoneminder.footage(d, "7", *window),
            zoneminder.channels,
            zoneminder.plans,
            zoneminder.disks,
        ):
            try:
                told = list(question(device))
            except DeviceFailure as failure:
                assert str(failure)
                continue
            for answer in told:
                if isinstance(answer, FootageAnswer):
                    assert window[0] <= answer.covers_from < answer.covers_to <= window[1]
