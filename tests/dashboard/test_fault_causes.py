"""Faults of ten kinds, found by the real clients through a simulated month: the edges, and the cause or nothing.

FAULTS_RECORDERS and FAULTS_DAYS make it a thousand; here a few of each kind. What must never happen is counted: a cause
that was not, a gap where nothing was lost, an edge more than one poll off.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.device import Device
from collectors.intervals import common
from collectors.protocols import isapi
from collectors.simulator import isapi as simulated
from collectors.simulator.isapi import Manners
from dashboard.causes import Explained, explained
from dashboard.collecting import Collector
from data.bundle import take_in
from data.known import create_known_views
from data.periods import to_iso
from data.store import Store
from tests.collectors.in_process import plug
from tests.dashboard.faults import CHANNELS, FIRST, HOUR, OBSERVED, SECRET, Planted, Story, write_story
from tests.dashboard.small import bundle, rows

RECORDERS = int(os.environ.get("FAULTS_RECORDERS", "7"))
DAYS = int(os.environ.get("FAULTS_DAYS", "4"))
EDGE = timedelta(seconds=7)
"""Whole seconds in the listing, a clock offset good to one, and a seam that is left of a gap beside another."""
QUIET_FROM = FIRST + timedelta(days=DAYS + 2)
POLL = HOUR + timedelta(minutes=10)


class World:
    def __init__(self, folder: Path, story: Story) -> None:
        self.story, self.now = story, FIRST
        self.store = Store.in_memory()
        take_in(self.store, bundle(folder, _register(story)), taken_in_at=FIRST)
        self.collector = Collector(
            self.store, {"n": SECRET}, lambda: self.now, shortest_window=timedelta(minutes=5), worker_count=1
        )
        self._ends: dict[tuple[str, tuple[str, ...]], Any] = {}

    def end(self, address: str) -> Any:
        """The recorder behind an address; one end for each way it was ever set, so that its files are cut once."""
        recorder = self.story.recorder(address.removeprefix("http://").removesuffix(".invalid"), self.now)
        key = (recorder.recorder_id, tuple(channel.plan for channel in recorder.channels.values()))
        if key not in self._ends:
            self._ends[key] = simulated.end(recorder, lambda: self.now, Manners())
        return self._ends[key]

    def run_until(self, at: datetime) -> None:
        """A round an hour, but not during our own outages; when all is quiet, every twelve."""
        while self.now < at:
            if not any(start <= self.now < end for start, end in self.story.our_outages):
                self.collector.collect_footage()
            self.now += HOUR if self.now < QUIET_FROM else 12 * HOUR

    def gaps(self, camera_id: str, from_at: datetime, to_at: datetime) -> list[Explained]:
        with self.store.cursor() as cursor:
            create_known_views(cursor, self.now)
            return explained(cursor, camera_id, from_at, to_at)

    def why(self, gap: Explained) -> list[Any]:
        polls = [proof.ref for proof in gap.proofs]
        return (
            self.store.cursor()
            .execute("SELECT camera_id, reason, asked_at FROM polls WHERE list_contains(?, poll_id)", [polls])
            .fetchall()
        )


def _register(story: Story) -> dict[str, list[dict[str, Any]]]:
    base = rows()
    on = {"duty_from": to_iso(FIRST), "duty_to": ""}
    return {table: base[table] for table in ("agencies", "premises", "rooms")} | {
        "recorders": [
            base["recorders"][0] | {"recorder_id": id_, "address": f"http://{id_}.invalid", "credential": "n"}
            for id_ in story.recorders
        ],
        "cameras": [
            base["cameras"][0] | {"camera_id": f"{id_}-{channel}", "recorder_id": id_, "channel": channel} | on
            for id_ in story.recorders
            for channel in CHANNELS
        ],
    }


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, write_story(7, RECORDERS, DAYS))
    real = isapi.open_device

    def open_device(address: str, **options: Any) -> Device:
        device = real(address, **options)
        plug(device, made.end(address))
        return device

    monkeypatch.setattr(isapi, "open_device", open_device)
    with made.store:
        yield made


def test_every_fault_is_found_with_its_edges_and_its_cause_or_none(world: World) -> None:
    named: Counter[tuple[str, str]] = Counter()
    for fault in sorted(world.story.planted, key=lambda fault: fault.seen_at):
        world.run_until(fault.seen_at)
        for channel in [fault.channel] if fault.channel else CHANNELS:
            for gap in _about(world, fault, channel):
                assert gap.cause in (fault.kind, "unknown"), (fault, gap)
                named[fault.kind, gap.cause] += 1
    world.run_until(QUIET_FROM)
    _assert_nothing_else_is_missing(world)
    assert {kind for kind, _ in named} == {fault.kind for fault in world.story.planted}
    for kind in {fault.kind for fault in world.story.planted} - {"unknown"}:
        told, not_told = named[kind, kind], named[kind, "unknown"]
        assert told >= 4 * not_told, (kind, told, not_told)
    print(sorted(named.items()))


def _about(world: World, fault: Planted, channel: str) -> list[Explained]:
    """The gaps seen of a fault; its edges are checked on the way."""
    around = (fault.from_at - POLL, min(fault.to_at + POLL, world.now))
    found = world.gaps(f"{fault.recorder_id}-{channel}", *around)
    kind = "missing" if fault.kind in OBSERVED else "unobserved"
    # Of a clock set wrong only what was recorded around the step cannot be placed.
    until = fault.from_at + POLL if fault.kind == "clock_step" else fault.to_at
    within = [gap for gap in found if gap.kind == kind and gap.from_at < until and gap.to_at >= fault.from_at]
    within = [gap for gap in within if gap.from_at < world.now - HOUR]  # later than that no round has asked yet
    assert within, (fault, channel, found)
    start, end = min(gap.from_at for gap in within), max(gap.to_at for gap in within)
    if fault.kind in OBSERVED:
        assert abs(start - fault.from_at) <= EDGE and abs(end - fault.to_at) <= EDGE, (fault, start, end)
    else:
        assert fault.from_at - POLL <= start <= fault.from_at + POLL, (fault, start)
    return within


def _assert_nothing_else_is_missing(world: World) -> None:
    """At the end: missing is only what really was lost, and whatever was only out of sight has been made up for."""
    until = QUIET_FROM - timedelta(days=1)
    for recorder_id in world.story.recorders:
        for channel in CHANNELS:
            lost = [
                (fault.from_at - EDGE, fault.to_at + EDGE)
                for fault in world.story.planted
                if fault.recorder_id == recorder_id and fault.channel in ("", channel) and fault.kind in OBSERVED
            ]
            for gap in world.gaps(f"{recorder_id}-{channel}", FIRST, until):
                if gap.kind == "missing":
                    assert common([(gap.from_at, gap.to_at)], lost) == [(gap.from_at, gap.to_at)], (channel, gap)
                else:
                    assert gap.cause in ("clock_step", "unknown"), f"{gap}\n{world.why(gap)}"
