"""Reads JSON from devices nobody can trust: UTF-8 only, no NaN, nothing nested beyond reason.

Numbers come as numbers or as text, depending on the version of the software behind; both are accepted here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import NoReturn

from collectors.answers import Malformed

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)
_WEB_PAGE = (b"<!doctype html", b"<html")


def loaded(body: bytes, source: str) -> object:
    """The value in `body`; Malformed names `source`, the request that was answered."""
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Malformed(f"{source} answered with bytes that are not UTF-8 text") from None
    if not text:
        raise Malformed(f"{source} answered with an empty body")
    if is_web_page(body):
        raise Malformed(f"{source} answered with a web page instead of data; check the address and its port")
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed(f"{source} answered with broken JSON of {len(body)} bytes") from None  # may hold a secret


def is_web_page(body: bytes) -> bool:
    return body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB_PAGE)


def object_in(body: bytes, source: str) -> dict[str, object]:
    return as_object(loaded(body, source), source)


def as_object(value: object, source: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Malformed(f"{source} answered with {type(value).__name__} where an object is expected")
    return value


def objects(value: object, source: str) -> Iterator[dict[str, object]]:
    """Each item of a list of objects."""
    if not isinstance(value, list):
        raise Malformed(f"{source} answered with {type(value).__name__} where a list is expected")
    for item in value:
        yield as_object(item, source)


def inner(value: dict[str, object], *names: str) -> dict[str, object]:
    """The object below `names`; empty when there is none."""
    for name in names:
        below = value.get(name)
        value = below if isinstance(below, dict) else {}
    return value


def whole(value: object) -> int | None:
    """An integer written as a number or as text; None for anything else, truth values included."""
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else None


def number(value: object) -> float | None:
    """A finite number written as a number or as text; None for anything else."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= 10**18:
        return None
    return float(value) if math.isfinite(value) else None


def text(value: object) -> str:
    """A text or a number as text; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
