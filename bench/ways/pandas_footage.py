"""The rules on footage with pandas, from the files that the recorders listed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas import DataFrame, Series, Timedelta

from bench.ways.pandas_raw import FIRST, LAST, MONTH_DAYS, TERM_FROM, Raw, day_of


def missing_s(owed: DataFrame, footage: DataFrame, key: str) -> Series:
    """Seconds that no file covers of the stretches `owed`, each [a, b) of a `poll_id`; holes of five seconds or less do
    not count."""
    files = footage.merge(owed[["poll_id", "shift", "a", "b"]].assign(key=owed[key]), on="poll_id")
    files["s"] = (files.started_at - files["shift"]).clip(lower=files.a)
    files["e"] = (files.ended_at - files["shift"]).clip(upper=files.b)
    files = files[files.s < files.e].sort_values(["key", "s"])
    reached = files.groupby("key").e.cummax().groupby(files.key).shift().fillna(files.a)
    holes = files.s - reached
    inner = holes[holes > Timedelta("5s")].groupby(files.key).sum()
    stretch = owed.set_index(key)
    tail = stretch.b - files.groupby("key").e.max().reindex(stretch.index).fillna(stretch.a)
    tail = tail.where(tail > Timedelta("5s"), Timedelta(0))
    return (tail + inner.reindex(stretch.index).fillna(Timedelta(0))).dt.total_seconds()


def coverage(owed: DataFrame, footage: DataFrame, key: str, tolerance_s: int) -> DataFrame:
    """Like `owed`, with outcome and measured; without a `poll_id` nobody asked."""
    asked = owed.poll_id.notna()
    missing = missing_s(owed[asked], footage, key)
    measured = pd.Series(0.0, index=owed.index)
    measured[asked] = missing.to_numpy()
    return owed.assign(
        measured=measured, outcome=np.select([~asked, measured > tolerance_s], ["unknown", "fail"], "pass")
    )


def far(raw: Raw, footage: DataFrame) -> DataFrame:
    cameras = raw.cameras[(raw.cameras["view"] == "far") & raw.cameras.room_id.notna()]
    days = cameras[["camera_id"]].merge(MONTH_DAYS.to_frame(index=False), how="cross")
    owed = days.merge(raw.answers, on=["camera_id", "day"], how="left").rename(
        columns={"covers_from": "a", "covers_to": "b"}
    )
    return coverage(owed, footage, "poll_id", 60)[["camera_id", "day", "measured", "outcome"]]


def near(raw: Raw, footage: DataFrame) -> DataFrame:
    cameras = raw.cameras[raw.cameras["view"] == "near"][["camera_id", "room_id", "covers"]].explode("covers")
    tests = raw.sessions[raw.sessions.kind == "test"]
    tests = tests.assign(day=day_of(tests.started_at))[
        ["session_id", "day", "room_id", "device_id", "started_at", "ended_at"]
    ]
    tests = tests[tests.day.between(FIRST, LAST)].merge(
        cameras, left_on=["room_id", "device_id"], right_on=["room_id", "covers"]
    )
    owed = tests.merge(raw.answers, on=["camera_id", "day"], how="left").rename(
        columns={"started_at": "a", "ended_at": "b"}
    )
    return coverage(owed, footage, "session_id", 5)[["session_id", "day", "measured", "outcome"]]


def retention(raw: Raw) -> DataFrame:
    cameras = raw.cameras[(raw.cameras["view"] == "far") & raw.cameras.room_id.notna()]
    first = day_of(cameras.duty_from).clip(lower=TERM_FROM)
    days = cameras[["camera_id"]].assign(first=first, young=first > TERM_FROM)
    days = days.merge(pd.date_range(TERM_FROM, LAST, name="day").to_frame(index=False), how="cross")
    days = days[days.day >= days["first"]].merge(
        raw.answers[["camera_id", "day", "poll_id"]], on=["camera_id", "day"], how="left"
    )
    held = days[days.poll_id.isin(raw.read("footage", columns=["poll_id"]).poll_id.unique())]
    days = days.assign(oldest=days.camera_id.map(held.groupby("camera_id").day.min()), asked=days.poll_id.notna())
    lost = days[~(days.day >= days.oldest)].groupby("camera_id").asked.agg(["size", "all"])
    sums = days.assign(kept=days.day >= days.oldest).groupby("camera_id").agg(
        measured=("kept", "sum"), young=("young", "first"), oldest=("oldest", "first")).join(lost)  # fmt: skip
    kept = sums.oldest.notna() & ~(sums["size"] > 1)
    outcome = np.select([kept & sums.young, kept, sums["all"].eq(True)], ["maturing", "pass", "fail"], "unknown")
    return sums.reset_index()[["camera_id", "measured"]].assign(day=LAST, outcome=outcome)
