"""Small faults in the SQL of a check, of the kinds that authors make: each must be noticed by some case.

Only code is changed, never a comment. What says nothing but `evidence` is left alone, because cases compare verdicts
and evidence is no part of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from rules.catalogue import Rule
from tests.rules.sql import Span, Token, closing, conjuncts, evidence_spans, last_comma, tokens_of

SWAPS = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "=": ("<>",),
    "<>": ("=",),
    "AND": ("OR",),
    "OR": ("AND",),
    "+": ("-",),
    "-": ("+",),
    "0": ("1",),
    "1": ("0", "2"),
    "2": ("1", "3"),
    "true": ("false",),
    "false": ("true",),
    "min": ("max",),
    "max": ("min",),
    "least": ("greatest",),
    "greatest": ("least",),
    "arg_min": ("arg_max",),
    "arg_max": ("arg_min",),
    "min_by": ("max_by",),
    "max_by": ("min_by",),
    "bool_and": ("bool_or",),
    "bool_or": ("bool_and",),
    "list_has_any": ("list_has_all",),
    "list_has_all": ("list_has_any",),
}
"""A token and what stands there by mistake."""
DROPPED_BEFORE = {"NOT": "", "DESC": "", "LEFT": "JOIN", "FULL": "JOIN"}
"""Words that may be forgotten, and the word that must follow if not any may."""
OTHER_WORD = "'~'"
SMALLEST_STEP = {"s": Decimal("0.001"), "share": Decimal("0.003")}
"""How far a number is moved, by unit, to show that cases stand on either side of it; of other units by one."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault. `nudge` is a parameter and how far it moved.

    `text` is the line it stands in, as `… [old → new] …`, with `#2` at the end for the second of two such lines.
    """

    text: str
    sql: str
    nudge: tuple[str, Decimal] | None = None

    def of(self, rule: Rule) -> Rule:
        """The rule with this fault in its check or in its parameters."""
        if self.nudge is None:
            return rule.model_copy(update={"check": self.sql})
        name, step = self.nudge
        if name == "grace_h":
            return rule.model_copy(update={"grace_h": rule.grace_h + int(step)})
        given = rule.parameters[name]
        moved = given.model_copy(update={"value": Decimal(given.value) + step})
        return rule.model_copy(update={"parameters": rule.parameters | {name: moved}})


@dataclass(frozen=True, slots=True)
class Edit:
    span: Span
    new: str


def mutants_of_sql(sql: str) -> list[Mutant]:
    """Every fault of the SQL once, in the order of the text."""
    tokens = tokens_of(sql)
    hidden = evidence_spans(tokens)
    edits = [*_swapped(tokens), *_forgotten(tokens), *_words(tokens), *_defaults(tokens), *_conditions(tokens)]
    seen = [edit for edit in edits if not any(span.contains(edit.span) for span in hidden)]
    faulty = {_applied(sql, edit): _told(sql, edit) for edit in sorted(seen, key=lambda e: e.span)}
    turns: Counter[str] = Counter()
    mutants = []
    for text, told in faulty.items():
        turns[told] += 1
        mutants.append(Mutant(told if turns[told] == 1 else f"{told} #{turns[told]}", text))
    return mutants


def mutants_of_numbers(rule: Rule) -> Iterator[Mutant]:
    """The rule with one of its numbers moved, up and down."""
    units = {name: parameter.unit for name, parameter in rule.parameters.items()}
    for name, value in rule.check_parameters.items():
        try:
            Decimal(value)
        except InvalidOperation:
            continue
        step = SMALLEST_STEP.get(units.get(name, "h"), Decimal(1))
        for signed in (-step, step):
            yield Mutant(f"${name} {signed:+}", rule.check, (name, signed))


def _swapped(tokens: Sequence[Token]) -> Iterator[Edit]:
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.text == "AND" and _closes_between(tokens, token):
            continue
        if token.text in ("+", "-") and (before is None or (before.kind == "sign" and before.text not in ")]")):
            continue
        for new in SWAPS.get(token.text, ()):
            yield Edit(token.span, new)


def _closes_between(tokens: Sequence[Token], token: Token) -> bool:
    """Whether this AND belongs to a BETWEEN at its own depth."""
    earlier = [t.text for t in tokens[: token.index] if t.depth == token.depth and t.text in ("AND", "BETWEEN")]
    return bool(earlier) and earlier[-1] == "BETWEEN"


def _forgotten(tokens: Sequence[Token]) -> Iterator[Edit]:
    """A word left out; and the other way round, IS NULL for IS NOT NULL."""
    for token, after in pairwise(tokens):
        if token.text in DROPPED_BEFORE and DROPPED_BEFORE[token.text] in ("", after.text):
            yield Edit(token.span, "")
        if token.text == "(" and after.text == "DISTINCT":
            yield Edit(after.span, "")
        if token.text == "IS" and after.text in ("NULL", "DISTINCT"):
            yield Edit(token.span, "IS NOT")


def _words(tokens: Sequence[Token]) -> Iterator[Edit]:
    """Another word for each one compared or given; not for a field's name nor for the kind of a piece of evidence."""
    for token, after in pairwise(tokens):
        is_kind = [t.text for t in tokens[max(token.index - 2, 0) : token.index]] == ["'kind'", ":"]
        if token.kind == "string" and after.text != ":" and not is_kind:
            yield Edit(token.span, OTHER_WORD)


def _defaults(tokens: Sequence[Token]) -> Iterator[Edit]:
    """`coalesce` without its last resort."""
    for token in tokens:
        if token.text == "coalesce":
            end = closing(tokens, token.index + 1)
            comma = last_comma(tokens, token.index + 1, end)
            if comma is not None:
                yield Edit(Span(comma.span.start, tokens[end].span.start), "")


def _conditions(tokens: Sequence[Token]) -> Iterator[Edit]:
    """A conjunct of WHERE or ON forgotten, or a branch of CASE that is never taken.

    The scope of a judgement is left alone: every case judges all agencies.
    """
    scopes = {token.span.start for token in tokens if token.text == "in_scope"}
    for opening, span in conjuncts(tokens):
        if span.start not in scopes:
            yield Edit(span, "false" if opening == "WHEN" else "true")


def _applied(sql: str, edit: Edit) -> str:
    return sql[: edit.span.start] + edit.new + sql[edit.span.end :]


def _told(sql: str, edit: Edit) -> str:
    start = sql.rfind("\n", 0, edit.span.start) + 1
    end = sql.find("\n", edit.span.end)
    rest = sql[edit.span.end : end if end >= 0 else len(sql)]
    told = f"{sql[start : edit.span.start]}[{sql[edit.span.start : edit.span.end]} → {edit.new}]{rest}"
    return re.sub(r"\s+", " ", told).strip()
