"""The city while faults are being planted in it, and the truth log that this leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from collectors.answers import PlanMode
from collectors.intervals import Interval
from collectors.simulator.plan import Plan, local_text
from collectors.simulator.recorder import Deletion, Fault, LateArrival
from collectors.simulator.register import Camera, Recorder, Register, Room, Row
from data.periods import Month


@dataclass(frozen=True, slots=True)
class Expectation:
    """A verdict that the planted fault must lead to, given the collecting schedule of `plan.py`."""

    rule_id: str
    subject_type: str
    subject_id: str
    period: str
    outcome: str


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """Done to the city in `[from_at, to_at)`. Nothing expected: a difficulty that must accuse nobody.

    `unprovable`: what is true and cannot be proved by this recorder; unknown is all that can be found, and no find.
    """

    kind: str
    description: str
    subject: str
    from_at: datetime
    to_at: datetime
    expected: tuple[Expectation, ...] = ()
    unprovable: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveOutage:
    """The relay's mode for a camera in `[from_at, to_at)`; outside of all outages it is `ok`."""

    camera_id: str
    mode: str
    from_at: datetime
    to_at: datetime


@dataclass
class Work:
    """Bundle rows of what agencies declare of their work, and of what else is handed in: exemptions, what was seen of
    cameras. `corrections` are key images given a second time, a few hours later."""

    sessions: list[Row] = field(default_factory=list)
    load_stages: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)
    key_images: list[Row] = field(default_factory=list)
    image_reviews: list[Row] = field(default_factory=list)
    exemptions: list[Row] = field(default_factory=list)
    recording_plans: list[Row] = field(default_factory=list)
    live_probes: list[Row] = field(default_factory=list)
    polls: list[Row] = field(default_factory=list)
    footage: list[Row] = field(default_factory=list)
    corrections: list[Row] = field(default_factory=list)


@dataclass
class Draft:
    """What is not recorded, what vanishes, what clocks and recorders do. Keys are camera or recorder ids.

    `touched` holds ids that already have a fault: a second one would make the first one's effect uncertain.
    `plans`: set to this mode for a while. `failed_disks`: disk_id and when. `small_disks`: recorders whose disks do not
    hold the term. `swaps`: when another recorder was put in its place.
    `not_handed_in`: camera and day of which a camera without recorder gave no footage index.
    """

    plan: Plan
    rng: Random
    register: Register
    work: Work = field(default_factory=Work)
    gaps: defaultdict[str, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    deletions: defaultdict[str, list[Deletion]] = field(default_factory=lambda: defaultdict(list))
    late: defaultdict[str, list[LateArrival]] = field(default_factory=lambda: defaultdict(list))
    device_faults: defaultdict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    clock_steps: defaultdict[str, list[tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(list))
    outages: list[LiveOutage] = field(default_factory=list)
    planted: list[PlantedFault] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    offline: defaultdict[str, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    plans: dict[str, tuple[Interval, PlanMode]] = field(default_factory=dict)
    failed_disks: dict[str, tuple[str, Interval]] = field(default_factory=dict)
    small_disks: set[str] = field(default_factory=set)
    swaps: dict[str, datetime] = field(default_factory=dict)
    not_handed_in: set[tuple[str, date]] = field(default_factory=set)

    def reserve(self) -> None:
        """Keep faults of other kinds away from where sessions are recorded, and from recorders of other makes."""
        self.touched |= {r.recorder_id for r in self.register.recorders if self._is_reserved(r)}
        self.touched |= {c.camera_id for c in self.register.cameras.values() if self._is_reserved(c.room)}

    def _is_reserved(self, owner: Recorder | Room | None) -> bool:
        return owner is not None and owner.premises_id in {self.register.workshop_id, *self.register.mixed_ids}

    def take_recorder(self, fits: Callable[[Recorder], bool]) -> Recorder:
        """An untouched recorder, whose cameras then count as touched too."""
        recorder = self.rng.choice(
            [r for r in self.register.recorders if r.recorder_id not in self.touched and fits(r)]
        )
        self.touched.add(recorder.recorder_id)
        self.touched |= {c.camera_id for c in self.register.cameras.values() if c.recorder == recorder}
        return recorder

    def take_camera(self, fits: Callable[[Camera, Recorder, Room], bool]) -> Camera:
        """An untouched far camera with recorder and room."""
        camera = self.rng.choice(
            [
                c
                for c in self.register.cameras.values()
                if c.view == "far" and c.recorder and c.room and c.camera_id not in self.touched
                and fits(c, c.recorder, c.room)
            ]
        )  # fmt: skip
        self.touched.add(camera.camera_id)
        return camera

    def plant(
        self,
        kind: str,
        subject: str,
        interval: Interval,
        description: str,
        expected: list[Expectation] | None = None,
    ) -> None:
        text = f"{subject}: {description}, {local_text(interval[0])} to {local_text(interval[1])}"
        self.planted.append(PlantedFault(kind, text, subject, *interval, tuple(expected or ())))


def of_day(rule_id: str, subject_type: str, subject_id: str, day: date, outcome: str = "fail") -> Expectation:
    return Expectation(rule_id, subject_type, subject_id, day.isoformat(), outcome)


def of_months(
    plan: Plan, rule_id: str, subject: tuple[str, str], days: Collection[date] | None = None
) -> list[Expectation]:
    """A failure in every judged month that has one of `days`, or in all of them; `subject` is its type and id."""
    months = [m for m in plan.months if days is None or any(day in days for day in plan.ended_days(m))]
    return [of_month(rule_id, *subject, month) for month in months]


def of_month(rule_id: str, subject_type: str, subject_id: str, month: Month, outcome: str = "fail") -> Expectation:
    return Expectation(rule_id, subject_type, subject_id, str(month), outcome)
