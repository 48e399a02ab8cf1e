"""The cases of a rule together: all that are judged at the same instants as one city, in which each still must hold.

That shows that no case's facts say anything about another's subjects, and a hundred faults are tried on a few cities
sooner than on many cases. The ids of a case are told apart from the others' by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data.bundle.format import TABLES
from data.periods import parse_instant
from rules.cases import Case, CaseFile, Later, Rows, merged

IDS = {table.key[0] for table in TABLES.values() if table.key} | {"scope_id", "subject_id"}
LISTS = frozenset(("covers", "camera_ids"))
Part = tuple[str | None, Rows]


def together(cases: CaseFile) -> CaseFile:
    """The cases in as few worlds as can be; what is handed in at a known instant stays apart from what is not."""
    cities: dict[tuple[str, str, str | None, bool], list[tuple[int, Case]]] = {}
    for number, case in enumerate(cases.cases):
        key = (case.month, case.now, case.as_of, case.taken_in_at is None)
        cities.setdefault(key, []).append((number, case))
    return CaseFile(cases=[_city(cases.given, members) for members in cities.values()])


def _city(shared: Rows, members: Sequence[tuple[int, Case]]) -> Case:
    by_turn: dict[tuple[str, int], list[Part]] = {}
    for number, case in members:
        for turn, (taken_in_at, rows) in enumerate(_parts(shared, case)):
            told_apart = {table: [_of_case(number, row) for row in lines] for table, lines in rows.items()}
            at = parse_instant(taken_in_at).isoformat() if taken_in_at else ""
            by_turn.setdefault((at, turn), []).append((taken_in_at, told_apart))
    (first_at, first), *later = [(parts[0][0], _joined(parts)) for _, parts in sorted(by_turn.items())]
    expect = [_of_case(number, row) for number, case in members for row in case.expect]
    update = {"name": " / ".join(case.name for _, case in members), "taken_in_at": first_at, "given": first}
    bundles = [Later(taken_in_at=str(at), given=rows) for at, rows in later]
    return members[0][1].model_copy(update=update | {"later": bundles, "expect": expect})


def _parts(shared: Rows, case: Case) -> Iterator[Part]:
    for part in (case, *case.later):
        yield part.taken_in_at, merged(shared, part.given)


def _joined(parts: Sequence[Part]) -> Rows:
    joined: Rows = {}
    for _, rows in parts:
        for table, lines in rows.items():
            joined.setdefault(table, []).extend(lines)
    return joined


def _of_case(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _told_apart(number, name, value) for name, value in row.items()}


def _told_apart(number: int, name: str, value: Any) -> Any:
    """The digest of a file keeps its length; the cases give digests that differ in their later digits too."""
    if value is None or value == "":
        return value
    if name in IDS:
        return f"{number:03}.{value}"
    if name in LISTS:
        return " ".join(f"{number:03}.{part}" for part in str(value).split(" "))
    return f"{number:04x}{value[4:]}" if name == "sha256" else value
