"""A self-check as data for other programs: everything, nothing cut off. Instants carry their offset, days are local."""

from __future__ import annotations

from typing import Any

from dashboard.evidence import Evidence
from dashboard.selfcheck import wording
from dashboard.selfcheck.model import Finding, SelfCheck, Subject, Unseen
from dashboard.speech import Speech
from data.periods import to_iso


def tell(check: SelfCheck, speech: Speech) -> dict[str, Any]:
    return {
        "agencies": [{"agency_id": agency_id, "name": name} for agency_id, name in check.agencies.items()],
        "month": str(check.month),
        "now": to_iso(check.now_at),
        "fingerprint": check.fingerprint,
        "ruleset": check.ruleset,
        "verdicts": check.counts.total(),
        "counts": dict(check.counts),
        "compliant": check.is_compliant,
        "warnings": list(check.warnings),
        "errors": [{"rule_id": rule.id, "reason": reason} for rule, reason in check.broken],
        "note": speech.t("common.only_people_decide"),
        "findings": [_finding(finding, speech) for finding in check.findings],
        "pending": [_finding(finding, speech) for finding in check.pending],
        "unseen": [_unseen(unseen, speech) for unseen in check.unseen],
    }


def _finding(finding: Finding, speech: Speech) -> dict[str, Any]:
    rule = finding.rule
    return {
        "finding_id": finding.finding_id,
        "rule_id": rule.id,
        "title": speech.of(rule.title),
        "sentence": wording.sentence(speech, finding),
        "severity": finding.severity,
        "outcome": finding.outcome,
        **_subject(finding.subject, finding.agency_id),
        **{name: getattr(finding, name) for name in ("first_period", "last_period", "measured", "required", "unit")},
        "period_count": len(finding.periods),
        "reason": finding.reason,
        "reason_text": wording.reason(speech, rule, finding.reason),
        "clause": finding.clause,
        "remedy": speech.of(rule.remedy),
        "mend": rule.mend,
        "mend_first_until": finding.first_until.isoformat() if finding.first_until else None,
        "mend_last_until": finding.last_until.isoformat() if finding.last_until else None,
        "listed_from_at": to_iso(finding.listed_from_at) if finding.listed_from_at else None,
        "evidence": [_piece(piece) | {"period": p.period} for p in finding.periods for piece in p.evidence],
    }


def _unseen(unseen: Unseen, speech: Speech) -> dict[str, Any]:
    return {
        "rule_id": unseen.rule.id,
        "duty": speech.of(unseen.rule.duty),
        **_subject(unseen.subject, unseen.agency_id),
        **{name: getattr(unseen, name) for name in ("first_period", "last_period", "period_count", "reason")},
        "reason_text": wording.reason(speech, unseen.rule, unseen.reason),
        "visible_by": wording.visible_by(speech, unseen),
        "evidence": [_piece(piece) for piece in unseen.evidence],
    }


def _subject(subject: Subject, agency_id: str) -> dict[str, str]:
    return {"subject_type": subject.kind, "subject_id": subject.id, "agency_id": agency_id,
            "place": subject.place, "site": subject.site}  # fmt: skip


def _piece(piece: Evidence) -> dict[str, Any]:
    edges = {"from_at": piece.from_at, "to_at": piece.to_at}
    return {"kind": piece.kind, "ref": piece.ref, **{name: to_iso(at) if at else None for name, at in edges.items()}}
