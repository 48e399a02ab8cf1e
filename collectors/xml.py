"""Reads XML from devices nobody can trust: no document types, no entities, no network, bounded depth.

Elements are matched by local name because one resource comes under half a dozen namespaces, nested ones included.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from collectors.answers import Malformed
from collectors.texts import one_line

MAX_DEPTH = 40
PROLOGUE_BYTES = 4096
_TOO_DEEP = etree.XPath("boolean(/*" + "/*" * MAX_DEPTH + ")")
_PADDING = b"\x00 \t\r\n"
_WEB_PAGE = (b"<!doctype html", b"<html")


def parse(body: bytes, source: str) -> etree._Element:
    """The root element; Malformed names `source`, the request that was answered."""
    text = body.strip(_PADDING)
    if not text:
        raise Malformed(f"{source} answered with an empty body")
    if text[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB_PAGE):
        raise Malformed(
            f"{source} answered with a web page instead of data; check the port and that the interface is on"
        )
    if b"<!doctype" in text[:PROLOGUE_BYTES].lower():
        raise _has_dtd(source)
    try:
        root = etree.fromstring(text, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(f"{source} answered with broken XML: {quoted(str(error), 120)}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_dtd(source)
    if _TOO_DEEP(root):
        raise Malformed(f"{source} answered with XML nested deeper than {MAX_DEPTH} levels; it was not read")
    return root


def local_name(element: etree._Element) -> str:
    return etree.QName(element).localname


def each(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """All descendants called `name`, whatever their namespace."""
    return element.iter(f"{{*}}{name}")


def text_of(element: etree._Element, name: str) -> str:
    """The trimmed text of the first descendant called `name`; empty when it is absent or empty."""
    found = next(each(element, name), None)
    return "" if found is None else (found.text or "").strip()


class Fields:
    """Names of descendants that are read together: one walk through an element costs less than one for each name."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.tags = tuple(f"{{*}}{name}" for name in names)


def texts_of(element: etree._Element, fields: Fields) -> list[str]:
    """What `text_of` gives for each of the names, in their order."""
    found: dict[str, str] = {}
    for each_found in element.iter(*fields.tags):
        name = each_found.tag.rpartition("}")[2]
        if name not in found:
            found[name] = (each_found.text or "").strip()
    return [found.get(name, "") for name in fields.names]


def quoted(text: str, limit: int = 40) -> str:
    """What a device wrote, fit for one sentence of ours."""
    return one_line(text, limit + 1)


def _has_dtd(source: str) -> Malformed:
    return Malformed(f"{source} answered with a document type declaration, which no device needs; it was not read")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
