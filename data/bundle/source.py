"""Where a bundle's files lie: a folder, or a .zip of it that is unpacked into a temporary folder.

A bundle comes from outside, so nothing of it may lead elsewhere: links out of the folder, member names with a
path, and archives that unpack to an unreasonable size are refused.
"""

from __future__ import annotations

import codecs
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from data.bundle.columns import Table
from data.bundle.errors import BundleError, BundleErrors
from data.bundle.format import MANDATORY, TABLES
from data.bundle.unpack import unpack

_CHUNK = 1 << 20
_SAVE_AS = "save it as UTF-8, in Excel as 'CSV UTF-8 (逗号分隔)'"


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a known name. `fault` is set when it is no UTF-8 text and cannot be read at all."""

    table: Table
    path: Path
    sha256: str
    fault: BundleError | None


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a bundle.

    `submission_id` depends on names and contents only, so a folder and its .zip are one submission.
    """

    name: str
    files: tuple[BundleFile, ...]
    warnings: list[str] = field(default_factory=list)

    @property
    def submission_id(self) -> str:
        listed = "".join(
            f"{file.table.file} {file.sha256}\n" for file in sorted(self.files, key=lambda f: f.table.file)
        )
        return hashlib.sha256(listed.encode()).hexdigest()


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The bundle at `path`, or BundleErrors if there is none. Unpacked files live as long as the context."""
    if path.is_dir():
        yield _source_in(path.resolve(), path.name, [])
    elif path.is_file() and zipfile.is_zipfile(path):
        with TemporaryDirectory(prefix="liuhen-") as folder:
            warnings = unpack(path, Path(folder))
            yield _source_in(Path(folder).resolve(), path.name, warnings)
    else:
        raise _refusal(path.name, "is neither a folder nor a .zip; give the folder that holds agencies.csv")


def _source_in(folder: Path, name: str, warnings: list[str]) -> Source:
    files = []
    known = {table.file: table for table in TABLES.values()}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            warnings.append(f"{path.name} is not a file of the format and was ignored")
            continue
        if not path.resolve().is_relative_to(folder) or not path.is_file():
            raise _refusal(path.name, "is a folder or a link out of the bundle; put the file itself there")
        files.append(_examined(known[path.name], path))
    if not any(file.table.name == MANDATORY for file in files):
        raise _refusal(TABLES[MANDATORY].file, f"is missing in {name}; it is the one file that every bundle needs")
    return Source(name, tuple(files), warnings)


def _examined(table: Table, path: Path) -> BundleFile:
    """Read the bytes once: for the digest, and for what no CSV reader reports with a line."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    fault = None
    offset = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            fault = fault or _fault_in(chunk, offset, decoder, path)
            offset += len(chunk)
    fault = fault or _fault_in(b"", offset, decoder, path)
    error = BundleError(table.file, _line_at(path, fault[0]), "", fault[1]) if fault else None
    return BundleFile(table, path, digest.hexdigest(), error)


def _fault_in(chunk: bytes, offset: int, decoder: codecs.IncrementalDecoder, path: Path) -> tuple[int, str] | None:
    """Where in the file a byte is no text, and what to do. An empty chunk stands for the end of the file."""
    pending = len(decoder.getstate()[0])
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        return offset - pending + error.start, _encoding_problem(path)
    if b"\0" in chunk:
        return offset + chunk.index(b"\0"), "holds a NUL byte; save the file anew as CSV UTF-8"
    return None


def _encoding_problem(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(_CHUNK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return f"is UTF-16, not UTF-8; {_SAVE_AS}"
    try:
        codecs.getincrementaldecoder("gb18030")().decode(head)
    except UnicodeDecodeError:
        return f"is not UTF-8; {_SAVE_AS}"
    return f"is not UTF-8 but looks like GBK, as Excel saves CSV on Chinese Windows; {_SAVE_AS}"


def _line_at(path: Path, offset: int) -> int:
    with path.open("rb") as stream:
        return 1 + sum(stream.read(min(_CHUNK, offset - at)).count(b"\n") for at in range(0, offset, _CHUNK))


def _refusal(file: str, message: str) -> BundleErrors:
    return BundleErrors([BundleError(file, 0, "", message)])
