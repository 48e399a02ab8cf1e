"""What is wrong with a bundle, so that its author can mend every place at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_PER_FILE = 200
"""How many errors of one file are located and listed; the rest are counted."""
VALUE_LENGTH = 60


@dataclass(frozen=True, slots=True, order=True)
class BundleError:
    """One mistake. `line` is where the row starts, counted from 1; 0 when the file as a whole is meant."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.message}"


class BundleErrors(Exception):
    """The bundle was refused; nothing of it is stored. `count` also counts errors that are not listed."""

    def __init__(self, errors: Iterable[BundleError], count: int | None = None) -> None:
        self.errors = sorted(errors)
        self.count = len(self.errors) if count is None else count
        hidden = self.count - len(self.errors)
        lines = [str(error) for error in self.errors]
        if hidden:
            lines.append(f"and {hidden} more; at most {SHOWN_PER_FILE} errors of one file are listed")
        super().__init__("\n".join(lines))


def shorten(value: str) -> str:
    """The value as one line of printable text that fits into a sentence."""
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in value)
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"
