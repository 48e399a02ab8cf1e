"""The format table against the published format, the schema and the written reference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.bundle.document import bundle_reference
from data.bundle.format import TABLES
from data.store import Store

CHECKOUT = Path(__file__).parents[2]
PROVENANCE = {"known_from", "submission_id", "withdrawn"}
OURS_ONLY = {"polls": {"reason", "digest"}, "live_probes": {"reason"}}


def published() -> dict[str, dict[str, bool]]:
    """Table -> column -> required, as formats.md says."""
    page = CHECKOUT / ".." / "shared" / "formats.md"
    if not page.is_file():
        pytest.skip("formats.md lies outside this checkout")
    found: dict[str, dict[str, bool]] = {}
    for name, cells in re.findall(r"^\| `(\w+)\.csv` \| (.*) \|$", page.read_text(encoding="utf-8"), re.M):
        plain = re.sub(r"\([^()]*\)", "", cells.split(" — ")[0])
        names = [re.match(r"\s*(\w+)(\*?)", part) for part in plain.split("·")]
        found[name] = {match[1]: match[2] == "*" for match in names if match}
    return found


def test_every_published_file_column_and_star_is_in_the_table() -> None:
    assert published() == {
        name: {column.name: column.required for column in table.columns} for name, table in TABLES.items()
    }


@pytest.mark.parametrize("name", [name for name in TABLES if name != "footage"])
def test_every_column_has_its_place_in_the_schema(name: str) -> None:
    with Store.in_memory() as store:
        stored = {row[0] for row in store.cursor().execute(f"DESCRIBE {name}").fetchall()}
    assert stored - PROVENANCE - OURS_ONLY.get(name, set()) == set(TABLES[name].names)


def test_keys_and_references_name_columns_that_exist() -> None:
    for table in TABLES.values():
        assert set(table.key) <= set(table.required)
        for reference in table.references():
            assert set(reference.column.split(", ")) <= set(table.names)
            assert TABLES[reference.target].key


def test_the_written_reference_is_up_to_date() -> None:
    written = (CHECKOUT / "docs" / "bundle.md").read_text(encoding="utf-8")
    assert written == bundle_reference(), "run: python -m data.bundle.document docs/bundle.md"
