"""A self-check for a terminal: lines and tables. What came from the bundle cannot steer the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.outcomes import WORST_FIRST
from dashboard.selfcheck import wording
from dashboard.selfcheck.model import SelfCheck
from dashboard.selfcheck.wording import plain
from dashboard.speech import Speech
from data.periods import to_local_text

SHOWN_ROWS = 60


@dataclass(frozen=True, slots=True)
class Section:
    """`notes` stand under the table, which is left out when it has no rows."""

    title: str
    header: list[str]
    rows: list[list[str]]
    notes: list[str]


def head(check: SelfCheck, speech: Speech) -> list[str]:
    counts = wording.SEPARATOR.join(
        f"{speech.word('outcome', outcome)} {check.counts[outcome]}" for outcome in WORST_FIRST if check.counts[outcome]
    )
    lines = [
        f"{speech.t('selfcheck.title')} {check.month}{wording.SEPARATOR}{wording.agencies(check)}",
        f"{speech.t('judgement.now_at')} {to_local_text(check.now_at)}",
        f"{speech.t('judgement.verdicts')} {check.counts.total()}{wording.SEPARATOR}{counts}"
        if counts
        else speech.t("selfcheck.nothing_judged"),
        f"{speech.t('judgement.fingerprint')} {check.fingerprint}",
        f"{speech.t('judgement.ruleset')} {check.ruleset}",
        *(f"{speech.t('selfcheck.warning')} {warning}" for warning in check.warnings),
        *(f"{speech.word('outcome', 'error')} {rule.id}: {reason}" for rule, reason in check.broken),
        speech.t("common.only_people_decide"),
    ]
    return [plain(line) for line in lines]


def sections(check: SelfCheck, speech: Speech) -> list[Section]:
    return [_today(check, speech), _mending(check, speech), _pending(check, speech), _unseen(check, speech)]


def _today(check: SelfCheck, speech: Speech) -> Section:
    header = _names(speech, "severity", "outcome", "period", "what", "clause")
    rows = [
        [
            speech.word("severity", finding.severity),
            speech.word("outcome", finding.outcome),
            wording.period(speech, finding),
            wording.sentence(speech, finding),
            finding.clause,
        ]
        for finding in check.findings
    ]
    notes = [] if rows else [speech.t("selfcheck.none_today")]
    return _section(speech, speech.t("selfcheck.today", count=len(rows)), header, rows, notes)


def _mending(check: SelfCheck, speech: Speech) -> Section:
    """One line per rule and way to mend: how many findings, the first deadline, and what to do first."""
    header = [speech.t("selfcheck.how"), speech.t("selfcheck.until"), *_names(speech, "what")]
    header.append(speech.t("selfcheck.remedy"))
    rows = []
    for mend in wording.MENDS:
        for found in wording.by_rule(finding for finding in check.findings if finding.rule.mend == mend):
            first = min(found, key=lambda finding: finding.first_until or check.now_at.date())
            title = speech.t("selfcheck.rule_count", title=speech.of(first.rule.title), count=len(found))
            deadline = wording.until(speech, first, check) or speech.word("mend_until", mend)
            rows.append([speech.word("mend", mend), deadline, title, speech.of(first.rule.remedy)])
    notes = [] if rows else [speech.t("selfcheck.none_mending")]
    return _section(speech, speech.t("selfcheck.mending"), header, rows, notes)


def _pending(check: SelfCheck, speech: Speech) -> Section:
    header = [speech.t("selfcheck.before"), *_names(speech, "severity", "what"), speech.t("selfcheck.how")]
    rows = [
        [
            speech.instant(finding.listed_from_at),
            speech.word("severity", finding.severity),
            wording.sentence(speech, finding),
            speech.word("mend", finding.rule.mend),
        ]
        for finding in check.pending
    ]
    notes = [] if rows else [speech.t("selfcheck.none_pending")]
    return _section(speech, speech.t("selfcheck.pending", count=len(rows)), header, rows, notes)


def _unseen(check: SelfCheck, speech: Speech) -> Section:
    header = [*_names(speech, "rule", "subject", "period", "why"), speech.t("selfcheck.first_stretch")]
    rows = [
        [
            unseen.rule.id,
            wording.subject(speech, unseen.subject),
            wording.period(speech, unseen),
            wording.reason(speech, unseen.rule, unseen.reason),
            wording.interval(speech, unseen.evidence[0]) if unseen.evidence else "",
        ]
        for unseen in check.unseen
    ]
    ways = list(dict.fromkeys(wording.visible_by(speech, unseen) for unseen in check.unseen))
    title = speech.t("selfcheck.unseen", count=check.counts["unknown"])
    return _section(speech, title, header, rows, ways or [speech.t("selfcheck.none_unseen")])


def _names(speech: Speech, *names: str) -> list[str]:
    return [speech.t(f"findings.{name}") for name in names]


def _section(speech: Speech, title: str, header: list[str], rows: Sequence[list[str]], notes: list[str]) -> Section:
    """The first rows of many, with how many there are."""
    shown = [[plain(cell) for cell in row] for row in rows[:SHOWN_ROWS]]
    said = [plain(note) for note in notes]
    if len(shown) < len(rows):
        said.append(speech.t("selfcheck.cut", shown=len(shown), total=len(rows)))
    return Section(title, header, shown, said)
