"""The rules: one YAML file each, its cases beside it, its check in `rules/checks`.

Loading is strict: an unknown field, a missing parameter or a bad word stops the program with file, field and what is
accepted, because a rule that is read differently from how it was written accuses the wrong people.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

Severity = Literal["advice", "minor", "major", "critical"]
Subject = Literal["agency", "room", "device", "camera", "recorder", "session", "report", "image"]
SEVERITIES: tuple[Severity, ...] = ("advice", "minor", "major", "critical")
CATALOGUE_DIR = Path(str(files("rules.catalogue")))
CHECKS_DIR = CATALOGUE_DIR.parent / "checks"
VERDICT_FIELDS = ("subject_id", "agency_id", "period", "measured", "required", "unit", "clause")
PARAMETER_PATTERN = re.compile(r"\$([a-z][a-z0-9_]*)")
ENGINE_PARAMETERS = {"grace_h"}


class RuleError(Exception):
    """A rule file that cannot be used; the message names file, field and what is accepted."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Parameter(Strict):
    value: Decimal | str
    unit: str
    basis: Literal["clause", "engineering default"]
    note: Text


class Rule(Strict):
    """One rule as its author wrote it; `check` is the SQL text that judges it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    duty: Text
    clauses: tuple[str, ...] = Field(min_length=1)
    severity: Severity
    status: Literal["draft", "active", "retired"]
    in_force_from: date
    subject: Subject
    period: Literal["day", "month"]
    grace_h: int = Field(ge=0)
    unit: str
    decimals: int | None = Field(default=None, ge=0, le=6)
    parameters: dict[str, Parameter]
    message: Text
    remedy: Text
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


def load(folder: Path = CATALOGUE_DIR, checks: Path = CHECKS_DIR) -> dict[str, Rule]:
    """All rules by id; raises RuleError on the first file that cannot be used."""
    return {rule.id: rule for rule in (_load_file(path, checks) for path in rule_files(folder))}


def rule_files(folder: Path = CATALOGUE_DIR) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if not path.name.endswith(".test.yaml"))


def digest(rules: dict[str, Rule]) -> str:
    """Identifies exactly these rules: ids, parameters, texts and checks."""
    content = "\n".join(rules[rule_id].model_dump_json() for rule_id in sorted(rules))
    return hashlib.sha256(content.encode()).hexdigest()


def _load_file(path: Path, checks: Path) -> Rule:
    try:
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RuleError(f"{path.name}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(fields, dict):
        raise RuleError(f"{path.name}: a rule is a list of fields, for example `id: far_24h`")
    if fields.get("id") != path.stem:
        raise RuleError(f"{path.name}: field id is '{fields.get('id')}'; it must be the file's name, '{path.stem}'")
    check = checks / f"{fields.get('check', path.stem)}.sql"
    if not check.is_file():
        raise RuleError(f"{path.name}: field check names {check.name}, which is not in rules/checks")
    try:
        return Rule.model_validate(fields | {"check": check.read_text(encoding="utf-8")})
    except ValidationError as error:
        raise RuleError(f"{path.name}: {_sentence(error)}") from None


def _sentence(error: ValidationError) -> str:
    parts = []
    for problem in error.errors():
        field = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            accepted = ", ".join(sorted(Rule.model_fields))
            message = f"unknown field; accepted: {accepted}"
        parts.append(f"field {field}: {message}" if field else message)
    return "; ".join(parts)
