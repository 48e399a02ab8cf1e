"""Names the cause of a gap from rows, or says unknown: a cause is only named when everything seen agrees on it.

Where two causes are shown for one gap, neither is named, because rows cannot tell which of them it was. Only a deletion
stands above the others: what was once listed was recorded, whatever else happened then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from collectors.clocks import OTHER_CLOCK
from collectors.intervals import Interval, common, merged, without
from collectors.polling import OUR_FAULT
from collectors.steps import MOVED, STEPPED
from dashboard.causes.model import Cause, Explained, Facts, FailedPoll, PlannedRound, Proof, Sight
from dashboard.collecting.asking import LOGIN_PAUSE, LONGEST_PAUSE_H, SILENCE_PAUSE

SEAM = timedelta(seconds=5)
"""Shorter gaps are a switch of files (rules.md: join tolerance)."""
SPACING = timedelta(minutes=150)
"""Looks come every hour; one may be lost. Between looks further apart anything may have happened."""
SILENT_SPACING = timedelta(hours=LONGEST_PAUSE_H + 1)
"""A recorder that stays silent is asked less often."""
AROUND = timedelta(minutes=30)
"""Within which another recorder's answer shows that we and our line were well."""
OUTCOMES: Mapping[str, Cause] = {
    "unreachable": "network",
    "refused": "login",
    "malformed": "recorder",
}
CLOCK_REASONS = (OTHER_CLOCK, STEPPED, MOVED)
SHOWN_PROOFS = 6


def explain(facts: Facts) -> list[Explained]:
    """Every gap of the camera in the duty given, oldest first, cut where its cause changes."""
    answered = common(facts.duty, facts.asked)
    missing = [gap for gap in without(answered, facts.held) if gap[1] - gap[0] > SEAM]
    found = [each for gap in missing for each in _missing(gap, facts)]
    found += [each for gap in without(facts.duty, facts.asked) for each in _unobserved(gap, facts)]
    return sorted(found, key=lambda each: each.from_at)


def _missing(gap: Interval, facts: Facts) -> Iterator[Explained]:
    deleted: list[Interval] = []
    for version in facts.versions:
        parts = [part for part in common([gap], version.held) if part[1] - part[0] > SEAM]
        for start, end in without(parts, deleted):
            listed = Proof("poll", version.poll_id, version.asked_at, "listed")
            yield Explained(
                start, end, "missing", "deleted", (listed, *_denials((start, end), version.asked_at, facts))
            )
        deleted += parts
    for rest in without([gap], deleted):
        if rest[1] - rest[0] > SEAM or not deleted:
            yield _never_recorded(rest, facts)


def _denials(gap: Interval, listed_at: datetime, facts: Facts) -> tuple[Proof, ...]:
    """The first answer after the listing in which the gap is no longer listed."""
    for version in facts.versions:
        if version.asked_at > listed_at and version.touches(gap) and not common([gap], version.held):
            return (Proof("poll", version.poll_id, version.asked_at, "denied"),)
    return ()


def _never_recorded(gap: Interval, facts: Facts) -> Explained:
    shown: dict[Cause, tuple[Proof, ...]] = {
        "camera_offline": _camera_offline(gap, facts),
        "recorder": _recorder_stood(gap, facts),
        "disk": _disk_failed(gap, facts),
        "plan": _planned_so(gap, facts),
    }
    causes = {cause: proofs for cause, proofs in shown.items() if proofs}
    if len(causes) == 1:
        ((cause, proofs),) = causes.items()
        return Explained(*gap, "missing", cause, proofs[:SHOWN_PROOFS])
    every = tuple(proof for proofs in causes.values() for proof in proofs)
    return Explained(*gap, "missing", "unknown", every[:SHOWN_PROOFS])


def _camera_offline(gap: Interval, facts: Facts) -> tuple[Proof, ...]:
    sights = [sight for sight in _inside(gap, facts.sights) if sight.is_online is not None]
    if not _close_enough(gap, sights, SPACING) or any(sight.is_online for sight in sights):
        return ()
    return tuple(Proof("look", facts.recorder_id, sight.observed_at, "offline") for sight in sights)


def _recorder_stood(gap: Interval, facts: Facts) -> tuple[Proof, ...]:
    """Out of reach while others answered, and afterwards none of its cameras has anything of that time."""
    sights = _inside(gap, facts.sights)
    if not _close_enough(gap, sights, SILENT_SPACING) or any(sight.failure != "unreachable" for sight in sights):
        return ()
    if not all(_answered_elsewhere(sight.observed_at, facts) for sight in sights) or not _all_lack(gap, facts):
        return ()
    return tuple(Proof("look", facts.recorder_id, sight.observed_at, "unreachable") for sight in sights)


def _disk_failed(gap: Interval, facts: Facts) -> tuple[Proof, ...]:
    sights = [sight for sight in _inside(gap, facts.sights) if sight.has_failed_disk is not None]
    if not sights or not all(sight.has_failed_disk for sight in sights) or not _all_lack(gap, facts):
        return ()
    return tuple(Proof("look", facts.recorder_id, sight.observed_at, "disk_failed") for sight in sights)


def _planned_so(gap: Interval, facts: Facts) -> tuple[Proof, ...]:
    """Set not to record all the time before the gap, after it and in between."""
    before = [plan for plan in facts.plans if plan.observed_at <= gap[0]][-1:]
    inside = [plan for plan in facts.plans if gap[0] < plan.observed_at < gap[1]]
    after = [plan for plan in facts.plans if plan.observed_at >= gap[1]][:1]
    seen = [*before, *inside, *after]
    if not before or not after or any(plan.mode not in ("event", "off") for plan in seen):
        return ()
    return tuple(Proof("plan", facts.camera_id, plan.observed_at, plan.mode) for plan in seen)


def _unobserved(gap: Interval, facts: Facts) -> Iterator[Explained]:
    open_parts = [gap]
    for poll in sorted(facts.failed_polls, key=lambda poll: (poll.asked_at, poll.poll_id), reverse=True):
        for start, end in common(open_parts, [poll.covers]):
            cause, proofs = _of_poll(poll, facts)
            yield Explained(start, end, "unobserved", cause, proofs)
        open_parts = without(open_parts, [poll.covers])
    for part in open_parts:
        yield _never_asked(part, facts)


def _of_poll(poll: FailedPoll, facts: Facts) -> tuple[Cause, tuple[Proof, ...]]:
    proof = Proof("poll", poll.poll_id, poll.asked_at, poll.outcome)
    if poll.outcome == "unreachable" and _all_silent(poll.asked_at, facts):
        return "ours", (proof,)
    if poll.reason.startswith(CLOCK_REASONS):
        return "clock_step", (proof,)
    if poll.reason.startswith(OUR_FAULT):
        return "ours", (proof,)
    return OUTCOMES.get(poll.outcome, "unknown"), (proof,)


def _never_asked(gap: Interval, facts: Facts) -> Explained:
    """By the newest round that could have asked about it; nobody has asked yet when there is none."""
    later = [planned for planned in facts.rounds if planned.planned_at > gap[0]]
    if not later:
        return Explained(*gap, "unobserved", "ours")
    newest = max(later, key=lambda planned: planned.planned_at)
    proof = Proof("round", newest.recorder_id, newest.planned_at, newest.status)
    return Explained(*gap, "unobserved", _of_round(newest, facts), (proof,))


def _of_round(planned: PlannedRound, facts: Facts) -> Cause:
    if planned.status == "skipped" and LOGIN_PAUSE in planned.reason:
        return "login"
    if planned.status == "skipped" and SILENCE_PAUSE in planned.reason:
        return "ours" if _all_silent(planned.planned_at, facts) else "network"
    if planned.status == "run" and planned.outcome in ("unreachable", "refused"):
        return "ours" if _all_silent(planned.planned_at, facts) else OUTCOMES[planned.outcome]
    return "ours"


def _all_silent(at: datetime, facts: Facts) -> bool:
    """Others were asked around then, and nobody answered: what they have in common is us."""
    near = [told for seen_at, told in facts.others if abs(seen_at - at) <= AROUND]
    return bool(near) and not any(near)


def _answered_elsewhere(at: datetime, facts: Facts) -> bool:
    return any(told for seen_at, told in facts.others if abs(seen_at - at) <= AROUND)


def _all_lack(gap: Interval, facts: Facts) -> bool:
    """Every other camera of the recorder was asked about the gap and has nothing of it."""
    return all(
        merged(common([gap], asked)) == [gap] and not [p for p in common([gap], held) if p[1] - p[0] > SEAM]
        for asked, held in facts.siblings
    )


def _inside(gap: Interval, sights: Sequence[Sight]) -> list[Sight]:
    return [sight for sight in sights if gap[0] < sight.observed_at < gap[1]]


def _close_enough(gap: Interval, sights: Sequence[Sight], spacing: timedelta) -> bool:
    """No stretch of the gap without a look is longer than `spacing`."""
    edges = [gap[0], *(sight.observed_at for sight in sights), gap[1]]
    return bool(sights) and all(b - a <= spacing for a, b in pairwise(edges))
