"""Pile load tests with their reports and key images, and what is wrong with some of them.

The duty (G2.2.3): every load stage has a clip of at least a minute, from 30 s before loading to 30 s after it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collectors.simulator.draft import Draft, Expectation
from collectors.simulator.plan import local_text
from collectors.simulator.register import Row
from data.periods import local_day, months_before

MARGIN = timedelta(seconds=30)
KEPT_YEARS = 20
STAGE_PAUSE = timedelta(minutes=40)


@dataclass(frozen=True, slots=True)
class PileTest:
    """`outcome` is what its report must get. `early`, `late`: how far the clip of one stage reaches beyond the loading;
    `changes`: columns of that clip; `lost`: there is none."""

    kind: str
    item: str
    method: str
    outcome: str = "pass"
    early: timedelta = MARGIN
    late: timedelta = MARGIN
    changes: tuple[tuple[str, str], ...] = ()
    lost: bool = False
    stages_on_record: bool = True


SECOND = timedelta(seconds=1)
INSIDE = timedelta(seconds=40)
"""A clip that begins and ends so far inside the loading is shorter than a minute."""
GOOD = PileTest("", "PILE_COMP", "kentledge")
PILE_TESTS = (
    GOOD,
    GOOD,
    replace(GOOD, method="self_balanced"),
    replace(GOOD, method="anchor_pile"),
    replace(GOOD, item="PILE_UPLIFT", method="self_balanced"),
    replace(GOOD, kind="clip_names_no_session", changes=(("session_id", ""),)),
    replace(GOOD, kind="clip_missing", outcome="fail", lost=True),
    replace(GOOD, kind="clip_missing", item="PILE_UPLIFT", method="self_balanced", outcome="fail", lost=True),
    replace(GOOD, kind="clip_missing", method="anchor_pile", outcome="fail", lost=True),
    replace(GOOD, kind="clip_starts_1_s_late", outcome="fail", early=MARGIN - SECOND),
    replace(GOOD, kind="clip_ends_1_s_early", outcome="fail", late=MARGIN - SECOND),
    replace(GOOD, kind="clip_too_short", method="self_balanced", outcome="fail", early=-INSIDE, late=-INSIDE),
    replace(GOOD, kind="clip_without_pile_no", outcome="fail", changes=(("pile_no", ""),)),
    replace(GOOD, kind="clip_of_other_stage", outcome="fail", changes=(("stage_no", "99"),)),
    replace(GOOD, kind="stages_not_recorded", outcome="suspect", stages_on_record=False),
)
"""Exactly 30 s before and after is enough, so all good clips stand on the boundary."""


def plant_work(draft: Draft) -> None:
    """A test lasts a day; its report is issued two days later, and judged a day after that."""
    if draft.plan.days >= 5:
        for number, test in enumerate(PILE_TESTS, 1):
            _add_test(draft, test, number)


@dataclass(frozen=True, slots=True)
class _Case:
    """One test on one pile; `stages` are the starts of loading."""

    test: PileTest
    session: Row
    stages: tuple[datetime, ...]
    issued_at: datetime

    @property
    def unload_stages(self) -> tuple[datetime, datetime]:
        """They go on counting after the last load stage."""
        return self.stages[-1] + STAGE_PAUSE, self.stages[-1] + 2 * STAGE_PAUSE


def _add_test(draft: Draft, test: PileTest, number: int) -> None:
    day = draft.rng.randint(0, draft.plan.days - 5)
    start = draft.plan.at(day, 8) + timedelta(minutes=draft.rng.randint(0, 59))
    stages = tuple(start + STAGE_PAUSE * n for n in range(1, draft.rng.randint(8, 10) + 1))
    issued_at = draft.plan.at(day + 2, draft.rng.randint(9, 17))
    camera = draft.rng.choice([c for c in draft.register.cameras.values() if c.view == "onsite"])
    report_no = f"示例ZJ-{draft.plan.first_day.year}-{number:04d}"
    base = {
        "report_no": report_no,
        "agency_id": camera.agency_id,
        "test_item": test.item,
        "method": test.method,
    }
    session = {
        **base,
        "session_id": f"S-{report_no}",
        "kind": "onsite",
        "camera_ids": camera.camera_id,
        "pile_no": f"示例桩{number}",
        "started_at": local_text(start),
        "ended_at": local_text(stages[-1] + 3 * STAGE_PAUSE),
    }
    case = _Case(test, session, stages, issued_at)
    draft.work.sessions.append(session)
    _add_report(draft, case, {**base, "project": f"示例·湖滨路{number}号地块项目"})
    _add_stages(draft, case)
    _add_stage_clips(draft, case)
    _add_other_images(draft, case)
    if test.kind:
        outcome = Expectation("pile_stage_clips", "report", report_no, local_day(issued_at).isoformat(), test.outcome)
        text = f"{test.item} by {test.method}"
        draft.plant(test.kind, report_no, (start, issued_at), text, [outcome] if test.outcome != "pass" else [])


def _add_report(draft: Draft, case: _Case, report: Row) -> None:
    people = {"tester": "张示例", "reviewer": "李示例", "approver": "王虚构"}
    draft.work.reports.append({**report, **people, "issued_at": local_text(case.issued_at)})
    draft.work.image_reviews.append(
        {
            "report_no": report["report_no"],
            "person": people["reviewer"],
            "role": "reviewer",
            "reviewed_at": local_text(case.issued_at - timedelta(hours=1)),
        }
    )


def _add_stages(draft: Draft, case: _Case) -> None:
    if not case.test.stages_on_record:
        return
    for stage_no, at in enumerate([*case.stages, *case.unload_stages], 1):
        draft.work.load_stages.append(
            {
                "session_id": case.session["session_id"],
                "stage_no": str(stage_no),
                "direction": "load" if at in case.stages else "unload",
                "started_at": local_text(at),
                "completed_at": local_text(at + _loading(stage_no)),
            }
        )


def _loading(stage_no: int) -> timedelta:
    """How long it takes to apply a stage's load."""
    return timedelta(seconds=85 + 5 * stage_no)


def _add_stage_clips(draft: Draft, case: _Case) -> None:
    """One per load stage; the error, if any, is done to one of them."""
    wrong_no, test = draft.rng.randint(1, len(case.stages)), case.test
    for stage_no, at in enumerate(case.stages, 1):
        if stage_no != wrong_no:
            clip = (at - MARGIN, at + _loading(stage_no) + MARGIN)
            _add_image(draft, case, "load_stage", clip, stage_no=str(stage_no))
        elif not test.lost:
            clip = (at - test.early, at + _loading(stage_no) + test.late)
            _add_image(draft, case, "load_stage", clip, **{"stage_no": str(stage_no), **dict(test.changes)})


def _add_other_images(draft: Draft, case: _Case) -> None:
    """What the guide wants besides, all of it in order."""
    unloaded_at = case.unload_stages[-1] + _loading(len(case.stages) + 2)
    _add_image(draft, case, "unload", (unloaded_at - timedelta(seconds=70), unloaded_at))
    before = case.stages[0] - timedelta(minutes=20)
    if case.test.method == "kentledge":
        for side in ("east", "south", "west", "north"):
            _add_image(draft, case, "stack_side", (before, None), side=side)
    if case.test.method == "self_balanced":
        _add_image(draft, case, "load_box_insertion", (before, before + timedelta(seconds=90)))
        _add_image(draft, case, "nameplate", (before, None))


def _add_image(draft: Draft, case: _Case, role: str, span: tuple[datetime, datetime | None], **changes: str) -> None:
    image_id = f"{case.session['report_no']}-{len(draft.work.key_images) + 1:04d}"
    started_at, ended_at = span
    draft.work.key_images.append(
        {
            "image_id": image_id,
            "report_no": case.session["report_no"],
            "session_id": case.session["session_id"],
            "role": role,
            "media": "clip" if ended_at else "photo",
            "started_at": local_text(started_at),
            "ended_at": local_text(ended_at) if ended_at else "",
            "pile_no": case.session["pile_no"],
            "source": "separate",
            "file": f"{image_id}.{'mp4' if ended_at else 'jpg'}",
            "sha256": hashlib.sha256(image_id.encode()).hexdigest(),
            "stored_at": local_text(case.issued_at - timedelta(hours=2)),
            "keep_until": months_before(local_day(case.issued_at), -12 * KEPT_YEARS).isoformat(),
            **changes,
        }
    )
