"""From rows of a log to what is held, what is not, and what nobody can tell: every step alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from collectors.intervals import Interval, common, merged, without
from collectors.protocols.onvif import setbacks
from collectors.protocols.onvif.events import Row
from collectors.protocols.onvif.states import walk
from collectors.protocols.onvif.steps import Step, of_track, placed, settled

MIDNIGHT = datetime(2026, 10, 1)
END = 10.0


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def row(
    hours: float, value: bool | None, *, is_start: bool = False, is_restart: bool = False, kind: str = "track"
) -> Row:
    return Row(
        "track" if kind == "track" else "recording",
        "R",
        "V" if kind == "track" else "",
        at(hours),
        value,
        is_start,
        is_restart,
    )


def told(steps: list[Step], *, newest: float | None = END, is_to_now: bool = True) -> str:
    """One letter an hour: held `#`, not `.`, doubtful `?`."""
    track = walk(steps, (at(0), at(END)), newest=None if newest is None else at(newest), is_to_now=is_to_now)
    doubts = [flaw.part for flaw in track.doubts]
    letters = ""
    for hour in range(int(END)):
        slot: list[Interval] = [(at(hour), at(hour + 1))]
        if common(slot, doubts):
            letters += "?"
        else:
            letters += "#" if common(slot, merged(track.held)) == slot else "."
            assert not common(slot, track.held) or not without(slot, track.held)
    return letters


def start(value: bool, hours: float = 0) -> Step:
    return Step(at(hours), "start", value)


def change(hours: float, value: bool) -> Step:
    return Step(at(hours), "row", value)


@pytest.mark.parametrize(
    ("steps", "newest", "expected"),
    [
        ([start(True)], 10, "##########"),
        ([start(False)], -5, ".........."),
        ([start(False)], None, "??????????"),
        ([start(False)], 10, "??????????"),
        ([], 10, "??????????"),
        ([start(True), change(4, False), change(6, True)], 10, "####..####"),
        ([start(False), change(4, True), change(6, False)], 6, "....##...."),
        ([start(False), change(4, True), change(6, False)], 10, "....##????"),
        ([change(4, False), change(6, True)], 10, "????..####"),
        ([change(4, True)], 10, "????######"),
        # the asserted start state is belied by the first change
        ([start(True), change(4, True), change(6, False)], 6, "????##????"),
        ([start(False), change(4, False), change(6, True)], 10, "????" + "??" + "####"),
        # a state that is told twice: what is held stays, no absence is sure
        ([start(False), change(2, True), change(4, True), change(6, False)], 6, "??####????"),
        # a restart: what was done before ended at an unknown moment
        ([start(True), Step(at(4), "restart", True)], 10, "????######"),
        ([start(True), Step(at(4), "restart", None), change(6, True)], 10, "??????####"),
        ([start(True), change(2, False), Step(at(4), "restart", True)], 10, "##..######"),
        ([start(True), change(2, False), Step(at(4), "restart", None)], 2, "##........"),
        ([start(False), Step(at(4), "restart", True)], 10, "????######"),
        (
            [start(True), change(2, False), change(3, True), Step(at(5), "sign"), Step(at(7), "restart", True)],
            10,
            "##.##??###",
        ),
        # a start state in the middle agrees, disagrees, or stands beside a change
        ([start(True), start(True, 4)], 10, "##########"),
        ([start(True), start(False, 4)], -5, "??????????"),
        ([start(True), start(False, 4), change(4, False)], 4, "####......"),
        # a part that failed
        ([start(True), Step(at(4), "lost"), start(True, 5)], 10, "?????#####"),
        ([start(False), change(2, True), Step(at(4), "lost"), start(True, 5)], 10, "..##?#####"),
    ],
)
def test_what_a_log_tells(steps: list[Step], newest: float | None, expected: str) -> None:
    assert told(steps, newest=newest) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [([start(True)], "??????????"), ([start(True), change(4, False)], "####......"), ([change(4, True)], "????######")],
)
def test_an_asserted_state_that_nothing_follows_is_doubtful(steps: list[Step], expected: str) -> None:
    assert told(steps, newest=10, is_to_now=False) == expected


def values(rows: list[Row]) -> list[bool | None]:
    return [each.value for each in settled(rows, (at(0), at(END)))]


def test_rows_of_one_second_keep_the_order_of_an_ordered_list() -> None:
    assert values([row(1, True), row(2, False), row(2, True)]) == [True, False, True]
    assert values([row(2, True), row(2, False), row(1, True)]) == [True, False, True], "descending"
    assert values([row(2, True), row(1, True), row(2, False), row(3, True)])[-2:] == [None, True], (
        "in disorder nothing decides"
    )
    assert values([row(2, True), row(1, False)]) == [False, True]


def test_a_start_state_inside_the_window_is_a_change() -> None:
    early, inside = settled([row(-3, True, is_start=True), row(4, False, is_start=True)], (at(0), at(END)))
    assert (early.at, early.is_start) == (at(0), True)
    assert (inside.at, inside.is_start) == (at(4), False)


def test_rows_of_another_time_are_left_out() -> None:
    assert values([row(-1, True), row(11, True)]) == []


def test_a_change_that_two_windows_list_counts_once() -> None:
    steps = of_track("V", [row(1, True), row(1, True)], [(at(3), at(4))])
    assert steps == [Step(at(1), "row", True), Step(at(3), "lost")]


def test_rows_of_the_recording_are_signs_of_life_or_of_a_restart() -> None:
    rows = [
        row(1, True, kind="recording"),
        row(2, False, is_restart=True, kind="recording"),
        row(3, True, is_start=True, kind="recording"),
        row(4, None),
    ]
    assert of_track("V", rows, []) == [Step(at(1), "sign"), Step(at(2), "restart"), Step(at(4), "lost")]
    assert of_track("OTHER", [row(1, True)], []) == []


def test_a_clock_set_back_between_two_readings_mixes_what_was_written_twice() -> None:
    memory: dict[str, str] = {}
    setbacks.note(memory, at(1), timedelta(hours=2))
    setbacks.note(memory, at(2), timedelta(hours=2, seconds=-5))
    assert setbacks.mixed(memory) == []
    setbacks.note(memory, at(4), timedelta(0))
    assert setbacks.mixed(memory) == [(at(2), at(4) + timedelta(hours=2, seconds=-5))]
    setbacks.note(memory, at(5), timedelta(hours=3))
    assert len(setbacks.mixed(memory)) == 1, "set forward, nothing is mixed"


def test_nothing_that_is_mixed_is_placed() -> None:
    steps = [start(True), change(1, False), change(3, True), change(4, False), change(8, True)]
    mixed = [(at(2), at(6))]
    assert placed(steps, mixed) == [
        start(True),
        change(1, False),
        Step(at(2), "lost"),
        Step(at(6), "lost"),
        change(8, True),
    ]
    assert told(placed(steps, mixed)) == "#.??????##"
