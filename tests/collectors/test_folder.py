"""What an index dropped into a folder says, and what must never be made of it."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answers import DeviceFailure, FootageAnswer, Malformed, Refused, Span, Unreachable
from collectors.device import Secret
from collectors.intervals import Interval, common, merged, without
from collectors.polling import Window, ask_windows
from collectors.protocols import folder, load
from collectors.protocols.folder import share
from collectors.protocols.folder.share import FolderDevice, path_of
from collectors.simulator.folder import Manners, drop
from collectors.simulator.recorder import Deletion, SimulatedChannel, SimulatedRecorder

NOW = datetime(2026, 9, 30, 12, 0, 0)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
GAP = (NOW - 8 * HOUR, NOW - 7 * HOUR)
WITH_GAP = ((NOW - 90 * HOUR, GAP[0]), (GAP[1], NOW + 90 * HOUR))
WINDOW = (NOW - 12 * HOUR, NOW - 2 * HOUR)
AT = NOW - HOUR


def recorder(
    recorded: tuple[Interval, ...] = WITH_GAP, *, offset_ms: int = 0, deletions: tuple[Deletion, ...] = ()
) -> SimulatedRecorder:
    channels = {"C1": SimulatedChannel("C1", recorded, deletions), "C2": SimulatedChannel("C2", ())}
    return SimulatedRecorder("F1", "folder", Secret("", ""), channels, ((datetime(2000, 1, 1), offset_ms),))


def open_(place: Path, now: datetime = NOW) -> FolderDevice:
    return folder.open_device(str(place), secret=None, now=lambda: now, memory={})


def footage(place: Path, window: Interval = WINDOW, channel: str = "C1", now: datetime = NOW) -> list[FootageAnswer]:
    return list(folder.footage(open_(place, now), channel, *window))


def rewritten(path: Path, old: str, new: str) -> None:
    """`path` with every `old` replaced, and its time of change as before."""
    changed_ns = path.stat().st_mtime_ns
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    os.utime(path, ns=(changed_ns, changed_ns))


def test_is_found_by_its_name() -> None:
    assert load("folder").footage is folder.footage


@pytest.mark.parametrize(
    "manners",
    [
        Manners(),
        Manners(in_chinese=True),
        Manners(in_chinese=True, encoding="gbk"),
        Manners(encoding="utf-8-sig", newline="\n"),
        Manners(mark="#end 17"),
        Manners(mark='"#END",,,,'),
        Manners(mark="#END\r\n\r\n,,,"),
    ],
)
def test_an_index_is_read_however_it_is_written(tmp_path: Path, manners: Manners) -> None:
    drop(recorder(), AT, tmp_path, manners=manners)
    (answer,) = footage(tmp_path)
    assert (answer.outcome, answer.complete, answer.clock_offset_ms) == ("ok", True, None)
    assert answer.spans == (Span(WINDOW[0], GAP[0]), Span(GAP[1], WINDOW[1]))


@pytest.mark.parametrize("prefix", ["", "file://", "file://localhost"])
def test_addresses_that_name_a_folder(tmp_path: Path, prefix: str) -> None:
    place = tmp_path / "实验 室"
    place.mkdir()
    address = f"{prefix}{place}".replace(" ", "%20" if prefix else " ")
    assert path_of(address) == place


@pytest.mark.parametrize(
    "address",
    ["", "drops", "/", "/etc", "//x", "file:///", "file://server/share", "/srv/../etc/x", "http://h/x", "\0/a/b"],
)
def test_addresses_that_do_not(address: str) -> None:
    with pytest.raises(Malformed, match="is no folder"):
        folder.open_device(address, secret=None, now=lambda: NOW, memory={})


def test_only_what_an_index_covers_is_denied(tmp_path: Path) -> None:
    drop(recorder(), AT, tmp_path, window=(NOW - 9 * HOUR, NOW - 3 * HOUR))
    answers = footage(tmp_path)
    assert [(a.covers_from, a.covers_to, a.complete) for a in answers] == [
        (WINDOW[0], NOW - 9 * HOUR, False),
        (NOW - 9 * HOUR, NOW - 3 * HOUR, True),
        (NOW - 3 * HOUR, WINDOW[1], False),
    ]
    assert {a.outcome for a in answers if not a.complete} == {"unreachable"}
    assert all("no index" in a.reason for a in answers if not a.complete)


def test_an_index_does_not_speak_about_its_own_future(tmp_path: Path) -> None:
    drop(recorder(), NOW - 6 * HOUR, tmp_path, window=(NOW - 20 * HOUR, NOW + 20 * HOUR))
    answers = footage(tmp_path, (NOW - 12 * HOUR, NOW + HOUR))
    assert [(a.covers_to, a.complete) for a in answers] == [(NOW - 6 * HOUR, True), (NOW, False)]


def test_a_camera_the_index_does_not_name_is_unknown_and_one_it_names_without_footage_is_denied(tmp_path: Path) -> None:
    drop(recorder(), AT, tmp_path)
    assert [(a.complete, a.spans) for a in footage(tmp_path, channel="C2")] == [(True, ())]
    assert [a.complete for a in footage(tmp_path, channel="C9")] == [False]
    assert [c.channel for c in folder.channels(open_(tmp_path))] == ["C1", "C2"]


def test_the_newest_index_decides_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    drop(recorder(((NOW - 90 * HOUR, NOW),)), NOW - 3 * HOUR, tmp_path)
    drop(recorder(), AT, tmp_path, window=(NOW - 9 * HOUR, NOW - 6 * HOUR))
    answers = footage(tmp_path)
    assert all(a.complete for a in answers[:-1])
    held = merged((s.started_at, s.ended_at) for a in answers for s in a.spans)
    assert held == [(WINDOW[0], GAP[0]), (GAP[1], NOW - 3 * HOUR)]


@pytest.mark.parametrize("offset_ms", [90_000, -7_200_000])
def test_a_stated_offset_shifts_the_times_and_is_not_ours(tmp_path: Path, offset_ms: int) -> None:
    drop(recorder(offset_ms=offset_ms), AT, tmp_path)
    (answer,) = footage(tmp_path)
    assert answer.spans == (Span(WINDOW[0], GAP[0]), Span(GAP[1], WINDOW[1]))
    assert answer.clock_offset_ms is None


@pytest.mark.parametrize("row", ["refused,yes", "ok,no"])
def test_rows_that_are_no_answer_say_nothing(tmp_path: Path, row: str) -> None:
    polls, _ = drop(recorder(), AT, tmp_path)
    rewritten(polls, "ok,yes", row)
    assert [(a.complete, a.spans) for a in footage(tmp_path)] == [(False, ())]


@pytest.mark.parametrize(
    ("manners", "says"),
    [
        (Manners(mark=""), "does not end with a line #END"),
        (Manners(mark="END"), "does not end with a line #END"),
        (Manners(settled=timedelta(seconds=-3550)), "changed within the last minute"),
        (Manners(settled=-2 * HOUR), "changed within the last minute"),
    ],
)
def test_what_may_be_half_written_waits(tmp_path: Path, manners: Manners, says: str) -> None:
    drop(recorder(), NOW - 2 * HOUR, tmp_path)
    drop(recorder(), AT, tmp_path, manners=manners)
    with pytest.raises(Unreachable, match=says):
        footage(tmp_path)


def test_a_file_cut_anywhere_is_never_read(tmp_path: Path) -> None:
    paths = drop(recorder(((NOW - 40 * HOUR, NOW - 30 * HOUR), (NOW - 20 * HOUR, NOW))), AT, tmp_path)
    for path in paths:
        whole, changed_ns = path.read_bytes(), path.stat().st_mtime_ns
        for length in range(0, len(whole) - 3, 5):
            path.write_bytes(whole[:length])
            os.utime(path, ns=(changed_ns, changed_ns))
            with pytest.raises(Unreachable):
                footage(tmp_path)
        path.write_bytes(whole)
        os.utime(path, ns=(changed_ns, changed_ns))
    assert footage(tmp_path)[0].complete


def test_a_pair_whose_marks_differ_waits(tmp_path: Path) -> None:
    polls, _ = drop(recorder(), AT, tmp_path, manners=Manners(mark="#END 17"))
    rewritten(polls, "#END 17", "#END 18")
    with pytest.raises(Unreachable, match="not of one index"):
        footage(tmp_path)


@pytest.mark.parametrize("kept", [0, 1])
def test_half_a_pair_waits(tmp_path: Path, kept: int) -> None:
    drop(recorder(), AT, tmp_path)[1 - kept].unlink()
    with pytest.raises(Unreachable, match="without its"):
        footage(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (0, "ok,yes", "ok,perhaps", r"polls-2026-09-30-110000.csv line 2, column complete: 'perhaps' is not a flag"),
        (0, "covers_to", "covers_until", r"polls-.*line 1, column covers_to: is missing"),
        (1, "F1-", "F2-", r"footage-.*line 2, column poll_id.*is not in polls.csv"),
        (1, "+08:00\r\n", "+08:00,x\r\n", r"footage-.*line 2: has 5 cells"),
        (1, "+08:00,2026", "+08:00,1026", r"footage-.*line 2, column ended_at"),
        (
            0,
            "2026-09-30T19:00:00+08:00,2026",
            "2026-09-30T21:00:00+08:00,2026",
            r"polls-.*line 2, column asked_at: lies in",
        ),
        (0, "C2", "C1", r"polls-.*line 3, column poll_id.*stands already on line 2"),
        (1, "poll_id", "poll\0id", r"footage-.*neither UTF-8 nor GBK"),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_stops_all(
    tmp_path: Path, file: int, old: str, new: str, says: str
) -> None:
    drop(recorder(), NOW - 3 * HOUR, tmp_path)
    rewritten(drop(recorder(), AT, tmp_path)[file], old, new)
    with pytest.raises(Malformed, match=says):
        footage(tmp_path)


def test_one_poll_with_two_contents_is_no_poll(tmp_path: Path) -> None:
    polls, listed = drop(recorder(), AT, tmp_path)
    for path, name in ((polls, "polls-b.csv"), (listed, "footage-b.csv")):
        (tmp_path / name).write_bytes(path.read_bytes())
        os.utime(tmp_path / name, ns=(path.stat().st_mtime_ns,) * 2)
    assert footage(tmp_path)[0].complete
    rewritten(tmp_path / "footage-b.csv", "T12:00:00", "T12:30:00")
    rewritten(tmp_path / "footage-b.csv", "T19:00:00", "T18:30:00")
    with pytest.raises(Malformed, match="different contents"):
        footage(tmp_path)


def test_links_pipes_and_giants_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside, place = tmp_path / "outside", tmp_path / "place"
    outside.mkdir(), place.mkdir()
    polls, listed = drop(recorder(), AT, outside)
    (place / "polls-x.csv").symlink_to(polls)
    (place / "footage-x.csv").symlink_to(listed)
    with pytest.raises(Malformed, match="is a link"):
        footage(place)
    (place / "polls-x.csv").unlink()
    os.mkfifo(place / "polls-x.csv")
    with pytest.raises(Malformed, match="is no file"):
        footage(place)
    (tmp_path / "linked").symlink_to(outside)
    with pytest.raises(Malformed, match="link"):
        footage(tmp_path / "linked")
    monkeypatch.setattr(share, "MAX_FILE_BYTES", 100)
    with pytest.raises(Malformed, match="is larger than"):
        footage(outside)
    monkeypatch.setattr(share, "MAX_NAMES", 1)
    with pytest.raises(Malformed, match="more than 1 files"):
        footage(outside)


def test_a_share_that_is_not_mounted_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="mounted"):
        footage(tmp_path / "gone")
    with pytest.raises(Unreachable):
        folder.describe(open_(tmp_path / "gone"))


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_folder_we_may_not_read_is_a_missing_right(tmp_path: Path) -> None:
    place = tmp_path / "closed"
    place.mkdir(mode=0o000)
    with pytest.raises(Refused) as refused:
        footage(place)
    assert not refused.value.definitive


def test_there_is_no_clock_and_films_are_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "C1_20260930_080000.mp4").write_bytes(b"film")
    (answer,) = footage(tmp_path)
    assert (answer.complete, answer.spans) == (False, ())
    with pytest.raises(Refused) as refused:
        folder.clock(open_(tmp_path))
    assert not refused.value.definitive


def test_the_bytes_are_the_evidence_of_every_window(tmp_path: Path) -> None:
    polls, listed = drop(recorder(), AT, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    device = open_(tmp_path)
    windows = [Window("C1", "C1", NOW - n * HOUR, NOW - (n - 1) * HOUR) for n in (2, 3)]
    done = ask_windows(folder, device, windows, budget_s=60, elapsed_s=lambda: 0)  # type: ignore[arg-type]
    assert [poll.clock_offset_ms for poll in done.polls] == [None, None]
    assert [answer.body for answer in done.raw_answers] == [polls.read_bytes(), listed.read_bytes()] * 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_complete_answers_are_the_truth_of_the_newest_index(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance, place = Random(seed), tmp_path_factory.mktemp("drops")
    at, parts = NOW - 70 * HOUR, list[Interval]()
    while at < NOW and chance.random() < 0.9:
        start = at + timedelta(milliseconds=chance.randint(1, 18_000_000))
        at = start + timedelta(milliseconds=chance.randint(1, 36_000_000))
        parts.append((start, at))
    gone = NOW - timedelta(minutes=chance.randint(0, 4000))
    deletion = Deletion(NOW - timedelta(minutes=chance.randint(0, 3000)), gone, gone + 5 * HOUR)
    world = recorder(tuple(parts), offset_ms=chance.choice([0, 999, -61_500]), deletions=(deletion,))
    drops: list[tuple[datetime, Interval]] = []
    for minutes in sorted(chance.sample(range(10, 4000), chance.randint(0, 4)), reverse=True):
        dropped_at = NOW - timedelta(minutes=minutes)
        covers_from = dropped_at - timedelta(minutes=chance.randint(1, 3000))
        window = (covers_from, covers_from + timedelta(minutes=chance.randint(1, 4000)))
        drop(world, dropped_at, place, window=window, manners=Manners(in_chinese=chance.random() < 0.5))
        drops.append((dropped_at, (window[0], min(window[1], dropped_at))))
    asked = (NOW - timedelta(minutes=chance.randint(1, 4000)), NOW + HOUR)
    answers = footage(place, asked)

    assert [answers[0].covers_from, *(a.covers_to for a in answers)] == [
        asked[0], *(a.covers_from for a in answers[1:]), NOW
    ]  # fmt: skip
    truth, covered = list[Interval](), list[Interval]()
    for dropped_at, window in reversed(drops):
        fresh = without(common([window], [(asked[0], NOW)]), covered)
        truth += common(world.channels["C1"].held(dropped_at), fresh)
        covered = merged([*covered, *fresh])
    assert merged((a.covers_from, a.covers_to) for a in answers if a.complete) == covered
    assert merged((s.started_at, s.ended_at) for a in answers for s in a.spans) == merged(truth)
    assert all(a.complete or (a.reason and not a.spans) for a in answers)


def test_whatever_is_mutated_ends_in_an_answer_or_a_failure(tmp_path: Path) -> None:
    """What is read in spite of it lies inside the window; nothing else is raised."""
    chance = Random(3)
    paths = drop(recorder(), AT, tmp_path)
    whole, changed_ns = [path.read_bytes() for path in paths], paths[0].stat().st_mtime_ns
    for _ in range(250):
        for path, body in zip(paths, whole, strict=True):
            path.write_bytes(_mutated(body, chance))
            os.utime(path, ns=(changed_ns, changed_ns))
        try:
            answers = footage(tmp_path)
        except DeviceFailure as failure:
            assert re.search(r"polls|footage", str(failure)), failure
            continue
        for one, other in pairwise(answers):
            assert one.covers_to == other.covers_from
        for each in answers:
            assert WINDOW[0] <= each.covers_from < each.covers_to <= WINDOW[1]
            assert all(each.covers_from <= s.started_at < s.ended_at <= each.covers_to for s in each.spans)
            assert each.reason or each.complete


def _mutated(body: bytes, chance: Random) -> bytes:
    kind = chance.randrange(8)
    if kind < 2:
        return body
    if kind == 2:
        return body.decode().encode(chance.choice(["gbk", "utf-16", "utf-8-sig", "gb18030"]))
    lines = body.splitlines(keepends=True)
    if kind == 3:
        return b"".join(chance.sample(lines[:-1], len(lines) - 1)) + lines[-1]
    if kind == 4:
        return b"".join([*lines[:2], *lines[1:]])
    at = chance.randrange(max(len(body) - 6, 1))
    junk = chance.choice([b'"', b",", b"\xff\xfe", b"9" * 40, b"\r", "三".encode(), b"x" * 200_000, b"-", b""])
    return body[:at] + junk + body[at + chance.randrange(4) :]
