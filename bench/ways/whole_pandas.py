"""The compared rules with pandas; every answer reads of the raw files what it needs. It assumes of this city what
whole_duckdb.sql says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas import DataFrame, Timedelta

from bench.terms import MECHANICS
from bench.ways.pandas_footage import far, near, retention
from bench.ways.pandas_raw import FIRST, LAST, MONTH_DAYS, Raw, day_of
from bench.ways.pandas_reports import failures, reused, reviewed, stages, stored

MONTH_FILES = [("started_at", ">=", FIRST - Timedelta("1D"))]


def answers(folder: Path) -> Iterator[pa.Table | None]:
    yield None
    while True:
        raw = Raw(folder)
        footage = raw.read("footage", columns=["poll_id", "started_at", "ended_at"], filters=MONTH_FILES)
        frames = {
            "far_24h": far(raw, footage),
            "near_during_session": near(raw, footage),
            "retention_6_months": retention(raw),
            **failures(raw),
            "pile_stage_clips": stages(raw),
            "key_images_reviewed": reviewed(raw),
            "key_image_reused": reused(raw),
            "key_images_stored_in_time": stored(raw),
            "live_viewable": viewable(raw),
            "picture_normal": picture(raw),
        }
        yield pa.concat_tables([_published(rule_id, frame) for rule_id, frame in frames.items()])


def _published(rule_id: str, frame: DataFrame) -> pa.Table:
    """`frame` begins with subject and day."""
    measured = frame.measured.astype("float64") if "measured" in frame else pd.Series(np.nan, index=frame.index)
    return pa.table({
        "rule_id": pa.array([rule_id] * len(frame)), "subject_id": pa.array(frame.iloc[:, 0], pa.string()),
        "period": pa.array(frame.day.dt.strftime("%Y-%m-%d"), pa.string()),
        "outcome": pa.array(frame.outcome, pa.string()), "measured": pa.array(measured, pa.float64(), from_pandas=True),
    })  # fmt: skip


def viewable(raw: Raw) -> DataFrame:
    tested = raw.cameras.disciplines.explode().isin(MECHANICS).groupby(level=0).any()
    mandatory = (raw.cameras.room_kind == "sample_reception") | (raw.cameras.room_kind == "test_room") & tested
    cameras = raw.cameras[(raw.cameras["view"] == "far") & raw.cameras.live_url.notna() & mandatory]
    days = cameras[["camera_id"]].merge(MONTH_DAYS.to_frame(index=False), how="cross")
    probes = raw.probes[raw.probes.outcome != "not_probed"]
    good = (probes.outcome == "ok") & (probes.first_frame_ms <= 10_000)
    shares = good.groupby([probes.camera_id, day_of(probes.probed_at).rename("day")]).mean().rename("share")
    found = days.join(shares, on=["camera_id", "day"])
    outcome = np.select([found.share.isna(), found.share < 0.95], ["unknown", "fail"], "pass")
    return found.assign(measured=found.share.round(4), outcome=outcome)


def picture(raw: Raw) -> DataFrame:
    frames = raw.probes[raw.probes.outcome == "ok"].sort_values(["camera_id", "probed_at"])
    frames = frames.assign(day=day_of(frames.probed_at), bad=frames.black.eq(True) | frames.frozen.eq(True))
    frames = frames[frames.day.between(FIRST, LAST)]
    run = (~frames.bad).groupby([frames.camera_id, frames.day]).cumsum().rename("run")
    lengths = frames.bad.groupby([frames.camera_id, frames.day, run]).sum()
    longest = lengths.groupby(level=["camera_id", "day"]).max().rename("measured").reset_index()
    return longest.assign(outcome=np.where(longest.measured > 2, "suspect", "pass"))
