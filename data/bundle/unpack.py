"""Unpacks a bundle's .zip within bounds. Only files of the format's names are ever written."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from data.bundle.errors import BundleError, BundleErrors, shorten
from data.bundle.format import TABLES

UNPACKED_LIMIT = 4 * 1024**3
"""Bytes of all files together: thirty times a month of hourly files of 2,000 cameras."""
RATIO_LIMIT = 200
"""Unpacked to packed size of one file; footage lists reach about 25."""
RATIO_FREE = 10 * 1024**2
"""Bytes up to which the ratio does not matter: a small file of equal rows packs very well."""
_CHUNK = 1 << 20


def unpack(archive: Path, folder: Path) -> list[str]:
    """Write the bundle's files into `folder`; returns warnings. Raises BundleErrors when distrusted."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members, warnings = _chosen(opened, archive.name)
            left = UNPACKED_LIMIT
            for member in members:
                left -= _write(opened, member, folder / PurePosixPath(member.filename).name, left)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _refusal(archive.name, f"is damaged ({error}); pack the folder again") from None
    except (RuntimeError, NotImplementedError) as error:
        raise _refusal(archive.name, f"cannot be unpacked ({error}); pack the folder as a plain .zip") from None
    return warnings


def _chosen(opened: zipfile.ZipFile, name: str) -> tuple[list[zipfile.ZipInfo], list[str]]:
    """The members with a name of the format, which must lie side by side at the root or in one folder."""
    names = {table.file for table in TABLES.values()}
    members, warnings = [], []
    for member in opened.infolist():
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename:
            raise _refusal(
                name,
                f"holds '{shorten(member.filename)}', a path that leads out of it; pack the folder again",
            )
        if member.is_dir() or path.parts[0] == "__MACOSX":
            continue
        if path.name in names:
            members.append(member)
        else:
            warnings.append(f"{shorten(member.filename)} is not a file of the format and was ignored")
    folders = {PurePosixPath(member.filename).parent for member in members}
    if len(folders) > 1 or any(len(folder.parts) > 1 for folder in folders):
        raise _refusal(name, "holds bundle files in several or nested folders; pack one folder with all files in it")
    if len({member.filename for member in members}) < len(members):
        raise _refusal(name, "holds a file twice; pack the folder again")
    return members, warnings


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unpack one member, counting what really comes out because the header may lie; returns its bytes."""
    written = 0
    with opened.open(member) as packed, target.open("wb") as out:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > left:
                raise _refusal(
                    member.filename,
                    f"makes the bundle unpack to more than {UNPACKED_LIMIT >> 30} GiB; split it",
                )
            if written > RATIO_FREE and written > RATIO_LIMIT * max(member.compress_size, 1):
                raise _refusal(
                    member.filename,
                    f"unpacks to more than {RATIO_LIMIT} times its packed size; hand in the folder unpacked",
                )
            out.write(chunk)
    return written


def _refusal(file: str, message: str) -> BundleErrors:
    return BundleErrors([BundleError(shorten(file), 0, "", message)])
