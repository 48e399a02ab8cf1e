"""The rules that count in this installation, as pages show them; read once per process."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from dashboard import say
from data.settings import Settings
from rules import catalogue
from rules.catalogue import Rule


class Judged(Protocol):
    """What a finding, a verdict and a line of a list have in common. A finding's figures are its last period's."""

    @property
    def rule_id(self) -> str: ...
    @property
    def subject_type(self) -> str: ...
    @property
    def subject_id(self) -> str: ...
    @property
    def agency_id(self) -> str: ...
    @property
    def measured(self) -> str: ...
    @property
    def required(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def reason(self) -> str: ...


class Told(Judged, Protocol):
    """A judged one that can be said in a sentence."""

    @property
    def last_period(self) -> str: ...
    @property
    def clause(self) -> str: ...


@cache
def rules(profile: str | None = None) -> dict[str, Rule]:
    """The catalogue as `profile` has it; without one as this installation's setting or else the guide's own city."""
    return catalogue.load(profile=profile or Settings.read().profile or catalogue.CITY)


def title(rule_id: str) -> str:
    """What is wrong when the rule is not met; the id of a rule that is no longer in the catalogue."""
    rule = rules().get(rule_id)
    return say.of(rule.title) if rule else rule_id


def short(rule_id: str) -> str:
    """Two or three words for a column; a rule without such a text of its own is called by its title."""
    name = say.word("rule_short", rule_id)
    return title(rule_id) if name == rule_id else name


def duty(rule_id: str) -> str:
    rule = rules().get(rule_id)
    return say.of(rule.duty) if rule else rule_id


def severity(finding: Judged) -> str:
    rule = rules().get(finding.rule_id)
    return rule.severity_of(finding.reason) if rule else "advice"


def sentence(finding: Told) -> str:
    """The finding in one plain sentence, by the rule's own template."""
    rule = rules().get(finding.rule_id)
    if rule is None:
        return finding.rule_id
    return say.of(rule.message).format(
        subject_id=finding.subject_id,
        agency_id=finding.agency_id,
        period=finding.last_period,
        measured=finding.measured,
        required=finding.required,
        unit=finding.unit,
        clause=finding.clause,
    )


def required(judged: Judged) -> str:
    """The required figure with the word for which side of it is right."""
    rule = rules().get(judged.rule_id)
    return say.required(judged.required, judged.unit, rule.bound if rule else "at_least")


def reason(rule_id: str, code: str) -> str:
    """The rule's own words for a reason code; `exempt` is the engine's, and an error's reason is its message."""
    rule = rules().get(rule_id)
    text = rule.reasons.get(code) if rule else None
    return say.of(text) if text else say.word("reason", code)


def seam_ms() -> int:
    """Holes no longer than this are switches between files; grids do not paint them."""
    return int(float(rules()["far_24h"].parameters["join_tolerance_s"].value) * 1000)


def clock_bounds_s() -> tuple[float, float]:
    """Offsets up to the first pass, up to the second are suspect."""
    parameters = rules()["clock_accurate"].parameters
    return float(parameters["pass_s"].value), float(parameters["suspect_s"].value)
