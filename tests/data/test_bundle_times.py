"""What a cell is read as, against Python's own reading."""

from __future__ import annotations

import re
from datetime import date, datetime

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.bundle.kinds import DATE, ID, LIST, TEXT, TIME, Kind, number, whole
from data.periods import parse_instant

CONNECTION = duckdb.connect(config={"autoinstall_known_extensions": "false"})
CONNECTION.execute("SET TimeZone = 'UTC'")


def read(kind: Kind, text: str) -> object:
    """The value of a cell, or 'refused'."""
    sql = f"SELECT {kind.value('c')} AS v, coalesce({kind.bad('c', 'v')}, false) FROM (SELECT $text AS c)"
    [(value, refused)] = CONNECTION.execute(sql, {"text": text}).fetchall()
    return "refused" if refused else value


def digits(count: int, most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda n: f"{n:0{count}d}")


OFFSETS = st.one_of(
    st.sampled_from(["", "Z", "+08:00", "+24:00", "-00:00", "+08:60", "z", "+8", "+08:", " +08:00"]),
    st.builds("{}{}{}{}".format, st.sampled_from("+-"), digits(2, 24), st.sampled_from(["", ":"]), digits(2, 60)),
    st.builds("{}{}".format, st.sampled_from("+-"), digits(2, 24)),
)
TIMES = st.builds(
    "{}-{}-{}{}{}:{}{}{}".format,
    st.sampled_from(["2026", "1900", "1899", "9999", "2024", "0001"]),
    digits(2, 13),
    digits(2, 32),
    st.sampled_from(["T", " ", "t", "_", "  ", ""]),
    digits(2, 25),
    digits(2, 60),
    st.one_of(
        st.just(""),
        digits(2, 61).map(":{}".format),
        st.builds(":{}.{}".format, digits(2, 59), st.text("0123456789", max_size=10)),
    ),
    OFFSETS,
)
OWN_FORM = re.compile(
    r"(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}(:?[0-5][0-9])?)?"
)


def by_python(text: str) -> object:
    if not OWN_FORM.fullmatch(text):
        return "refused"
    try:
        instant = parse_instant(text)
    except (ValueError, OverflowError):
        return "refused"
    return instant if instant <= datetime(9999, 12, 31, 15, 59, 59, 999999) else "refused"


@settings(max_examples=400, deadline=None)
@given(TIMES)
@example("2026-10-01T08:00:00+08:00")
@example("2026-10-01T24:00:00")
@example("2026-10-01T08:00+0830")
@example("2026-10-01 08:00")
@example("2026-10-01T08:00:00.999999999-08")
@example("9999-12-31T23:59:59.999999+08:00")
@example("9999-12-31T23:59:59Z")
@example("2024-02-29T00:00:00-23:59")
@example("2026-02-29T00:00:00")
def test_a_time_is_what_python_reads(text: str) -> None:
    assert read(TIME, text) == by_python(text)


@pytest.mark.parametrize(
    "text",
    ["2026/10/01 08:00:00", "2026-10-01", "20261001T080000", "2026-10-01T８:00:00", "2026-10-01 08:00 PM",
     "10/1/26 8:00", "2026-W40-4T08:00", " 2026-10-01T08:00", "2026-10-01T08:00:00,5", "46000.5", "now"],
)  # fmt: skip
def test_other_ways_to_write_a_time_are_refused(text: str) -> None:
    assert read(TIME, text) == "refused"


def test_the_offset_is_not_dropped() -> None:
    assert read(TIME, "2026-10-01T08:00:00+09:00") == datetime(2026, 9, 30, 23)
    assert read(TIME, "2026-10-01T08:00:00") == datetime(2026, 10, 1, 0)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (DATE, "2028-02-29", date(2028, 2, 29)),
        (DATE, "2026-02-29", "refused"),
        (DATE, "2026-10-01T00:00", "refused"),
        (ID, "0012", "0012"),
        (ID, "LX-B 04", "LX-B 04"),
        (ID, "甲12", "甲12"),
        (ID, "C1 ", "refused"),
        (ID, "\u3000C1", "refused"),
        (ID, "C\u200b1", "refused"),
        (ID, "C1\n", "refused"),
        (TEXT, " a\nb ", " a\nb "),
        (TEXT, " \u3000", "refused"),
        (LIST, "a", ["a"]),
        (LIST, "a b", ["a", "b"]),
        (LIST, "a  b", "refused"),
        (LIST, "a ", "refused"),
        (LIST, "a\u3000b", "refused"),
        (whole(1), "007", 7),
        (whole(1), "0", "refused"),
        (whole(-5), "-5", -5),
        (whole(-5), "1.0", "refused"),
        (whole(-5), "１", "refused"),
        (whole(0), "2147483648", "refused"),
        (number(-90, 90), "28.7", 28.7),
        (number(-90, 90), "-90.1", "refused"),
        (number(-90, 90), "nan", "refused"),
        (number(-90, 90), "1e1", "refused"),
    ],
)
def test_cells_of_other_kinds(kind: Kind, text: str, value: object) -> None:
    assert read(kind, text) == value
