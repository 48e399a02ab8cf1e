"""Judging only what changed against judging everything, while facts arrive in random pieces."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from data.periods import Month, local_day, parse_instant, to_iso
from data.store import Store
from rules.catalogue import load
from rules.engine import Judgement, judge
from rules.touched import Instant, touched
from rules.verdicts import Verdict, fingerprint, table_of
from tests.rules.judged import fresh, put
from tests.rules.sequences import Arrival, arrive, sequence

RULES = list(load().values())
OCTOBER = Month(2026, 10)
STORES, CITIES, STEPS = 4, 20, 5
Standing = dict[tuple[str, ...], Verdict]


@pytest.mark.parametrize("seed", range(STORES))
def test_judging_what_changed_is_judging_everything(seed: int) -> None:
    """Each store is the lives of some cities that share nothing but the hour, so every store is as many sequences."""
    parts: Counter[str] = Counter()
    since, month, standing = None, None, Standing()
    with fresh() as store:
        for arrival in sequence(seed, CITIES, STEPS):
            arrive(store, arrival)
            until = Instant(arrival.now_at, arrival.now_at)
            month = month or Month.of(local_day(arrival.now_at))
            whole = judge(store.cursor(), RULES, month, now_at=arrival.now_at)
            if since is None:
                standing = keyed(whole.verdicts)
            else:
                parts[bring_up_to_date(store, standing, month, since, until)] += 1
            assert standing == keyed(whole.verdicts)
            assert fingerprint(table_of(standing.values())) == whole.fingerprint
            since = until
    assert parts["a part"], "nothing was ever judged in part"


def test_an_exemption_given_and_taken_back_leaves_the_fingerprint_as_it_was() -> None:
    excused = 0
    with fresh() as store:
        *_, last = (arrival for arrival in sequence(7, CITIES, STEPS) if arrive(store, arrival) is None)
        month, at = Month.of(local_day(last.now_at - timedelta(days=1))), last.now_at + timedelta(days=1)

        def judged() -> Judgement:
            return judge(store.cursor(), RULES, month, now_at=at, as_of=at + timedelta(minutes=1))

        before = judged()
        for number, agency_id in enumerate(agencies(store)[:5]):
            row = {"exemption_id": f"Y{number}", "scope_type": "agency", "scope_id": agency_id, "reason": "停电",
                   "document_no": "示例1", "approved_by": "示例", "from_at": "2020-01-01T00:00",
                   "to_at": "2090-01-01T00:00", "entered_at": "2020-01-01T00:00"}  # fmt: skip
            put(store, {"agencies": [{"agency_id": agency_id, "name": "示例"}], "exemptions": [row]}, to_iso(at))
            excused += sum(verdict.outcome == "excused" for verdict in judged().verdicts)
            arrive(store, Arrival({}, f"Y{number}", at + timedelta(seconds=1)))
            assert judged().fingerprint == before.fingerprint
    assert excused


def test_the_hour_alone_touches_a_report_whose_grace_runs_out_and_everyone_when_a_day_ends() -> None:
    """Issued at noon on the 5th, judged from noon on the 6th on."""
    report = {"report_no": "B1", "agency_id": "A", "test_item": "CUBE_COMP", "issued_at": "2026-10-05T12:00"}
    with fresh() as store:
        put(
            store,
            {"agencies": [{"agency_id": a, "name": "示例"} for a in "AB"], "reports": [report]},
            "2026-10-05T13:00",
        )
        for since, until, wanted in (
            ("2026-10-05T14:00", "2026-10-05T23:59:59.999", ()),
            ("2026-10-05T14:00", "2026-10-06T00:00", None),
            ("2026-10-06T00:00", "2026-10-06T05:59:59.999", ()),
            ("2026-10-06T00:00", "2026-10-06T06:00", None),
            ("2026-10-06T07:00", "2026-10-06T11:59:59.999", ()),
            ("2026-10-06T07:00", "2026-10-06T12:00", ("A",)),
            ("2026-10-06T12:00", "2026-10-06T13:00", ()),
            ("2026-10-06T13:00", "2026-10-06T12:59", None),
        ):
            instants = [Instant(parse_instant(at), parse_instant(at)) for at in (since, until)]
            part = touched(store.cursor(), RULES, OCTOBER, since=instants[0], until=instants[1])
            assert part.agencies == wanted, (since, until)


def test_a_room_reaches_the_recorders_of_its_cameras() -> None:
    """A room of B with a camera on A's recorder: when the room closes, A's recorder has no camera on duty."""
    camera = {"camera_id": "C", "room_id": "RB", "recorder_id": "NA", "channel": "1", "view": "far", "mount": "fixed",
              "duty_from": "2026-01-01T00:00"}  # fmt: skip
    room = {"room_id": "RB", "premises_id": "PB", "name": "示例", "kind": "test_room", "in_use_from": "2026-01-01"}
    register = {
        "agencies": [{"agency_id": a, "name": "示例"} for a in "AB"],
        "premises": [{"premises_id": f"P{a}", "agency_id": a, "name": "示例", "kind": "main"} for a in "AB"],
        "rooms": [room],
        "recorders": [{"recorder_id": "NA", "premises_id": "PA", "protocol": "isapi", "address": "x"}],
    }
    with fresh() as store:
        put(store, register | {"cameras": [camera]}, "2026-10-05T00:00")
        since, until = parse_instant("2026-10-10T08:00"), parse_instant("2026-10-10T09:00")
        standing = keyed(judge(store.cursor(), RULES, OCTOBER, now_at=since).verdicts)
        put(store, register | {"rooms": [room | {"in_use_to": "2026-10-03"}]}, "2026-10-10T08:30")
        bring_up_to_date(store, standing, OCTOBER, Instant(since, since), Instant(until, until))
        assert standing == keyed(judge(store.cursor(), RULES, OCTOBER, now_at=until).verdicts)


def agencies(store: Store) -> list[str]:
    return [row[0] for row in store.cursor().execute("SELECT DISTINCT agency_id FROM agencies ORDER BY 1").fetchall()]


def bring_up_to_date(store: Store, standing: Standing, month: Month, since: Instant, until: Instant) -> str:
    """Bring the standing verdicts up to date by judging only what was touched; what that was."""
    with store.cursor() as cursor:
        part = touched(cursor, RULES, month, since=since, until=until)
        if not part:
            return "nothing"
        judgement = judge(cursor, part.rules, month, now_at=until.now_at, agencies=part.agencies)
    if part.agencies is not None:
        assert {verdict.agency_id for verdict in judgement.verdicts} <= {*part.agencies, ""}
    rule_ids = {rule.id for rule in part.rules}
    gone = [
        key
        for key, verdict in standing.items()
        if verdict.rule_id in rule_ids and (part.agencies is None or verdict.agency_id in part.agencies)
    ]
    for key in gone:
        del standing[key]
    standing |= keyed(judgement.verdicts)
    return "everything" if part.agencies is None else "a part"


def keyed(verdicts: tuple[Verdict, ...]) -> Standing:
    return {(v.rule_id, v.subject_type, v.subject_id, v.period): v for v in verdicts}
