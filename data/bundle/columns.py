"""The parts of which the format table is made."""

from __future__ import annotations

from dataclasses import dataclass

from data.bundle.kinds import LIST, REFERENCE, Kind


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    `refers_to` names the table in which its id, or every id of its list, must be found.
    """

    name: str
    kind: Kind
    required: bool = False
    refers_to: str | None = None
    default: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an id of a row must be found. `ids` is SQL for the row's ids, NULL where the row names none.

    They are compared with the first columns of the target's key.
    """

    column: str
    target: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What must not be within one row: `bad` is SQL, `problem` may quote cells as `{column}`."""

    column: str
    bad: str
    problem: str


@dataclass(frozen=True, slots=True)
class Table:
    """One file of a bundle and the table of the same name.

    `known_at` is the column that says when such a fact was learnt by whoever reports it.
    """

    name: str
    title_zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    known_at: str | None = None
    special_references: tuple[Reference, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def references(self) -> tuple[Reference, ...]:
        """Those of single columns, then the special ones."""
        plain = (
            Reference(c.name, c.refers_to, (f"unnest({c.name})" if c.kind is LIST else c.name,))
            for c in self.columns
            if c.refers_to
        )
        return (*plain, *self.special_references)


def ref(name: str, target: str, *, required: bool = False, note: str = "") -> Column:
    """A column that holds the id of a row of `target`."""
    return Column(name, REFERENCE, required, target, note=note)


def not_before(end: str, start: str) -> Check:
    """An interval may be empty but not end before it starts."""
    return Check(
        end,
        f"{end} < {start}",
        f"'{{{end}}}' is before {start} '{{{start}}}'; write the later of the two here",
    )
