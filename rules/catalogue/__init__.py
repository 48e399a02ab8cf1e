"""The rules: one YAML file each, its cases beside it, its check in `rules/checks`.

Loading is strict: an unknown field, a missing parameter or a bad word stops the program with file, field and what is
accepted, because a rule that is read differently from how it was written accuses the wrong people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rules.catalogue.city import CITY, Difference, changed, changes_of, differences, profile_name, profiles
from rules.catalogue.ids import check_published, published_ids
from rules.catalogue.model import SEVERITIES, Parameter, Rule, Severity, Strict, Text
from rules.catalogue.yaml_files import RuleError, read_yaml

__all__ = [
    "CITY",
    "SEVERITIES",
    "Difference",
    "Parameter",
    "Rule",
    "RuleError",
    "Severity",
    "Strict",
    "Text",
    "differences",
    "digest",
    "load",
    "profile_name",
    "profiles",
    "rule_files",
]

CATALOGUE_DIR = Path(str(files("rules.catalogue")))
CHECKS_DIR = CATALOGUE_DIR.parent / "checks"


def load(folder: Path = CATALOGUE_DIR, checks: Path = CHECKS_DIR, profile: str = CITY) -> dict[str, Rule]:
    """All rules by id as `profile` has them; raises RuleError on the first file that cannot be used."""
    changes = changes_of(profile)
    written = {path.stem: _read(path) for path in rule_files(folder)}
    if folder == CATALOGUE_DIR and (unknown := sorted(changes.keys() - written.keys())):
        raise RuleError(f"{profile}.yaml: no rule {', '.join(unknown)}; known: {', '.join(written)}")
    rules = {
        rule_id: _validated(rule_id, changed(fields, changes.get(rule_id, {})), checks)
        for rule_id, fields in written.items()
    }
    if folder == CATALOGUE_DIR:
        check_published(rules, published_ids())
    return {rule_id: _resolved(rule, rules) for rule_id, rule in rules.items()}


def rule_files(folder: Path = CATALOGUE_DIR) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if not path.name.endswith(".test.yaml"))


def digest(rules: Mapping[str, Rule]) -> str:
    """Identifies exactly these rules: ids, parameters, texts and checks."""
    content = "\n".join(rules[rule_id].model_dump_json() for rule_id in sorted(rules))
    return hashlib.sha256(content.encode()).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    fields = read_yaml(path)
    if not isinstance(fields, dict):
        raise RuleError(f"{path.name}: a rule is a list of fields, for example `id: far_24h`")
    if fields.get("id") != path.stem:
        raise RuleError(f"{path.name}: field id is '{fields.get('id')}'; it must be the file's name, '{path.stem}'")
    return fields


def _validated(rule_id: str, fields: dict[str, Any], checks: Path) -> Rule:
    check = checks / f"{fields.get('check', rule_id)}.sql"
    if not check.is_file():
        raise RuleError(f"{rule_id}.yaml: field check names {check.name}, which is not in rules/checks")
    try:
        return Rule.model_validate(fields | {"check": check.read_text(encoding="utf-8")})
    except ValidationError as error:
        raise RuleError(f"{rule_id}.yaml: {_sentence(error)}") from None


def _resolved(rule: Rule, rules: Mapping[str, Rule]) -> Rule:
    """Parameters that are another rule's take its value, also the one a profile gives it."""
    resolved = {}
    for name, parameter in rule.parameters.items():
        if parameter.same_as is not None:
            other, _, theirs = parameter.same_as.partition(".")
            source = rules[other].parameters.get(theirs) if other in rules else None
            if source is None or source.same_as is not None:
                raise RuleError(f"{rule.id}.yaml: field parameters.{name}.same_as: no value at {parameter.same_as}")
            resolved[name] = parameter.model_copy(update={"value": source.value})
    return rule.model_copy(update={"parameters": {**rule.parameters, **resolved}}) if resolved else rule


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
