"""A PostgreSQL server of one's own: a temporary folder with a socket in it, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
MIN_VERSION = 15  # the first that aggregates multiranges
DEADLINE_S = 60
SETTINGS = {
    "listen_addresses": "",
    "timezone": "Asia/Shanghai",
    "fsync": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
    "max_connections": "10",
}


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """A connection to it; no TCP, and nothing survives a crash, which is why it is quick."""
    folder = Path(mkdtemp(prefix="liuhen-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        made = _command("initdb", "--username=judge", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync")
        subprocess.run([*made, f"--pgdata={folder}/data"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        with _running(folder) as process, _connected(folder, process) as connection:
            yield connection
    finally:
        shutil.rmtree(folder)


def _command(program: str, *arguments: str) -> list[str]:
    """It ends with the one who started it; PostgreSQL refuses root, so root becomes the Debian packages' user."""
    found = sorted((int(folder.name), folder) for folder in DEBIAN.glob("[0-9]*"))
    if not found or found[-1][0] < MIN_VERSION:
        raise RuntimeError(f"no PostgreSQL {MIN_VERSION} or newer under {DEBIAN}; install the package postgresql")
    become = ("--reuid=postgres", "--regid=postgres", "--clear-groups") if os.geteuid() == 0 else ()
    return ["setpriv", *become, "--pdeathsig=INT", str(found[-1][1] / "bin" / program), *arguments]


@contextmanager
def _running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "log").open("wb") as log:
        command = _command("postgres", "-D", f"{folder}/data", "-k", str(folder), *settings)
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(DEADLINE_S)


def _connected(folder: Path, process: subprocess.Popen[bytes]) -> psycopg.Connection:
    deadline = time.monotonic() + DEADLINE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return psycopg.connect(host=str(folder), user="judge", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')}")
