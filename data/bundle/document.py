"""Writes docs/bundle.md from the format table: `python -m data.bundle.document docs/bundle.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from data.bundle.columns import Column, Table
from data.bundle.errors import SHOWN_PER_FILE
from data.bundle.format import MANDATORY, TABLES
from data.bundle.kinds import LIST
from data.bundle.unpack import RATIO_LIMIT, UNPACKED_LIMIT

_HEAD = f"""# The submission bundle

<!-- Written by `python -m data.bundle.document docs/bundle.md` from data/bundle/format.py; do not edit. -->

A bundle is a folder of CSV files, or a `.zip` of it (files at the root or in one folder). Only `{MANDATORY}.csv`
must be there. `liuhen import BUNDLE` stores it, `liuhen judge BUNDLE` and `liuhen self-check BUNDLE` judge it and
store nothing.

## CSV

UTF-8, with or without BOM; commas; cells quoted as in RFC 4180, so that a cell may contain commas, quotes (written
twice) and line breaks; one header row on the first line; columns in any order; any one kind of line end or several.
Blank lines and empty cells beyond the last column are ignored. An unknown file or column is a warning.

## Cells

| type | written as |
|---|---|
| id | text that is compared byte by byte and never parsed: `0012` is not `12`. No blank at either end, no invisible characters |
| text | any text; a cell of blanks only is refused |
| time | `2026-10-01T08:00:00+08:00`. `T` or one blank; seconds and a fraction may be left out (digits beyond the microsecond are dropped); the offset is `Z`, `±hh`, `±hhmm` or `±hh:mm`, without one it is Asia/Shanghai. Years 1900 to 9999. 24:00, slashes, AM/PM and full-width digits are refused |
| date | `2026-10-01`, a local day |
| flag | `yes` or `no` |
| list | values separated by exactly one blank |
| int, number | decimal digits; a number may have a fraction after a point |
| sha256 | 64 hexadecimal digits, capital or small |

An empty cell, quoted or not, means *not known*. Times are true time except in `footage.csv`, which is device time.

## Errors

Everything is checked before one row is stored, and all errors are told together: file, line on which the row starts,
column, value and what is accepted. At most {SHOWN_PER_FILE} errors of one file are listed; the rest is counted. A
bundle with an error changes nothing.

* A row with too few or too many cells, broken quotes, bytes that are not UTF-8 or a NUL byte make a file unreadable;
  other files are still checked, except for ids that would have to be found in it.
* The same key twice in one file is an error. In a later submission the same key replaces what was known before,
  except for polls: the same poll again is ignored, and with another content it is an error.
* An id that refers to another file must be found there or be on record already (not withdrawn).
* An interval must not end before it starts. It may be empty.
* The same bundle again, as a folder or as a `.zip`, changes nothing.
* A `.zip` may unpack to {UNPACKED_LIMIT >> 30} GiB and to {RATIO_LIMIT} times its size.

## Decisions on references

* `sessions.report_no` need not be on record: the test is done before the report is issued.
* `key_images.report_no` and `image_reviews.report_no` must be on record: an image is judged under its report.
* `footage.csv` rows must name a poll of the same bundle: what an answer listed is part of that answer.
* `key_images.source` of `clip_of:<camera_id>` and every id of a list are references too.

## Since when a fact is known

With `liuhen import` a fact is known from the intake on, or from its own instant if that is later: {{known_at}}. When a
bundle is judged without a store these count from their own instant, and everything else as always known.

## Files

`*` marks a required column, **bold** the key.
"""  # noqa: E501 - Markdown tables do not wrap


def bundle_reference() -> str:
    """The whole page, in English with a short Chinese part."""
    known_at = ", ".join(f"`{t.name}.{t.known_at}`" for t in TABLES.values() if t.known_at)
    return "\n".join([_HEAD.format(known_at=known_at), *map(_section, TABLES.values()), _chinese()])


def _section(table: Table) -> str:
    rows = "\n".join(_row(table, column) for column in table.columns)
    return f"### {table.file}\n\n| column | type | refers to | note |\n|---|---|---|---|\n{rows}\n"


def _row(table: Table, column: Column) -> str:
    name = f"**{column.name}**" if column.name in table.key else column.name
    targets = [r.target for r in table.references() if column.name in r.column.split(", ")]
    listed = "every id in " if column.kind is LIST and targets else ""
    refers = listed + ", ".join(f"`{target}`" for target in targets)
    default = [f"default {column.default}"] if column.default is not None else []
    note = "; ".join(filter(None, [column.note, *default]))
    return f"| {name}{'*' if column.required else ''} | {column.kind.word} | {refers} | {note} |"


def _chinese() -> str:
    rows = "\n".join(
        f"| `{t.file}` | {t.title_zh} | {'、'.join(f'`{name}`' for name in t.required)} |" for t in TABLES.values()
    )
    return f"""## 中文简要说明

提交包是一个文件夹（或其 `.zip`），内含 UTF-8 编码的 CSV 文件，首行为列名，列序不限；仅 `{MANDATORY}.csv` 必须提供。
用 Excel 编辑时请另存为“CSV UTF-8（逗号分隔）”。编号按文本逐字节比较，`0012` 与 `12` 不同，首尾不得有空格。
时间写作 `2026-10-01T08:00:00+08:00`，不带时区即北京时间；日期写作 `2026-10-01`；是否写 `yes`/`no`；空单元格表示“未知”。
全部检查通过后才入库；有任何错误则整包不入库，并一次列出所有错误的文件、行、列和应填格式。

| 文件 | 内容 | 必填列 |
|---|---|---|
{rows}
"""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(bundle_reference(), encoding="utf-8")
