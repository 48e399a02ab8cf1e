"""What devices write is bounded and fit to be stored, and no length of it keeps a client busy."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import requests

from collectors.answers import ChannelReading, Description, DiskReading, FootageAnswer, Malformed, Refused
from collectors.device import Device, Reply
from collectors.digest import Credentials
from collectors.http_date import date_of
from collectors.learned import forget_old
from collectors.protocols.dahua.rows import page_of
from collectors.protocols.folder.text import mark_of
from collectors.protocols.isapi.evidence import _clean
from collectors.protocols.mediamtx.identity import joins_across_stalls
from collectors.texts import one_line

NOW = datetime(2026, 10, 1, 4)
CPU_S = 5


@contextmanager
def no_long_computing() -> Iterator[None]:
    """Seconds of this process; each of these texts took from half a minute to hours."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {CPU_S} s of computing")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("示例大厅　二号", "示例大厅 二号"),
        (" a\r\n b\t", "a b"),
        ("\x13IM01", "\ufffdIM01"),
        ("\ud800\x00\x7f\x85\u202e", "\ufffd" * 3 + " \ufffd"),
        ("a" * 21, "a" * 19 + "…"),
        ("a" * 20, "a" * 20),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text, 20) == line


def test_no_reading_carries_what_cannot_be_stored() -> None:
    odd = "\ud800\x1b[2J" + "x" * 10_000
    texts = [
        Description(odd, odd, odd).model,
        ChannelReading(odd, odd, address=odd).name,
        DiskReading(odd, "unknown", odd).state_text,
        FootageAnswer(NOW, NOW, reason=odd).reason,
        str(Malformed(odd)),
        str(Refused(odd, definitive=True)),
    ]
    for text in texts:
        assert text.isprintable() and len(text.encode()) <= 410


@pytest.mark.parametrize("year", [1969, 2101, 9999])
def test_a_date_header_of_another_age_is_no_clock(year: int) -> None:
    headers = requests.structures.CaseInsensitiveDict({"Date": f"Thu, 01 Oct {year:04d} 04:00:00 GMT"})
    with pytest.raises(Malformed, match="Date header"):
        date_of(Reply(200, headers, b""), "http://192.0.2.5")


def test_a_version_of_any_length_is_remembered_short_and_once() -> None:
    device = Device("http://192.0.2.5", now=lambda: NOW, memory={})
    forget_old(device, "version", "1.36." + "[" * 9000)
    device.memory["learned"] = "yes"
    forget_old(device, "version", "1.36." + "[" * 9000)
    assert device.memory.pop("learned") == "yes" and len(device.memory["version"]) <= 200
    forget_old(device, "version", "1.37")
    assert device.memory == {"version": "1.37"}


def test_a_version_number_of_thousands_of_digits_is_no_version() -> None:
    assert joins_across_stalls(f"v{'9' * 5000}.1.1") is False
    assert joins_across_stalls("v1.15.5") is True


@pytest.mark.parametrize(
    "read",
    [
        lambda: _clean(b"A" * 2_000_000 + b"@"),
        lambda: _clean(b"<" + b"password" * 200_000),
        lambda: Credentials("u", "p").answers("Digest " + "a" * 200_000, b"", encrypted=False, signed=False),
        lambda: page_of("found=1\r\nitems[0].Channel=1\r\nitems[0].FilePath=" + "2026-10-01/" * 100_000, "a recorder"),
        lambda: mark_of("#END" + " " * 500_000 + '"x'),
    ],
    ids=["isapi evidence: address", "isapi evidence: password", "digest", "dahua path", "folder mark"],
)
def test_no_text_is_read_again_for_each_of_its_letters(read: Callable[[], object]) -> None:
    with no_long_computing():
        read()


def test_logins_are_kept_out_of_evidence_whatever_stands_before_them() -> None:
    body = b"<a>rtsp://admin:12345@192.0.2.9/x</a><b:ipcPasswordText kind='x'>12345</b:ipcPasswordText>"
    assert b"12345" not in _clean(body)
    assert b"rtsp://***@192.0.2.9/x" in _clean(body)
