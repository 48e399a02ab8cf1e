"""Where a simulated device is asked: at an address, or in a folder whose files are damaged."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from collectors.simulator.folder import Manners, drop
from collectors.simulator.http import Response
from tests.collectors.fuzz.specs import NOW
from tests.collectors.fuzz.wire import Spoiler
from tests.collectors.fuzz.worlds import World


@contextmanager
def place(world: World, spoiler: Spoiler) -> Iterator[str]:
    """The address to ask. Without one the device is a folder, and its files are what is damaged."""
    if world.spec.address:
        yield world.spec.address
        return
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        _drop(world, Path(folder), spoiler)
        yield folder


def _drop(world: World, folder: Path, spoiler: Spoiler) -> None:
    chance = Random(world.recorder.clock_offset(NOW).total_seconds())
    window = (NOW - 40 * world.hour, NOW - timedelta(minutes=10))
    manners = Manners(in_chinese=chance.random() < 0.5)
    for path in drop(world.recorder, NOW - timedelta(minutes=10), folder, window=window, manners=manners):
        changed_ns = path.stat().st_mtime_ns
        response = spoiler.spoiled("footage", Response(200, path.read_bytes()))
        if response.dropped:
            path.unlink()
        elif isinstance(response.body, bytes):
            path.write_bytes(response.body)
            os.utime(path, ns=(changed_ns, changed_ns))
