"""The folder as a device: it reads regular files of bounded size that lie directly in it, and nothing else."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from collectors.answers import Malformed, Refused, Unreachable
from collectors.device import Device
from collectors.xml import quoted

MAX_FILE_BYTES = 32 * 2**20
MAX_NAMES = 5000
_EPOCH = datetime(1970, 1, 1)
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Links are refused by the system itself, and a pipe does not hold us up."""


@dataclass(frozen=True, slots=True)
class Content:
    name: str
    body: bytes
    changed_at: datetime
    """By the clock of the machine that serves the share; naive UTC."""


class FolderDevice(Device):
    """`address` is the folder; no request goes over the network."""

    def __init__(self, address: str, *, now: Callable[[], datetime], memory: dict[str, str]) -> None:
        super().__init__(address, now=now, memory=memory)
        self._path = path_of(address)

    def names(self) -> list[str]:
        """The names in the folder, in order."""
        self.request_count += 1
        try:
            if not stat.S_ISDIR(self._path.lstat().st_mode):
                raise Malformed(f"{self.address} is no folder, or a link to one; register the folder itself")
            with os.scandir(self._path) as entries:
                names = [entry.name for entry, _ in zip(entries, range(MAX_NAMES + 1), strict=False)]
        except OSError as error:
            raise _failure(self.address, error) from None
        if len(names) > MAX_NAMES:
            raise Malformed(f"{self.address} holds more than {MAX_NAMES} files; remove the old ones")
        return sorted(names)

    def read(self, name: str) -> Content:
        """One file as it is now; Malformed when it is anything but a regular file of reasonable size."""
        where = f"{self.address}/{name}"
        self.request_count += 1
        try:
            descriptor = os.open(self._path / name, _FLAGS)
            with os.fdopen(descriptor, "rb") as stream:
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode):
                    raise Malformed(f"{where} is no file; put the file itself there")
                body = stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            if self._is_link(name):
                raise Malformed(f"{where} is a link; put the file itself there") from None
            raise _failure(where, error) from None
        if len(body) > MAX_FILE_BYTES:
            raise Malformed(f"{where} is larger than {MAX_FILE_BYTES // 2**20} MiB; split it by day or by camera")
        return Content(name, body, _EPOCH + timedelta(microseconds=found.st_mtime_ns // 1000))

    def _is_link(self, name: str) -> bool:
        try:
            return stat.S_ISLNK((self._path / name).lstat().st_mode)
        except OSError:
            return False


def ours(device: Device) -> FolderDevice:
    if not isinstance(device, FolderDevice):
        raise TypeError(f"a device of the folder protocol is needed, opened with its open_device, not {device!r}")
    return device


def path_of(address: str) -> Path:
    """Malformed for anything but an absolute path on this machine that is written without detours."""
    text = address.strip()
    if text.lower().startswith("file:"):
        url = urlsplit(text)
        text = unquote(url.path) if url.netloc in ("", "localhost") else ""
    path = Path(text)
    if not text or "\0" in text or not path.is_absolute() or ".." in path.parts or len(path.parts) < 3:
        raise Malformed(
            f"'{quoted(address)}' is no folder of drops; write file:///srv/drops/lab or the absolute path of a folder "
            "at least two levels down, and mount a share first"
        )
    return path


def _failure(where: str, error: OSError) -> Refused | Unreachable:
    reason = error.strerror or type(error).__name__
    if isinstance(error, PermissionError):
        return Refused(f"{where} may not be read ({reason}); give this process the right to read the folder")
    return Unreachable(f"{where} cannot be read ({reason}); check that the share is mounted")
