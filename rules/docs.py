"""RULES.md, made from the catalogue: a public verdict needs a public meaning.

`make docs` renews it and the pages of `rules/pages.py`; a test fails when one is stale, missing or left over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rules.catalogue import Rule, Text
from rules.pages import MENDS, City, basis, row, value

HEAD = """# 规则目录 · Rules

由 `rules/catalogue` 生成，请勿手改；更新：`make docs`。每条规则另有一页，见 [docs/rules](docs/rules)。
Generated from `rules/catalogue`; do not edit by hand. To renew: `make docs`. Each rule has a page of its own in
[docs/rules](docs/rules).

条款代码指向《南昌市工程质量检测过程影像记录留痕工作指南》自身的编号（G 正文，T 附表行）。结论用词：`pass` 符合 ·
`fail` 不符合 · `suspect` 疑似，须人工核对 · `unknown` 情况不明，既非符合也非不符合 · `maturing` 启用未满期限 ·
`excused` 已豁免 · `error` 规则本身出错。

Clause codes point at the guide's own numbering (G body, T rows of its inner table). `unknown` is never counted as good
or bad; `suspect` means that a person must look.
"""


def catalogue_page(rules: Mapping[str, Rule], cities: Sequence[City]) -> str:
    """The whole catalogue as one Markdown page in both languages."""
    return "\n".join([HEAD, *("\n".join(_section(rule, cities)) for rule in rules.values())]).rstrip()


def _section(rule: Rule, cities: Sequence[City]) -> Iterator[str]:
    yield from (f"## {rule.id}", "", f"**{rule.title.zh}** · {rule.title.en}", "")
    yield f"- 要求 duty: {_both(rule.duty)}"
    if rule.reading is not None:
        yield f"- 采用的解释 reading taken: {_both(rule.reading)}"
    yield f"- 条款 clauses: {rule.clause} · 严重程度 severity: {rule.severity} · 状态 status: {rule.status}"
    yield (
        f"- 对象 subject: {', '.join(rule.subject)} · 周期 period: {rule.period} · 宽限 grace: {rule.grace_h} h"
        f" · 自 in force from: {rule.in_force_from}"
    )
    yield f"- 先做什么 what to do first: {_both(rule.remedy)}"
    yield f"- 能否补救 mending (`{rule.mend}`): {_both(MENDS[rule.mend])}"
    for city in cities:
        for difference in city.differences.get(rule.id, ()):
            yield f"- {_both(city.name)} `{difference.field}`: {_both(difference.ours)} → {_both(difference.theirs)}"
    yield ""
    if rule.parameters:
        yield from ("| 参数 parameter | 值 value | 依据 basis | 说明 note |", "| --- | --- | --- | --- |")
        for name, parameter in rule.parameters.items():
            yield row(f"`{name}`", value(parameter), _both(basis(parameter)), _both(parameter.note))
        yield ""
    if rule.reasons:
        yield from ("| 原因 reason | 含义 meaning |", "| --- | --- |")
        yield from (row(f"`{code}`", _both(text)) for code, text in rule.reasons.items())
        yield ""


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} · {text.en}"
