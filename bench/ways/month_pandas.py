"""pandas: sort the files of each camera-day and take the differences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from bench.city import TOLERATED_S
from bench.ways import Answer


def answers(folder: Path) -> Iterator[Answer | None]:
    def times(frame: pd.DataFrame, names: list[str]) -> None:
        for name in names:
            frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True)

    polls = pd.read_csv(folder / "polls.csv", dtype={"clock_offset_ms": "float64"})
    footage = pd.read_csv(folder / "footage.csv")
    times(polls, ["asked_at", "covers_from", "covers_to"])
    times(footage, ["started_at", "ended_at"])
    yield None
    while True:
        answers = polls[(polls.outcome == "ok") & (polls.complete == "yes")]
        files = footage.merge(answers, on=["poll_id", "camera_id"])
        shift = pd.to_timedelta(files.clock_offset_ms, unit="ms")
        files["start"] = (files.started_at - shift).clip(lower=files.covers_from)
        files["end"] = (files.ended_at - shift).clip(upper=files.covers_to)
        files = files.sort_values(["poll_id", "start"])
        reached = files.groupby("poll_id").end.cummax().groupby(files.poll_id).shift().fillna(files.covers_from)
        inner = (files.start - reached).dt.total_seconds()
        last = answers.set_index("poll_id").covers_to - files.groupby("poll_id").end.max()
        whole = answers.set_index("poll_id").eval("covers_to - covers_from")
        tail = last.fillna(whole).dt.total_seconds()
        missing = inner[inner > TOLERATED_S].groupby(files.poll_id).sum().add(tail[tail > TOLERATED_S], fill_value=0)
        found = answers.set_index("poll_id").join(missing.rename("missing"), how="inner")
        days = found.covers_from.dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m-%d")
        yield dict(zip(zip(found.camera_id, days, strict=True), found.missing, strict=True))
