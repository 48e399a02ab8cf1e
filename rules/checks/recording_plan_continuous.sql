-- The newest plan observed that day decides. One observed in exempt time does not count, and what is then left to judge
-- by may be nothing, which passes: no plan was required then.
WITH observed AS (
    SELECT c.camera_id, c.agency_id, c.day, p.observed_at, p.mode,
           EXISTS (FROM exempt x WHERE x.subject_type = 'camera' AND x.subject_id = c.camera_id
                     AND p.observed_at >= x.from_at AND p.observed_at < x.to_at) AS is_exempt
    FROM camera_days c
    JOIN known_recording_plans p ON p.camera_id = c.camera_id AND local_day(p.observed_at) = c.day
    WHERE c.view = 'far' AND c.room_id IS NOT NULL AND day_ends_at(c.day) + to_hours($grace_h) <= getvariable('now_at')
), newest AS (
    SELECT camera_id, agency_id, day,
           arg_max({'mode': mode, 'at': observed_at}, observed_at) FILTER (WHERE NOT is_exempt) AS plan
    FROM observed GROUP BY ALL HAVING arg_max(mode, observed_at) <> 'unknown'
)
SELECT camera_id AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN plan.mode IN ('event', 'off') THEN 'fail' ELSE 'pass' END AS outcome,
       NULL AS measured, NULL AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN plan.mode = 'event' THEN 'event_only' ELSE 'switched_off' END AS reason,
       CASE outcome WHEN 'fail'
           THEN [{'kind': 'plan_' || plan.mode, 'from_at': plan.at, 'to_at': plan.at, 'ref': camera_id}]
           ELSE [] END AS evidence
FROM newest
