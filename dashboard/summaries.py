"""The two tables that sum a month up: rules with their denominators, and agencies worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from dashboard import address, outcomes, rulebook
from dashboard.listings import outcome_words
from dashboard.markup import Column, Content, Html, bar, el, joined, link, table
from dashboard.rows import AgencyCount, RuleCount
from dashboard.say import t, word


def rules_table(rule_counts: Iterable[RuleCount], agency_id: str | None = None) -> Html:
    """Lowest compliance first; every figure opens the list of its verdicts, of `agency_id` when it is given."""
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    for count in rule_counts:
        by_rule[count.rule_id][count.outcome] += count.verdict_count
    words = outcome_words()
    body = [
        _rule_line(rule_id, counts, words, agency_id) for rule_id, counts in sorted(by_rule.items(), key=_worst_rule)
    ]
    columns = [
        Column(t("overview.rule"), "wide"),
        Column(t("overview.rate"), "num", t("overview.rate_help")),
        Column(t("overview.unknown_share"), "num"),
        Column(t("overview.distribution"), "barcell"),
        *(Column(words[o], "num") for o in outcomes.WORST_FIRST if o != "error"),
    ]
    return table(columns, body, t("overview.rules"))


def _worst_rule(item: tuple[str, Counter[str]]) -> tuple[float, int, str]:
    rule_id, counts = item
    judged = outcomes.judged(counts)
    return (counts["pass"] / judged if judged else 1.0, -counts["unknown"], rule_id)


def _rule_line(rule_id: str, counts: Counter[str], words: dict[str, str], agency_id: str | None) -> list[Content]:
    total = counts.total()
    name = [
        link(address.to("findings", rule=rule_id, agency=agency_id), rulebook.short(rule_id)),
        el("div", rulebook.duty(rule_id), css="muted small"),
    ]
    broken = el("div", f"{words['error']} {counts['error']}", css="chip o-error") if counts["error"] else ""
    return [
        joined([*name, broken]),
        rate(counts),
        outcomes.percent(counts["unknown"], total),
        bar(counts, words),
        *(
            link(address.to("verdicts", rule=rule_id, outcome=o, agency=agency_id), _figure(counts[o], o))
            if counts[o]
            else _figure(0, o)
            for o in outcomes.WORST_FIRST
            if o != "error"
        ),
    ]


def rate(counts: Counter[str]) -> Content:
    """Small denominators stay two counts; a percentage always has its denominator beside it."""
    judged = outcomes.judged(counts)
    if not judged:
        return el("span", t("common.none"), css="muted")
    fraction = f"{counts['pass']:,} / {judged:,}"
    if judged < outcomes.SMALL_DENOMINATOR:
        return el("b", fraction)
    return el("b", outcomes.percent(counts["pass"], judged)) + el("div", fraction, css="muted small")


def _figure(count: int, outcome: str) -> Html:
    if not count:
        return el("span", "0", css="muted")
    return el("span", f"{count:,}", css=f"mark o-{outcome}")


def agencies_table(agencies: Iterable[AgencyCount], finding_counts: Counter[str]) -> Html:
    """Most suspected breaches first, then to be checked, then unknown."""
    words = outcome_words()
    by_agency: dict[str, list[AgencyCount]] = defaultdict(list)
    for count in agencies:
        by_agency[count.agency_id].append(count)
    columns = [
        Column(t("overview.agency"), "wide"),
        Column(t("overview.district")),
        Column(t("overview.findings"), "num"),
        *(Column(words[o], "num") for o in ("fail", "suspect", "unknown", "pass")),
        Column(t("overview.known_share"), "num", t("overview.known_share_help")),
        Column(t("overview.distribution"), "barcell"),
    ]
    ranked = sorted(by_agency.values(), key=_worst_agency)
    body = [_agency_line(counts, finding_counts[counts[0].agency_id], words) for counts in ranked]
    return table(columns, body, t("overview.agencies"))


def _by_outcome(counts: Sequence[AgencyCount]) -> Counter[str]:
    return Counter({count.outcome: count.verdict_count for count in counts if count.outcome})


def _worst_agency(counts: Sequence[AgencyCount]) -> tuple[int, int, int, str]:
    told = _by_outcome(counts)
    return (-told["fail"], -told["suspect"], -told["unknown"], counts[0].agency_id)


def _agency_line(counts: Sequence[AgencyCount], found: int, words: dict[str, str]) -> list[Content]:
    told = _by_outcome(counts)
    days = sum(count.camera_days for count in counts)
    unknown_days = sum(count.camera_days for count in counts if count.outcome == "unknown")
    agency = counts[0]
    known: Content = t("common.none")
    if days:
        fraction = el("span", f" {days - unknown_days}/{days}", css="muted small")
        known = joined([outcomes.percent(days - unknown_days, days), fraction])
    return [
        link(address.to("agencies", agency=agency.agency_id), agency.name),
        word("district", agency.district_code),
        link(address.to("findings", agency=agency.agency_id), str(found)) if found else "0",
        *(_figure(told[o], o) for o in ("fail", "suspect", "unknown", "pass")),
        known,
        bar(told, words),
    ]
