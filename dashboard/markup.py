"""HTML with every value escaped. Pages build their dense parts with this; nothing else writes a tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.outcomes import SYMBOLS, WORST_FIRST


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that is safe to place; anything else is text and gets escaped."""

    markup: str

    def __add__(self, other: Html) -> Html:
        return Html(self.markup + other.markup)


Content = Html | str | int | None


def _safe(content: Content) -> str:
    return content.markup if isinstance(content, Html) else escape(str("" if content is None else content))


def el(tag: str, *contents: Content, **attributes: str | int | None) -> Html:
    """One element; an attribute of None is left out, `css` is its class."""
    names = {"css": "class"}
    written = "".join(
        f' {names.get(name, name).replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Html(f"<{tag}{written}>{''.join(_safe(content) for content in contents)}</{tag}>")


def joined(parts: Iterable[Content]) -> Html:
    return Html("".join(_safe(part) for part in parts))


def link(href: str, *contents: Content, css: str | None = None, title: str | None = None) -> Html:
    return el("a", *contents, href=href, css=css, title=title)


def chip(outcome: str, word: str, count: int | None = None) -> Html:
    """An outcome as symbol and word, with how many there are."""
    return el(
        "span",
        el("i", SYMBOLS.get(outcome, ""), aria_hidden="true"),
        f" {word}",
        el("b", f" {count}") if count is not None else None,
        css=f"chip o-{outcome}",
    )


def mark(outcome: str, word: str, content: Content = None) -> Html:
    """An outcome in a narrow cell: the symbol, its word for screen readers and as a tip."""
    return el(
        "span", el("i", SYMBOLS.get(outcome, ""), aria_hidden="true"), " ", content,
        css=f"mark o-{outcome}", title=word, aria_label=word, role="img",
    )  # fmt: skip


def bar(counts: Mapping[str, int], words: Mapping[str, str]) -> Html:
    """Shares of outcomes as one stacked bar, worst first; unknown is hatched."""
    total = sum(counts.values())
    parts = [
        el("span", css=f"part o-{o}", style=f"flex-grow:{counts[o]}", title=f"{words[o]} {counts[o]} / {total}")
        for o in WORST_FIRST
        if counts.get(o)
    ]
    label = ", ".join(f"{words[o]} {counts[o]}" for o in WORST_FIRST if counts.get(o))
    return el("span", *parts, css="bar", role="img", aria_label=label)


@dataclass(frozen=True, slots=True)
class Column:
    """`css` is set on the column's cells: `num` right-aligns figures, `wide` may wrap."""

    title: Content
    css: str | None = None
    tip: str | None = None


def table(columns: Sequence[Column], body: Iterable[Sequence[Content]], label: str) -> Html:
    head = el("tr", *(el("th", c.title, css=c.css, title=c.tip, scope="col") for c in columns))
    lines = [el("tr", *(el("td", cell, css=c.css) for c, cell in zip(columns, line, strict=True))) for line in body]
    return el("div", el("table", el("thead", head), el("tbody", *lines), aria_label=label), css="scroll")


def facts(pairs: Iterable[tuple[str, Content]]) -> Html:
    """Names and values in a row of small blocks."""
    blocks = [el("div", el("dt", name), el("dd", value)) for name, value in pairs]
    return el("dl", *blocks, css="facts")
