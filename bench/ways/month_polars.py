"""The same as with pandas, lazily with Polars."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from bench.city import TOLERATED_S
from bench.ways import Answer


def answers(folder: Path) -> Iterator[Answer | None]:
    def instant(name: str) -> pl.Expr:
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="ms")

    polls = pl.read_csv(folder / "polls.csv").with_columns(instant("covers_from"), instant("covers_to"))
    footage = pl.read_csv(folder / "footage.csv").with_columns(instant("started_at"), instant("ended_at"))
    yield None
    while True:
        answers = polls.lazy().filter((pl.col("outcome") == "ok") & (pl.col("complete") == "yes"))
        shift = pl.duration(milliseconds="clock_offset_ms")
        files = (
            footage.lazy()
            .join(answers, on=["poll_id", "camera_id"])
            .with_columns(
                start=pl.max_horizontal(pl.col("started_at") - shift, "covers_from"),
                end=pl.min_horizontal(pl.col("ended_at") - shift, "covers_to"),
            )
            .sort("poll_id", "start")
            .with_columns(reached=pl.col("end").cum_max().shift().over("poll_id").fill_null(pl.col("covers_from")))
            .with_columns(hole_s=(pl.col("start") - pl.col("reached")).dt.total_milliseconds() / 1000)
            .group_by("poll_id")
            .agg(pl.col("hole_s").filter(pl.col("hole_s") > TOLERATED_S).sum(), last=pl.col("end").max())
        )
        tail = (pl.col("covers_to") - pl.col("last").fill_null(pl.col("covers_from"))).dt.total_milliseconds() / 1000
        found = (
            answers.join(files, on="poll_id", how="left")
            .with_columns(missing=pl.col("hole_s").fill_null(0) + pl.when(tail > TOLERATED_S).then(tail).otherwise(0))
            .filter(pl.col("missing") > 0)
            .select("camera_id", pl.col("covers_from").dt.convert_time_zone("Asia/Shanghai").dt.date(), "missing")
            .collect()
        )
        yield {(camera, str(day)): missing for camera, day, missing in found.rows()}
