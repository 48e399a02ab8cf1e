"""The rules on reports and their key images with Polars."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from polars import LazyFrame, col

from bench.terms import DUTY, FIRST_DAY, NOW_AT, PILES
from bench.ways.polars_footage import SECOND, Raw, day
from bench.whole_city import LAST_DAY


def issued(raw: Raw) -> LazyFrame:
    issued = raw["reports"].with_columns(day=day("issued_at"), has_duty=col("test_item").is_in(DUTY))
    return issued.filter(col("day").is_between(FIRST_DAY, LAST_DAY), col("issued_at") + timedelta(hours=24) <= NOW_AT)


def told(sums: LazyFrame, subject: str = "report_no", **outcomes: pl.Expr) -> LazyFrame:
    """The first of `outcomes` that is so, else `pass`."""
    told = pl.coalesce(*(pl.when(so).then(pl.lit(word)) for word, so in outcomes.items()), pl.lit("pass"))
    return sums.rename({subject: "subject"}).with_columns(outcome=told)


def failures(raw: Raw, issued: LazyFrame) -> dict[str, LazyFrame]:
    sessions = issued.join(raw["sessions"], on="report_no").select("report_no", "day", "test_item", "session_id")
    clips = raw["key_images"].filter(role="failure", media="clip").select("session_id", s="started_at", e="ended_at")
    timed = clips.join(raw["sessions"], on="session_id")
    overlaps = pl.max_horizontal("s", "started_at") < pl.min_horizontal("e", "ended_at")
    shows = pl.when(col("peak_at").is_null()).then(overlaps).otherwise(
        (col("s") <= col("peak_at")) & (col("peak_at") < col("e")))  # fmt: skip
    longest = timed.filter(shows).group_by("session_id").agg(longest=(col("e") - col("s")).max())
    sums = (
        sessions.join(longest, on="session_id", how="left")
        .group_by("report_no", "day", "test_item")
        .agg(measured=col("longest").count(), required=pl.len(), shortest=col("longest").min())
    )
    lacks, short = col("measured") < col("required"), col("shortest") < 20 * SECOND
    return {
        "key_clip_rebar": told(sums.filter(test_item="REBAR_TENSILE"), fail=lacks),
        "key_clip_cube": told(sums.filter(test_item="CUBE_COMP"), fail=lacks, suspect=short),
    }


def stages(raw: Raw, issued: LazyFrame) -> LazyFrame:
    piles = issued.filter(col("test_item").is_in(PILES)).select("report_no", "day")
    sessions = piles.join(raw["sessions"].select("report_no", "session_id"), on="report_no")
    stages = sessions.join(raw["load_stages"].filter(direction="load"), on="session_id")
    clips = (
        raw["key_images"]
        .filter(
            col("pile_no").is_not_null(),
            col("ended_at") - col("started_at") >= 60 * SECOND,
            role="load_stage",
            media="clip",
        )
        .select("session_id", "stage_no", s="started_at", e="ended_at")
    )
    fits = (col("s") <= col("started_at") - 30 * SECOND) & (col("e") >= col("completed_at") + 30 * SECOND)
    key = ["session_id", "stage_no"]
    served = stages.join(clips, on=key).filter(fits).select(key).unique().with_columns(served=True)
    joined = stages.join(served, on=key, how="left").group_by("report_no", "day")
    return told(joined.agg(measured=col("served").sum(), required=pl.len()), fail=col("measured") < col("required"))


def reviewed(raw: Raw, issued: LazyFrame) -> LazyFrame:
    ends = pl.when(media="clip").then(pl.coalesce("ended_at", "started_at")).otherwise("started_at")
    captures = raw["key_images"].group_by("report_no").agg(captured_at=ends.max())
    duty = issued.filter("has_duty")
    reviews = duty.join(raw["image_reviews"], on="report_no").join(captures, on="report_no", how="left")
    in_time = (col("reviewed_at") <= col("issued_at")) & (col("reviewed_at") >= col("captured_at")).fill_null(True)
    good = reviews.filter(in_time).select("report_no").unique().with_columns(good=True)
    return told(duty.join(good, on="report_no", how="left"), fail=col("good").is_null())


def reused(raw: Raw, issued: LazyFrame) -> LazyFrame:
    hashed = raw["key_images"].filter(col("sha256").is_not_null()).select("report_no", "sha256")
    spread = hashed.group_by("sha256").agg(low=col("report_no").min(), high=col("report_no").max())
    shared = spread.filter(col("low") != col("high")).select("sha256", shared=True)
    images = issued.join(hashed, on="report_no").join(shared, on="sha256", how="left")
    return told(images.group_by("report_no", "day").agg(col("shared").any()), suspect=col("shared"))


def stored(raw: Raw, issued: LazyFrame) -> LazyFrame:
    images = issued.filter("has_duty").join(raw["key_images"].select("report_no", "stored_at"), on="report_no")
    late, nowhere = col("stored_at") > col("issued_at"), col("stored_at").is_null()
    sums = images.group_by("report_no", "day").agg(late=late.any(), nowhere=nowhere.any())
    return told(sums, fail=col("late"), unknown=col("nowhere"))
