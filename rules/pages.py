"""One Markdown page per rule, Chinese first, then English, for whoever is held to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules import catalogue
from rules.catalogue import Difference, Parameter, Rule, Text

MARK = "<!-- 由 rules/catalogue 生成，请勿手改；更新：make docs · Generated; do not edit, run make docs -->"
"""How every page begins."""
MENDS = {
    "register": Text(
        zh="整改到位并登记；自整改之日起算，之前的日子不变",
        en="put it right and register it; that counts from the day it is done, earlier days do not change",
    ),
    "footage": Text(
        zh="录像仍在留存期内的，可以补查或截取",
        en="from the footage while it is kept: have the recorder asked again, or cut the clip",
    ),
    "record": Text(zh="随时可以补交或更正记录", en="hand in or correct the record, at any time"),
    "never": Text(zh="无法补救，只能书面说明", en="cannot be mended, only explained in writing"),
}
SEVERITIES = {
    "advice": Text(zh="提示", en="advice"),
    "minor": Text(zh="一般", en="minor"),
    "major": Text(zh="较重", en="major"),
    "critical": Text(zh="严重", en="critical"),
}
STATUSES = {
    "draft": Text(zh="草案，不判定", en="draft, not judged"),
    "active": Text(zh="施行", en="active"),
    "retired": Text(zh="已停用，不再判定", en="retired, no longer judged"),
}
SUBJECTS = {
    "agency": Text(zh="机构", en="agency"),
    "room": Text(zh="房间", en="room"),
    "device": Text(zh="设备", en="device"),
    "camera": Text(zh="摄像机", en="camera"),
    "recorder": Text(zh="录像机", en="recorder"),
    "session": Text(zh="检测活动", en="session"),
    "report": Text(zh="检测报告", en="report"),
    "image": Text(zh="影像", en="image"),
}
PERIODS = {"day": Text(zh="每日", en="every day"), "month": Text(zh="每月", en="every month")}
HEADINGS = {
    "duty": Text(zh="要求", en="Duty"),
    "reading": Text(zh="采用的解释", en="Reading taken"),
    "remedy": Text(zh="先做什么", en="What to do first"),
    "mend": Text(zh="能否补救", en="Can it be mended"),
    "parameters": Text(zh="参数", en="Parameters"),
    "reasons": Text(zh="结论的原因", en="Reasons of a verdict"),
    "cities": Text(zh="其他城市的不同规定", en="What other cities have otherwise"),
}
FACT_COLUMNS = Text(
    zh="条款 | 严重程度 | 状态 | 对象 | 周期 | 宽限（小时） | 施行日期",
    en="Clause | Severity | Status | Subject | Period | Grace (h) | In force from",
)
PARAMETER_COLUMNS = Text(zh="参数 | 值 | 依据 | 说明", en="Parameter | Value | Basis | Note")
REASON_COLUMNS = Text(zh="代码 | 含义", en="Code | Meaning")
CITY_COLUMNS = Text(zh="城市 | 字段 | 此处 | 该市", en="City | Field | Here | There")


@dataclass(frozen=True, slots=True)
class City:
    """A profile that has something otherwise than the rules at hand: rule id → differences."""

    profile: str
    name: Text
    differences: Mapping[str, Sequence[Difference]]


def cities(rules: Mapping[str, Rule]) -> list[City]:
    """How every profile has these rules, if it has any of them otherwise."""
    found = []
    for profile in catalogue.profiles():
        theirs = catalogue.load(profile=profile)
        differing = {rule_id: catalogue.differences(rule, theirs[rule_id]) for rule_id, rule in rules.items()}
        if any(differing.values()):
            found.append(City(profile, catalogue.profile_name(profile), differing))
    return found


def rule_pages(rules: Mapping[str, Rule], cities: Sequence[City]) -> dict[str, str]:
    """The pages by file name."""
    return {f"{rule.id}.md": rule_page(rule, cities) for rule in rules.values()}


def rule_page(rule: Rule, cities: Sequence[City]) -> str:
    lines = [MARK, "", *_page(rule, cities, "zh"), "---", "", *_page(rule, cities, "en")]
    return "\n".join(lines).rstrip() + "\n"


def row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def value(parameter: Parameter) -> str:
    """A number with its unit, words as they are, and whose value it is when it is another rule's."""
    shown = f"{parameter.value} {parameter.unit}" if parameter.is_number else str(parameter.value)
    return f"{shown} (= {parameter.same_as})" if parameter.same_as else shown


def basis(parameter: Parameter) -> Text:
    if parameter.basis == "clause":
        return Text(zh="条款", en="clause")
    return Text(zh="工程默认值", en="engineering default")


def _page(rule: Rule, cities: Sequence[City], language: str) -> Iterator[str]:
    def said(text: Text) -> str:
        return str(getattr(text, language))

    yield from (f"# {said(rule.title)}", "", f"`{rule.id}`", "")
    subjects = " / ".join(said(SUBJECTS[subject]) for subject in rule.subject)
    facts = [rule.clause, said(SEVERITIES[rule.severity]), said(STATUSES[rule.status]), subjects]
    facts += [said(PERIODS[rule.period]), str(rule.grace_h), str(rule.in_force_from)]
    yield from _table(said(FACT_COLUMNS), [facts])
    for name, text in (
        ("duty", rule.duty),
        ("reading", rule.reading),
        ("remedy", rule.remedy),
        ("mend", MENDS[rule.mend]),
    ):
        if text is not None:
            yield from (f"## {said(HEADINGS[name])}", "", said(text), "")
    parameters = [
        [f"`{name}`", value(parameter), said(basis(parameter)), said(parameter.note)]
        for name, parameter in rule.parameters.items()
    ]
    reasons = [[f"`{code}`", said(text)] for code, text in rule.reasons.items()]
    elsewhere = [
        [said(city.name), f"`{difference.field}`", said(difference.ours), said(difference.theirs)]
        for city in cities
        for difference in city.differences.get(rule.id, ())
    ]
    for name, columns, body in (
        ("parameters", PARAMETER_COLUMNS, parameters),
        ("reasons", REASON_COLUMNS, reasons),
        ("cities", CITY_COLUMNS, elsewhere),
    ):
        if body:
            yield from (f"## {said(HEADINGS[name])}", "", *_table(said(columns), body))


def _table(columns: str, body: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (f"| {columns} |", "|" + " --- |" * (columns.count("|") + 1))
    yield from (row(*cells) for cells in body)
    yield ""
