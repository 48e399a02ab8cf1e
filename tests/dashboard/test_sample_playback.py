"""Playback proof from draw to report: bound in time, the same for everybody, and sharp enough for its promise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.device import Secret
from collectors.playback.bound import DRAWS_PER_DAY
from collectors.playback.decoder import Decoder
from collectors.playback.drawing import HeldDay, draw
from collectors.playback.frame import Frame
from collectors.playback.worker import look
from collectors.simulator import mediamtx as simulated
from collectors.simulator.http import LoopbackServer, Request, Response
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from dashboard import playback
from dashboard.cli import main
from dashboard.commands import sample_playback
from dashboard.playback import Proofs
from data.facts import Poll, RecorderMemory
from data.intake import Batch, take_in_batch
from data.looks import memories
from data.periods import day_ends_at, day_starts_at
from data.settings import SECRETS_NAME, STORE_NAME
from data.store import Store
from tests.collectors.clips import clip
from tests.dashboard.small import put, rows

SECRET = Secret("bureau", "look only")
FIRST = date(2026, 10, 1)
CHANNELS = ("lane1", "lane2")
LISTED = (day_starts_at(FIRST) - timedelta(days=3), datetime(2027, 1, 1))


class InOneProcess(Decoder):
    """The same decoding without a process for each frame."""

    def clip(self, content: bytes, wanted_at: datetime | None = None) -> Frame:
        return look({}, content)


@dataclass
class Bench:
    """A store with one recorder that lists everything, and plays the minutes that `plays` says."""

    store: Store
    folder: Path
    address: str
    now: datetime = day_starts_at(FIRST) - timedelta(hours=3)
    secret: Secret = SECRET
    dead_minutes: int = 0
    asked: list[Request] = field(default_factory=list)

    def commit(self, day: date, count: int = DRAWS_PER_DAY) -> str:
        return playback.commit(self.store, day, count, now=lambda: self.now, folder=self.folder)

    def collect(self, day: date) -> None:
        """What a poll of the whole day brings, a minute after it: everything is listed."""
        a, b = day_starts_at(day), day_ends_at(day)
        polls = [
            Poll(f"{camera}-{day}", camera, b - timedelta(minutes=1), a, b, "ok", True, 0, "", ((a, b),))
            for camera in ("C1", "C2")
        ]
        take_in_batch(self.store, Batch(polls=polls), now=lambda: b - timedelta(seconds=30))

    def use(self, day: date) -> playback.Revealed:
        self.now = max(self.now, day_ends_at(day) + timedelta(hours=1))
        revealed = playback.reveal(self.store, day, now=lambda: self.now, folder=self.folder)
        Proofs(self.store, {"nvr": self.secret}, lambda: self.now, InOneProcess()).run(revealed)
        return revealed

    def rows(self, columns: str = "outcome") -> list[tuple[object, ...]]:
        return self.store.cursor().execute(f"SELECT {columns} FROM playback_samples ORDER BY day, ordinal").fetchall()


def registered(address: str) -> dict[str, list[dict[str, object]]]:
    content = rows()
    content["recorders"] = [
        {"recorder_id": "N1", "premises_id": "P1", "protocol": "mediamtx", "address": address, "credential": "nvr"}
    ]
    for camera, channel in zip(content["cameras"], CHANNELS, strict=True):
        camera |= {"channel": channel, "duty_from": "2026-09-01T00:00:00+08:00", "duty_to": ""}
    del content["polls"], content["footage"]
    return content


def is_dead(request: Request, per_mille: int) -> bool:
    """So many of a thousand minutes, scattered over cameras and days as a hash does it."""
    minute = request.query["start"][:16]
    digest = hashlib.sha256(f"{request.query['path']} {minute}".encode()).digest()
    return int.from_bytes(digest[:4]) % 1000 < per_mille


@contextmanager
def laid_out(tmp_path: Path, *, dead_per_mille: int = 0, secret: Secret = SECRET) -> Iterator[Bench]:
    recorder = SimulatedRecorder(
        "N1", "mediamtx", SECRET, {name: SimulatedChannel(name, (LISTED,)) for name in CHANNELS}
    )
    film = clip()
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        if request.path != "/get":
            return simulated.end(recorder, lambda: bench.now)(request)
        if is_dead(request, dead_per_mille):
            return Response(404, b'{"status":"error","error":"no recording segments found"}')
        return Response(200, film, {"Content-Type": "video/mp4"})

    with LoopbackServer(answer) as server, Store.in_memory() as store:
        address = f"{server.address}?api_port={server.address.rpartition(':')[2]}"
        put(store, tmp_path / "bundle", registered(address), at="2026-09-01T00:00:00+08:00")
        bench = Bench(store, tmp_path / "seeds", address, secret=secret, asked=asked)
        yield bench


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


# the promise


def test_three_percent_that_do_not_play_are_exposed_within_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """User demand 3. Everything is listed every day; at the default rate the week's report names minutes that are bad,
    and nothing that plays is held against the recorder."""
    seeds = iter(hashlib.sha256(f"week {n}".encode()).hexdigest() for n in range(7))
    monkeypatch.setattr("dashboard.playback.drawing.secrets.token_hex", lambda _: next(seeds))
    with laid_out(tmp_path, dead_per_mille=30) as bench:
        for number in range(7):
            bench.now = day_starts_at(day_of(number)) - timedelta(hours=1)
            bench.commit(day_of(number))
            bench.collect(day_of(number))
            bench.use(day_of(number))
        week = playback.report(bench.store, day_of(6))
    tally = week.of_week["N1"]
    assert tally.drawn == 7 * DRAWS_PER_DAY and tally.unknown == 0
    assert tally.bad >= 1 and tally.bad == len([miss for miss in week.misses if miss.is_bad])
    assert tally.bound is not None and 0.03 < tally.bound < 0.12
    channel = dict(zip(("C1", "C2"), CHANNELS, strict=True))
    for miss in week.misses:
        asked = {"path": channel[miss.camera_id], "start": miss.minute_at.isoformat()}
        assert is_dead(Request("GET", "/get", asked, {}, b""), 30), "a minute that plays was called bad"


def test_weeks_in_which_it_stays_hidden_are_as_rare_as_promised() -> None:
    """The same by the draw alone, for 400 weeks: at most 1 % may miss, here 9 of 400 would already be a wonder."""
    held = [HeldDay("N1", camera, day_of(n), f"p{n}", ((0, 1440),)) for camera in CHANNELS for n in range(7)]
    hidden = 0
    for week in range(400):
        seeds = [hashlib.sha256(f"{week} {n}".encode()).hexdigest() for n in range(7)]
        minutes = [drawn for n, seed in enumerate(seeds) for drawn in draw(seed, held[: 2 + n], DRAWS_PER_DAY)]
        asked = [Request("GET", "", {"path": d.camera_id, "start": d.minute_at.isoformat()}, {}, b"") for d in minutes]
        hidden += not any(is_dead(request, 30) for request in asked)
    assert hidden <= 9


def test_a_recorder_that_plays_everything_is_good_with_its_bound(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        bench.commit(FIRST)
        bench.collect(FIRST)
        revealed = bench.use(FIRST)
        tally = playback.report(bench.store, FIRST).of_day["N1"]
        frames = bench.rows("frame_sha256, frame_bytes, width, tried_at")
    assert (tally.good, tally.bad, tally.unknown) == (22, 0, 0)
    assert tally.bound == pytest.approx(1 - 0.05 ** (1 / 22))
    assert revealed.minute_count == 2 * 1439, "the day's last minute was not over when its recorder was asked"
    assert all(len(str(row[0])) == 64 and row[1] and row[2] for row in frames)


# bound in time, and the same for everybody


def test_a_draw_is_bound_once_and_before_its_day(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        bound = bench.commit(FIRST)
        with pytest.raises(playback.DrawError, match="would be a choice"):
            bench.commit(FIRST)
        bench.now = day_starts_at(day_of(1))
        with pytest.raises(playback.DrawError, match="has begun"):
            bench.commit(day_of(1))
        stored = bench.store.cursor().execute("SELECT * FROM playback_draws").fetchall()
    assert [(row[0], row[1], row[2]) for row in stored] == [(FIRST, bound, DRAWS_PER_DAY)]
    seed = bench.folder / f"playback-{FIRST}.seed"
    assert hashlib.sha256(bytes.fromhex(seed.read_text())).hexdigest() == bound
    assert seed.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_impossible_counts_are_refused(tmp_path: Path, count: int) -> None:
    with laid_out(tmp_path) as bench, pytest.raises(playback.DrawError, match="not possible"):
        bench.commit(FIRST, count)


def test_it_cannot_be_used_before_the_day_is_over_nor_with_another_seed(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        with pytest.raises(playback.DrawError, match="no draw was bound"):
            playback.reveal(bench.store, FIRST, now=lambda: bench.now, folder=bench.folder)
        bench.commit(FIRST)
        bench.collect(FIRST)
        with pytest.raises(playback.DrawError, match="from 2026-10-02 00:00:00"):
            playback.reveal(bench.store, FIRST, now=lambda: bench.now, folder=bench.folder)
        (bench.folder / f"playback-{FIRST}.seed").write_text("ab" * 32)
        with pytest.raises(playback.DrawError, match="not the one"):
            bench.use(FIRST)
        (bench.folder / f"playback-{FIRST}.seed").unlink()
        with pytest.raises(playback.DrawError, match="cannot be read"):
            bench.use(FIRST)
        assert bench.store.cursor().execute("SELECT count(*) FROM playback_reveals").fetchall() == [(0,)]


def test_when_it_is_used_and_how_often_changes_nothing(tmp_path: Path) -> None:
    """The list is what was known when the day ended: later answers do not change it, and nothing is asked twice."""
    with laid_out(tmp_path) as bench:
        bench.commit(FIRST)
        bench.collect(FIRST)
        first = bench.use(FIRST)
        asked = len(bench.asked)
        bench.collect(day_of(1))
        a, later = day_starts_at(FIRST), day_ends_at(FIRST) + timedelta(hours=2)
        denial = Poll("late", "C1", later, a, a + timedelta(hours=6), "ok", True, 0, "", ())
        take_in_batch(bench.store, Batch(polls=[denial]), now=lambda: later)
        (bench.folder / f"playback-{FIRST}.seed").unlink()
        bench.now += timedelta(days=3)
        assert bench.use(FIRST) == first
        assert len(bench.asked) == asked
        assert len(bench.rows()) == DRAWS_PER_DAY


def test_what_an_interrupted_run_left_is_tried_later(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        bench.commit(FIRST, 5)
        bench.collect(FIRST)
        bench.use(FIRST)
        bench.store.cursor().execute("DELETE FROM playback_samples WHERE ordinal IN (1, 3)")
        before = len([request for request in bench.asked if request.path == "/get"])
        bench.use(FIRST)
        assert len([request for request in bench.asked if request.path == "/get"]) == before + 2
        assert [row[0] for row in bench.rows("ordinal")] == [0, 1, 2, 3, 4]


def test_only_minutes_on_duty_that_are_held_whole_are_drawn(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        a = day_starts_at(FIRST)
        spans = ((a + timedelta(seconds=30), a + timedelta(minutes=2, seconds=59)),)
        poll = Poll("p", "C1", a + timedelta(hours=1), a, a + timedelta(hours=1), "ok", True, 0, "", spans)
        take_in_batch(bench.store, Batch(polls=[poll]), now=lambda: a + timedelta(hours=1))
        bench.commit(FIRST, 3)
        revealed = bench.use(FIRST)
    assert revealed.minute_count == 1
    assert {drawn.minute_at for drawn in revealed.drawn} == {a + timedelta(minutes=1)}


def test_a_bound_draw_that_is_never_used_is_named(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        bench.commit(FIRST)
        bench.commit(day_of(1))
        bench.collect(day_of(1))
        bench.use(day_of(1))
        assert playback.report(bench.store, day_of(1)).unused == (FIRST,)


# manners


def test_a_refused_login_ends_the_draw_and_leaves_the_recorder_alone(tmp_path: Path) -> None:
    with laid_out(tmp_path, secret=Secret("bureau", "wrong")) as bench:
        bench.commit(FIRST, 5)
        bench.collect(FIRST)
        bench.use(FIRST)
        assert [row[0] for row in bench.rows()] == ["refused"] * 5
        tally = playback.report(bench.store, FIRST).of_day["N1"]
        assert (tally.unknown, tally.bound) == (5, None)
        paused = memories(bench.store.cursor())["N1"]
        assert paused.not_before is not None and paused.not_before > bench.now
        refused = [request for request in bench.asked if "Authorization" in request.headers]
        assert len(refused) <= 3, "each minute of a refused draw was asked"


def test_a_recorder_that_is_left_alone_is_not_asked(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        bench.commit(FIRST, 3)
        bench.collect(FIRST)
        pause = RecorderMemory("N1", {}, datetime(2026, 12, 1), "it refused the login")
        take_in_batch(bench.store, Batch(memories=[pause]), now=lambda: bench.now)
        bench.use(FIRST)
        assert [row[0] for row in bench.rows()] == ["not_possible"] * 3
        assert bench.asked == []


def test_silence_ends_the_draw_of_that_recorder(tmp_path: Path) -> None:
    with laid_out(tmp_path) as bench:
        bench.commit(FIRST, 6)
        bench.collect(FIRST)
        moved = {"recorders": [{**registered("http://127.0.0.1:9")["recorders"][0]}], "agencies": rows()["agencies"]}
        put(bench.store, tmp_path / "moved", moved, at="2026-10-02T00:30:00+08:00")
        bench.use(FIRST)
        found = bench.rows("outcome, reason")
    assert [row[0] for row in found] == ["unreachable"] * 6
    assert [str(row[1]).startswith("not asked after") for row in found] == [False, False, True, True, True, True]


# the command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUHEN_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    try:
        code = main(["sample-playback", *argv])
    except SystemExit as left:
        code = int(str(left.code))
    return code, *capsys.readouterr()


def test_the_command_draws_runs_and_reports(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with laid_out(tmp_path, dead_per_mille=300) as bench:
        monkeypatch.setattr(sample_playback, "utc_now", lambda: bench.now)
        monkeypatch.setattr("dashboard.playback.drawing.secrets.token_hex", lambda _: "5e" * 32)
        secrets = home / SECRETS_NAME
        secrets.write_text("nvr: {user: bureau, password: look only}\n")
        secrets.chmod(0o600)
        with Store.open(str(home / STORE_NAME)) as bench.store:
            put(bench.store, tmp_path / "b2", registered(bench.address), at="2026-09-01T00:00:00+08:00")
        assert said(capsys, "run")[0] == 2
        code, out, _ = said(capsys, "draw", "--day", "2026-10-01", "--count", "8", "--json")
        bound = json.loads(out)
        assert code == 0 and bound["count_per_recorder"] == 8
        assert said(capsys, "run", "--day", "2026-10-01")[0] == 2
        with Store.open(str(home / STORE_NAME)) as bench.store:
            bench.collect(FIRST)
        bench.now = day_ends_at(FIRST) + timedelta(hours=2)
        code, out, _ = said(capsys, "run", "--json")
        found = json.loads(out)
        assert code == 1 and found["seed_sha256"] == bound["seed_sha256"]
        assert len(found["draws"]) == found["recorders"][0]["day"]["drawn"] == 8
        assert hashlib.sha256(bytes.fromhex(found["seed"])).hexdigest() == bound["seed_sha256"]
        bad = [miss for miss in found["misses"] if miss["bad"]]
        assert len(bad) == found["recorders"][0]["day"]["bad"] > 0
        code, out, _ = said(capsys, "run", "--lang", "en")
        assert code == 1 and found["seed"] in out and "listed but no picture" in out
        assert "不能回放" in said(capsys, "run")[1]
        assert "look only" not in out


@pytest.mark.parametrize("argv", [("draw", "--day", "soon"), ("draw",), (), ("run", "--day", "2026-13-01")])
def test_wrong_arguments_are_one_sentence(
    argv: tuple[str, ...], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, *argv)
    assert code == 2 and "Traceback" not in err
