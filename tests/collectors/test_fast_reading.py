"""Shortcuts taken for speed in reading listings give what the long way gives."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from collectors import xml
from collectors.answers import Exchange
from collectors.device import Device
from collectors.protocols.dahua import words
from collectors.protocols.dahua.rows import page_of
from collectors.protocols.isapi.evidence import without_secrets

NAMES = ("trackID", "startTime", "endTime")
TAGS = st.sampled_from([*NAMES, "other", "{urn:a}trackID", "{urn:b}startTime"])
TEXTS = st.sampled_from([None, "", " 7 ", "\n", "seven"])


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> etree._Element:
    element = etree.Element(draw(TAGS))
    element.text = draw(TEXTS)
    if depth:
        element.extend(draw(st.lists(trees(depth - 1), max_size=3)))
    return element


@settings(deadline=None)
@given(trees())
def test_fields_read_together_are_those_read_one_by_one(tree: etree._Element) -> None:
    assert xml.texts_of(tree, xml.Fields(*NAMES)) == [xml.text_of(tree, name) for name in NAMES]


@settings(deadline=None)
@given(st.from_regex(r"(19|20|00)\d\d-[01]\d-[0-3]\d [0-2]\d:[0-6]\d:[0-6]\d", fullmatch=True))
def test_a_padded_time_is_read_like_an_unpadded_one(text: str) -> None:
    assert words.device_time(text) == words.device_time(text.replace(" ", "  "))


@pytest.mark.parametrize("key", ["items[1]", "items[1].", "items[].Type", "items[1234567].Type", "x.items[1].Type"])
def test_what_is_no_field_of_an_item_makes_none(key: str) -> None:
    assert page_of(f"found=1\n{key}=dav\n", "here").doubt == "fewer rows are listed than announced"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"<a>rtsp://admin:pw@192.0.2.1/</a>", b"<a>rtsp://***@192.0.2.1/</a>"),
        (b"<userPassWord>pw</userPassWord>", b"<userPassWord>***</userPassWord>"),
        (b"<mail>a@b</mail><PASSWORD x='1'>pw</PASSWORD>", b"<mail>a@b</mail><PASSWORD x='1'>***</PASSWORD>"),
        (b"<CMSearchResult/>", b"<CMSearchResult/>"),
    ],
)
def test_evidence_loses_its_secrets_and_nothing_else(body: bytes, kept: bytes) -> None:
    device = Device("http://192.0.2.1", now=lambda: datetime(2026, 10, 1))
    device.exchanges = [Exchange("GET /a", 200, b"pw"), Exchange("GET /b", 200, body)]
    without_secrets(device, 1)
    assert [exchange.body for exchange in device.exchanges] == [b"pw", kept]
