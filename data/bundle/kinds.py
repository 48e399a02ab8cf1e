"""How the text of a cell becomes a value: as SQL, so that millions of rows are read without Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.periods import LOCAL_OFFSET

INT32_MAX = 2**31 - 1
INT64_MAX = 2**63 - 1

_OFFSET = r"Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?"
_TIME = r"(19|[2-9]\d)\d{2}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?" + f"({_OFFSET})?"
_DATE = r"(19|[2-9]\d)\d{2}-\d{2}-\d{2}"
# The last instant whose local day Python and the reports can still write.
_LAST_INSTANT = "TIMESTAMP '9999-12-31 15:59:59.999999'"
# Control and format characters (zero-width ones too) anywhere, or any kind of blank at an end: such an id
# looks like another one and would match nothing.
_UNCLEAN = r"\p{C}|^[\s\p{Z}]|[\s\p{Z}]$"
_WORD = r"[^\s\p{Z}\p{C}]+"


def _unread(cell: str, value: str) -> str:
    return f"{cell} IS NOT NULL AND {value} IS NULL"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of cell.

    `accepted` ends the sentence "'…' is not …". `value` turns the SQL of a cell, NULL when empty, into the
    SQL of its value; `bad` turns both into the SQL condition of a cell that is refused.
    """

    word: str
    accepted: str
    value: Callable[[str], str] = str
    bad: Callable[[str, str], str] = _unread


def _time_value(cell: str) -> str:
    """Naive UTC.

    DuckDB's cast alone would take 24:00 for the next day, a cast to TIMESTAMP would drop the offset in
    silence, and the cast to TIMESTAMPTZ wants seconds before an offset.
    """
    whole = f"CASE WHEN {cell}[17] = ':' THEN {cell} ELSE left({cell}, 16) || ':00' || substr({cell}, 17) END"
    local_us = LOCAL_OFFSET.seconds * 1_000_000
    shift_us = f"CASE WHEN regexp_matches({cell}, '({_OFFSET})$') THEN 0 ELSE {local_us} END"
    instant = f"make_timestamp(epoch_us(TRY_CAST({whole} AS TIMESTAMPTZ)) - {shift_us})"
    return f"CASE WHEN regexp_full_match({cell}, '{_TIME}') THEN {instant} END"


def _matching(pattern: str, value: str) -> Callable[[str], str]:
    return lambda cell: f"CASE WHEN regexp_full_match({cell}, '{pattern}') THEN {value.format(cell=cell)} END"


def _unread_or(condition: str) -> Callable[[str, str], str]:
    return lambda cell, value: f"{_unread(cell, value)} OR {condition.format(cell=cell, value=value)}"


TEXT = Kind(
    "text",
    "text; leave the cell empty when it is not known",
    lambda cell: f"CASE WHEN regexp_matches({cell}, '[^\\s\\p{{Z}}]') THEN {cell} END",
)
ID = Kind(
    "id",
    "an id; write it without blanks around it and without invisible characters",
    value=lambda cell: f"trim({cell})",  # a refused id shall not make every reference to it dangle as well
    bad=lambda cell, _: f"regexp_matches({cell}, '{_UNCLEAN}')",
)
REFERENCE = Kind("id", "an id")
"""An id that has to be found elsewhere, which shows whether it is well written."""
TIME = Kind(
    "time",
    "a time; write ISO 8601, for example 2026-10-01T08:00:00+08:00",
    value=_time_value,
    bad=_unread_or(f"{{value}} > {_LAST_INSTANT}"),
)
DATE = Kind("date", "a day; write YYYY-MM-DD, for example 2026-10-01", _matching(_DATE, "TRY_CAST({cell} AS DATE)"))
FLAG = Kind(
    "flag",
    "a flag; write yes or no",
    lambda cell: f"CASE {cell} WHEN 'yes' THEN true WHEN 'no' THEN false END",
)
LIST = Kind(
    "list",
    "a list; separate its values by exactly one space",
    _matching(f"{_WORD}( {_WORD})*", "string_split({cell}, ' ')"),
)
SHA256 = Kind("sha256", "a SHA-256; write 64 hexadecimal digits", _matching("[0-9A-Fa-f]{64}", "lower({cell})"))
SOURCE = Kind(
    "text",
    "a source; write separate or clip_of:<camera_id>",
    bad=lambda cell, _: f"NOT regexp_full_match({cell}, 'separate|clip_of:{_WORD}')",
)


def words(*accepted: str) -> Kind:
    """A closed set of words."""
    listed = ", ".join(f"'{word}'" for word in accepted)
    return Kind(
        " ".join(f"`{word}`" for word in accepted),
        f"one of {', '.join(accepted)}",
        bad=lambda cell, _: f"{cell} NOT IN ({listed})",
    )


def whole(least: int, most: int = INT32_MAX) -> Kind:
    """A whole number in decimal digits from `least` to `most`."""
    return Kind(
        "int",
        f"a whole number from {least} to {most}",
        _matching(r"[+-]?\d{1,19}", "TRY_CAST({cell} AS BIGINT)"),
        _unread_or(f"{{value}} NOT BETWEEN {least} AND {most}"),
    )


def number(least: float, most: float) -> Kind:
    """A decimal number from `least` to `most`."""
    return Kind(
        "number",
        f"a number from {least:g} to {most:g}",
        _matching(r"[+-]?\d+(\.\d+)?", "TRY_CAST({cell} AS DOUBLE)"),
        _unread_or(f"{{value}} NOT BETWEEN {least} AND {most}"),
    )
