"""The rules about what is seen in the frames of live probes: all of it only ever suspects."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from statistics import median
from typing import Any, NamedTuple

from tests.rules.oracle.city import City, Span, day_text, inside, ms
from tests.rules.oracle.frame import Frame, Judging, Row, fixed, whole

Probes = list[dict[str, Any]]


class Seen(NamedTuple):
    """A camera's `ok` probes of a day, at least one, in order of time."""

    camera: dict[str, Any]
    day: int
    probes: Probes
    exempt: list[Span]

    def is_exempt(self, probe: dict[str, Any]) -> bool:
        return inside(self.exempt, ms(probe["probed_at"]))

    @property
    def counting(self) -> Probes:
        return [p for p in self.probes if not self.is_exempt(p)]

    def row(self, city: City, outcome: str, measured: str, required: str) -> Row:
        """Where every frame is exempt nothing is owed."""
        agency = city.agency_of(self.camera)
        outcome = outcome if self.counting else "pass"
        return Row(self.camera["camera_id"], agency, day_text(self.day), outcome, measured, required, "camera")


def _seen(city: City, frame: Frame) -> Iterator[Seen]:
    for camera_id, camera in city.cameras.items():
        probes = [p for p in city.known_of("live_probes", camera_id, "probed_at") if p["outcome"] == "ok"]
        probes.sort(key=lambda p: ms(p["probed_at"]))
        exempt = city.exempt(camera) if frame.exempting else []
        for day in frame.graced_days:
            if todays := [p for p in probes if inside([whole(day)], ms(p["probed_at"]))]:
                yield Seen(camera, day, todays, exempt)


def picture_normal(city: City, frame: Frame) -> Iterator[Row]:
    """A frame in exempt time is nobody's fault and ends a run of faults."""
    for seen in _seen(city, frame):
        faulty = ("yes" in (p.get("black"), p.get("frozen")) and not seen.is_exempt(p) for p in seen.probes)
        longest = max((len(list(run)) for is_faulty, run in groupby(faulty) if is_faulty), default=0)
        yield seen.row(city, "suspect" if longest >= 3 else "pass", str(longest), "2")


def watermark_present(city: City, frame: Frame) -> Iterator[Row]:
    for seen in _seen(city, frame):
        read = [p for p in seen.counting if p.get("osd_text")]
        room = city.rooms.get(seen.camera.get("room_id") or "")
        if any(p.get("osd_time") and _tells_place(str(p["osd_text"]), room) for p in read):
            outcome = "pass"
        else:
            outcome = "suspect" if len(read) >= 3 else "unknown"
        yield seen.row(city, outcome, "", "")


def _tells_place(text: str, room: dict[str, Any] | None) -> bool:
    return str(room["name"]) in text if room else text != "-"


def osd_clock(city: City, frame: Frame) -> Iterator[Row]:
    for seen in _seen(city, frame):
        off_ms = [abs(ms(p["osd_time"]) - ms(p["probed_at"])) for p in seen.counting if p.get("osd_time")]
        if off_ms:
            middle = median(map(Decimal, off_ms))
            yield seen.row(city, "pass" if middle <= 5_000 else "suspect", fixed(middle / 1000, 3), "5")
        else:
            yield seen.row(city, "unknown", "", "5")


PICTURE_RULES: dict[str, Judging] = {
    "picture_normal": picture_normal,
    "watermark_present": watermark_present,
    "osd_clock": osd_clock,
}
