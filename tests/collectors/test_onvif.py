"""What the ONVIF collector concludes, and what it refuses to conclude."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused, Unreachable
from collectors.device import Secret
from collectors.protocols import onvif
from collectors.simulator.http import LoopbackServer, Request, Response
from collectors.simulator.onvif_manners import Manners
from collectors.simulator.onvif_words import fault
from collectors.simulator.recorder import Deletion, Fault
from tests.collectors.in_process import plug
from tests.collectors.onvif_bench import OnvifBench, bench
from tests.collectors.recorders import ALWAYS, SECRET, held

NOON = datetime(2026, 10, 1, 4)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
READS = {
    "GetSystemDateAndTime",
    "GetDeviceInformation",
    "GetServices",
    "GetRecordings",
    "GetRecordingInformation",
    "GetRecordingJobs",
    "FindRecordings",
    "GetRecordingSearchResults",
    "FindEvents",
    "GetEventSearchResults",
    "EndSearch",
    "GetOSDs",
    "GetProfiles",
    "GetReplayUri",
}


def at(hours: float) -> datetime:
    """Hours from noon; footage before noon is negative."""
    return NOON + timedelta(hours=hours)


def spoil(world: OnvifBench, operation: str, answer: Callable[[Response], Response]) -> None:
    """Puts `answer` between the recorder and the device for one operation."""

    def between(request: Request) -> Response:
        honest = world.end(request)
        return answer(honest) if request.headers["Content-Type"].endswith(f'/{operation}"') else honest

    world.wire = plug(world.device, between)
    world.device.pause = world.pauses.append


def unsure(answers: list[FootageAnswer]) -> list[tuple[datetime, datetime]]:
    return [(a.covers_from, a.covers_to) for a in answers if not (a.outcome == "ok" and a.complete)]


def reasons(answers: list[FootageAnswer]) -> str:
    return " | ".join(a.reason for a in answers if a.reason)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("dead", Unreachable), ("locked", Refused), ("html", Malformed), ("xml_bomb", Malformed)],
)
def test_a_device_that_answers_nothing_usable_raises_its_failure(kind: str, failure: type[DeviceFailure]) -> None:
    world = bench([(at(-48), at(1))], NOON, faults=[kind])
    with pytest.raises(failure) as caught:
        world.footage(at(-30), NOON)
    assert "192.0.2.1" in str(caught.value)
    assert world.device.request_count < 4


def test_a_locked_account_gets_no_password() -> None:
    world = bench([(at(-48), at(1))], NOON, faults=["locked"])
    with pytest.raises(Refused) as caught:
        onvif.describe(world.device)
    assert caught.value.definitive
    assert not any(b"PasswordDigest" in r.body or "Authorization" in r.headers for r in world.wire.asked)


@pytest.mark.parametrize(("way", "attempts"), [("token", 1), ("digest", 1), ("both", 1)])
def test_a_wrong_password_is_definitive_and_tried_at_most_once_each_way(way: str, attempts: int) -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(login=way))
    world.secret = Secret("collector", "changed")
    world.open()
    with pytest.raises(Refused) as caught:
        onvif.describe(world.device)
    assert caught.value.definitive
    assert "changed" not in str(caught.value)
    assert sum("Authorization" in r.headers for r in world.wire.asked) <= attempts
    assert sum(b"PasswordDigest" in r.body for r in world.wire.asked) <= 2


@pytest.mark.parametrize("way", ["token", "digest", "both"])
@pytest.mark.parametrize("offset_ms", [0, -3_600_000, 28_800_000 - 61_000])
def test_every_way_of_login_works_in_the_devices_own_clock(way: str, offset_ms: int) -> None:
    world = bench(
        [(at(-48), at(1))], NOON, clock_steps=((datetime(2000, 1, 1), offset_ms),), manners=Manners(login=way)
    )
    assert held(world.footage(at(-2), NOON)) == [(at(-2), NOON)]
    before = world.device.request_count
    world.footage(at(-4), at(-2))
    refused = [
        r for r in world.wire.asked[before:] if world.manners.login != "token" and not r.headers.get("Authorization")
    ]
    assert refused == [], "the way that worked is not remembered"


def test_a_device_that_refuses_tokens_is_asked_with_digest_from_then_on() -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(login="digest", token_window=timedelta(0), end_lag=HOUR))
    refusal = Response(400, fault("Sender", "NotAuthorized").encode())
    world.wire = plug(
        world.device, lambda request: refusal if b"PasswordDigest" in request.body else world.end(request)
    )
    onvif.describe(world.device)
    assert world.memory["login"] == "digest"
    world.open()
    onvif.describe(world.device)
    assert not any(b"PasswordDigest" in request.body for request in world.wire.asked)


def test_changes_without_a_track_leave_everything_open() -> None:
    world = bench([(at(-48), at(-20)), (at(-19), at(1))], NOON)
    spoil(
        world,
        "GetEventSearchResults",
        lambda honest: Response(
            200,
            honest.body.replace(b"AUDIO001", b""),  # type: ignore[union-attr]
        ),
    )
    answers = world.footage(at(-30), NOON)
    assert unsure(answers) == [(at(-30), NOON)]
    assert "without saying of which track" in reasons(answers)


def test_a_clock_that_was_stepped_meanwhile_costs_one_more_try() -> None:
    steps = ((datetime(2000, 1, 1), 0), (NOON + MINUTE, 90_000))
    world = bench([(at(-48), at(1))], NOON, clock_steps=steps)
    onvif.describe(world.device)
    world.now = NOON + 2 * MINUTE
    onvif.describe(world.device)
    assert world.operations()[-3:] == ["GetDeviceInformation", "GetSystemDateAndTime", "GetDeviceInformation"]


def test_a_right_that_is_missing_is_not_a_wrong_password() -> None:
    world = bench([(at(-48), at(1))], NOON)
    spoil(world, "FindEvents", lambda _: Response(400, fault("Sender", "NotAuthorized").encode()))
    with pytest.raises(Refused, match="lacks the right") as caught:
        world.footage(at(-2), NOON)
    assert not caught.value.definitive


def test_only_reads_go_out_and_nothing_that_logs_in_is_kept() -> None:
    sent: set[str] = set()
    for kind in ("stuck_paging", "wide_500", "html", "xml_bomb", "locked", "dead", "none"):
        for way in ("token", "digest", "both"):
            world = bench(
                [(at(-48), at(-30)), (at(-20), at(1))], NOON, faults=[kind], manners=Manners(login=way), memory={}
            )
            for call in (
                lambda w=world: w.footage(at(-40), NOON),
                lambda w=world: onvif.describe(w.device),
                lambda w=world: onvif.channels(w.device),
                lambda w=world: onvif.plans(w.device),
                lambda w=world: onvif.playback_url(w.device, "R1", at(-2)),
            ):
                try:
                    call()
                except DeviceFailure as failure:
                    assert SECRET.password not in str(failure)
            assert {request.method for request in world.wire.asked} == {"POST"}
            sent |= set(world.operations())
            for exchange in world.device.exchanges:
                kept = exchange.request.encode() + exchange.body
                assert not any(
                    word in kept for word in (b"Security", b"Nonce", b"Digest", b"admin", SECRET.password.encode())
                )
            assert world.end.searches.left_open == 0
    assert sent <= READS
    assert {"FindEvents", "EndSearch", "GetReplayUri"} <= sent


def test_a_token_that_comes_back_is_not_kept() -> None:
    world = bench([(at(-48), at(1))], NOON)
    seen: list[bytes] = []

    def echo(request: Request) -> Response:
        honest = world.end(request)
        if b"PasswordDigest" not in request.body:
            return honest
        digest = request.body.partition(b"#PasswordDigest")[2].partition(b">")[2].partition(b"<")[0]
        seen.append(digest)
        return Response(400, fault("Sender", "Strange", text=f"bad digest {digest.decode()}").encode())

    plug(world.device, echo)
    with pytest.raises(Malformed) as caught:
        onvif.describe(world.device)
    assert seen and seen[0].decode() not in str(caught.value)
    assert not any(seen[0] in exchange.body for exchange in world.device.exchanges)


def test_services_are_asked_on_the_host_we_connected_to() -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(host="10.9.8.7:1"))
    world.footage(at(-2), NOON)
    assert {r.path for r in world.wire.asked} == {
        "/onvif/device_service",
        "/onvif/search_service",
        "/onvif/recording_service",
    }


@pytest.mark.parametrize("address", ["", "http://[::1/x", "x", "http://h/\u4e2d", "http://h/a b"])
def test_an_address_that_is_none_is_malformed(address: str) -> None:
    world = bench([(at(-48), at(1))], NOON)
    spoil(
        world,
        "GetServices",
        lambda honest: Response(
            200,
            honest.body.replace(b"http://192.0.2.64:8899/onvif/search_service", address.encode()),  # type: ignore[union-attr]
        ),
    )
    with pytest.raises(Malformed, match="address of a service"):
        world.footage(at(-2), NOON)


def test_gaps_are_told_and_denied_to_the_second() -> None:
    world = bench([(at(-48), at(-20)), (at(-19), at(-5) + SECOND), (at(-4), at(1))], NOON)
    answers = world.footage(at(-30), NOON)
    assert unsure(answers) == []
    assert held(answers) == [(at(-30), at(-20)), (at(-19), at(-5) + SECOND), (at(-4), NOON)]


def test_a_window_in_the_future_is_not_asked() -> None:
    world = bench([(at(-48), at(1))], NOON)
    assert world.footage(NOON, at(5)) == []
    assert world.wire.asked == []


def test_minutes_that_are_not_settled_yet_are_answered_incompletely() -> None:
    world = bench([(at(-48), at(-1))], NOON)
    (answer,) = world.footage(NOON - 3 * MINUTE, NOON)
    assert (answer.outcome, answer.complete) == ("ok", False)
    (answer,) = world.footage(at(-2), NOON)
    assert (answer.complete, answer.covers_to) == (True, NOON - 5 * MINUTE)


def test_an_end_that_is_told_late_is_neither_held_nor_denied() -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(end_lag=HOUR))
    answers = world.footage(at(-3), NOON)
    assert held(answers) == [(at(-3), at(-1))]
    assert unsure(answers) == [(at(-1), NOON - 5 * MINUTE)]


def test_without_start_states_only_what_follows_a_change_is_told() -> None:
    world = bench([(at(-48), at(-20)), (at(-19), at(1))], NOON, manners=Manners(start_state="none"))
    answers = world.footage(at(-30), NOON)
    assert unsure(answers) == [(at(-30), at(-20))]
    assert held(answers) == [(at(-19), NOON)]
    assert answers[0].spans and "before the first change" in answers[0].reason


def test_a_silent_log_without_start_states_is_unknown() -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(start_state="none"))
    assert unsure(world.footage(at(-3), NOON)) == [(at(-3), NOON)]


@pytest.mark.parametrize("lowest", [-3, -60, -1000])
def test_a_start_state_that_is_always_false_accuses_nobody(lowest: float) -> None:
    """The camera records on; the device says at the start of every window that there is nothing."""
    world = bench([(at(-2000), at(1))], NOON, manners=Manners(start_state="false"))
    answers = world.footage(at(lowest), at(lowest) + 2 * HOUR)
    assert unsure(answers) == [(at(lowest), at(lowest) + 2 * HOUR)]
    assert "contradicts itself" in reasons(answers)


def test_a_camera_that_stopped_long_ago_is_denied() -> None:
    world = bench([(at(-2000), at(-1000))], NOON)
    answers = world.footage(at(-30), at(-10))
    assert (unsure(answers), held(answers)) == ([], [])


def test_a_device_that_only_tells_when_recording_was_on_proves_nothing() -> None:
    world = bench([(at(-48), at(-20)), (at(-19), at(1))], NOON, manners=Manners(log="recording"))
    answers = world.footage(at(-30), NOON)
    assert unsure(answers) == [(at(-30), NOON)]
    assert "switched on" in reasons(answers)


@pytest.mark.parametrize("manners", [Manners(log="none"), Manners(not_offered=("FindEvents",)), Manners(filters="")])
def test_an_envelope_proves_nothing(manners: Manners) -> None:
    world = bench([(at(-48), at(-20)), (at(-19), at(1))], NOON, manners=manners)
    answers = world.footage(at(-30), NOON)
    assert unsure(answers) == [(at(-30), NOON)]
    assert "gaps are invisible" in reasons(answers)


def test_hidden_recordings_are_unknown() -> None:
    world = bench([(at(-48), at(1))], NOON, manners=Manners(hides_recordings=True))
    with pytest.raises(Malformed, match="does not prove that it holds none"):
        world.footage(at(-3), NOON)


def test_power_that_failed_leaves_unknown_what_went_before_the_restart() -> None:
    down, up = at(-50), at(-3)
    world = bench([(at(-100), at(-60)), (at(-59), at(1))], NOON, manners=Manners(outages=((down, up),)))
    answers = world.footage(at(-90), NOON)
    assert unsure(answers) == [(at(-59), up)]
    assert held(answers) == [(at(-90), at(-60)), (up, NOON)]
    (answer,) = world.footage(at(-55), at(-40))
    assert "restarted" in answer.reason, "the restart lies far behind the window"


def test_what_was_overwritten_is_denied_though_the_log_remembers_it() -> None:
    gone = (Deletion(at(-10), datetime(2000, 1, 1), at(-30)),)
    world = bench([(at(-90), at(1))], NOON, deletions=gone, manners=Manners(keeps_overwritten=True))
    answers = world.footage(at(-40), at(-20))
    assert unsure(answers) == []
    assert held(answers) == [(at(-30), at(-20))]
    assert held(world.footage(at(-80), at(-70))) == []


def test_1970_is_no_word_on_how_far_footage_reaches() -> None:
    week = 7 * 24
    world = bench([(at(-3 * week), at(-2)), (at(-1), at(1))], NOON, manners=Manners(oldest_is_1970=True))
    answers = world.footage(at(-week - 5), NOON)
    assert unsure(answers) == [(at(-week - 5), at(-week))]
    assert held(answers) == [(at(-week), at(-2)), (at(-1), NOON)]


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("field", [False, True])
def test_the_base_of_its_stamps_is_seen_in_what_is_being_recorded(local: bool, field: bool) -> None:
    manners = Manners(stamps_are_local=local, utc_field_is_local=field)
    world = bench([(at(-48), at(-20)), (at(-19), at(1))], NOON, manners=manners, memory={})
    answers = world.footage(at(-30), NOON)
    assert unsure(answers) == []
    assert held(answers) == [(at(-30), at(-20)), (at(-19), NOON)]
    assert world.memory["time_base"] == ("local" if local else "utc")
    assert onvif.clock(world.device).offset_ms == 0


def test_a_base_that_nothing_shows_denies_nothing() -> None:
    world = bench([(at(-48), at(-12))], NOON, memory={})
    answers = world.footage(at(-20), at(-10))
    assert unsure(answers) == [(at(-20), at(-10))]
    assert "whether the device writes UTC" in reasons(answers)
    world = bench([(at(-48), at(-12))], NOON, memory={}, with_living=True)
    assert held(world.footage(at(-20), at(-10))) == [(at(-20), at(-12))]


@pytest.mark.parametrize("with_living", [True, False])
def test_a_recording_that_stopped_eight_hours_ago_by_the_wall_clock_does_not_pass_for_utc(with_living: bool) -> None:
    manners = Manners(stamps_are_local=True)
    world = bench([(at(-48), at(-20)), (at(-19), at(-8))], NOON, manners=manners, memory={}, with_living=with_living)
    answers = world.footage(at(-30), at(-10))
    if with_living:
        assert held(answers) == [(at(-30), at(-20)), (at(-19), at(-10))]
    assert unsure(answers) == ([] if with_living else [(at(-30), at(-10))])


def test_hours_that_fail_are_reported_alone() -> None:
    bad = Fault("bad_window", *ALWAYS, {"from": at(-20).isoformat(), "to": (at(-20) + HOUR).isoformat()})
    world = bench([(at(-90), at(-30)), (at(-29), at(-10)), (at(-9), at(1))], NOON, faults=[bad])
    answers = world.footage(at(-40), NOON)
    assert held(answers) == [
        (at(-40), at(-30)),
        (at(-29), unsure(answers)[0][0]),
        (unsure(answers)[-1][1], at(-10)),
        (at(-9), NOON),
    ]
    assert sum((b - a for a, b in unsure(answers)), timedelta(0)) <= 4 * HOUR
    assert {a.outcome for a in answers if not a.complete} == {"unreachable"}


def test_a_search_without_end_is_ended_and_given_up() -> None:
    world = bench([(at(-90), at(1))], NOON, faults=["stuck_paging"])
    with pytest.raises(Malformed, match="did not come to an end"):
        world.footage(at(-2), NOON)
    assert world.end.searches.left_open == 0
    assert set(world.pauses) == {0.5}


def test_a_search_that_was_forgotten_is_asked_anew_once() -> None:
    world = bench([(at(-90), at(-3)), (at(-2), at(1))], NOON, manners=Manners(forgets_after=1))
    assert held(world.footage(at(-4), NOON)) == [(at(-4), at(-3)), (at(-2), NOON)]
    assert world.operations().count("FindEvents") == 2


def test_a_device_without_a_free_search_is_waited_for_once() -> None:
    world = bench([(at(-90), at(1))], NOON, manners=Manners(max_open=0))
    with pytest.raises(Unreachable, match="too many searches"):
        world.footage(at(-2), NOON)
    assert world.pauses == [30.0]


def test_a_list_as_long_as_allowed_may_be_cut_off_and_is_asked_in_halves() -> None:
    flicker = [(at(-20) + n * MINUTE, at(-20) + n * MINUTE + 30 * SECOND) for n in range(600)]
    world = bench([*flicker, (at(-5), at(1))], NOON)
    answers = world.footage(at(-21), NOON)
    assert held(answers) == [*flicker, (at(-5), NOON)]
    assert unsure(answers) == []


def test_the_choice_of_events_that_works_is_remembered_and_forgotten_with_the_firmware() -> None:
    world = bench([(at(-90), at(1))], NOON, manners=Manners(filters="BC", deaf_filters="B"), memory={})
    world.footage(at(-2), NOON)
    assert world.memory["event_filter"] == "C"
    onvif.describe(world.device)
    world.memory["firmware"] = "older"
    onvif.describe(world.device)
    assert set(world.memory) == {"firmware"}


def test_a_clock_that_moves_during_the_listing_leaves_the_answer_incomplete() -> None:
    world = bench([(at(-90), at(1))], NOON, clock_steps=((datetime(2000, 1, 1), 0), (NOON + SECOND, 60_000)))

    def step(honest: Response) -> Response:
        world.now = NOON + SECOND
        return honest

    spoil(world, "GetEventSearchResults", step)
    answers = world.footage(at(-2), NOON)
    assert unsure(answers) == [(at(-2), NOON)]
    assert "moved by 60 s" in reasons(answers)


def test_a_clock_set_back_denies_nothing_it_confused() -> None:
    """Two hours were written twice; changes of before and after are mixed."""
    parts = [(at(-9), at(-5)), (at(-4.5), at(-3.6)), (at(-3.2), at(1))]
    world = bench(parts, NOON, clock_steps=((datetime(2000, 1, 1), 0), (at(-4), -7_200_000)))
    answers = world.footage(at(-4), NOON)
    truth = [(at(-4), at(-3.6)), (at(-3.2), NOON)]
    for answer in answers:
        if answer.complete:
            empty = [(answer.covers_from, answer.covers_to)] if not answer.spans else []
            assert not any(a < d and c < b for a, b in empty for c, d in truth), answer


@pytest.mark.parametrize(
    ("channel", "is_known"), [("R1", True), ("src_R1", True), ("养护室 示例", True), ("1", False), ("", False)]
)
def test_a_channel_is_a_token_or_a_unique_source(channel: str, is_known: bool) -> None:
    world = bench([(at(-90), at(1))], NOON)
    if is_known:
        assert held(world.footage(at(-2), NOON, channel)) == [(at(-2), NOON)]
        return
    with pytest.raises(Malformed, match="register one of: R1"):
        world.footage(at(-2), NOON, channel)


def test_channels_plans_and_playback_of_a_recorder() -> None:
    world = bench([(at(-90), at(1))], NOON, with_living=True)
    first, second = onvif.channels(world.device)
    assert (first.channel, first.name, first.address, first.is_online) == ("R1", "养护室 示例", "192.0.2.9", None)
    assert (first.osd_time, first.osd_name, second.osd_time) == (True, True, True)
    assert [plan.mode for plan in onvif.plans(world.device)] == ["continuous", "continuous"]
    assert onvif.playback_url(world.device, "R1", at(-2)) == "rtsp://192.0.2.1:554/replay/R1#clock=20261001T020000Z"


@pytest.mark.parametrize(
    ("model", "native"),
    [
        ("HIKVISION DS-7616NI-K2", "isapi"),
        ("HiLook NVR-104", "isapi"),
        ("海康威视 DS-8616N", "isapi"),
        ("LTS LTN8704", "isapi"),
        ("LTSX 1", ""),
        ("Dahua NVR608", "dahua"),
        ("CP-PLUS CP-UNR", "dahua"),
        ("浙江大华 NVR", "dahua"),
        ("UNIVIEW NVR302", ""),
        ("", ""),
    ],
)
def test_the_native_protocol_follows_from_the_maker(model: str, native: str) -> None:
    assert onvif.native_protocol(onvif.Description(model)) == native


def test_over_real_http() -> None:
    world = bench([(at(-48), at(-20)), (at(-19), at(1))], NOON, manners=Manners(login="both"))
    with LoopbackServer(world.end) as server:
        device = onvif.open_device(server.address, secret=SECRET, now=lambda: NOON, memory={})
        device.pause = lambda _: None
        with device:
            assert held(onvif.footage(device, "R1", at(-30), NOON)) == [(at(-30), at(-20)), (at(-19), NOON)]


def test_an_answer_beyond_any_limit_is_dropped() -> None:
    world = bench([(at(-48), at(1))], NOON, faults=["huge"])
    with LoopbackServer(world.end) as server:
        device = onvif.open_device(server.address, secret=SECRET, now=lambda: NOON, memory={})
        with device, pytest.raises(Malformed, match="dropped unread"):
            onvif.describe(device)


def test_hours_that_a_clock_set_back_ran_through_twice_are_unknown() -> None:
    """By the log alone the camera would have been silent from 09:30 to 10:30, though it recorded all the time."""
    steps = ((datetime(2000, 1, 1), 0), (at(-4), -int(5.5 * 3_600_000)))
    world = bench([(at(-12), at(-8)), (at(-7), at(1))], NOON, clock_steps=steps)
    for hours in (-5, -3):
        world.now = at(hours)
        onvif.clock(world.device)
    world.now = NOON
    assert unsure(world.footage(at(-4), NOON)) == [(at(-4), NOON)]


def test_a_description_of_another_recording_is_no_answer() -> None:
    world = bench([(at(-48), at(1))], NOON)
    body = "GetRecordingInformation"
    spoil(
        world,
        body,
        lambda honest: Response(
            200,
            honest.body.replace(b"Token>R1<", b"Token>R9<"),  # type: ignore[union-attr]
        ),
    )
    with pytest.raises(Malformed, match="described recording 'R9' when asked for another"):
        world.footage(at(-2), NOON)


def test_a_name_that_two_recordings_share_chooses_none() -> None:
    world = bench([(at(-48), at(1))], NOON, with_living=True)
    spoil(
        world,
        "GetRecordings",
        lambda honest: Response(
            200,
            honest.body.replace(b"camera R2", "养护室 示例".encode()),  # type: ignore[union-attr]
        ),
    )
    with pytest.raises(Malformed, match="not exactly one recording '养护室 示例'; register one of: R1, R2"):
        world.footage(at(-2), NOON, "养护室 示例")


def test_a_wrong_password_and_a_missing_one_are_told_apart() -> None:
    for secret, says in ((Secret("collector", "changed"), "password is wrong"), (None, "on file")):
        world = bench([(at(-48), at(1))], NOON, manners=Manners(login="digest"))
        device = onvif.open_device("http://192.0.2.1", secret=secret, now=lambda: NOON, memory={})
        plug(device, world.end)
        with pytest.raises(Refused, match=says):
            onvif.describe(device)


def test_an_overlay_that_another_channel_has_is_missed() -> None:
    world = bench([(at(-48), at(1))], NOON, with_living=True)
    channels = dict(world.recorder.channels)
    channels["R2"] = replace(channels["R2"], osd_time=False, osd_name=False)
    world.recorder = replace(world.recorder, channels=channels)
    world.__post_init__()
    assert [(c.osd_time, c.osd_name) for c in onvif.channels(world.device)] == [(True, True), (False, False)]
    channels["R1"] = replace(channels["R1"], osd_time=False, osd_name=False)
    world.recorder = replace(world.recorder, channels=channels)
    world.__post_init__()
    assert [(c.osd_time, c.osd_name) for c in onvif.channels(world.device)] == [(None, None), (None, None)]
