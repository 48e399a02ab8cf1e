"""The rules about what became of key images: reviewed, stored, kept for their term, used once, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.rules.oracle.city import DAY_MS, FOREVER, City, back, day_no, inside, ms
from tests.rules.oracle.frame import Frame, Row
from tests.rules.oracle.reports import KEY_IMAGE_ITEMS, Report, by, judged_reports, known

TERM_MONTHS = 5 * 12
PILE_TERM_MONTHS = 20 * 12
WORST_FIRST = ("fail", "suspect", "unknown", "pass")


def key_images_reviewed(city: City, frame: Frame) -> Iterator[Row]:
    for report in judged_reports(city, frame, KEY_IMAGE_ITEMS):
        captured_at = max((_captured_at(i) for i in report.images), default=-FOREVER)
        reviews = by(city, "image_reviews", "report_no").get(report.no, [])
        is_reviewed = any(captured_at <= ms(v["reviewed_at"]) <= report.issued_at for v in reviews)
        yield report.of_issue("pass" if is_reviewed else "fail")


def _captured_at(image: dict[str, Any]) -> int:
    """When its capture ended; a photo has no length."""
    is_long = image["media"] == "clip" and known(image, "ended_at")
    return ms(image["ended_at"] if is_long else image["started_at"])


def key_images_stored_in_time(city: City, frame: Frame) -> Iterator[Row]:
    return _worst(city, frame, _stored)


def _stored(report: Report, image: dict[str, Any]) -> str:
    if not known(image, "stored_at"):
        return "unknown"
    return "fail" if ms(image["stored_at"]) > report.issued_at else "pass"


def key_image_term(city: City, frame: Frame) -> Iterator[Row]:
    return _worst(city, frame, _kept)


def _kept(report: Report, image: dict[str, Any]) -> str:
    if not known(image, "keep_until"):
        return "unknown"
    until = day_no(image["keep_until"])
    if until < _later(report.day, TERM_MONTHS):
        return "fail"
    return (
        "suspect" if report.test_item.startswith("PILE_") and until < _later(report.day, PILE_TERM_MONTHS) else "pass"
    )


def _later(day: int, months: int) -> int:
    """The same day of a later month, clamped to its end."""
    return back(day * DAY_MS, -months) // DAY_MS


def _worst(city: City, frame: Frame, says: Callable[[Report, dict[str, Any]], str]) -> Iterator[Row]:
    for report in judged_reports(city, frame, KEY_IMAGE_ITEMS):
        if report.images:
            yield report.of_issue(min((says(report, i) for i in report.images), key=WORST_FIRST.index))


def key_image_reused(city: City, frame: Frame) -> Iterator[Row]:
    reports_of: dict[str, set[str]] = {}
    for image in city.table("key_images"):
        if known(image, "sha256"):
            reports_of.setdefault(image["sha256"].lower(), set()).add(image["report_no"])
    for report in judged_reports(city, frame):
        hashes = {i["sha256"].lower() for i in report.images if known(i, "sha256")}
        if hashes:
            yield report.of_issue("suspect" if any(len(reports_of[h]) > 1 for h in hashes) else "pass")


@dataclass(frozen=True)
class Giving:
    """One image in one submission."""

    given_at: int
    image: dict[str, Any]


def key_image_changed(givings: list[Giving], city: City, frame: Frame) -> Iterator[Row]:
    """`givings` are in the order of intake, and those that came after the instant of knowledge are not among them."""
    ended = set(frame.ended_days)
    for image_id in dict.fromkeys(g.image["image_id"] for g in givings):
        given = [g for g in givings if g.image["image_id"] == image_id]
        report = by(city, "reports", "report_no")[given[-1].image["report_no"]][0]
        later = [n for n, g in enumerate(given) if n and g.given_at // DAY_MS in ended]
        exempt = city.exempt(report) if frame.exempting else []
        hashes = [g.image["sha256"].lower() if known(g.image, "sha256") else None for g in given]
        is_changed = any(
            hashes[n] and set(hashes[:n]) - {None, hashes[n]} for n in later if not inside(exempt, given[n].given_at)
        )
        if later:
            yield Row(image_id, report["agency_id"], frame.month, "fail" if is_changed else "pass", "", "")
