"""A scratch database that a few cursors share for the length of one judgement.

Several queries of a judgement run side by side, each on one thread: to spread one over the cores costs DuckDB a third
more work in all. What they prepare for each other cannot be a temporary table, which only its own cursor sees.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from queue import SimpleQueue
from uuid import uuid4

import duckdb

from data.store import search_path

Work = Callable[[duckdb.DuckDBPyConnection], None]
WORKERS = max(1, min(4, os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work and the names of those that must be done before it."""

    work: Work
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Workbench:
    """`schema` is where shared tables are made; the cursors find them there without a prefix."""

    schema: str
    cursors: tuple[duckdb.DuckDBPyConnection, ...]

    def everywhere(self, work: Work) -> None:
        """Do the same on each cursor: variables, views and macros belong to one alone."""
        for cursor in self.cursors:
            work(cursor)

    def run(self, tasks: Mapping[str, Task]) -> None:
        """All tasks, each as soon as what it needs is done and a cursor is free; the first error stops the rest."""
        order = TopologicalSorter({name: task.needs for name, task in tasks.items()})
        order.prepare()
        free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        self.everywhere(free.put)

        def one(name: str) -> str:
            cursor = free.get()
            try:
                tasks[name].work(cursor)
            finally:
                free.put(cursor)
            return name

        with ThreadPoolExecutor(len(self.cursors)) as pool:
            running: set[Future[str]] = set()
            try:
                while order.is_active():
                    running |= {pool.submit(one, name) for name in order.get_ready()}
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    order.done(*(future.result() for future in done))
            finally:
                pool.shutdown(cancel_futures=True)


@contextmanager
def workbench(cursor: duckdb.DuckDBPyConnection) -> Iterator[Workbench]:
    """A bench beside `cursor`, on the same store. It sees what is committed there, and leaves nothing behind. How many
    threads a query gets holds for the whole store, which sets no number of its own: others only take longer, and
    whoever is done first gives it back.
    """
    name = f"bench_{uuid4().hex}"
    cursor.execute(f"ATTACH ':memory:' AS {name}")
    cursors: list[duckdb.DuckDBPyConnection] = []
    try:
        cursor.execute("SET threads = 1")
        for _ in range(WORKERS):
            cursors.append(cursor.cursor())
            cursors[-1].execute(search_path(f"{name}.main"))
        yield Workbench(f"{name}.main", tuple(cursors))
    finally:
        for each in cursors:
            each.close()
        cursor.execute("RESET threads")
        cursor.execute(f"DETACH {name}")
