"""The pieces of the load bench still work, on a fleet of one recorder: what it measures is whole and equal work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bench.load_memory import Rounds, repeat
from bench.load_round import Load, collect
from bench.parse import OURS, full_page
from bench.parse_pages import record, replayed
from bench.parse_store import Parse, measure

SEAM = timedelta(seconds=2)
HOUR = timedelta(hours=1)


def test_a_fleet_is_collected_whole_over_http(tmp_path: Path) -> None:
    told = collect(Load("isapi", recorder_count=2, channel_count=2, file_minutes=60, seam_s=2), tmp_path)
    assert (told["is_whole"], told["answer_count"], told["segments"]) == (True, 4, 96)


@pytest.mark.parametrize("protocol", ["isapi", "dahua", "mediamtx", "onvif"])
def test_a_replayed_conversation_gives_every_file(protocol: str) -> None:
    recorded = record(protocol, 1, HOUR, SEAM)
    [done] = replayed(recorded, "again")
    assert sum(len(poll.spans) for poll in done.polls) == recorded.segment_count == 24


def test_reading_and_storing_are_both_measured(tmp_path: Path) -> None:
    told = measure(Parse("isapi", 60, channel_count=1, batch_count=1, repeats=1), tmp_path)
    assert min(told["parse_us"], told["store_us"], told["per_core_s"]) > 0


@pytest.mark.parametrize("protocol", ["isapi", "dahua"])
def test_the_page_beside_the_public_clients_is_a_full_one(protocol: str) -> None:
    read, rows = OURS[protocol]
    listed = list(rows(read(full_page(protocol))))
    assert len(listed) == {"isapi": 40, "dahua": 100}[protocol]
    assert all(row.ended_at - row.started_at == timedelta(minutes=5) - SEAM for row in listed)


def test_rounds_are_answered_hour_by_hour(tmp_path: Path) -> None:
    told = repeat(Rounds(recorder_count=1, channel_count=1, round_count=2, looked_at_every=1), tmp_path)
    assert (told["answers"], [state["round"] for state in told["states"]]) == (2, [1, 2])
