"""What makes two rows one thing is said in the bundle format too; the two must not drift apart."""

from __future__ import annotations

from data.bundle.format import TABLES
from data.known import TABLE_KEYS


def test_keys_are_those_of_the_bundle_format() -> None:
    given = {name: table.key for name, table in TABLES.items() if table.key}
    assert {name: key for name, key in TABLE_KEYS.items() if name in given} == given
    assert TABLES.keys() - TABLE_KEYS.keys() == {"footage"}
