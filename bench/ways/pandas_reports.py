"""The rules on reports and their key images with pandas."""

from __future__ import annotations

import numpy as np
from pandas import DataFrame, Timedelta

from bench.terms import PILES
from bench.ways.pandas_raw import Raw


def failures(raw: Raw) -> dict[str, DataFrame]:
    sessions = raw.issued.merge(
        raw.sessions[["report_no", "session_id", "started_at", "ended_at", "peak_at"]], on="report_no"
    )
    images = raw.images[(raw.images.role == "failure") & (raw.images.media == "clip")]
    clips = images[["session_id", "started_at", "ended_at"]].rename(columns={"started_at": "s", "ended_at": "e"})
    timed = clips.merge(sessions, on="session_id")
    overlaps = timed[["s", "started_at"]].max(axis=1) < timed[["e", "ended_at"]].min(axis=1)
    shows = timed[((timed.s <= timed.peak_at) & (timed.peak_at < timed.e)) | (timed.peak_at.isna() & overlaps)]
    sessions["longest"] = sessions.session_id.map((shows.e - shows.s).groupby(shows.session_id).max())
    sums = sessions.groupby(["report_no", "day", "test_item"]).longest.agg(["count", "size", "min"]).reset_index()
    lacks, short = sums["count"] < sums["size"], sums["min"] < Timedelta("20s")
    sums = sums.rename(columns={"count": "measured"})
    rebar = sums.assign(outcome=np.where(lacks, "fail", "pass"))
    cube = sums.assign(outcome=np.select([lacks, short], ["fail", "suspect"], "pass"))
    return {
        "key_clip_rebar": rebar[rebar.test_item == "REBAR_TENSILE"],
        "key_clip_cube": cube[cube.test_item == "CUBE_COMP"],
    }


def stages(raw: Raw) -> DataFrame:
    piles = raw.issued[raw.issued.test_item.isin(PILES)]
    loading = raw.read("load_stages", filters=[("direction", "==", "load")])
    loads = (
        piles[["report_no", "day"]]
        .merge(raw.sessions[["report_no", "session_id"]], on="report_no")
        .merge(loading, on="session_id")
    )
    images = raw.images[(raw.images.role == "load_stage") & (raw.images.media == "clip") & raw.images.pile_no.notna()]
    clips = images[images.ended_at - images.started_at >= Timedelta("60s")]
    clips = clips[["session_id", "stage_no", "started_at", "ended_at"]].rename(
        columns={"started_at": "s", "ended_at": "e"}
    )
    pairs = loads.merge(clips, on=["session_id", "stage_no"])
    half = Timedelta("30s")
    fits = pairs[(pairs.s <= pairs.started_at - half) & (pairs.e >= pairs.completed_at + half)]
    served = fits.drop_duplicates(["session_id", "stage_no"]).groupby("report_no").size()
    sums = loads.groupby(["report_no", "day"]).size().rename("required").reset_index()
    sums["measured"] = sums.report_no.map(served).fillna(0)
    return sums.assign(outcome=np.where(sums.measured < sums.required, "fail", "pass"))


def reviewed(raw: Raw) -> DataFrame:
    ends = raw.images.ended_at.where(raw.images.media == "clip").fillna(raw.images.started_at)
    captured = ends.groupby(raw.images.report_no).max().rename("captured_at")
    reviews = raw.duty.merge(raw.read("image_reviews"), on="report_no").join(captured, on="report_no")
    in_time = (reviews.reviewed_at <= reviews.issued_at) & ~(reviews.reviewed_at < reviews.captured_at)
    good = raw.duty.report_no.isin(reviews.report_no[in_time])
    return raw.duty.assign(outcome=np.where(good, "pass", "fail"))[["report_no", "day", "outcome"]]


def reused(raw: Raw) -> DataFrame:
    hashed = raw.images[["report_no", "sha256"]].dropna()
    reports = hashed.drop_duplicates().groupby("sha256").size()
    images = raw.issued.merge(hashed.assign(shared=hashed.sha256.isin(reports.index[reports > 1])), on="report_no")
    sums = images.groupby(["report_no", "day"]).shared.any().reset_index()
    return sums.assign(outcome=np.where(sums.shared, "suspect", "pass"))


def stored(raw: Raw) -> DataFrame:
    images = raw.duty.merge(raw.images[["report_no", "stored_at"]], on="report_no")
    images = images.assign(late=images.stored_at > images.issued_at, nowhere=images.stored_at.isna())
    sums = images.groupby(["report_no", "day"])[["late", "nowhere"]].any().reset_index()
    return sums.assign(outcome=np.select([sums.late, sums.nowhere], ["fail", "unknown"], "pass"))
