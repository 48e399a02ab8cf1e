"""The facts of a laid-out city as a user without Liuhen has them: raw files, one Parquet file per table."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from data.store import Store

RAW_SQL = files("bench").joinpath("raw.sql").read_text(encoding="utf-8")
FILE = re.compile(r"^-- file: (\w+)\n(.*?);$", re.MULTILINE | re.DOTALL)


def write_raw(store: Store, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with store.cursor() as cursor:
        for name, select in FILE.findall(RAW_SQL):
            cursor.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet)")
