"""What a rule file may say: its fields, their words, and what must fit together."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

Severity = Literal["advice", "minor", "major", "critical"]
Subject = Literal["agency", "room", "device", "camera", "recorder", "session", "report", "image"]
Period = Literal["day", "month"]
SEVERITIES: tuple[Severity, ...] = ("advice", "minor", "major", "critical")
VERDICT_FIELDS = ("subject_id", "agency_id", "period", "measured", "required", "unit", "clause")
PARAMETER_PATTERN = re.compile(r"\$([a-z][a-z0-9_]*)")
NUMBER_PATTERN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
ENGINE_PARAMETERS = {"grace_h"}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Parameter(Strict):
    """A number or word of the arithmetic. `same_as` names another rule's parameter, which then is the only source."""

    value: Decimal | str = ""
    same_as: str | None = Field(default=None, pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")
    unit: str
    basis: Literal["clause", "engineering default"]
    note: Text

    @model_validator(mode="after")
    def _one_source(self) -> Parameter:
        if ("value" in self.model_fields_set) == (self.same_as is not None):
            raise ValueError("needs either value or same_as, for example `same_as: far_24h.tolerance_s`")
        return self

    @property
    def is_number(self) -> bool:
        """A file may have its number in quotes."""
        return isinstance(self.value, Decimal) or NUMBER_PATTERN.fullmatch(self.value) is not None


def _listed(subject: object) -> object:
    return (subject,) if isinstance(subject, str) else subject


Subjects = Annotated[tuple[Subject, ...], BeforeValidator(_listed), Field(min_length=1)]


class Rule(Strict):
    """One rule as its author wrote it; `check` is the SQL text that judges it.

    `reading` says which meaning was taken where the text of the duty leaves several. `bound`: on which side of the
    required figure the measured one is right.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    duty: Text
    reading: Text | None = None
    clauses: tuple[str, ...] = Field(min_length=1)
    severity: Severity
    status: Literal["draft", "active", "retired"]
    in_force_from: date
    subject: Subjects
    period: Period
    grace_h: int = Field(ge=0)
    unit: str
    bound: Literal["at_most", "at_least"] = "at_least"
    decimals: int | None = Field(default=None, ge=0, le=6)
    parameters: dict[str, Parameter]
    message: Text
    remedy: Text
    mend: Literal["register", "footage", "record", "never"]
    reasons: dict[str, Text]
    severity_by_reason: dict[str, Severity] = Field(default_factory=dict)
    check: str

    @field_validator("message")
    @classmethod
    def _only_verdict_fields(cls, message: Text) -> Text:
        for text in (message.zh, message.en):
            unknown = set(re.findall(r"{(\w*)}", text)) - set(VERDICT_FIELDS)
            if unknown:
                raise ValueError(f"uses {sorted(unknown)}; a message may use {', '.join(VERDICT_FIELDS)}")
        return message

    @model_validator(mode="after")
    def _check_uses_every_parameter(self) -> Rule:
        used = set(PARAMETER_PATTERN.findall(self.check)) - ENGINE_PARAMETERS
        if missing := used - set(self.parameters):
            raise ValueError(f"parameters: the check uses {sorted(missing)}, which the rule does not give")
        if idle := set(self.parameters) - used:
            raise ValueError(f"parameters: {sorted(idle)} is not used by the check")
        return self

    @model_validator(mode="after")
    def _severities_are_of_known_reasons(self) -> Rule:
        if unknown := set(self.severity_by_reason) - set(self.reasons):
            raise ValueError(f"severity_by_reason: {sorted(unknown)} is not among the reasons {sorted(self.reasons)}")
        return self

    def severity_of(self, reason: str) -> Severity:
        """Some reasons weigh less than the rule as a whole, for example a duty applied by analogy."""
        return self.severity_by_reason.get(reason, self.severity)

    @property
    def clause(self) -> str:
        return " ".join(self.clauses)

    @property
    def check_parameters(self) -> dict[str, Decimal | str | int]:
        values: dict[str, Decimal | str | int] = {name: p.value for name, p in self.parameters.items()}
        return values | ({"grace_h": self.grace_h} if "$grace_h" in self.check else {})
