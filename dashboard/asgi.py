"""The web application: Streamlit's pages, our own routes, and one lifespan around the jobs."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard import services
from dashboard.say import t

log = logging.getLogger(__name__)
UI_SCRIPT = Path(__file__).parent / "shell" / "ui.py"


async def healthz(_request: Request) -> JSONResponse:
    """For load balancers and the operator's watchdog: the process answers and its store is open."""
    services.current()
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    services.current().start_jobs()
    # Imports leave 130,000 objects that never die; frozen, a collection after each rerun no longer visits them.
    gc.collect()
    gc.freeze()
    try:
        yield {}
    finally:
        services.current().stop_jobs()


def page_failed(error: Exception) -> bool:
    """The visitor gets a sentence, the log gets the error; True keeps Streamlit from showing its own."""
    log.error("a page failed", exc_info=error)
    st.error(t("common.broken"))
    return True


def create_app() -> st.App:
    return st.App(UI_SCRIPT, lifespan=lifespan, routes=[Route("/healthz", healthz)], on_script_error=page_failed)
