"""The rules on footage with Polars, from the files that the recorders listed."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from polars import LazyFrame, col

from bench.terms import CITY_MONTH, FIRST_DAY, TERM_FROM
from bench.whole_city import LAST_DAY

SECOND = timedelta(seconds=1)
Raw = dict[str, LazyFrame]


def day(instant: str) -> pl.Expr:
    return (col(instant) + timedelta(hours=8)).dt.date()


def days(first: date | pl.Expr) -> pl.Expr:
    return pl.date_ranges(first, LAST_DAY).alias("day")


def polls_answered(raw: Raw) -> LazyFrame:
    return raw["polls"].filter(col("complete"), outcome="ok").with_columns(day=day("covers_from"))


def files(raw: Raw, owed: LazyFrame) -> LazyFrame:
    """What is listed of the stretches `owed`, each [a, b) of a `poll_id` with its `clock_offset_ms`."""
    footage = raw["footage"].filter(col("started_at") >= CITY_MONTH.starts_at - 60 * SECOND)  # skips most of the file
    shift = pl.duration(milliseconds="clock_offset_ms")
    return (
        footage.select("poll_id", "started_at", "ended_at")
        .join(owed, on="poll_id")
        .with_columns(
            s=pl.max_horizontal(col("started_at") - shift, "a"), e=pl.min_horizontal(col("ended_at") - shift, "b")
        )
        .filter(col("s") < col("e"))
    )


def missing_s(files: LazyFrame, owed: LazyFrame, key: list[str]) -> LazyFrame:
    """Of each stretch the seconds that no file covers; holes of five seconds or less do not count."""
    held = (
        files.sort(*key, "s")
        .with_columns(reached=col("e").cum_max().shift().over(key).fill_null(col("a")))
        .with_columns(hole=col("s") - col("reached"))
        .group_by(key)
        .agg(col("hole").filter(col("hole") > 5 * SECOND).sum(), last=col("e").max())
    )
    tail = col("b") - col("last").fill_null(col("a"))
    missing = col("hole").fill_null(timedelta()) + pl.when(tail > 5 * SECOND).then(tail).otherwise(timedelta())
    return owed.join(held, on=key, how="left").with_columns(measured=missing.dt.total_milliseconds() / 1000)


def coverage(frame: LazyFrame, subject: str, tolerance_s: int) -> LazyFrame:
    measured = col("measured").fill_null(0)
    asked = col("poll_id").is_not_null()
    outcome = pl.when(asked & (measured > tolerance_s)).then(pl.lit("fail")).when(asked).then(pl.lit("pass"))
    return frame.select(
        col(subject).alias("subject"), "day", outcome=outcome.otherwise(pl.lit("unknown")),
        measured=pl.when(asked).then(measured).otherwise(0),
    )  # fmt: skip


def far(raw: Raw) -> LazyFrame:
    cameras = (
        raw["cameras"].filter(col("room_id").is_not_null(), view="far").with_columns(days(FIRST_DAY)).explode("day")
    )
    owed = cameras.select("camera_id", "day").join(polls_answered(raw), on=["camera_id", "day"], how="left")
    owed = owed.select("camera_id", "day", "poll_id", "clock_offset_ms", a="covers_from", b="covers_to")
    return coverage(missing_s(files(raw, owed), owed, ["poll_id"]), "camera_id", 60)


def near(raw: Raw) -> LazyFrame:
    near = raw["cameras"].filter(view="near").explode("covers").select("camera_id", "room_id", device_id="covers")
    tests = (
        raw["sessions"]
        .with_columns(day=day("started_at"))
        .filter(col("day").is_between(FIRST_DAY, LAST_DAY), kind="test")
    )
    asked = tests.join(near, on=["room_id", "device_id"]).join(polls_answered(raw), on=["camera_id", "day"], how="left")
    owed = asked.select("session_id", "day", "poll_id", "clock_offset_ms", a="started_at", b="ended_at")
    return coverage(missing_s(files(raw, owed), owed, ["session_id"]), "session_id", 5)


def retention(raw: Raw) -> LazyFrame:
    first = pl.max_horizontal(day("duty_from"), pl.lit(TERM_FROM))
    cameras = raw["cameras"].filter(col("room_id").is_not_null(), view="far").with_columns(days(first)).explode("day")
    held = raw["footage"].select("poll_id").unique().with_columns(is_held=True)
    states = cameras.join(polls_answered(raw).join(held, on="poll_id", how="left"), on=["camera_id", "day"], how="left")
    known = states.with_columns(oldest=col("day").filter("is_held").min().over("camera_id"))
    lost = (col("day") < col("oldest")).fill_null(True)
    sums = known.group_by("camera_id").agg(
        lost=lost.sum(), measured=(col("day") >= col("oldest")).sum(), held=col("oldest").is_not_null().any(),
        asked=col("poll_id").is_not_null().filter(lost).all(), young=(day("duty_from") > TERM_FROM).any(),
    )  # fmt: skip
    kept = pl.when("young").then(pl.lit("maturing")).otherwise(pl.lit("pass"))
    short = pl.when("asked").then(pl.lit("fail")).otherwise(pl.lit("unknown"))
    return sums.select(subject="camera_id", day=LAST_DAY, measured="measured",
                       outcome=pl.when(col("held") & (col("lost") <= 1)).then(kept).otherwise(short))  # fmt: skip
