"""Collects what is wrong with every file, and finally tells it with lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from data.bundle.errors import SHOWN_PER_FILE, BundleError, BundleErrors, shorten
from data.bundle.header import Header
from data.bundle.lines import located
from data.bundle.source import BundleFile


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake in a data row, counted from 0.

    `problem` may quote `{cell}`, the cell of any `{column}`, `{id}`, and the `{line}` of `other_row`; an
    empty cell is told in the words of `if_empty`.
    """

    row: int
    column: str
    problem: str
    if_empty: str = ""
    id: str = ""
    other_row: int | None = None


@dataclass(slots=True)
class _FileIssues:
    header: Header
    file: BundleFile
    count: int = 0
    issues: list[Issue] = field(default_factory=list)


class Findings:
    """All errors of one bundle."""

    def __init__(self) -> None:
        self._errors: list[BundleError] = []
        self._count = 0
        self._by_file: dict[str, _FileIssues] = {}

    def add(self, errors: list[BundleError], count: int | None = None) -> None:
        self._errors += errors
        self._count += len(errors) if count is None else count

    def add_issues(self, file: BundleFile, header: Header, issues: list[Issue], count: int) -> None:
        """`issues` are the first of `count`, by row."""
        entry = self._by_file.setdefault(file.table.name, _FileIssues(header, file))
        entry.count += count
        entry.issues += issues

    def raise_any(self) -> None:
        """Raise BundleErrors if anything was found."""
        found = self.as_errors()
        if found.count:
            raise found

    def as_errors(self) -> BundleErrors:
        """Everything found, with lines."""
        errors, count = list(self._errors), self._count
        for entry in self._by_file.values():
            errors += _told(entry)
            count += entry.count
        return BundleErrors(errors, count)


def _told(entry: _FileIssues) -> list[BundleError]:
    issues = sorted(entry.issues, key=lambda issue: issue.row)[:SHOWN_PER_FILE]
    rows = {issue.row for issue in issues} | {i.other_row for i in issues if i.other_row is not None}
    places = located(entry.file.path, rows)
    errors = []
    for issue in issues:
        line, cells = places[issue.row]
        named: defaultdict[str, str] = defaultdict(str)
        named.update((name, shorten(cell)) for name, cell in zip(entry.header.names, cells, strict=False))
        named["cell"] = named[issue.column]
        named["id"] = shorten(issue.id)
        named["line"] = str(places[issue.other_row][0]) if issue.other_row is not None else ""
        problem = issue.if_empty if issue.if_empty and not named["cell"] else issue.problem
        errors.append(BundleError(entry.file.table.file, line, issue.column, problem.format_map(named)))
    return errors
