-- Words that checks and prepared tables share, beside those of data/intervals.sql and data/periods.py.

-- One piece of evidence: a stretch of a local day, `ref` being what a person must open.
CREATE OR REPLACE TEMP MACRO evidence_row(kind, day, from_ms, to_ms) AS
    {'kind': kind, 'from_at': instant_of(day, from_ms), 'to_at': instant_of(day, to_ms), 'ref': ''};

CREATE OR REPLACE TEMP MACRO whole_day_exempt(away) AS
    coalesce(len(gaps_in(away, 0, 86400000)) = 0, false);

-- Whether subjects of this agency are judged: all of them, unless the judgement is narrowed to some agencies.
CREATE OR REPLACE TEMP MACRO in_scope(agency_id) AS
    getvariable('agencies') IS NULL OR list_contains(getvariable('agencies'), agency_id);
