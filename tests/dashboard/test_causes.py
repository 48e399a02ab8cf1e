"""A cause is named when every row agrees on it, and unknown otherwise. Hours below are hours of one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collectors.clocks import OTHER_CLOCK
from collectors.intervals import Interval
from collectors.polling import OUR_FAULT
from collectors.steps import moved_during, stepped
from dashboard.causes import Explained, Facts, explain
from dashboard.causes.ladder import SEAM, SPACING
from dashboard.causes.model import FailedPoll, PlannedRound, PlanSight, Sight, Version
from dashboard.collecting.asking import SILENCE_PAUSE

DAY = datetime(2026, 10, 5)
HOUR = timedelta(hours=1)


def at(hour: float) -> datetime:
    return DAY + hour * HOUR


def span(start: float, end: float) -> Interval:
    return at(start), at(end)


WHOLE = span(0, 24)
GAP = span(10, 14)
AROUND_GAP = (span(0, 10), span(14, 24))
FACTS = Facts("C1", "N1", (WHOLE,), (WHOLE,), (Version("p2", at(30), AROUND_GAP, (WHOLE,)),), AROUND_GAP)


def sights(*hours: float, failure: str = "", is_online: bool | None = None, failed: bool | None = None) -> list[Sight]:
    return [Sight(at(hour), failure, is_online, failed) for hour in hours]


HOURLY = (10.5, 11.5, 12.5, 13.5)
ELSEWHERE = [(at(hour), True) for hour in HOURLY]
LACKING = [([WHOLE], list(AROUND_GAP))]


def causes(facts: Facts) -> list[tuple[float, float, str, str]]:
    return [((e.from_at - DAY) / HOUR, (e.to_at - DAY) / HOUR, e.kind, e.cause) for e in explain(facts)]


def cause(facts: Facts) -> str:
    (only,) = explain(facts)
    assert (only.from_at, only.to_at) == GAP
    return only.cause


def test_nothing_missing_needs_no_cause() -> None:
    assert explain(replace(FACTS, held=(WHOLE,))) == []


def test_a_gap_without_any_row_is_unknown() -> None:
    assert explain(FACTS) == [Explained(*GAP, "missing", "unknown")]


def test_a_seam_is_no_gap() -> None:
    assert explain(replace(FACTS, held=((at(0), at(10)), (at(10) + SEAM, at(24))))) == []


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (sights(*HOURLY, is_online=False), "camera_offline"),
        ([*sights(*HOURLY[:3], is_online=False), *sights(13.5, is_online=True)], "unknown"),
        (sights(9.5, 14.5, is_online=False), "unknown"),
        (sights(10.5, is_online=False), "unknown"),
        (sights(12, is_online=False), "camera_offline"),
        ([*sights(*HOURLY[:3], is_online=False), *sights(13.5)], "camera_offline"),
    ],
    ids=["always", "once seen", "only around", "too seldom", "seldom enough", "once not told"],
)
def test_a_camera_was_offline_when_every_look_in_the_gap_says_so(seen: list[Sight], named: str) -> None:
    assert cause(replace(FACTS, sights=seen)) == named


def test_looks_may_be_two_and_a_half_hours_apart_and_no_more() -> None:
    last = at(10) + SPACING
    for first, named in ((last, "camera_offline"), (last + timedelta(seconds=1), "unknown")):
        sight = Sight(first, "", False)
        assert cause(replace(FACTS, sights=[sight])) == named


STOOD = replace(FACTS, sights=sights(*HOURLY, failure="unreachable"), others=ELSEWHERE, siblings=LACKING)


def test_a_recorder_stood_still_when_it_was_silent_and_all_its_cameras_lack_the_time() -> None:
    assert cause(STOOD) == "recorder"
    assert cause(replace(STOOD, siblings=())) == "recorder"
    assert cause(replace(STOOD, others=())) == "unknown"
    assert cause(replace(STOOD, siblings=[([WHOLE], [WHOLE])])) == "unknown"
    assert cause(replace(STOOD, siblings=[(list(AROUND_GAP), list(AROUND_GAP))])) == "unknown"
    assert cause(replace(STOOD, sights=[*STOOD.sights[:3], *sights(13.5)])) == "unknown"
    assert cause(replace(STOOD, sights=sights(*HOURLY, failure="refused"))) == "unknown"


DISK = replace(FACTS, sights=sights(11, 12, failed=True), siblings=LACKING)


def test_a_failed_disk_takes_all_cameras() -> None:
    assert cause(DISK) == "disk"
    assert cause(replace(DISK, siblings=[([WHOLE], [WHOLE])])) == "unknown"
    assert cause(replace(DISK, sights=[*sights(11, failed=True), *sights(12, failed=False)])) == "unknown"


def plans(*modes: tuple[float, str]) -> list[PlanSight]:
    return [PlanSight(at(hour), mode) for hour, mode in modes]


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (plans((1, "event"), (25, "event")), "plan"),
        (plans((1, "off"), (12, "event"), (25, "off")), "plan"),
        (plans((1, "event")), "unknown"),
        (plans((25, "event")), "unknown"),
        (plans((1, "event"), (12, "continuous"), (25, "event")), "unknown"),
        (plans((1, "continuous"), (25, "event")), "unknown"),
        (plans((1, "event"), (25, "continuous")), "unknown"),
        (plans((1, "event"), (25, "event"), (30, "continuous")), "plan"),
        (plans((0, "continuous"), (1, "event"), (25, "event")), "plan"),
    ],
)
def test_the_plan_explains_what_it_was_set_to_before_during_and_after(seen: list[PlanSight], named: str) -> None:
    assert cause(replace(FACTS, plans=seen)) == named


def test_two_causes_at_once_are_none() -> None:
    both = replace(FACTS, sights=sights(*HOURLY, is_online=False), plans=plans((1, "event"), (25, "event")))
    assert cause(both) == "unknown"
    assert {proof.kind for proof in explain(both)[0].proofs} == {"look", "plan"}


def test_what_was_listed_before_is_deleted_and_the_rest_is_not() -> None:
    earlier = Version("p1", at(26), (span(0, 12), span(14, 24)), (WHOLE,))
    facts = replace(FACTS, versions=(earlier, *FACTS.versions), sights=sights(*HOURLY, is_online=False))
    assert causes(facts) == [(10, 12, "missing", "deleted"), (12, 14, "missing", "camera_offline")]
    assert [(p.ref, p.says) for p in explain(facts)[0].proofs] == [("p1", "listed"), ("p2", "denied")]


def poll(outcome: str, *, asked: float = 30, covers: Interval = GAP, reason: str = "") -> FailedPoll:
    return FailedPoll(f"{outcome}-{asked}", at(asked), covers, outcome, reason)


UNSEEN = replace(FACTS, asked=AROUND_GAP)


@pytest.mark.parametrize(
    ("last", "named"),
    [
        (poll("unreachable"), "network"),
        (poll("refused"), "login"),
        (poll("malformed"), "recorder"),
        (poll("malformed", reason=f"{OUR_FAULT} (KeyError) on what it sent"), "ours"),
        (poll("ok"), "unknown"),
        (poll("ok", reason=OTHER_CLOCK), "clock_step"),
        (poll("malformed", reason=stepped(HOUR)), "clock_step"),
        (poll("ok", reason=moved_during(HOUR)), "clock_step"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_could_not_be_asked_has_the_cause_of_its_last_poll(last: FailedPoll, named: str) -> None:
    older = poll("malformed" if last.outcome != "malformed" else "refused", asked=20)
    assert causes(replace(UNSEEN, failed_polls=[last, older])) == [(10, 14, "unobserved", named)]


def test_when_nobody_answered_it_was_us() -> None:
    silent = replace(UNSEEN, failed_polls=[poll("unreachable")], others=[(at(30.4), False), (at(29.6), False)])
    assert causes(silent)[0][3] == "ours"
    assert causes(replace(silent, others=[*silent.others, (at(30.5), True)]))[0][3] == "network"
    assert causes(replace(silent, others=[(at(31), False)]))[0][3] == "network"


def test_pieces_of_a_gap_have_their_own_polls() -> None:
    polls = [poll("unreachable", covers=span(9, 11)), poll("refused", asked=20, covers=span(10, 13))]
    planned = [
        PlannedRound(
            at(40), "N1", "skipped", "", "not asked: it refused the login and is left alone to avoid a lock-out"
        )
    ]
    assert causes(replace(UNSEEN, failed_polls=polls, rounds=planned)) == [
        (10, 11, "unobserved", "network"),
        (11, 13, "unobserved", "login"),
        (13, 14, "unobserved", "login"),
    ]


@pytest.mark.parametrize(
    ("planned", "named"),
    [
        (("N1", "skipped", "", f"not asked until 2026: {SILENCE_PAUSE} in 4 rounds"), "network"),
        (("N1", "skipped", "", "not asked, because the device used up its 600 s"), "ours"),
        (("N1", "run", "unreachable", "no route"), "network"),
        (("N1", "run", "refused", "wrong password"), "login"),
        (("N1", "run", "partial", ""), "ours"),
        (("*footage", "merged", "", "the machine slept"), "ours"),
    ],
)
def test_what_was_never_asked_has_the_cause_of_the_last_round(planned: tuple[str, ...], named: str) -> None:
    older = PlannedRound(at(20), "N1", "run", "refused", "")
    assert causes(replace(UNSEEN, rounds=[PlannedRound(at(30), *planned), older]))[0][3] == named


def test_nobody_has_asked_yet() -> None:
    assert explain(UNSEEN) == [Explained(*GAP, "unobserved", "ours")]
    before = PlannedRound(at(9), "N1", "run", "refused", "")
    assert causes(replace(UNSEEN, rounds=[before]))[0][3] == "ours"
