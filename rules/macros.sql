-- Words that checks and prepared tables share, beside those of data/intervals.sql and data/periods.py.

-- One piece of evidence: a stretch of a local day, `ref` being what a person must open.
CREATE OR REPLACE TEMP MACRO evidence_row(kind, day, from_ms, to_ms) AS
    {'kind': kind, 'from_at': instant_of(day, from_ms), 'to_at': instant_of(day, to_ms), 'ref': ''};

CREATE OR REPLACE TEMP MACRO whole_day_exempt(away) AS
    coalesce(len(gaps_in(away, 0, 86400000)) = 0, false);

-- Whether subjects of this agency are judged: all of them, unless the judgement is narrowed to some agencies.
CREATE OR REPLACE TEMP MACRO in_scope(agency_id) AS
    getvariable('agencies') IS NULL OR list_contains(getvariable('agencies'), agency_id);

-- D of "Keeping" in rules.md: the local day of now, at most the first day after the month. What was asked until its end
-- counts.
CREATE OR REPLACE TEMP MACRO judged_on() AS
    least(local_day(CAST(getvariable('now_at') AS TIMESTAMP)), CAST(getvariable('month_next') AS DATE));
CREATE OR REPLACE TEMP MACRO answers_end() AS day_ends_at(judged_on());

-- The pieces of a list of {key, piece} in the order of their keys. An ordered aggregate, list(… ORDER BY …), says the
-- same and costs ten times as much when there are many groups.
CREATE OR REPLACE TEMP MACRO in_order(keyed) AS list_transform(list_sort(keyed), lambda keyed_: keyed_.piece);

-- Whether an instant lies in one of the stretches {from_at, to_at} of a list; in none of an empty one.
CREATE OR REPLACE TEMP MACRO lies_in(instant, away) AS
    coalesce(len(list_filter(away, lambda away_: instant >= away_.from_at AND instant < away_.to_at)) > 0, false);
