"""What a self-check says, before it is put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.evidence import Evidence
from data.periods import Month
from rules.catalogue import Rule, Severity


@dataclass(frozen=True, slots=True)
class Subject:
    """`place` and `site` say where it is; both may be empty."""

    kind: str
    id: str
    place: str
    site: str


@dataclass(frozen=True, slots=True)
class Period:
    """One failing or suspect verdict of a finding."""

    period: str
    outcome: str
    measured: str
    required: str
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Consecutive failing or suspect periods of one rule and subject; measured and the like are the last period's.

    `evidence` is that of all periods, neighbouring pieces of a kind joined.
    `first_until` and `last_until` are the first and the last day on which its footage has to be kept still, None when
    no footage would mend it. `listed_from_at` is None when it is listed today, else when its grace runs out.
    """

    finding_id: str
    rule: Rule
    severity: Severity
    outcome: str
    subject: Subject
    agency_id: str
    measured: str
    required: str
    unit: str
    reason: str
    clause: str
    periods: tuple[Period, ...]
    evidence: tuple[Evidence, ...]
    first_until: date | None
    last_until: date | None
    listed_from_at: datetime | None

    @property
    def first_period(self) -> str:
        return self.periods[0].period

    @property
    def last_period(self) -> str:
        return self.periods[-1].period


@dataclass(frozen=True, slots=True)
class Unseen:
    """Everything one rule could not tell of one subject for one reason; `evidence` as that of a finding."""

    rule: Rule
    subject: Subject
    agency_id: str
    reason: str
    first_period: str
    last_period: str
    period_count: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """`agencies` are names by id, `counts` verdicts by outcome, `broken` the reason of each rule that did not work."""

    agencies: Mapping[str, str]
    month: Month
    now_at: datetime
    fingerprint: str
    ruleset: str
    counts: Counter[str]
    warnings: tuple[str, ...]
    broken: tuple[tuple[Rule, str], ...]
    findings: tuple[Finding, ...]
    pending: tuple[Finding, ...]
    unseen: tuple[Unseen, ...]

    @property
    def is_compliant(self) -> bool:
        return not (self.counts["fail"] or self.counts["error"])
