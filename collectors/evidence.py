"""Keeps the passwords that some settings hold out of what is stored as evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from collectors.device import Device

NOT_KEPT = b"(not kept: it can hold the passwords of cameras)"


@dataclass(slots=True)
class Kept:
    """What may be stored of the answer; nothing of it until that is set."""

    content: object = None


@contextmanager
def reduced_evidence(device: Device, path: str) -> Iterator[Kept]:
    """The answers to `path` that arrive inside are stored as `content`, whatever goes wrong in reading them."""
    known = len(device.exchanges)
    kept = Kept()
    try:
        yield kept
    finally:
        body = NOT_KEPT if kept.content is None else json.dumps(kept.content, ensure_ascii=False).encode()
        device.exchanges[known:] = [
            replace(each, body=body) if path in each.request and each.body else each
            for each in device.exchanges[known:]
        ]
