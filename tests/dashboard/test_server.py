"""The process around the pages: health, a taken address, a missing store, and jobs that start and stop with it."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from dashboard.server import AddressTakenError, serve
from data.store import StoreError
from tests.dashboard import city

ROOT = Path(__file__).parents[2]
SERVING = """
import sys, datetime
from dashboard.server import serve

def jobs(store):
    print("jobs started", store.cursor().execute("SELECT count(*) FROM agencies").fetchone()[0], flush=True)
    return lambda: print("jobs stopped", flush=True)

now = datetime.datetime.fromisoformat(sys.argv[2])
serve(sys.argv[1], "127.0.0.1", 0, lambda address: print(address, flush=True), clock=lambda: now, jobs=jobs)
"""


@contextmanager
def serving(city_file: Path, folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The dashboard of the city in a process of its own, started from a folder that is not the project's."""
    shutil.copy(city_file, folder / "city.duckdb")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVING, str(folder / "city.duckdb"), city.NOW.isoformat()],
        cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.match(r"http://127\.0\.0\.1:\d+", line):
            break
    else:
        pytest.fail("the server did not start: " + "".join(said))
    try:
        yield found[0], process
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_healthz_answers_and_the_jobs_live_as_long_as_the_server(city_file: Path, tmp_path: Path) -> None:
    with serving(city_file, tmp_path) as (address, process), urlopen(f"{address}/healthz") as answer:
        assert answer.status == 200 and json.load(answer) == {"status": "ok"}
    assert process.stdout is not None
    assert process.stdout.read().splitlines()[-1:] == ["jobs stopped"]


def test_a_taken_address_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(AddressTakenError, match=f"127.0.0.1:{port} .* choose another --port"):
            serve(str(tmp_path / "a.duckdb"), "127.0.0.1", port, print, clock=lambda: city.NOW)


def test_a_file_that_is_no_store_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.duckdb").write_text("not a store" * 1000)
    with pytest.raises(StoreError, match="cannot be opened as a store"):
        serve(str(tmp_path / "a.duckdb"), "127.0.0.1", 0, print, clock=lambda: city.NOW)
