"""SQL as tokens, as far as faults are to be planted in it: no grammar, only words, depth of brackets and clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

TOKEN = re.compile(
    r"(?P<skipped>--[^\n]*|\s+)|(?P<string>'(?:[^']|'')*')|(?P<parameter>\$[a-z]\w*)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<sign><=|>=|<>|:=|->|\|\||::|.)"
)
OPENING, CLOSING = ("(", "[", "{", "CASE"), (")", "]", "}", "END")
CONDITION_STARTS = ("WHERE", "ON", "HAVING", "QUALIFY", "WHEN")
SOURCES = frozenset(("FROM", "USING", "JOIN", "LEFT", "RIGHT", "FULL", "CROSS", "ANTI", "SEMI", "ASOF"))
CLAUSES = frozenset(("SELECT", "GROUP", "WINDOW", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "THEN", "ELSE"))
CLAUSE_STARTS = SOURCES | CLAUSES | frozenset(CONDITION_STARTS)


class Span(NamedTuple):
    start: int
    end: int

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


class Token(NamedTuple):
    """`depth` counts the brackets and CASEs around it; an opening and its closing stand outside themselves."""

    kind: str
    text: str
    span: Span
    depth: int
    index: int


def tokens_of(sql: str) -> list[Token]:
    tokens: list[Token] = []
    depth = 0
    for match in TOKEN.finditer(sql):
        if match.lastgroup == "skipped":
            continue
        text = match.group()
        depth -= text in CLOSING
        tokens.append(Token(str(match.lastgroup), text, Span(*match.span()), depth, len(tokens)))
        depth += text in OPENING
    return tokens


def closing(tokens: Sequence[Token], opening: int) -> int:
    """The index of the token that closes the one at `opening`."""
    return next(t.index for t in tokens[opening + 1 :] if t.depth == tokens[opening].depth)


def last_comma(tokens: Sequence[Token], opening: int, end: int) -> Token | None:
    depth = tokens[opening].depth + 1
    commas = [t for t in tokens[opening:end] if t.text == "," and t.depth == depth]
    return commas[-1] if commas else None


def conjuncts(tokens: Sequence[Token]) -> Iterator[tuple[str, Span]]:
    """Each condition of WHERE, ON, … that holds beside others or alone, with the word that opens its clause."""
    for token in tokens:
        if token.text not in CONDITION_STARTS:
            continue
        clause = _clause(tokens, token)
        if clause[0].kind == "string" and len(clause) == 1:  # CASE outcome WHEN 'fail' is a comparison, not a condition
            continue
        level = [t.text for t in clause if t.depth == token.depth]
        if token.text == "WHEN" or "OR" in level or "BETWEEN" in level:
            yield token.text, _span(clause)
        else:
            yield from ((token.text, _span(part)) for part in _split(clause, "AND", token.depth))


def _clause(tokens: Sequence[Token], start: Token) -> list[Token]:
    clause = []
    for token in tokens[start.index + 1 :]:
        if token.depth < start.depth or (token.depth == start.depth and token.text in CLAUSE_STARTS):
            break
        clause.append(token)
    return clause


def _split(tokens: Sequence[Token], word: str, depth: int) -> Iterator[list[Token]]:
    part: list[Token] = []
    for token in tokens:
        if token.text == word and token.depth == depth:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _span(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].span.start, tokens[-1].span.end)


def evidence_spans(tokens: Sequence[Token]) -> list[Span]:
    """Where the text makes nothing but evidence: the column itself, and columns and CTEs that only evidence reads."""
    items = {token.index: item for token in tokens if (item := _named_item(tokens, token))}
    tables = {token: span for token in tokens if (span := _table(tokens, token))}
    names = {"evidence"}
    spans: list[Span] = []
    while True:
        columns = [span for index, span in items.items() if tokens[index].text in names]
        hidden = [*columns, *(span for table, span in tables.items() if _joins_only(tokens, table, spans))]
        found = {tokens[i].text for i in items} - names
        found = {name for name in found if _feeds_only(tokens, name, items, hidden)}
        if not found and len(hidden) == len(spans):
            return spans
        spans, names = hidden, names | found


def _table(tokens: Sequence[Token], name: Token) -> Span | None:
    """The SELECT of the CTE that begins with `name`."""
    after = [token.text for token in tokens[name.index + 1 : name.index + 3]]
    if name.kind != "name" or not name.text.islower() or after != ["AS", "("]:
        return None
    end = closing(tokens, name.index + 2)
    return Span(tokens[name.index + 2].span.end, tokens[end].span.start)


def _joins_only(tokens: Sequence[Token], table: Token, spans: Sequence[Span]) -> bool:
    """Whether the CTE is read for evidence only, or joined to it row by row without taking any row away."""
    uses = [t for t in tokens if t.text == table.text and t.kind == "name" and t != table]
    return bool(uses) and all(_within(spans, use) or _is_joined(tokens, use, spans) for use in uses)


def _is_joined(tokens: Sequence[Token], use: Token, spans: Sequence[Span]) -> bool:
    before = [token.text for token in tokens[use.index - 2 : use.index]]
    after = tokens[use.index + 1 : use.index + 3]
    if before != ["LEFT", "JOIN"] or [token.text for token in after[1:]] != ["USING"]:
        return False
    start = max(t.index for t in tokens[: use.index] if t.text == "SELECT" and t.depth == use.depth)
    read = [a for a, dot in pairwise(tokens[start:]) if a.text == after[0].text and dot.text == "."]
    return bool(read) and all(_within(spans, token) for token in read)


def named_items(tokens: Sequence[Token], name: str) -> list[Span]:
    """Every item of a SELECT list that is given this name with AS."""
    return [item for token in tokens if token.text == name and (item := _named_item(tokens, token))]


def _within(spans: Sequence[Span], token: Token) -> bool:
    return any(span.contains(token.span) for span in spans)


def _named_item(tokens: Sequence[Token], name: Token) -> Span | None:
    """The item of a SELECT list that `name` is the AS-name of."""
    if name.kind != "name" or not name.text.islower() or tokens[name.index - 1].text != "AS":
        return None
    for token in reversed(tokens[: name.index]):
        if token.depth < name.depth:
            return None
        if token.depth == name.depth and token.text in (",", "SELECT", "DISTINCT"):
            return Span(token.span.end, name.span.end)
        if token.depth == name.depth and token.text in CLAUSE_STARTS - {"SELECT"}:
            return None
    return None


def _feeds_only(tokens: Sequence[Token], name: str, named: dict[int, Span], spans: Sequence[Span]) -> bool:
    uses = [t for t in tokens if t.text == name and t.kind == "name" and t.index not in named]
    read = [t for t in uses if _within(spans, t)]
    return bool(read) and all(t in read or _is_passed_on(tokens, t) for t in uses)


def _is_passed_on(tokens: Sequence[Token], token: Token) -> bool:
    """Whether this is a whole item of a SELECT list: `name` or `t.name`."""
    before = tokens[token.index - 1]
    first = tokens[token.index - 3] if before.text == "." else before
    after = tokens[token.index + 1].text if token.index + 1 < len(tokens) else "FROM"
    return first.text in ("SELECT", ",") and after in (",", "FROM")
