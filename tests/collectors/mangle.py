"""Spoils the JSON replies of a protocol end the way bad networks, proxies and firmware do."""

from __future__ import annotations

import json
from random import Random

from collectors.simulator.http import End, Request, Response

ODD = ("null", "true", "-1", "1e999", "NaN", '"x"', "[]", "{}", "9" * 400, "1e17", '""', '"9999-12-31 23:59:59"')


def mangled(chance: Random, end: End, share: float = 0.4) -> End:
    """`share` of the replies are spoiled."""

    def answer(request: Request) -> Response:
        reply = end(request)
        if chance.random() >= share or not isinstance(reply.body, bytes):
            return reply
        return Response(reply.status, mangle(chance, reply.body), reply.headers)

    return answer


def mangle(chance: Random, body: bytes) -> bytes:
    """Cut, re-encoded, or with one value exchanged for something a number or text should not be."""
    how = chance.choice(["cut", "bytes", "utf-16", "gbk", "value", "deep"])
    if how == "cut":
        return body[: chance.randint(0, len(body))]
    if how == "bytes":
        return bytes(b if chance.random() > 0.02 else chance.randint(0, 255) for b in body)
    if how in ("utf-16", "gbk"):
        return body.decode("utf-8", "replace").encode(how, "replace")
    if how == "deep":
        return b'{"a":' * 5000 + b"1"
    odd = chance.choice(ODD)
    pieces = json.dumps(json.loads(body)).split(": ") if body[:1] in b"[{" else ["", ""]
    at = chance.randrange(max(len(pieces) - 1, 1))
    rest = pieces[at + 1] if len(pieces) > at + 1 else ""
    cut = next((i for i, sign in enumerate(rest) if sign in ",}]"), len(rest))
    return ": ".join([*pieces[: at + 1], odd + rest[cut:], *pieces[at + 2 :]]).encode()
