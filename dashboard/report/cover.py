"""The dossier's cover: how every figure was made, with which thresholds, and what could not be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.texts import DEFAULT_LANGUAGE, lookup
from data.periods import to_local_text
from rules import catalogue
from rules.catalogue import Rule
from rules.engine import Judgement
from rules.verdicts import OUTCOMES


def write(judgement: Judgement, rules: Mapping[str, Rule], silent_recorders: Sequence[str]) -> bytes:
    """Plain text in the bureau's language, UTF-8 with BOM."""
    lines = [
        _say("cover_title", month=judgement.month),
        "",
        _say("cover_judged", now=to_local_text(judgement.now_at), as_of=to_local_text(judgement.as_of)),
        _say("cover_ruleset", ruleset=catalogue.digest(dict(rules))),
        _say("cover_fingerprint", fingerprint=judgement.fingerprint),
        _say("cover_suspected"),
        _say("cover_unknown"),
        _say("cover_shares"),
        _say("cover_retained"),
        "",
        *_rules(judgement, rules),
        "",
        _say("cover_silent", recorders="、".join(silent_recorders)) if silent_recorders else _say("cover_none_silent"),
    ]
    return b"\xef\xbb\xbf" + ("\r\n".join(lines) + "\r\n").encode("utf-8")


def _rules(judgement: Judgement, rules: Mapping[str, Rule]) -> list[str]:
    lines = []
    for rule in rules.values():
        counts = {outcome: judgement.counts[rule.id, outcome] for outcome in OUTCOMES}
        shown = "，".join(f"{lookup(DEFAULT_LANGUAGE, f'outcome.{o}')} {counts[o]}" for o in OUTCOMES if counts[o])
        lines += [f"【{rule.id}】{rule.title.zh}", f"  {rule.duty.zh}（{rule.clause}）"]
        lines += [f"  {_parameter(rule, name)}" for name in rule.parameters]
        lines.append(f"  {shown or _say('cover_no_verdict')}")
    return lines


def _parameter(rule: Rule, name: str) -> str:
    parameter = rule.parameters[name]
    basis = _say("cover_basis_clause" if parameter.basis == "clause" else "cover_basis_default")
    return f"{name} = {parameter.value} {parameter.unit}（{basis}；{parameter.note.zh}）"


def _say(name: str, **fields: object) -> str:
    return lookup(DEFAULT_LANGUAGE, f"report.{name}", **fields)
