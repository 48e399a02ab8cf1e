"""The reports of the period with their flaws, and what is wrong between reports or between two submissions."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from collectors.simulator.dossier import Dossier
from collectors.simulator.dossiers import BUILDERS, pile_load
from collectors.simulator.draft import Draft, Expectation, of_month
from collectors.simulator.flaws import FLAWS, Flaw
from collectors.simulator.plan import local_text
from collectors.simulator.register import Row
from data.periods import Month, day_starts_at, local_day, parse_instant

EXEMPT_AGENCY = "NC-A-008"
SHORTEST_DAYS = 5


def plant_work(draft: Draft) -> None:
    """A test lasts a day at most; its report is issued two days later, and judged a day after that."""
    if draft.plan.days < SHORTEST_DAYS:
        return
    for flaw in FLAWS:
        _spoilt(draft, flaw)
    _reused(draft)
    _exempt(draft)
    _without_duty(draft)
    _changed(draft)
    _handed_in_again(draft)


def _spoilt(draft: Draft, flaw: Flaw) -> None:
    dossier = BUILDERS[flaw.of](draft)
    flaw.spoil(dossier, draft.rng)
    dossier.hand_in(draft)
    if flaw.kind:
        _plant(draft, flaw.kind, dossier, *flaw.outcomes)


def _plant(draft: Draft, kind: str, dossier: Dossier, *outcomes: tuple[str, str]) -> None:
    day = local_day(dossier.issued_at).isoformat()
    expected = [Expectation(rule_id, "report", dossier.report_no, day, outcome) for rule_id, outcome in outcomes]
    text = " ".join(dossier.report[key] for key in ("test_item", "method") if dossier.report[key])
    draft.plant(kind, dossier.report_no, (dossier.issued_at - timedelta(days=2), dossier.issued_at), text, expected)


def _reused(draft: Draft) -> None:
    """One clip stands for two tests."""
    one, other = BUILDERS["cube"](draft), BUILDERS["road_core"](draft)
    other.images[0]["sha256"] = one.images[0]["sha256"]
    for dossier in (one, other):
        dossier.hand_in(draft)
        _plant(draft, "image_of_another_report", dossier, ("key_image_reused", "suspect"))


def _exempt(draft: Draft) -> None:
    """By an exemption of the agency, from before the test until after the issue of its report, which lacks clips."""
    dossier = pile_load(draft, "PILE_COMP", "kentledge", EXEMPT_AGENCY)
    dossier.images.remove(dossier.images_of("load_stage")[0])
    dossier.images.remove(dossier.images_of("stack_side")[0])
    dossier.hand_in(draft)
    from_at = day_starts_at(local_day(dossier.issued_at) - timedelta(days=2))
    draft.work.exemptions.append(
        {
            "exemption_id": "EX-0001",
            "scope_type": "agency",
            "scope_id": EXEMPT_AGENCY,
            "from_at": local_text(from_at),
            "to_at": local_text(dossier.issued_at + timedelta(hours=1)),
            "reason": "示例：抗洪抢险",
            "document_no": "示例洪建豁〔2026〕1号",
            "approved_by": "示例科室",
            "entered_at": local_text(from_at),
        }
    )
    _plant(draft, "report_exempt", dossier)


def _without_duty(draft: Draft) -> None:
    """A test of which the guide wants no image."""
    dossier = BUILDERS["rebar"](draft)
    dossier.report |= {"test_item": "REBAR_BEND"}
    for session in dossier.sessions:
        session["test_item"] = "REBAR_BEND"
    dossier.images.clear()
    dossier.reviews.clear()
    dossier.hand_in(draft)
    _plant(draft, "report_without_duty", dossier)


def _changed(draft: Draft) -> None:
    """The same image handed in again with another file."""
    dossier = BUILDERS["cube"](draft)
    dossier.hand_in(draft)
    image = dossier.images[0]
    digest = hashlib.sha256(f"{image['sha256']} cut".encode()).hexdigest()
    _correct(draft, {**image, "sha256": digest})
    month = Month.of(local_day(draft.plan.corrected_at))
    expected = [of_month("key_image_changed", "image", image["image_id"], month)]
    interval = (parse_instant(image["started_at"]), draft.plan.corrected_at)
    draft.plant("image_changed", image["image_id"], interval, "its file was replaced", expected)


def _handed_in_again(draft: Draft) -> None:
    """The same file with a label that was forgotten at first."""
    dossier = BUILDERS["wall_core"](draft)
    dossier.hand_in(draft)
    image = dossier.images[0]
    _correct(draft, dict(image))
    image["axis"] = ""
    _plant(draft, "label_added_later", dossier)


def _correct(draft: Draft, image: Row) -> None:
    draft.work.corrections.append(image)
