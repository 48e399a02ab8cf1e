"""City profiles: one YAML each in `rules/profiles`, with what a city has otherwise than the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rules.catalogue.model import Rule, Text
from rules.catalogue.yaml_files import RuleError, read_yaml

PROFILES_DIR = Path(__file__).parents[1] / "profiles"
CITY = "nanchang"
"""The city whose guide the catalogue is written for, and whose profile counts unless another is named."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a rule that a profile has otherwise; `parameters.photos.value` is a parameter's."""

    field: str
    ours: Text
    theirs: Text


def profiles() -> list[str]:
    """The cities a profile is at hand for."""
    return sorted(path.stem for path in PROFILES_DIR.glob("*.yaml"))


def profile_name(profile: str) -> Text:
    try:
        return Text.model_validate(_read(profile)["name"])
    except ValidationError:
        raise RuleError(f"{profile}.yaml: field name needs zh and en, for example `name: {{zh: …, en: …}}`") from None


def changes_of(profile: str) -> dict[str, dict[str, Any]]:
    """Rule id → fields in place of the catalogue's; of `parameters` only those named."""
    rules = _read(profile)["rules"] or {}
    if not isinstance(rules, dict):
        raise RuleError(f"{profile}.yaml: a profile has the fields name and rules, rules being a table by rule id")
    return rules


def _read(profile: str) -> dict[str, Any]:
    path = PROFILES_DIR / f"{profile}.yaml"
    if not path.is_file():
        raise RuleError(f"no profile {profile}; known: {', '.join(profiles())}")
    fields = read_yaml(path)
    if not isinstance(fields, dict) or fields.keys() != {"name", "rules"}:
        raise RuleError(f"{path.name}: a profile has the fields name and rules, rules being a table by rule id")
    return fields


def changed(fields: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The fields of a rule file as a profile has them."""
    if "id" in change:
        raise RuleError(f"{fields['id']}: a profile cannot change a rule's id")
    parameters = {**fields.get("parameters", {})}
    for name, parameter in change.get("parameters", {}).items():
        parameters[name] = {**parameters.get(name, {}), **parameter}
    return {**fields, **change, "parameters": parameters}


def differences(ours: Rule, theirs: Rule) -> list[Difference]:
    """What a city's rule has otherwise than ours of the same id; not the SQL of its check."""
    here, there = dict(_published(ours)), dict(_published(theirs))
    nothing = Text(zh="（无）", en="(none)")
    return [
        Difference(field, here.get(field, nothing), there.get(field, nothing))
        for field in sorted(here.keys() | there.keys())
        if here.get(field) != there.get(field)
    ]


def _published(rule: Rule) -> Iterator[tuple[str, Text]]:
    for field in type(rule).model_fields:
        value = getattr(rule, field)
        if field in ("parameters", "check"):
            continue
        if field == "reasons":
            yield from ((f"reasons.{code}", text) for code, text in value.items())
        elif isinstance(value, Text):
            yield field, value
        elif value not in (None, (), {}, ""):
            words = " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            yield field, Text(zh=words, en=words)
    for name, parameter in rule.parameters.items():
        value = f"{parameter.value} {parameter.unit}" if parameter.is_number else str(parameter.value)
        yield f"parameters.{name}.value", Text(zh=value, en=value)
        yield f"parameters.{name}.note", parameter.note
