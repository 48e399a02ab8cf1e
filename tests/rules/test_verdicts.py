"""The published bytes of verdicts: what Python's own CSV writer would write, whatever stands in a cell."""

from __future__ import annotations

import csv
import hashlib
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.verdicts import COLUMNS, Verdict, counts_of, fingerprint, machine_csv, rows_of, table_of

CELL = st.text(st.sampled_from('ab0,"\n\r\t =-示'), max_size=4)
VERDICTS = st.lists(st.builds(Verdict, *[CELL] * len(Verdict._fields)), max_size=6)


def written(verdicts: list[Verdict]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(verdict[:-1] for verdict in sorted(verdicts))
    return out.getvalue().encode()


@settings(max_examples=300, deadline=None)
@given(VERDICTS)
def test_the_machine_csv_is_read_back_as_it_was_written(verdicts: list[Verdict]) -> None:
    table = table_of(verdicts)
    text = machine_csv(table)
    lines = list(csv.reader(io.StringIO(text.decode(), newline="")))
    assert lines[0] == list(COLUMNS)
    assert [tuple(line) for line in lines[1:]] == [verdict[:-1] for verdict in sorted(verdicts)]
    assert fingerprint(table) == hashlib.sha256(text).hexdigest()
    assert rows_of(table) == tuple(sorted(verdicts))
    assert counts_of(table).total() == len(verdicts)


@settings(max_examples=300, deadline=None)
@given(VERDICTS.map(lambda rows: [Verdict(*(cell.replace("\r", "") for cell in row)) for row in rows]))
def test_it_is_what_any_csv_writer_writes(verdicts: list[Verdict]) -> None:
    assert machine_csv(table_of(verdicts)) == written(verdicts)


def test_a_slice_of_a_table_is_its_own_csv() -> None:
    rows = [Verdict(*[f"{n}"] * len(Verdict._fields)) for n in range(9)]
    assert machine_csv(table_of(rows).slice(3, 4)) == machine_csv(table_of(rows[3:7]))
