"""The same words for terminal, page and machine: titles, sentences, periods and deadlines in one language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from dashboard.evidence import Evidence
from dashboard.selfcheck import terms
from dashboard.selfcheck.model import Finding, SelfCheck, Subject, Unseen
from dashboard.speech import Speech
from data.periods import to_local_text
from rules.catalogue import Rule

SEPARATOR = " · "
MENDS = ("footage", "record", "register", "never")
"""The ways to mend, those with a deadline first."""


def plain(text: str) -> str:
    """Characters with which a name could move a terminal's cursor or turn a line round are written as escapes."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else f"\\u{ord(c):04x}" for c in text)


def agencies(check: SelfCheck, most: int = 5) -> str:
    """The names; of many only the first, with how many there are."""
    names = [name or agency_id for agency_id, name in check.agencies.items()]
    shown = plain(SEPARATOR.join(names[:most]))
    return f"{shown} … ({len(names)})" if len(names) > most else shown


def agency(finding: Finding, check: SelfCheck) -> str:
    return plain(check.agencies.get(finding.agency_id) or finding.agency_id)


def by_rule(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of one rule and severity together, in the order in which the first of each comes."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.rule.id), []).append(finding)
    return list(groups.values())


def sentence(speech: Speech, finding: Finding) -> str:
    """The finding in one plain sentence, by the rule's own template; of several periods the last."""
    return speech.of(finding.rule.message).format(
        subject_id=plain(finding.subject.id),
        agency_id=plain(finding.agency_id),
        period=finding.last_period,
        measured=finding.measured or speech.t("common.none"),
        required=finding.required or speech.t("common.none"),
        unit=finding.unit,
        clause=finding.clause,
    )


def reason(speech: Speech, rule: Rule, code: str) -> str:
    text = rule.reasons.get(code)
    return speech.of(text) if text else code


def subject(speech: Speech, subject: Subject) -> str:
    """What it is and its id; `where` tells the rest."""
    return f"{speech.word('subject_type', subject.kind)} {plain(subject.id)}"


def where(subject: Subject) -> str:
    return plain(SEPARATOR.join(part for part in (subject.site, subject.place) if part))


def period(speech: Speech, found: Finding | Unseen) -> str:
    count = found.period_count if isinstance(found, Unseen) else len(found.periods)
    if count == 1:
        return found.first_period
    span = speech.t("findings.period_range", first=found.first_period, last=found.last_period)
    if isinstance(found, Finding):
        return span + SEPARATOR + speech.t("findings.period_count", count=count)
    return span + SEPARATOR + speech.t("selfcheck.period_total", count=count)


def visible_by(speech: Speech, unseen: Unseen) -> str:
    """What would make it visible; for a reason without such words of its own, what the reason itself says."""
    words = speech.word("visible", unseen.reason)
    return reason(speech, unseen.rule, unseen.reason) if words == unseen.reason else words


def until(speech: Speech, finding: Finding, check: SelfCheck) -> str:
    """Until when its footage can still be fetched; empty when no footage would mend it."""
    first, last = finding.first_until, finding.last_until
    if first is None:
        return ""
    if terms.is_over(last, check.now_at):
        return speech.t("selfcheck.until_over", day=last)
    if first != last:
        return speech.t("selfcheck.until_from", day=first)
    return speech.t("selfcheck.until_day", day=first)


def interval(speech: Speech, piece: Evidence) -> str:
    """From – to in Beijing time; an edge on the same day is its time alone, and an instant stands alone."""
    if piece.from_at is None or piece.to_at is None or piece.from_at == piece.to_at:
        return speech.instant(piece.from_at or piece.to_at, seconds=True)
    start, end = to_local_text(piece.from_at), to_local_text(piece.to_at)
    return f"{start} – {end[11:] if start[:10] == end[:10] else end}"


def length(speech: Speech, piece: Evidence) -> str:
    return speech.duration(piece.length_ms) if piece.length_ms else ""
