"""Finds the pages: every module in dashboard/pages is one. It has ORDER (place in the menu, 0 keeps it out), ICON and
render(); its title and help are the texts `page.<name>` and `page.<name>_help`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Protocol, cast

import streamlit as st

from dashboard import address, pages, texts


class PageModule(Protocol):
    ORDER: int
    ICON: str
    render: Callable[[], None]


@cache
def modules() -> dict[str, PageModule]:
    names = [module.name for module in pkgutil.iter_modules(pages.__path__)]
    found = {name: cast(PageModule, import_module(f"dashboard.pages.{name}")) for name in names}
    return dict(sorted(found.items(), key=lambda item: (item[1].ORDER or 99, item[0])))


def registered() -> dict[str, st.Page]:
    """The pages by name, titled in the visitor's language; the first in the menu is the home page."""
    language = address.language()
    home = next(iter(modules()))
    return {
        name: st.Page(
            module.render,
            title=texts.lookup(language, f"page.{name}"),
            icon=module.ICON,
            url_path=name,
            default=name == home,
            visibility="visible" if module.ORDER else "hidden",
            help=texts.lookup(language, f"page.{name}_help"),
        )
        for name, module in modules().items()
    }


def turn_to(href: str) -> None:
    """Go to one of our own addresses, as if it had been typed."""
    page, parameters = address.parse(href)
    found = registered()
    target = found.get(page) or next(iter(found.values()))
    for name in address.STICKY:
        if name in parameters:
            st.session_state[f"sticky_{name}"] = parameters[name]
    st.switch_page(target, query_params=parameters)
