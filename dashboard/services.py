"""What every page and route of this process shares: the store, the clock and the jobs that run beside them.

A module singleton, because a Streamlit script has no handle on the ASGI application that runs it. The clock comes from
the command line; nothing here reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from data.store import Store

Clock = Callable[[], datetime]
"""Returns the present instant as naive UTC."""
Jobs = Callable[[Store], Callable[[], None]]
"""Starts the periodic work on an open store and returns what stops it again."""


class NotConfiguredError(RuntimeError):
    """A page asked for the store while none is open."""


@dataclass(slots=True)
class Services:
    store: Store
    clock: Clock
    jobs: Jobs | None = None
    _stop_jobs: Callable[[], None] | None = None

    def start_jobs(self) -> None:
        if self.jobs is not None:
            self._stop_jobs = self.jobs(self.store)

    def stop_jobs(self) -> None:
        if self._stop_jobs is not None:
            self._stop_jobs()
            self._stop_jobs = None


_services: Services | None = None


@contextmanager
def configured(store_url: str, clock: Clock, jobs: Jobs | None = None) -> Iterator[Services]:
    """Open the store for the pages of this process and close it at the end; raises StoreError.

    The jobs are only remembered: the web application starts them once it serves.
    """
    global _services  # noqa: PLW0603 - the singleton is the purpose of this module
    with Store.open(store_url) as store:
        _services = Services(store, clock, jobs)
        try:
            yield _services
        finally:
            _services = None


def current() -> Services:
    if _services is None:
        raise NotConfiguredError("the store is not open; start the dashboard with `liuhen serve`")
    return _services
