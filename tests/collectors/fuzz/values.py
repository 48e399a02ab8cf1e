"""Puts something else in place of a value, in whatever format the answer is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b')
_XML = re.compile(rb'(?<=>)[^<>\s][^<>]*(?=<)|(?<==")[^"<>]*(?=")')
_LINES = re.compile(rb"(?<=[=,])[^\r\n,]*")
NUMBERS = (b"0", b"-1", b"1", b"7", b"2147483648", b"9223372036854775808", b"1e400", b"-1e400", b"NaN", b"Infinity",
           b"9" * 400, b"1e17", b"0.5", b"-0", b"00", "\u0661\u0662".encode(), b"0x10", b"1_000")  # fmt: skip
TEXTS = (b"", b" ", b"x", b"true", b"FALSE", b"null", "\u517b\u62a4".encode(), "\u517b\u62a4".encode("gbk"),
         b"\xff\xfe", b"../../etc/passwd", b"http://198.51.100.7:99999/x", b"//198.51.100.7/onvif", b"a\tb",
         b"[::1", b"%00%0d%0a", b"%", b"{}", b"'; --", "\u202e\u2028".encode(), b"A" * 70_000, b"OK", b"MORE",
         b"NO MATCHES", b"on", b"rtsp://u:p@198.51.100.7/", b"\x7f", "\u0085".encode(), b"a b",
         b"a?b#c", b"a&b=c")  # fmt: skip
LONG = (b"a" * 300_000, b"a-" * 150_000, b"1" * 300_000, b"password" * 40_000, b"2026-10-01/" * 30_000,
        b"@" + b"a" * 300_000, b"A" * 300_000 + b"@", b"://a" * 80_000 + b"@", b" " * 300_000 + b"x",
        b"items[" * 50_000, b"a." * 150_000, b"1" * 5000 + b".1.1")  # fmt: skip
"""What makes a careless pattern go through a text again for each of its letters."""
_JSON_ODD = (b"null", b"true", b"false", b"[]", b"{}", b"[[]]", b'{"a":1}', b'"\\ud800"', b'"\\u0000"', b'"\\u001b[2J"',
             b'["x"]', b"[1,2,3]")  # fmt: skip
_XML_ODD = (b"&#127;", b"&#x85;", b"&#13;&#10;", b"&#0;", b"&lt;", b"&x;", b"<x/>", b"<![CDATA[]]>", b"]]>")


def exchange(body: bytes, chance: Random) -> bytes:
    """One value, some, or all of them."""
    pattern, share = _pattern(body), chance.choice([0.0, 0.0, 0.1, 1.0])
    found = list(pattern.finditer(body))
    if not found:
        return chance.choice([*NUMBERS, *TEXTS])
    chosen = {chance.randrange(len(found))} | {n for n in range(len(found)) if share and chance.random() < share}
    odd = chance.choice(LONG) if not share and chance.random() < 0.03 else _odd(pattern, chance)
    for number in sorted(chosen, reverse=True)[:2000]:
        match = found[number]
        body = body[: match.start()] + odd + body[match.end() :]
        odd = _odd(pattern, chance) if chance.random() < 0.5 else odd
    return body


def put(body: bytes, text: bytes, chance: Random) -> bytes:
    """`text` as it is, in place of one value."""
    found = list(_pattern(body).finditer(body))
    match = chance.choice(found) if found else None
    return body[: match.start()] + text + body[match.end() :] if match else text


def containers(value: object) -> Iterator[dict[str, object] | list[object]]:
    """All objects and lists in what was read from JSON; the value itself in a list where there is none."""
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, dict | list):
                yield from containers(inner)
    else:
        yield [value]


def _pattern(body: bytes) -> re.Pattern[bytes]:
    start = body.lstrip()[:1]
    return _JSON if start in (b"{", b"[", b'"') else _XML if start == b"<" else _LINES


def _odd(pattern: re.Pattern[bytes], chance: Random) -> bytes:
    if pattern is not _JSON:
        return chance.choice([chance.choice(NUMBERS), chance.choice(TEXTS), chance.choice(_XML_ODD)])
    text = b'"' + chance.choice([chance.choice(NUMBERS), chance.choice(TEXTS)]) + b'"'
    return chance.choice([chance.choice(NUMBERS), text, chance.choice(_JSON_ODD)])
