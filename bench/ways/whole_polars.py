"""The compared rules with Polars: lazy scans of the raw files, collected together. It assumes of this city what
whole_duckdb.sql says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
from polars import LazyFrame, col

from bench.terms import FIRST_DAY, MECHANICS
from bench.ways.polars_footage import Raw, day, days, far, near, retention
from bench.ways.polars_reports import failures, issued, reused, reviewed, stages, stored, told
from bench.whole_city import LAST_DAY


def answers(folder: Path) -> Iterator[pa.Table | None]:
    yield None
    while True:
        raw = {file.stem: pl.scan_parquet(file) for file in (folder / "raw").glob("*.parquet")}
        reports = issued(raw)
        frames = {
            "far_24h": far(raw),
            "near_during_session": near(raw),
            "retention_6_months": retention(raw),
            **failures(raw, reports),
            "pile_stage_clips": stages(raw, reports),
            "key_images_reviewed": reviewed(raw, reports),
            "key_image_reused": reused(raw, reports),
            "key_images_stored_in_time": stored(raw, reports),
            "live_viewable": viewable(raw),
            "picture_normal": picture(raw),
        }
        collected = pl.collect_all([_published(rule_id, frame) for rule_id, frame in frames.items()])
        yield pl.concat(collected).to_arrow()


def _published(rule_id: str, frame: LazyFrame) -> LazyFrame:
    if "measured" not in frame.collect_schema():
        frame = frame.with_columns(measured=None)
    return frame.select(
        pl.lit(rule_id).alias("rule_id"),
        col("subject").alias("subject_id"),
        col("day").cast(pl.String).alias("period"),
        "outcome",
        col("measured").cast(pl.Float64),
    )


def viewable(raw: Raw) -> LazyFrame:
    tested = col("disciplines").list.set_intersection(MECHANICS).list.len() > 0
    mandatory = (col("room_kind") == "sample_reception") | (col("room_kind") == "test_room") & tested
    cameras = raw["cameras"].filter(col("live_url").is_not_null(), mandatory, view="far")
    watched = cameras.select("camera_id", days(FIRST_DAY)).explode("day")
    viewed = ((col("outcome") == "ok") & (col("first_frame_ms") <= 10_000)).fill_null(False)
    probes = raw["live_probes"].filter(col("outcome") != "not_probed")
    shares = probes.group_by("camera_id", day=day("probed_at")).agg(share=viewed.mean())
    found = watched.join(shares, on=["camera_id", "day"], how="left")
    found = found.with_columns(measured=col("share").round(4))
    return told(found, "camera_id", unknown=col("share").is_null(), fail=col("share") < 0.95)


def picture(raw: Raw) -> LazyFrame:
    frames = (
        raw["live_probes"]
        .filter(outcome="ok")
        .select("camera_id", "probed_at", day=day("probed_at"),
                bad=col("black").fill_null(False) | col("frozen").fill_null(False))
        .filter(col("day").is_between(FIRST_DAY, LAST_DAY))
        .sort("camera_id", "probed_at")
        .with_columns(run=(~col("bad")).cum_sum().over("camera_id", "day"))
    )  # fmt: skip
    runs = frames.group_by("camera_id", "day", "run").agg(length=col("bad").sum())
    longest = runs.group_by("camera_id", "day").agg(measured=col("length").max())
    return told(longest, "camera_id", suspect=col("measured") > 2)
