"""The raw files as pandas frames."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pandas import DataFrame, Series, Timedelta, Timestamp

from bench import terms
from bench.terms import DUTY, NOW_AT
from bench.whole_city import LAST_DAY

FIRST, LAST, TERM_FROM = Timestamp(terms.FIRST_DAY), Timestamp(LAST_DAY), Timestamp(terms.TERM_FROM)
MONTH_DAYS = pd.date_range(FIRST, LAST, name="day")


class Raw:
    """The raw files; what several rules read is read once for each answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "raw"
        self.cameras = self.read("cameras")
        polls = self.read("polls", filters=[("outcome", "==", "ok"), ("complete", "==", True)])
        self.answers = polls.assign(
            day=day_of(polls.covers_from), shift=pd.to_timedelta(polls.clock_offset_ms, unit="ms")
        )
        self.sessions = self.read("sessions")
        self.images = self.read("key_images")
        self.probes = self.read("live_probes")
        reports = self.read("reports")
        day = day_of(reports.issued_at)
        issued = day.between(FIRST, LAST) & (reports.issued_at + Timedelta("24h") <= NOW_AT)
        self.issued = reports.assign(day=day)[issued].drop(columns="method")
        self.duty = self.issued[self.issued.test_item.isin(DUTY)]

    def read(self, name: str, **options: object) -> DataFrame:
        return pd.read_parquet(self.folder / f"{name}.parquet", **options)


def day_of(instants: Series) -> Series:
    return (instants + Timedelta("8h")).dt.normalize()
