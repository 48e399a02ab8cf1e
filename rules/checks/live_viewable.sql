-- Share of the day's probes that showed a first frame in time; what we did not probe ourselves is left out.
WITH mandatory AS (
    SELECT camera_id, agency_id, day FROM camera_days
    WHERE view = 'far' AND live_url IS NOT NULL AND day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
      AND (room_kind = 'sample_reception'
           OR room_kind = 'test_room' AND list_has_any(disciplines, ['rebar_mechanics', 'concrete_mechanics']))
), viewed AS (
    SELECT camera_id, day, probed_at, outcome,
           coalesce(outcome = 'ok' AND first_frame_ms <= $first_frame_ms, false) AS viewable
    FROM probes WHERE outcome <> 'not_probed' AND NOT is_exempt
), shares AS (
    SELECT camera_id, day, CAST(count(*) FILTER (WHERE viewable) AS DOUBLE) / count(*) AS share
    FROM viewed GROUP BY ALL
), proofs AS (
    SELECT camera_id, day,
           list({'kind': CASE outcome WHEN 'ok' THEN 'slow_first_frame' ELSE outcome END,
                 'from_at': probed_at, 'to_at': probed_at, 'ref': camera_id} ORDER BY probed_at) AS failures
    FROM viewed SEMI JOIN (FROM shares WHERE share < $share) USING (camera_id, day)
    WHERE NOT viewable GROUP BY camera_id, day
)
SELECT m.camera_id AS subject_id, m.agency_id, CAST(m.day AS VARCHAR) AS period,
       CASE WHEN whole_day_exempt(x.away) THEN 'pass'
            WHEN s.share IS NULL THEN 'unknown'
            WHEN s.share >= $share THEN 'pass'
            ELSE 'fail' END AS outcome,
       CAST(s.share AS DECIMAL(18, 4)) AS measured,
       $share AS required,
       CASE outcome WHEN 'fail' THEN 'not_viewable' WHEN 'unknown' THEN 'not_probed' ELSE '' END AS reason,
       CASE outcome WHEN 'fail' THEN coalesce(p.failures, []) ELSE [] END AS evidence
FROM mandatory m
LEFT JOIN shares s USING (camera_id, day)
LEFT JOIN proofs p USING (camera_id, day)
LEFT JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = m.camera_id AND x.day = m.day
