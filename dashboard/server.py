"""Serves the web application in this process until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from dashboard import services
from dashboard.asgi import create_app

KEEP_ALIVE_S = 30


class AddressTakenError(Exception):
    """The address cannot be listened on; the message says what to do."""


def serve(
    store_url: str,
    host: str,
    port: int,
    on_ready: Callable[[str], None],
    *,
    clock: services.Clock,
    jobs: services.Jobs | None = None,
) -> None:
    """Serve the dashboard until interrupted; `on_ready` is told the address once requests are answered.

    Port 0 takes a free one. Raises StoreError or AddressTakenError, each with a sentence for the operator.
    """
    with services.configured(store_url, clock, jobs), _listen(host, port) as listener:
        server = _Server(
            uvicorn.Config(
                create_app(),
                log_level="warning",
                access_log=False,
                ws="websockets-sansio",
                ws_ping_interval=KEEP_ALIVE_S,
                ws_ping_timeout=KEEP_ALIVE_S,
                timeout_graceful_shutdown=5,
            ),
            lambda: on_ready(f"http://{host}:{listener.getsockname()[1]}"),
        )
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells when the application has started, which uvicorn itself only logs."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise AddressTakenError(
            f"{host}:{port} cannot be listened on ({error.strerror}); stop the other program or choose another --port"
        ) from None
    return listener
