"""Hostile XML ends in one sentence; odd but honest XML is read."""

from __future__ import annotations

import pytest

from collectors import xml
from collectors.answers import Malformed
from collectors.simulator.isapi_words import BOMB


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty body"),
        (b" \x00\r\n", "empty body"),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML><html></html>", "web page"),
        (b"<HTML><body>login", "web page"),
        (BOMB.encode(), "document type declaration"),
        (BOMB.encode("utf-16"), "document type declaration|broken XML"),
        (
            b'<?xml version="1.0"?>' + b"<!-- -->" * 600 + b"<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
            "document type",
        ),
        (b"<r>&undefined;</r>", "broken XML"),
        (b"<a>" * 60 + b"</a>" * 60, "deeper than"),
        (b"<a>" * 100_000, "broken XML"),
        (b"<a><b></a>", "broken XML"),
        (b'{"json": 1}', "broken XML"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "broken XML"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_one_sentence(body: bytes, says: str) -> None:
    with pytest.raises(Malformed, match=says) as caught:
        xml.parse(body, "the device")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 250


def test_namespaces_padding_comments_and_encodings_do_not_matter() -> None:
    name = '<i:name xmlns:i="urn:b"> 录像机 </i:name>'
    text = f'<?xml version="1.0" encoding="GB2312"?><Info xmlns="urn:a"><!-- x -->{name}<empty/></Info>'
    root = xml.parse(b"\r\n" + text.encode("gb2312") + b"\x00\n", "the device")
    assert xml.local_name(root) == "Info"
    assert xml.text_of(root, "name") == "录像机"
    assert xml.text_of(root, "empty") == xml.text_of(root, "absent") == ""
    assert len(list(xml.each(root, "name"))) == 1


def test_an_external_entity_is_never_fetched() -> None:
    with pytest.raises(Malformed):
        xml.parse(b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><r>&x;</r>", "the device")
