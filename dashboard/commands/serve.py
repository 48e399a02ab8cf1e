"""liuhen serve: dashboard, API and scheduler in one process."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dashboard.commands import Subparsers, UsageError, add_store, port, say, utc_now
from data.settings import Settings
from data.store import Store

LOOPBACK = "127.0.0.1"


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("serve", help="dashboard, API and scheduler in one process")
    add_store(parser)
    parser.add_argument("--host", default=LOOPBACK, metavar="H", help=f"address to listen on (default {LOOPBACK})")
    parser.add_argument("--port", type=port, default=8501, metavar="P", help="port to listen on (default 8501)")
    return parser


def run(arguments: argparse.Namespace) -> int:
    url = arguments.store or Settings.read().store_url
    if not Path(url).exists():
        raise UsageError(f"there is no store at {url}; run `liuhen import BUNDLE` first, or `liuhen demo`")
    serve_store(url, host=arguments.host, port=arguments.port, with_jobs=True)
    return 0


def serve_store(
    url: str, *, host: str = LOOPBACK, port: int, with_jobs: bool, clock: Callable[[], datetime] = utc_now
) -> None:
    """Serve until stopped. Without jobs the store is shown as it is. `clock` is the pages' today."""
    from dashboard.server import AddressTakenError, serve  # noqa: PLC0415 - Streamlit takes a second to import

    jobs = _start_jobs if with_jobs else None
    try:
        serve(store_url=url, host=host, port=port, clock=clock, jobs=jobs, on_ready=say)
    except AddressTakenError as error:
        raise UsageError(str(error)) from None


def _start_jobs(store: Store) -> Callable[[], None]:
    from collectors.whep.prober import Prober  # noqa: PLC0415 - only when there is something to collect
    from dashboard import scheduler  # noqa: PLC0415
    from dashboard.collecting import Collector  # noqa: PLC0415
    from dashboard.commands.collect import known_secrets  # noqa: PLC0415

    prober = Prober()
    prober.__enter__()
    collector = Collector(store, secrets=known_secrets(), now=utc_now)
    running = scheduler.start(scheduler.Clockwork(store, collector, prober, utc_now))

    def stop() -> None:
        running.shutdown(wait=True)
        prober.__exit__(None, None, None)

    return stop
