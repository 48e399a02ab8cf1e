"""Addresses: every finding, day and camera has one that reopens exactly it. The query string is the page's state."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st

from dashboard.texts import DEFAULT_LANGUAGE, LANGUAGES

STICKY = ("lang", "month")
"""Kept when the page is turned: they belong to the visitor, not to a page."""


def get(name: str) -> str | None:
    """A parameter of the address, or what the visitor last chose for a sticky one."""
    value = st.query_params.get(name)
    if value is None and name in STICKY:
        value = st.session_state.get(f"sticky_{name}")
    return value or None


def put(name: str, value: str | None) -> None:
    """Change one parameter of the present address; None removes it."""
    if name in STICKY:
        st.session_state[f"sticky_{name}"] = value
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def keep_sticky() -> None:
    """Write the visitor's choices back into an address that lost them, and remember those it brought."""
    for name in STICKY:
        put(name, get(name))


def language() -> str:
    wanted = get("lang")
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def to(page: str, **parameters: str | None) -> str:
    """The address of a page with these parameters and the sticky ones."""
    sticky = {name: get(name) for name in STICKY}
    given = {name: value for name, value in (sticky | parameters).items() if value}
    return f"/{page}" + (f"?{urlencode(given)}" if given else "")


def parse(href: str) -> tuple[str, dict[str, str]]:
    """The page and parameters of one of our own addresses."""
    parts = urlsplit(href)
    return parts.path.strip("/"), dict(parse_qsl(parts.query))
