"""Prober and simulated relay, each in its own process, over real HTTP, ICE, DTLS and RTP on loopback."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aioice import ice

from collectors.answers import ProbeResult
from collectors.simulator.whep import MODES, WhepRelay
from collectors.whep import hosts
from collectors.whep.probe import probe_once
from collectors.whep.prober import Prober
from collectors.whep.target import Limits, Target

LIMITS = Limits(
    http_connect_s=1, answer_s=1.5, connected_s=2, first_packet_s=1.2, key_frame_s=2.5, media_window_s=0.5, stall_s=0.8
)
OUTCOMES = {
    "ok": "ok",
    "black": "ok",
    "no_media": "no_media",
    "no_keyframe": "no_media",
    "stalled": "no_media",
    "ended": "no_media",
    "absent": "no_media",
    "refused": "refused",
    "error500": "no_media",
    "bad_codec": "not_probed",
    "sound_only": "not_probed",
    "html": "unreachable",
    "no_ice": "unreachable",
    "closed": "unreachable",
    "slow_http": "unreachable",
}
WORDS = {
    "no_media": "no video packet",
    "no_keyframe": "no key frame",
    "stalled": "then nothing",
    "ended": "ended the session",
    "no_ice": "ICE",
    "html": "login page",
    "closed": "without an answer",
    "slow_http": "in time",
    "bad_codec": "codec",
    "sound_only": "no H264 video",
}
STREAMS = [*MODES, *(f"cam{n}" for n in range(20))]


@pytest.fixture(scope="module")
def relay() -> Iterator[WhepRelay]:
    with WhepRelay(STREAMS, "bureau", "secret") as relay:
        for mode in MODES:
            relay.set_mode(mode, mode)
        yield relay


@pytest.fixture(scope="module")
def prober() -> Iterator[Prober]:
    with Prober(media_window_s=0.5, limits=LIMITS) as prober:
        yield prober


def target(relay: WhepRelay, path: str, password: str = "secret") -> Target:
    return Target(path, relay.url(path), "bureau", password)


@pytest.fixture(scope="module")
def results(relay: WhepRelay, prober: Prober) -> dict[str, ProbeResult]:
    answers = prober.probe([target(relay, mode) for mode in MODES])
    assert [asked.camera_id for asked, _ in answers] == list(MODES)
    return {asked.camera_id: result for asked, result in answers}


@pytest.mark.parametrize("mode", MODES)
def test_each_behaviour_of_a_relay_is_told_apart(results: dict[str, ProbeResult], mode: str) -> None:
    result = results[mode]
    assert (result.outcome, WORDS.get(mode, "") in result.reason) == (OUTCOMES[mode], True), result.reason


def test_a_good_probe_measures_the_picture(results: dict[str, ProbeResult]) -> None:
    for mode, black in (("ok", False), ("black", True)):
        result = results[mode]
        assert (result.width, result.height, result.black, result.frozen) == (320, 240, black, None)
        assert result.fps == pytest.approx(10, rel=0.15)
        assert result.first_frame_ms is not None


def test_every_session_was_ended_at_the_relay(relay: WhepRelay, results: dict[str, ProbeResult]) -> None:
    assert results
    assert relay.open_sessions() == 0


def test_a_wrong_password_is_refused(relay: WhepRelay, prober: Prober) -> None:
    [(_, result)] = prober.probe([target(relay, "cam0", "wrong")])
    assert result.outcome == "refused"


def test_addresses_nobody_serves(prober: Prober) -> None:
    answers = prober.probe(
        [
            Target("a", "http://127.0.0.1:1/cam/whep"),
            Target("b", "cam/whep"),
            Target("c", "https://127.0.0.1:1/cam/whep"),
        ]
    )
    assert [result.outcome for _, result in answers] == ["unreachable", "not_probed", "unreachable"]


def test_a_mode_changes_at_run_time(relay: WhepRelay, prober: Prober) -> None:
    for mode, outcome in (("absent", "no_media"), ("ok", "ok")):
        relay.set_mode("cam1", mode)
        [(_, result)] = prober.probe([target(relay, "cam1")])
        assert result.outcome == outcome
    with pytest.raises(ValueError, match="no mode"):
        relay.set_mode("cam1", "nonsense")


def test_twenty_at_once(relay: WhepRelay, prober: Prober) -> None:
    answers = prober.probe([target(relay, f"cam{n}") for n in range(20)])
    assert [result.outcome for _, result in answers] == ["ok"] * 20


@pytest.mark.parametrize("order", [signal.SIGKILL, signal.SIGSTOP], ids=["died", "hung"])
def test_what_the_process_takes_with_it_is_our_own_outage(
    relay: WhepRelay, order: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.whep.prober.GRACE_S", -15.0)  # total_s has room enough for these short limits
    with Prober(4, 4, 0.5, limits=LIMITS) as prober:
        assert prober.probe([target(relay, "cam0")])[0][1].outcome == "ok"
        first_pid = prober.worker_pid
        assert first_pid is not None
        threading.Timer(0.3, os.kill, (first_pid, order)).start()
        answers = prober.probe([target(relay, "slow_http"), *(target(relay, f"cam{n}") for n in range(9))])
        lost = [result for _, result in answers if result.outcome == "not_probed"]
        assert 1 <= len(lost) <= 4
        assert all("our probing process" in result.reason for result in lost)
        assert sum(result.outcome == "ok" for _, result in answers) == 10 - len(lost)
        assert not Path(f"/proc/{first_pid}").exists()
        assert prober.probe([target(relay, "cam0")])[0][1].outcome == "ok"


def test_a_machine_without_addresses_accuses_nobody(relay: WhepRelay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ice, "get_host_addresses", lambda use_ipv4, use_ipv6: [])
    result = asyncio.run(probe_once(target(relay, "ok"), LIMITS))
    assert (result.outcome, "no network address" in result.reason) == ("not_probed", True)


def test_loopback_is_gathered_only_toward_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ice, "get_host_addresses", ice.get_host_addresses)
    hosts.allow_loopback()
    assert "127.0.0.1" not in ice.get_host_addresses(True, True)
    hosts.toward_loopback.set(True)
    assert "127.0.0.1" in ice.get_host_addresses(True, True)
    hosts.toward_loopback.set(False)


def test_nothing_is_left_behind(relay: WhepRelay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty probes of all kinds: tasks, descriptors and threads as before."""
    monkeypatch.setattr(ice, "get_host_addresses", ice.get_host_addresses)
    hosts.allow_loopback()
    short = Limits(1, 1.5, 1.5, 0.5, 1.5, 1, 0.1, 0.2, 0.4)
    gate = asyncio.Semaphore(16)
    orphans = relay.open_sessions()  # of the processes killed above; the relay notices in half a minute

    async def run() -> None:
        modes = [mode for mode in MODES for _ in range(4)]
        await asyncio.gather(*(probe_once(target(relay, mode), short) for mode in MODES))
        before = _held()
        await asyncio.gather(*(probe_once(target(relay, mode), short, handshake=gate) for mode in modes))
        await asyncio.sleep(0)
        gc.collect()
        assert _held() == before

    asyncio.run(run())
    assert relay.open_sessions() <= orphans


def _held() -> tuple[int, int, int]:
    decoders = [t for t in threading.enumerate() if "decoder" in t.name]
    return len(asyncio.all_tasks()), len(list(Path("/proc/self/fd").iterdir())), len(decoders)
