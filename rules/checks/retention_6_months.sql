-- D, W and the answers that count are those of "Keeping" in rules.md: asked up to the end of D. An exempt day is not
-- required, but footage kept of it still shows how far back the recorder reaches; of the required days one may lack.
WITH cameras AS (
    SELECT c.camera_id, c.agency_id, c.on_from, c.on_to, j.day AS judged_on,
           CAST(j.day - to_months(CAST($months AS INTEGER)) AS DATE) AS term_from,
           greatest(term_from, local_day(c.on_from)) AS first_day
    FROM camera_duties c CROSS JOIN judgement_day j
    WHERE in_scope(c.agency_id) AND c.view = 'far' AND c.room_id IS NOT NULL
      AND c.on_from < day_starts_at(j.day) AND coalesce(c.on_to >= day_starts_at(j.day), true)
), days AS (
    SELECT *, CAST(unnest(generate_series(first_day, judged_on - 1, INTERVAL 1 DAY)) AS DATE) AS day FROM cameras
), states AS (
    SELECT camera_id, day,
           arg_max({'any_held': len(held) > 0, 'asked': asked}, (asked_at, poll_id, known_from, revision)) AS state
    FROM footage_days
    WHERE known_from <= getvariable('as_of') AND asked_at < (SELECT day_ends_at(day) FROM judgement_day)
      AND day >= (SELECT min(first_day) FROM cameras) AND camera_id IN (SELECT camera_id FROM cameras)
    GROUP BY ALL
), required AS (
    SELECT d.*, coalesce(s.state.any_held, false) AS any_held,
           subtract_intervals([{'s': ms_of_day(d.on_from, d.day), 'e': 86400000}], coalesce(x.away, [])) AS required,
           len(required) > 0 AS is_required,
           len(subtract_intervals(required, coalesce(s.state.asked, []))) = 0 AS wholly_asked
    FROM days d
    LEFT JOIN states s USING (camera_id, day)
    LEFT JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = d.camera_id AND x.day = d.day
), oldest AS (
    SELECT *, min(day) FILTER (WHERE any_held) OVER (PARTITION BY camera_id) AS oldest,
           is_required AND coalesce(day < oldest, true) AS is_lost
    FROM required
)
SELECT camera_id AS subject_id, any_value(agency_id) AS agency_id,
       CAST(any_value(judged_on) - 1 AS VARCHAR) AS period,
       CASE WHEN NOT bool_or(is_required) THEN 'pass'
            WHEN any_value(oldest) IS NOT NULL AND count(*) FILTER (WHERE is_lost) <= 1
                 THEN CASE WHEN local_day(any_value(on_from)) > any_value(term_from) THEN 'maturing' ELSE 'pass' END
            WHEN bool_and(wholly_asked) FILTER (WHERE is_lost) THEN 'fail'
            ELSE 'unknown' END AS outcome,
       count(*) FILTER (WHERE is_required AND day >= oldest) AS measured,
       count(*) FILTER (WHERE is_required) AS required,
       CASE outcome WHEN 'fail' THEN 'too_short' WHEN 'unknown' THEN 'not_asked'
                    WHEN 'maturing' THEN 'younger_than_term' ELSE '' END AS reason,
       list(evidence_row(CASE WHEN wholly_asked THEN 'not_kept' ELSE 'not_asked' END, day, 0, 86400000) ORDER BY day)
           FILTER (WHERE is_lost) AS evidence
FROM oldest GROUP BY camera_id
