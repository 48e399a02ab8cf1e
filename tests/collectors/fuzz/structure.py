"""Takes away, repeats and reorders parts of an answer: lines, elements or entries, never halves of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from lxml import etree

from tests.collectors.fuzz import values


def restructured(change: Callable[[list[object], Random], None]) -> Callable[[bytes, Random], bytes]:
    """`change` works on the children of one element, the entries of one list or the lines of a text."""

    def apply(body: bytes, chance: Random) -> bytes:
        start = body.lstrip()[:1]
        if start in (b"{", b"["):
            return _json_changed(body, change, chance)
        if start == b"<":
            return _xml_changed(body, change, chance)
        lines: list[object] = list(body.splitlines(keepends=True))
        change(lines, chance)
        return b"".join(line for line in lines if isinstance(line, bytes))

    return apply


def _json_changed(body: bytes, change: Callable[[list[object], Random], None], chance: Random) -> bytes:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body
    places = list(values.containers(value))
    place = chance.choice(places)
    if isinstance(place, dict):
        items: list[object] = list(place.items())
        change(items, chance)
        place.clear()
        place.update(item for item in items if isinstance(item, tuple))
    else:
        change(place, chance)
    return json.dumps(value).encode()


def _xml_changed(body: bytes, change: Callable[[list[object], Random], None], chance: Random) -> bytes:
    try:
        root = etree.fromstring(body)
    except (etree.XMLSyntaxError, ValueError):
        return body
    parent = chance.choice([element for element in root.iter() if len(element)] or [root])
    children: list[object] = list(parent)
    change(children, chance)
    seen: set[int] = set()
    for child in list(parent):
        parent.remove(child)
    for child in children:
        if isinstance(child, etree._Element):
            again = etree.fromstring(etree.tostring(child, with_tail=False)) if id(child) in seen else child
            seen.add(id(child))
            parent.append(again)
    return etree.tostring(root)


def lose(items: list[object], chance: Random) -> None:
    for _ in range(min(len(items), chance.choice([1, 1, 2, 5]))):
        items.pop(chance.randrange(len(items)))


def repeat(items: list[object], chance: Random) -> None:
    if items:
        at = chance.randrange(len(items))
        items[at:at] = items[at : at + chance.choice([1, 1, 3])] * chance.choice([1, 1, 200])


def shuffle(items: list[object], chance: Random) -> None:
    items.reverse() if chance.random() < 0.3 else chance.shuffle(items)
