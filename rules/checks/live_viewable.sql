-- Share of the day's probes that showed a first frame in time; what we did not probe ourselves is left out.
WITH mandatory AS (
    SELECT camera_id, agency_id, day FROM camera_days
    WHERE view = 'far' AND live_url IS NOT NULL AND day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
      AND (room_kind = 'sample_reception'
           OR room_kind = 'test_room' AND list_has_any(disciplines, ['rebar_mechanics', 'concrete_mechanics']))
), probes AS (
    SELECT camera_id, local_day(probed_at) AS day, probed_at, outcome,
           coalesce(outcome = 'ok' AND first_frame_ms <= $first_frame_ms, false) AS viewable
    FROM known_live_probes l
    WHERE outcome <> 'not_probed'
      AND probed_at >= day_starts_at(getvariable('month_first')) AND probed_at < day_starts_at(getvariable('month_next'))
      AND NOT EXISTS (FROM exempt x WHERE x.subject_type = 'camera' AND x.subject_id = l.camera_id
                        AND l.probed_at >= x.from_at AND l.probed_at < x.to_at)
), shares AS (
    SELECT camera_id, day, CAST(count(*) FILTER (WHERE viewable) AS DOUBLE) / count(*) AS share,
           list({'kind': CASE outcome WHEN 'ok' THEN 'slow_first_frame' ELSE outcome END,
                 'from_at': probed_at, 'to_at': probed_at, 'ref': camera_id} ORDER BY probed_at)
               FILTER (WHERE NOT viewable) AS failures
    FROM probes GROUP BY ALL
)
SELECT m.camera_id AS subject_id, m.agency_id, CAST(m.day AS VARCHAR) AS period,
       CASE WHEN whole_day_exempt(x.away) THEN 'pass'
            WHEN s.share IS NULL THEN 'unknown'
            WHEN s.share >= $share THEN 'pass'
            ELSE 'fail' END AS outcome,
       CAST(s.share AS DECIMAL(18, 4)) AS measured,
       $share AS required,
       CASE outcome WHEN 'fail' THEN 'not_viewable' WHEN 'unknown' THEN 'not_probed' ELSE '' END AS reason,
       CASE outcome WHEN 'fail' THEN coalesce(s.failures, []) ELSE [] END AS evidence
FROM mandatory m
LEFT JOIN shares s USING (camera_id, day)
LEFT JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = m.camera_id AND x.day = m.day
