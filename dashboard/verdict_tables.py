"""Verdicts and their evidence as tables: each line has the address that reopens exactly it."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard import address, rulebook, subjects
from dashboard.evidence import Evidence
from dashboard.markup import Column, Content, Html, chip, el, joined, link, table
from dashboard.record_rows import ListedVerdict
from dashboard.rulebook import Judged
from dashboard.say import duration, instant, quantity, t, word

OPENED_BY_REF = {"poll": "poll", "denial": "poll", "image": "image", "session": "session"}
OPENED_BY_REF |= dict.fromkeys(("camera", "probe", "plan"), "camera")
"""What a ref opens, for pieces whose ref is one id; a probe and a plan have their own address behind the piece's."""


def href(verdict: Judged, period: str, piece: Evidence | None = None) -> str:
    """The verdict of one period, or one piece of its evidence."""
    return address.to(
        "verdict",
        rule=verdict.rule_id,
        type=verdict.subject_type,
        subject=verdict.subject_id,
        period=period,
        **(piece.key if piece else {}),
    )


def evidence_table(verdict: Judged, pieces: Iterable[tuple[str, Evidence]], label: str) -> Html:
    """`pieces` stand with the period they belong to."""
    columns = [
        Column(t("findings.kind")),
        Column(t("findings.from")),
        Column(t("findings.to")),
        Column(t("camera.length")),
        Column(t("findings.rests_on")),
        Column(t("findings.ref"), "wide"),
    ]
    return table(columns, [_piece_line(verdict, period, piece) for period, piece in pieces], label)


def _piece_line(verdict: Judged, period: str, piece: Evidence) -> list[Content]:
    rests_on = piece.rests_on(verdict.subject_type)
    return [
        link(href(verdict, period, piece), word("evidence", piece.kind)),
        _from(verdict, piece),
        instant(piece.to_at, seconds=True),
        duration(piece.length_ms) if piece.length_ms is not None else t("common.none"),
        word("rests_on", rests_on) if rests_on else t("common.none"),
        _reference(verdict, rests_on, piece.ref),
    ]


def _from(verdict: Judged, piece: Evidence) -> Content:
    """Of a camera the beginning opens the exact day."""
    shown = instant(piece.from_at, seconds=True)
    if verdict.subject_type == "camera" and piece.day:
        return link(address.to("camera", camera=verdict.subject_id, day=piece.day.isoformat()), shown)
    return shown


def _reference(verdict: Judged, rests_on: str, ref: str) -> Content:
    if rests_on in OPENED_BY_REF:
        return _opened(OPENED_BY_REF[rests_on], ref)
    if rests_on == "stage":
        session_id, _, stage_no = ref.rpartition(" ")
        return joined([_opened("session", session_id), " · ", t("verdict.stage", number=stage_no)])
    if rests_on == "footage" and ref and ref != verdict.subject_id:
        return joined(part for camera_id in ref.split() for part in (_opened("camera", camera_id), " "))
    if rests_on == "reviews":
        return word("role", ref)
    return el("span", ref or t("common.none"), css="mono" if ref else "muted")


def _opened(kind: str, identifier: str) -> Html:
    return link(subjects.href(kind, identifier), el("span", identifier, css="mono"))


def verdicts_table(verdicts: Iterable[ListedVerdict], label: str) -> Html:
    columns = [
        Column(t("findings.outcome")),
        Column(t("overview.rule"), "wide"),
        Column(t("findings.subject"), "wide"),
        Column(t("findings.period")),
        Column(t("findings.measured"), "num"),
        Column(t("findings.required"), "num"),
        Column(t("findings.why"), "wide"),
        Column(t("verdict.pieces"), "num"),
    ]
    return table(columns, [_verdict_line(verdict) for verdict in verdicts], label)


def _verdict_line(verdict: ListedVerdict) -> list[Content]:
    where = subjects.named(verdict.subject_type, verdict.subject_id, verdict.place, verdict.site)
    return [
        chip(verdict.outcome, word("outcome", verdict.outcome)),
        link(href(verdict, verdict.period), rulebook.short(verdict.rule_id)),
        joined([where, el("div", verdict.agency_name, css="muted small")]),
        link(href(verdict, verdict.period), verdict.period),
        quantity(verdict.measured, verdict.unit),
        rulebook.required(verdict),
        rulebook.reason(verdict.rule_id, verdict.reason),
        verdict.piece_count,
    ]
