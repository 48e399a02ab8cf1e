"""Plants small faults into every prepared table: the cases of the rules that read it must notice.

Takes several minutes, so it runs only when named: `pytest tests/rules/mutation_prepared.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from rules.cases import load_cases
from rules.catalogue import Rule, load
from rules.prepared import mentioned, needed_by, views
from tests.rules.mutation import mutants_of_sql
from tests.rules.test_mutation import NOTICED_SHARE, SURVIVORS
from tests.rules.worlds import PREPARED_FOR_ALL, World, worlds

RULES = load()
MOST_READERS = 6


@pytest.mark.parametrize("table", views())
def test_cases_notice_faults_in_the_prepared_table(table: str) -> None:
    mutants = mutants_of_sql(views()[table])
    left = [mutant for mutant in mutants if mutant.text not in SURVIVORS.get(table, set())]
    explained = len(mutants) - len(left)
    for rule, world in _settled(table):
        left = [mutant for mutant in left if not notices(world, rule, table, mutant.sql)]
        if not left:
            break
    noticed = len(mutants) - explained - len(left)
    print(f"{table}: {noticed}/{len(mutants)} noticed, {explained} explained")
    assert not left, "\n".join([f"{table}: no case notices", *(mutant.text for mutant in left)])
    assert noticed >= NOTICED_SHARE * len(mutants)


def _readers(table: str) -> list[Rule]:
    """The rules whose check rests on the table, those that read it themselves first; enough of them to say it all."""
    readers = [rule for rule in RULES.values() if table in needed_by([PREPARED_FOR_ALL, rule.check])]
    return sorted(readers, key=lambda rule: (table not in mentioned(rule.check), len(rule.check)))[:MOST_READERS]


def _settled(table: str) -> Iterator[tuple[Rule, World]]:
    for rule in _readers(table):
        for world in worlds([rule], load_cases(rule.id)):
            world.settle(rule)
            for cursor in world.cursors:
                for name in _dependants(rule, table):
                    cursor.execute(f"CREATE OR REPLACE TEMP TABLE as_written_{name} AS FROM {name}")
            yield rule, world


def _dependants(rule: Rule, table: str) -> list[str]:
    """The prepared tables of the rule that change with `table`, itself first."""
    made = needed_by([PREPARED_FOR_ALL, rule.check])
    return [table, *(name for name in made if table in needed_by([views()[name]]))]


def notices(world: World, rule: Rule, table: str, sql: str) -> bool:
    """Whether the case no longer holds with the table made by `sql`; the world is left as it was."""
    try:
        changed = [_remade(cursor, rule, table, sql) for cursor in world.cursors]
        return any(changed) and world.notices(rule, hiding_required=False)
    except duckdb.Error:
        return True
    finally:
        for cursor in world.cursors:
            for name in _dependants(rule, table):
                cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM as_written_{name}")


def _remade(cursor: duckdb.DuckDBPyConnection, rule: Rule, table: str, sql: str) -> bool:
    """Make the table by `sql`, and if that changes it, what is made from it; whether it changed."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}")
    if _content(cursor, table) == _content(cursor, f"as_written_{table}"):
        return False
    for name in _dependants(rule, table)[1:]:
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {views()[name]}")
    return True


def _content(cursor: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return sorted(map(str, cursor.execute(f"FROM {table}").fetchall()))
