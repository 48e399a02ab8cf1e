-- D, W and the answers that count are those of "Keeping" in rules.md: asked up to the end of D. An exempt day is not
-- required, but footage kept of it still shows how far back the recorder reaches; of the required days one may lack.
WITH cameras AS (
    SELECT c.camera_id, c.agency_id, c.on_from, j.day AS judged_on,
           CAST(j.day - to_months(CAST($months AS INTEGER)) AS DATE) AS term_from,
           greatest(term_from, local_day(c.on_from)) AS first_day
    FROM camera_duties c CROSS JOIN judgement_day j
    WHERE in_scope(c.agency_id) AND c.view = 'far' AND c.room_id IS NOT NULL
      AND c.on_from < day_starts_at(j.day) AND coalesce(c.on_to >= day_starts_at(j.day), true)
), away AS (
    SELECT c.camera_id, x.day, x.away,
           len(subtract_intervals([{'s': ms_of_day(c.on_from, x.day), 'e': 86400000}], x.away)) = 0 AS is_idle
    FROM cameras c JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = c.camera_id
                                     AND x.day >= c.first_day AND x.day < c.judged_on
), answers AS NOT MATERIALIZED (
    SELECT f.camera_id, f.day, f.held, f.asked, (f.asked_at, f.poll_id, f.known_from, f.revision) AS version
    FROM footage_days f JOIN cameras c ON c.camera_id = f.camera_id AND f.day >= c.first_day AND f.day < c.judged_on
    WHERE f.known_from <= getvariable('as_of') AND f.asked_at < answers_end()
      AND f.day >= CAST(judged_on() - to_months(CAST($months AS INTEGER)) AS DATE) -- spares reading what is older
), reaches AS (
    SELECT camera_id, min(day) AS oldest
    FROM (SELECT camera_id, day FROM answers GROUP BY ALL HAVING arg_max(len(held) > 0, version))
    GROUP BY camera_id
), lost AS MATERIALIZED (
    SELECT camera_id, on_from, day
    FROM (SELECT c.camera_id, c.on_from, CAST(unnest(generate_series(
                     c.first_day, coalesce(r.oldest, c.judged_on) - 1, INTERVAL 1 DAY)) AS DATE) AS day
          FROM cameras c LEFT JOIN reaches r USING (camera_id))
    ANTI JOIN (FROM away WHERE is_idle) USING (camera_id, day)
), newest AS (
    SELECT camera_id, day, arg_max(asked, version) AS asked
    FROM answers SEMI JOIN lost USING (camera_id, day) GROUP BY ALL
), required AS (
    SELECT l.camera_id, l.day, n.asked,
           subtract_intervals([{'s': ms_of_day(l.on_from, l.day), 'e': 86400000}], coalesce(x.away, [])) AS required
    FROM lost l
    LEFT JOIN newest n USING (camera_id, day)
    LEFT JOIN away x USING (camera_id, day)
), sums AS (
    SELECT camera_id, count(*) AS lost_days, bool_and(wholly_asked) AS all_asked,
           list(evidence_row(CASE WHEN wholly_asked THEN 'not_kept' ELSE 'not_asked' END, day, 0, 86400000)
                ORDER BY day) AS evidence
    FROM (SELECT *, len(subtract_intervals(required, coalesce(asked, []))) = 0 AS wholly_asked FROM required)
    GROUP BY camera_id
)
SELECT c.camera_id AS subject_id, c.agency_id, CAST(c.judged_on - 1 AS VARCHAR) AS period,
       c.judged_on - c.first_day - coalesce(i.idle_days, 0) AS required,
       required - coalesce(s.lost_days, 0) AS measured,
       CASE WHEN required = 0 THEN 'pass'
            WHEN r.oldest IS NOT NULL AND coalesce(s.lost_days, 0) <= 1
                 THEN CASE WHEN local_day(c.on_from) > c.term_from THEN 'maturing' ELSE 'pass' END
            WHEN s.all_asked THEN 'fail'
            ELSE 'unknown' END AS outcome,
       CASE outcome WHEN 'fail' THEN 'too_short' WHEN 'unknown' THEN 'not_asked'
                    WHEN 'maturing' THEN 'younger_than_term' ELSE '' END AS reason,
       s.evidence
FROM cameras c LEFT JOIN reaches r USING (camera_id) LEFT JOIN sums s USING (camera_id)
LEFT JOIN (SELECT camera_id, count(*) AS idle_days FROM away WHERE is_idle GROUP BY camera_id) i USING (camera_id)
