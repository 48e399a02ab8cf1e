"""A rule as it would be with other values: strict, so that what is tried is what was meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Literal

from rules.catalogue import Parameter, Rule, RuleError
from rules.catalogue.model import NUMBER_PATTERN as NUMBER

Value = Decimal | int | str
Status = Literal["draft", "active", "retired"]
STATUSES: tuple[Status, ...] = ("draft", "active", "retired")
RANGE = re.compile(r"([0-9.]+):([0-9.]+):([0-9.]+)")
MOST_VALUES = 100
DIVISIBLE_UNITS = frozenset({"s", "ms", "h", "share"})
"""What can be given in parts; all other numbers of the catalogue count whole things."""


def draft(rule: Rule, values: Mapping[str, Value], status: Status = "active") -> Rule:
    """`rule` with these parameters, tried as `status` whatever its own is; RuleError says what is accepted."""
    if status not in STATUSES:
        raise RuleError(f"{rule.id}: '{status}' is no status; accepted: {', '.join(STATUSES)}")
    drafted = {name: _drafted(rule, name, value) for name, value in values.items()}
    return rule.model_copy(update={"parameters": {**rule.parameters, **drafted}, "status": status})


def followers(rules: Mapping[str, Rule], rule_id: str, names: Collection[str]) -> list[str]:
    """The rules that take one of these parameters of `rule_id` over."""
    sources = {f"{rule_id}.{name}" for name in names}
    return [rule.id for rule in rules.values() if any(p.same_as in sources for p in rule.parameters.values())]


def following(rules: Mapping[str, Rule], drafted: Rule) -> tuple[Rule, ...]:
    """The rules that take a changed parameter of `drafted` over, with its new value."""
    present = rules[drafted.id].parameters
    changed = {name: p for name, p in drafted.parameters.items() if p.value != present[name].value}
    by_source = {f"{drafted.id}.{name}": p.value for name, p in changed.items()}
    return tuple(_following(rules[rule_id], by_source) for rule_id in followers(rules, drafted.id, changed))


def _following(rule: Rule, by_source: Mapping[str, Decimal | str]) -> Rule:
    taken = {
        name: p.model_copy(update={"value": by_source[p.same_as]})
        for name, p in rule.parameters.items()
        if p.same_as is not None and p.same_as in by_source
    }
    return rule.model_copy(update={"parameters": {**rule.parameters, **taken}})


def _drafted(rule: Rule, name: str, value: Value) -> Parameter:
    parameter = rule.parameters.get(name)
    if parameter is None:
        accepted = ", ".join(rule.parameters) or "none, this rule has no parameter"
        raise RuleError(f"{rule.id} has no parameter {name}; accepted: {accepted}")
    if parameter.same_as is not None:
        source, _, theirs = parameter.same_as.partition(".")
        raise RuleError(
            f"{rule.id}.{name} is that of {source}; try {theirs} of {source}, which shows {rule.id} as well"
        )
    where, present = f"{rule.id}.{name}", parameter.value
    if not parameter.is_number:
        return parameter.model_copy(update={"value": _words(where, parameter, value)})
    number = _number(where, parameter, value)  # a rule file may have its number in quotes; it is handed on as it was
    return parameter.model_copy(update={"value": str(number) if isinstance(present, str) else number})


def _number(where: str, parameter: Parameter, value: Value) -> Decimal:
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    is_whole = parameter.unit not in DIVISIBLE_UNITS
    is_number = not isinstance(value, bool) and NUMBER.fullmatch(text) is not None
    if not is_number or (is_whole and Decimal(text) % 1) or (parameter.unit == "share" and Decimal(text) > 1):
        kind = "a whole number" if is_whole else "a number"
        accepted = "from 0 to 1" if parameter.unit == "share" else f"of {parameter.unit}, zero or more"
        raise RuleError(
            f"{where}: '{value}' is not accepted; accepted: {kind} {accepted} (it is {parameter.value} now)"
        )
    return Decimal(text)


def _words(where: str, parameter: Parameter, value: Value) -> str:
    is_flag = parameter.unit == "yes or no"
    accepted = "yes, no" if is_flag else f"{parameter.unit} in words, for example {parameter.value}"
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or NUMBER.fullmatch(text) or (is_flag and text not in ("yes", "no")):
        raise RuleError(f"{where}: '{value}' is not accepted; accepted: {accepted}")
    return text


def listed(text: str, most: int = MOST_VALUES) -> list[str]:
    """The values named one by one or as from:to:step, both ends included."""
    found = RANGE.fullmatch(text)
    values = _steps(found[1], found[2], found[3], most) if found else [part.strip() for part in re.split("[,，]", text)]
    if not all(values):
        raise RuleError(f"'{text}' has an empty value; write values with commas, or from:to:step")
    if len(values) > most:
        raise RuleError(f"'{text}' is {len(values)} values; at most {most} are tried at once")
    return list(dict.fromkeys(values))


def _steps(first: str, last: str, step: str, most: int) -> list[str]:
    try:
        start, end, by = Decimal(first), Decimal(last), Decimal(step)
    except ArithmeticError:
        raise RuleError(f"'{first}:{last}:{step}' is not from:to:step, for example 0:120:10") from None
    if by <= 0 or start > end:
        raise RuleError(f"'{first}:{last}:{step}' goes nowhere; from must not be above to, and step be above zero")
    count = int((end - start) / by) + 1
    if count > most:
        raise RuleError(f"'{first}:{last}:{step}' is {count} values; at most {most} are tried at once")
    return [format(start + position * by, "f") for position in range(count)]
