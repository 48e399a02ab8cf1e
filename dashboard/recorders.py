"""What recorders tell of themselves, as one viewer's `Reader` lets it through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.forecast import DiskDay, Forecast, OldestDay, foretell
from dashboard.queries import Reader
from data.periods import day_starts_at, local_day

FORECAST_DAYS = 28
"""Whole weeks, so that weekends weigh what they weigh."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """`failures`: the questions of the last look that got no answer, each with outcome and reason."""

    recorder_id: str
    protocol: str
    address: str
    agency_id: str
    agency_name: str
    premises_name: str
    model: str | None
    firmware: str | None
    serial_number: str | None
    told_at: datetime | None
    looked_at: datetime | None
    failures: list[dict[str, str]] | None
    clock_offset_ms: int | None
    round_trip_ms: int | None


@dataclass(frozen=True, slots=True)
class Channel:
    """What the recorder names (`is_listed`), or only the register does; `since_at`: since when it tells this."""

    channel: str
    camera_id: str | None
    room_name: str | None
    is_listed: bool
    name: str
    is_online: bool | None
    address: str
    osd_time: bool | None
    osd_name: bool | None
    since_at: datetime | None
    plan: str | None
    plan_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Disk:
    disk_id: str
    state: str
    state_text: str
    capacity_bytes: int | None
    free_bytes: int | None
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Recorders:
    """Reads through `reader`, so that its scope and its instant of knowledge hold here too."""

    reader: Reader

    def recorder(self, recorder_id: str) -> Recorder | None:
        return next(iter(self.reader.select(Recorder, "recorder", recorder_id=recorder_id)), None)

    def channels(self, recorder_id: str) -> list[Channel]:
        return self.reader.select(Channel, "recorder_channels", recorder_id=recorder_id, now_at=self.reader.now_at)

    def disks(self, recorder_id: str) -> list[Disk]:
        return self.reader.select(Disk, "recorder_disks", recorder_id=recorder_id)

    def forecast(self, recorder_id: str) -> Forecast:
        today = self._today()
        from_at = day_starts_at(today - timedelta(days=FORECAST_DAYS - 1))
        where = {"recorder_id": recorder_id, "from_at": from_at}
        disks = self.reader.select(DiskDay, "recorder_disk_days", **where)
        oldest = self.reader.select(OldestDay, "recorder_oldest_days", **where)
        return foretell(disks, oldest, today)

    def _today(self) -> date:
        return local_day(self.reader.now_at)
