"""RULES.md, made from the catalogue: a public verdict needs a public meaning.

`liuhen rules docs > RULES.md` renews it; a test fails when it is stale.
"""

from __future__ import annotations

from rules.catalogue import Parameter, Rule

HEAD = """# 规则目录 · Rules

由 `rules/catalogue` 生成，请勿手改；更新：`liuhen rules docs > RULES.md`。
Generated from `rules/catalogue`; do not edit by hand. To renew: `liuhen rules docs > RULES.md`.

条款代码指向《南昌市工程质量检测过程影像记录留痕工作指南》自身的编号（G 正文，T 附表行）。结论用词：`pass` 符合 ·
`fail` 不符合 · `suspect` 疑似，须人工核对 · `unknown` 情况不明，既非符合也非不符合 · `maturing` 启用未满期限 ·
`excused` 已豁免 · `error` 规则本身出错。

Clause codes point at the guide's own numbering (G body, T rows of its inner table). `unknown` is never counted as good
or bad; `suspect` means that a person must look.
"""


def catalogue_page(rules: dict[str, Rule]) -> str:
    """The whole catalogue as one Markdown page in both languages."""
    return "\n".join([HEAD, *(_section(rule) for rule in rules.values())]).rstrip()


def _section(rule: Rule) -> str:
    return "\n".join(
        [
            f"## {rule.id}",
            "",
            f"**{rule.title.zh}** · {rule.title.en}",
            "",
            f"- 要求 duty: {rule.duty.zh} · {rule.duty.en}",
            f"- 条款 clauses: {rule.clause} · 严重程度 severity: {rule.severity} · 状态 status: {rule.status}",
            f"- 对象 subject: {', '.join(rule.subject)} · 周期 period: {rule.period} · 宽限 grace: {rule.grace_h} h"
            f" · 自 in force from: {rule.in_force_from}",
            f"- 先做什么 what to do first: {rule.remedy.zh} · {rule.remedy.en}",
            "",
            "| 参数 parameter | 值 value | 依据 basis | 说明 note |",
            "| --- | --- | --- | --- |",
            *(_parameter_row(name, parameter) for name, parameter in rule.parameters.items()),
            "",
            "| 原因 reason | 含义 meaning |",
            "| --- | --- |",
            *(f"| `{code}` | {text.zh} · {text.en} |" for code, text in rule.reasons.items()),
            "",
        ]
    )


def _parameter_row(name: str, parameter: Parameter) -> str:
    basis = "条款 clause" if parameter.basis == "clause" else "工程默认值 engineering default"
    return f"| `{name}` | {parameter.value} {parameter.unit} | {basis} | {parameter.note.zh} · {parameter.note.en} |"
