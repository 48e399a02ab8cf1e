"""Ways an answer of a device can be damaged, and what each of them can no longer be blamed for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from collectors.simulator.http import Response
from tests.collectors.fuzz import times, values
from tests.collectors.fuzz.structure import lose, repeat, restructured, shuffle

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Login</title></head><body><form></form></body></html>"
BLANK = (b"", b"\r\n \t", b"\x00" * 64, b"\xef\xbb\xbf", LOGIN_PAGE, b"<html>")
HOLLOW = (b"[]", b"{}", b"null", b"0", b'""', b"<a/>", b"OK", b"Error", b"found=0\r\n", b"a=b", b'{"code":0}',
          b'{"code":0,"data":null}', b'{"code":0,"data":[]}', b"[[]]", b"[null]", b"#END\n", b"true",
          b"=\r\n")  # fmt: skip
CODINGS = ("utf-16", "utf-16-be", "utf-16-le", "utf-32", "gbk", "gb18030", "latin-1", "utf-8-sig", "utf-7")
STATUSES = (0, 100, 200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 408, 416, 429, 500, 501, 502, 503, 504,
            598, 599)  # fmt: skip
DEPTH = 10_000
HUGE_BYTES = (1, 3, 9)
"""In MiB; the last is beyond what any answer may have."""
HEADERS = {
    "Content-Type": ("text/html", "application/octet-stream", "", "text/plain; charset=utf-99", "multipart/mixed"),
    "Content-Length": ("-1", "abc", "9" * 30, "0", "7", "5, 7", ""),
    "WWW-Authenticate": ("", "Digest", 'Digest realm="x"', 'Basic realm="', 'Digest nonce="a", qop="auth-int"',
                         'Digest realm="\u00ff", nonce="n", algorithm=SHA-1024', "NTLM", "Digest " + "a=b," * 5000,
                         "Digest " + "a" * 60_000, "Digest " + "a-" * 30_000, 'Digest nonce="' * 4000),
    "Content-Encoding": ("gzip", "identity", "br"),
    "Transfer-Encoding": ("chunked", "identity"),
    "Location": ("http://198.51.100.7/", "//", ""),
    "Retry-After": ("1e400", "-1", "soon", "9" * 40, "0"),
    "Set-Cookie": ("a=b", "=", "frigate_token=; Path=/", "x" * 9000, "frigate_token=\r\n"),
    "Content-Range": ("bytes 0-1/2", "bytes */*", "x", "bytes 5-1/" + "9" * 30),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Damage:
    """`invents`: it can list what nobody recorded. `hides`: it can deny, in good order, what is there.

    `dates`: it says another time of day beside the body.
    """

    name: str
    apply: Callable[[Response, Random], Response]
    invents: bool = True
    hides: bool = True
    dates: bool = False

    @property
    def tells_nothing_new(self) -> bool:
        return not self.invents and not self.hides and not self.dates


def _on_body(change: Callable[[bytes, Random], bytes]) -> Callable[[Response, Random], Response]:
    def apply(response: Response, chance: Random) -> Response:
        return replace(response, body=change(response.body, chance)) if isinstance(response.body, bytes) else response

    return apply


def _cut(body: bytes, chance: Random) -> bytes:
    """Some of what is said is missing, not only white space."""
    return body[: chance.randrange(max(len(body.rstrip()), 1))]


def _flip(body: bytes, chance: Random) -> bytes:
    spoiled = bytearray(body or b"\x00")
    for _ in range(chance.choice([1, 1, 2, 9])):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def _recode(body: bytes, chance: Random) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(CODINGS), "replace")


def _deepen(body: bytes, chance: Random) -> bytes:
    depth = chance.choice([45, 1100, DEPTH])
    if body.lstrip()[:1] in (b"{", b"["):
        opening, closing = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
        nest = opening * depth + b"1" + closing * depth * chance.randrange(2)
        return chance.choice([nest, values.put(body, nest, chance)])
    inner = re.sub(rb"<\?xml.*?\?>", b"", body)
    return b"<a>" * depth + inner + b"</a>" * depth


def _swell(body: bytes, chance: Random) -> bytes:
    """Several MiB of white space, which every format allows somewhere."""
    padding = chance.choice([b" ", b"\n", b"\r\n"]) * (chance.choice(HUGE_BYTES) * 2**20 // 2)
    at = chance.choice([0, len(body)])
    return body[:at] + padding + body[at:]


def _status(response: Response, chance: Random) -> Response:
    return replace(response, status=chance.choice([*STATUSES, chance.randrange(600)]))


def _header(response: Response, chance: Random) -> Response:
    name = chance.choice(list(HEADERS))
    return replace(response, headers={**response.headers, name: chance.choice(HEADERS[name])})


def _headless(response: Response, chance: Random) -> Response:
    kept = {name: text for name, text in response.headers.items() if chance.random() < 0.3}
    return replace(response, headers=kept)


def _date(response: Response, chance: Random) -> Response:
    return replace(response, headers={**response.headers, "Date": times.odd_date(chance)})


def _drop(_: Response, __: Random) -> Response:
    return Response(dropped=True)


DAMAGES = (
    Damage("cut", _on_body(_cut), invents=False, hides=False),
    Damage("blank", _on_body(lambda _, chance: chance.choice(BLANK)), invents=False, hides=False),
    Damage("recode", _on_body(_recode), invents=False, hides=False),
    Damage("deepen", _on_body(_deepen), invents=False, hides=False),
    Damage("swell", _on_body(_swell), invents=False, hides=False),
    Damage("status", _status, invents=False, hides=False),
    Damage("header", _header, invents=False, hides=False),
    Damage("headless", _headless, invents=False, hides=False),
    Damage("drop", _drop, invents=False, hides=False),
    Damage("repeat", _on_body(restructured(repeat)), invents=False),
    Damage("shuffle", _on_body(restructured(shuffle)), invents=False, hides=False),
    Damage("lose", _on_body(restructured(lose)), invents=False),
    Damage("hollow", _on_body(lambda _, chance: chance.choice(HOLLOW)), invents=False),
    Damage("date", _date, invents=False, hides=False, dates=True),
    Damage("flip", _on_body(_flip)),
    Damage("value", _on_body(values.exchange)),
    Damage("time", _on_body(times.retime)),
)
RARE = {"swell": 0.05, "deepen": 0.4}
"""What costs much time, as a share of its turns."""
