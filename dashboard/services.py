"""What every page and route of this process shares: the store, the clock and the jobs that run beside them.

A module singleton, because a Streamlit script has no handle on the ASGI application that runs it. The clock comes from
the command line; nothing here reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dashboard import queries
from data.store import Store

Clock = Callable[[], datetime]
"""Returns the present instant as naive UTC."""
Jobs = Callable[[Store], Callable[[], None]]
"""Starts the periodic work on an open store and returns what stops it again."""


class NotConfigured(RuntimeError):
    """A page asked for the store before the server was configured or opened."""


@dataclass(frozen=True, slots=True)
class Configuration:
    store_url: str
    clock: Clock
    jobs: Jobs | None


@dataclass(frozen=True, slots=True)
class Services:
    store: Store
    clock: Clock
    stop_jobs: Callable[[], None] | None

    def close(self) -> None:
        if self.stop_jobs is not None:
            self.stop_jobs()
        self.store.close()


_configuration: Configuration | None = None
_services: Services | None = None


def configure(store_url: str, clock: Clock, jobs: Jobs | None = None) -> None:
    """Say what `open_services` shall open; nothing is opened yet."""
    global _configuration  # noqa: PLW0603 - the singleton is the purpose of this module
    _configuration = Configuration(store_url, clock, jobs)


def open_services() -> Services:
    """Open the store and start the jobs; raises StoreError when the store cannot be opened."""
    if _configuration is None:
        raise NotConfigured("the dashboard has no store; call dashboard.services.configure() before serving")
    store = Store.open(_configuration.store_url)
    stop_jobs = _configuration.jobs(store) if _configuration.jobs is not None else None
    return use(Services(store, _configuration.clock, stop_jobs))


def use(services: Services) -> Services:
    """Make already open services the ones that pages see."""
    global _services  # noqa: PLW0603
    queries.prepare(services.store)
    _services = services
    return services


def current() -> Services:
    if _services is None:
        raise NotConfigured("the store is not open; start the dashboard with `liuhen serve`")
    return _services


def close_services() -> None:
    global _services  # noqa: PLW0603
    if _services is not None:
        _services.close()
        _services = None
