"""What a piece of evidence rests on, as titled tables; decided by its kind (evidence.RESTS_ON)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.evidence import Evidence
from dashboard.record_rows import Verdict
from dashboard.records import Records
from data.periods import Month, day_ends_at, day_starts_at

INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Proof:
    """Rows under a title (a text of the group `proof`); none means that nothing of it is on record for this viewer."""

    title: str
    rows: Sequence[Any]


def of_piece(records: Records, verdict: Verdict, piece: Evidence) -> list[Proof]:
    return list(_of(records, verdict, piece, piece.rests_on(verdict.subject_type)))


def tried(records: Records, verdict: Verdict, pieces: Sequence[Evidence]) -> list[Proof]:
    """For what could not be told: every attempt to see the time in question, the failed ones with their reasons."""
    edges = [edge for piece in pieces for edge in (piece.from_at, piece.to_at) if edge]
    from_at, to_at = (min(edges), max(edges)) if edges else period_of(verdict.period)
    cameras = records.watching(verdict.subject_type, verdict.subject_id)
    if not cameras:
        return []
    proofs = [Proof("polls", records.polls(cameras, from_at, to_at))]
    if verdict.subject_type == "camera":
        proofs.append(Proof("probes", records.probes(verdict.subject_id, from_at, to_at)))
    return proofs


def period_of(period: str) -> tuple[datetime, datetime]:
    """The stretch of a day or a month."""
    if len(period) == len("YYYY-MM"):
        month = Month.parse(period)
        return month.starts_at, month.ends_at
    day = date.fromisoformat(period)
    return day_starts_at(day), day_ends_at(day)


def _of(records: Records, verdict: Verdict, piece: Evidence, word: str) -> Iterator[Proof]:
    subject = verdict.subject_id
    match word:
        case "footage" | "denial":
            yield from _footage(records, verdict, piece, word)
        case "cameras":
            yield Proof("cameras", records.cameras(records.watching(verdict.subject_type, subject)))
        case "camera":
            yield Proof("cameras", records.cameras([piece.ref]))
        case "poll":
            yield Proof("poll", records.poll(piece.ref))
        case "probe":
            yield Proof("probes", records.probes(piece.ref, *_stretch(verdict, piece)))
        case "plan":
            yield Proof("plans", records.plans(piece.ref, *_stretch(verdict, piece)))
        case "image":
            yield Proof("images", records.images(image_id=piece.ref))
        case "versions":
            yield Proof("versions", records.image_versions(subject))
        case "reviews":
            yield Proof("reviews", records.reviews(subject))
            yield Proof("reports", records.reports(subject))
        case "report":
            yield Proof("reports", records.reports(subject))
            yield Proof("images", records.images(report_no=subject))
        case "session" | "stage":
            yield from _session(records, piece.ref.rpartition(" ")[0] if word == "stage" else piece.ref)


def _footage(records: Records, verdict: Verdict, piece: Evidence, word: str) -> Iterator[Proof]:
    """Of a session the ref names the cameras, or the session itself when it has none."""
    named = piece.ref.split() if word == "footage" else []
    cameras = named or records.watching(verdict.subject_type, verdict.subject_id)
    from_at, to_at = _stretch(verdict, piece)
    if word == "denial":
        yield Proof("denial", records.poll(piece.ref))
    yield Proof("polls", records.polls(cameras, from_at, max(to_at, from_at + INSTANT)))
    if verdict.subject_type == "session":
        yield from _session(records, verdict.subject_id)


def _session(records: Records, session_id: str) -> Iterator[Proof]:
    yield Proof("sessions", records.sessions(session_id=session_id))
    yield Proof("cameras", records.cameras(records.watching("session", session_id)))
    if stages := records.stages(session_id):
        yield Proof("stages", stages)
    if images := records.images(session_id=session_id):
        yield Proof("images", images)


def _stretch(verdict: Verdict, piece: Evidence) -> tuple[datetime, datetime]:
    from_at, to_at = period_of(verdict.period)
    return piece.from_at or from_at, piece.to_at or piece.from_at or to_at
