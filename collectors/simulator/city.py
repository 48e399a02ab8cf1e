"""The simulated city: a register, recorders that hold or lack its footage, and the log of what was done to it.

The same seed, first day and length give the same city on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from random import Random

from collectors.device import Secret
from collectors.simulator.agencies import build_register
from collectors.simulator.changing import Change
from collectors.simulator.draft import Draft, LiveOutage, PlantedFault, Work
from collectors.simulator.equipment import changes_of, recorder_of
from collectors.simulator.footage_faults import plant_footage_faults
from collectors.simulator.handed_in import give_indexes
from collectors.simulator.keeping_faults import plant_keeping_faults
from collectors.simulator.lab_sessions import plant_sessions
from collectors.simulator.onsite_sessions import plant_onsite_sessions
from collectors.simulator.plan import Plan, night
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from collectors.simulator.recorder_faults import plant_recorder_faults
from collectors.simulator.register import Register, Row
from collectors.simulator.room_faults import plant_room_faults
from collectors.simulator.sightings import plant_sightings
from collectors.simulator.state_faults import plant_state_faults
from collectors.simulator.truth import COMPUTED_RULES, Truth
from collectors.simulator.work import plant_work
from collectors.simulator.workshop import plant_workshop
from data.periods import day_starts_at

LONGEST_DAYS = 120
LIVE_CREDENTIAL = "live-relay"
WORK_FILES = ("exemptions", "sessions", "load_stages", "reports", "key_images", "image_reviews")
SEEN_FILES = ("recording_plans", "live_probes", "polls", "footage")


@dataclass(frozen=True, slots=True)
class Submission:
    """A bundle and when it is handed in, naive UTC."""

    given_at: datetime
    files: Mapping[str, list[Row]]


@dataclass(frozen=True)
class City:
    plan: Plan
    register: Register
    recorders: Mapping[str, SimulatedRecorder]
    """What is really on the disks, by recorder_id."""
    changes: Mapping[str, tuple[Change, ...]]
    """Where another device, or another setting, answers from some instant on."""
    secrets: Mapping[str, Secret]
    """By name, as `recorders.csv` names them; the relay's is `LIVE_CREDENTIAL`."""
    handed_in: Mapping[str, SimulatedChannel]
    """What cameras without a recorder recorded, by camera_id, where an index of it is handed in."""
    outages: tuple[LiveOutage, ...]
    work: Work
    faults: tuple[PlantedFault, ...]

    def truth(self) -> list[PlantedFault]:
        return list(self.faults)

    def worst(self, rule_id: str, subject_id: str, period: str) -> str:
        """The worst that may truthfully be said: `pass`, `suspect` or `fail`. Whatever is recorded is computed; what is
        only declared is in order unless something was planted."""
        if rule_id in COMPUTED_RULES:
            truth = Truth(self.plan, self.register, self.recorders, self.handed_in, self.outages, self.work)
            return truth.worst(rule_id, subject_id, period)
        return self._planted_outcomes.get((rule_id, subject_id, period), "pass")

    def may_be(self, outcome: str, rule_id: str, subject_id: str, period: str) -> bool:
        """False where a verdict accuses wrongly, or too strongly."""
        grave = ("pass", "suspect", "fail")
        return outcome not in grave or grave.index(outcome) <= grave.index(self.worst(rule_id, subject_id, period))

    @cached_property
    def _planted_outcomes(self) -> dict[tuple[str, str, str], str]:
        return {(e.rule_id, e.subject_id, e.period): e.outcome for fault in self.faults for e in fault.expected}

    @property
    def live_cameras(self) -> list[str]:
        return [camera_id for camera_id, camera in self.register.cameras.items() if camera.live]

    def live_mode(self, camera_id: str, at: datetime) -> str:
        """The relay's mode for this camera."""
        modes = (o.mode for o in self.outages if o.camera_id == camera_id and o.from_at <= at < o.to_at)
        return next(modes, "ok")

    def bundle_files(
        self, addresses: Mapping[str, str] | None = None, live_urls: Mapping[str, str] | None = None
    ) -> dict[str, list[Row]]:
        """Rows per bundle file, named without suffix. Without servers the addresses lead nowhere (`.invalid`)."""
        addresses = addresses or {r: _nowhere(recorder) for r, recorder in self.recorders.items()}
        urls = live_urls or {c: f"http://live.invalid/{c}/whep" for c in self.live_cameras}
        register, work = self.register, self.work
        return {
            "agencies": register.agencies,
            "premises": register.premises,
            "rooms": [room.row() for room in register.rooms],
            "devices": register.devices,
            "recorders": [r.row(addresses[r.recorder_id]) for r in register.recorders],
            "cameras": [c.row(urls[c.camera_id] if c.live else "") for c in register.cameras.values()],
            **{name: getattr(work, name) for name in (*WORK_FILES, *SEEN_FILES)},
        }

    def submissions(
        self, addresses: Mapping[str, str] | None = None, live_urls: Mapping[str, str] | None = None
    ) -> list[Submission]:
        """The bundles in the order of intake: the register first, what agencies did and what was seen when the period
        ends."""
        files = self.bundle_files(addresses, live_urls)
        later = {name: files.pop(name) for name in (*WORK_FILES, *SEEN_FILES)}
        agencies = {"agencies": self.register.agencies}
        return [
            Submission(day_starts_at(self.plan.history_day), files),
            Submission(self.plan.work_given_at, agencies | {name: later[name] for name in WORK_FILES}),
            Submission(self.plan.corrected_at, agencies | {"key_images": self.work.corrections}),
            Submission(night(self.plan.end_day), agencies | {name: later[name] for name in SEEN_FILES}),
        ]


PLANTING = (
    plant_recorder_faults,
    plant_workshop,
    plant_room_faults,
    plant_keeping_faults,
    plant_footage_faults,
    plant_work,
    plant_sessions,
    plant_onsite_sessions,
    plant_state_faults,
    plant_sightings,
)
"""In this order: a camera that has a fault gets no second one, and sessions keep away from it."""


def build_city(seed: int, first_day: date, days: int) -> City:
    """`days` local days from `first_day`, judged at `City.plan.judged_at`. Under 14 days some kinds of fault are
    left out; ValueError outside of 1 to `LONGEST_DAYS`."""
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"a simulated city of {days} days is not possible; choose 1 to {LONGEST_DAYS}")
    plan = Plan(first_day, days)
    draft = Draft(plan, Random(seed), build_register(plan))  # noqa: S311 - repeatable on purpose, guards nothing
    draft.reserve()
    for plant in PLANTING:
        plant(draft)
    handed_in = give_indexes(draft)
    secrets = {r.credential: _secret(draft) for r in draft.register.recorders}
    recorders = {r.recorder_id: recorder_of(draft, r, secrets[r.credential]) for r in draft.register.recorders}
    changes = {r.recorder_id: changes_of(draft, r, recorders[r.recorder_id]) for r in draft.register.recorders}
    secrets[LIVE_CREDENTIAL] = _secret(draft)
    outages, faults = tuple(draft.outages), tuple(draft.planted)
    return City(plan, draft.register, recorders, changes, secrets, handed_in, outages, draft.work, faults)


def _secret(draft: Draft) -> Secret:
    return Secret("liuhen", f"demo-{draft.rng.getrandbits(40):010x}")


def _nowhere(recorder: SimulatedRecorder) -> str:
    name = recorder.recorder_id.lower()
    return f"/nowhere/{name}" if recorder.protocol == "folder" else f"http://{name}.invalid"
