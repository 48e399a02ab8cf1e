"""A look adds what changed and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from data.facts import ChannelSeen, DayClaimed, DiskSeen, PlanSeen, RecorderLook, RecorderMemory
from data.intake import Batch, take_in_batch
from data.looks import memories
from data.store import Store

NOON = datetime(2026, 10, 5, 4)
CHANNEL = ChannelSeen("1", "收样室（示例）", True, "192.0.2.31", True, None)
LOOK = RecorderLook("R1", "http://192.0.2.1", NOON, ("describe", "channels"), channels=(CHANNEL,))


def take_in(store: Store, batch: Batch, at: datetime = NOON) -> None:
    take_in_batch(store, batch, now=lambda: at)


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    return store.cursor().execute(sql).fetchall()


def test_the_same_channels_again_add_a_look_and_no_reading() -> None:
    with Store.in_memory() as store:
        take_in(store, Batch(looks=[LOOK]))
        take_in(store, Batch(looks=[replace(LOOK, observed_at=NOON + timedelta(hours=1))]))
        assert rows(store, "SELECT count(*) FROM recorder_looks") == [(2,)]
        assert rows(store, "SELECT channel, name, is_online, osd_time, osd_name FROM channel_readings") == [
            ("1", "收样室（示例）", True, True, None)
        ]


def test_what_is_no_longer_said_is_a_change_too() -> None:
    with Store.in_memory() as store:
        take_in(store, Batch(looks=[LOOK]))
        silent = replace(CHANNEL, is_online=None)
        take_in(store, Batch(looks=[replace(LOOK, observed_at=NOON + timedelta(hours=1), channels=(silent,))]))
        assert rows(store, "SELECT is_online FROM channel_readings ORDER BY observed_at") == [(True,), (None,)]


def test_a_channel_that_is_no_longer_named_is_unlisted_once_and_an_untold_look_unlists_nothing() -> None:
    with Store.in_memory() as store:
        take_in(store, Batch(looks=[LOOK]))
        take_in(store, Batch(looks=[replace(LOOK, observed_at=NOON + timedelta(hours=1), channels=None)]))
        for hour in (2, 3):
            take_in(store, Batch(looks=[replace(LOOK, observed_at=NOON + timedelta(hours=hour), channels=())]))
        assert rows(store, "SELECT observed_at, is_listed FROM channel_readings ORDER BY ALL") == [
            (NOON, True), (NOON + timedelta(hours=2), False)
        ]  # fmt: skip


def test_other_recorders_are_left_alone() -> None:
    with Store.in_memory() as store:
        take_in(store, Batch(looks=[LOOK, replace(LOOK, recorder_id="R2")]))
        take_in(store, Batch(looks=[replace(LOOK, observed_at=NOON + timedelta(hours=1), channels=())]))
        assert rows(store, "SELECT recorder_id, is_listed FROM channel_readings ORDER BY ALL") == [
            ("R1", False), ("R1", True), ("R2", True)
        ]  # fmt: skip


def test_a_plan_is_kept_once_a_local_day_and_at_every_change() -> None:
    seen = [("continuous", 0), ("continuous", 1), ("event", 2), ("event", 3), ("event", 12)]  # 12 h later: the next day
    with Store.in_memory() as store:
        for mode, hour in seen:
            take_in(store, Batch(plans=[PlanSeen("C1", NOON + timedelta(hours=hour), mode)]))
        assert rows(store, "SELECT mode, observed_at FROM recording_plans ORDER BY observed_at") == [
            ("continuous", NOON), ("event", NOON + timedelta(hours=2)), ("event", NOON + timedelta(hours=12))
        ]  # fmt: skip


def test_a_calendar_day_is_kept_when_its_claim_changes() -> None:
    with Store.in_memory() as store:
        for hour, claim in enumerate((True, True, False, False, True)):
            take_in(
                store, Batch(days_claimed=[DayClaimed("C1", date(2026, 9, 1), NOON + timedelta(hours=hour), claim)])
            )
        assert rows(store, "SELECT has_footage FROM days_claimed ORDER BY observed_at") == [(True,), (False,), (True,)]


def test_the_newest_memory_counts() -> None:
    first = RecorderMemory("R1", {"z_means": "local"}, NOON, "locked", 2)
    with Store.in_memory() as store:
        take_in(store, Batch(memories=[first, RecorderMemory("R2", {})]))
        take_in(store, Batch(memories=[RecorderMemory("R1", {"z_means": "utc"})]), NOON + timedelta(hours=1))
        known = memories(store.cursor())
        assert known == {"R1": RecorderMemory("R1", {"z_means": "utc"}), "R2": RecorderMemory("R2", {})}


def test_failures_are_kept_with_their_question() -> None:
    look = replace(LOOK, failures=(("disks", "refused", "the account lacks the right to see disks"),))
    with Store.in_memory() as store:
        take_in(store, Batch(looks=[look]))
        assert rows(store, "SELECT failures[1].question, failures[1].outcome FROM recorder_looks") == [
            ("disks", "refused")
        ]


DISKS = st.lists(
    st.builds(DiskSeen, st.sampled_from("12"), st.sampled_from(["healthy", "failed"]), free_bytes=st.integers(0, 2)),
    max_size=2,
    unique_by=lambda disk: disk.disk_id,
)


@settings(deadline=None)
@given(st.lists(st.none() | DISKS, max_size=6))
def test_the_state_after_any_looks_is_what_the_last_telling_look_said(story: list[list[DiskSeen] | None]) -> None:
    with Store.in_memory() as store:
        for hour, disks in enumerate(story):
            told = None if disks is None else tuple(disks)
            take_in(store, Batch(looks=[RecorderLook("R1", "", NOON + timedelta(hours=hour), (), disks=told)]))
        last = next((disks for disks in reversed(story) if disks is not None), [])
        state = rows(
            store,
            "SELECT disk_id, state, state_text, capacity_bytes, free_bytes FROM (SELECT * FROM disk_readings"
            " QUALIFY row_number() OVER (PARTITION BY disk_id ORDER BY observed_at DESC) = 1) WHERE is_listed",
        )
        assert {DiskSeen(*row) for row in state} == set(last)  # type: ignore[arg-type]
