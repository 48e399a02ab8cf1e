-- What `far_24h` lets pass day by day must not add up: every gap of the month that was denied, however short. A day
-- that `far_24h` finds has its verdict there and takes the camera out of this rule.
WITH gaps AS (
    SELECT camera_id, agency_id, day, asked, missing, longer_than(missing, $join_tolerance_s * 1000) AS long_gaps
    FROM far_gaps WHERE day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
), split AS (
    SELECT camera_id, agency_id, day, intersect_intervals(missing, asked) AS denied,
           intersect_intervals(long_gaps, asked) AS long_denied, subtract_intervals(long_gaps, asked) AS not_asked
    FROM gaps
), sums AS (
    SELECT camera_id, agency_id, sum(total_length(denied)) AS denied_ms,
           bool_or(total_length(not_asked) > $tolerance_s * 1000) AS any_unknown,
           list({'day': day, 'denied': denied, 'not_asked': not_asked} ORDER BY day)
               FILTER (WHERE len(denied) + len(not_asked) > 0) AS days
    FROM split GROUP BY camera_id, agency_id
    HAVING max(total_length(long_denied)) <= $tolerance_s * 1000
)
SELECT camera_id AS subject_id, agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       CASE WHEN denied_ms > $budget_s * 1000 THEN 'suspect' WHEN any_unknown THEN 'unknown' ELSE 'pass' END AS outcome,
       CAST(denied_ms / 1000 AS DECIMAL(18, 3)) AS measured, $budget_s AS required,
       CASE outcome WHEN 'suspect' THEN 'gaps_add_up' WHEN 'unknown' THEN 'not_asked' ELSE '' END AS reason,
       CASE outcome
           WHEN 'suspect' THEN flatten(list_transform(days, lambda lost: list_transform(
               lost.denied, lambda gap: evidence_row('missing', lost.day, gap.s, gap.e))))
           WHEN 'unknown' THEN flatten(list_transform(days, lambda lost: list_transform(
               lost.not_asked, lambda gap: evidence_row('not_asked', lost.day, gap.s, gap.e))))
           ELSE [] END AS evidence
FROM sums
