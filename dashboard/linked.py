"""Shows markup with links that turn the page inside the running app."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import streamlit as st

from dashboard import address, navigation
from dashboard.markup import Html


def _file(name: str) -> str:
    return files("dashboard").joinpath(name).read_text(encoding="utf-8")


_mount = st.components.v2.component(
    "liuhen_linked",
    html='<div class="root">\n</div>',
    css=_file("linked.css"),
    js=_file("linked.js"),
)


def show(content: Html, key: str) -> None:
    """Place `content`; `key` is unique on the page."""

    def opened() -> None:
        navigation.turn_to(st.session_state[key].opened)

    _mount(
        key=key,
        data={
            "markup": content.markup,
            "digest": hashlib.md5(content.markup.encode(), usedforsecurity=False).hexdigest(),
            "lang": {"zh": "zh-CN", "en": "en"}[address.language()],
        },
        on_opened_change=opened,
    )
