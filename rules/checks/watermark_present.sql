-- One frame that shows the time and the room's name is enough; too few frames read say nothing. `-` was read and found
-- empty. A camera without a room needs the time and any text.
WITH frames AS (
    SELECT camera_id, agency_id, day, probed_at, is_exempt, osd_text IS NOT NULL AND NOT is_exempt AS is_read,
           osd_time IS NOT NULL AND osd_text <> '-' AND contains(osd_text, coalesce(room_name, '')) AS is_marked
    FROM probes
    WHERE outcome = 'ok' AND day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
), days AS (
    SELECT camera_id, agency_id, day, bool_and(is_exempt) AS is_excused,
           count(*) FILTER (WHERE is_read) AS read_count,
           count(*) FILTER (WHERE is_read AND is_marked) AS marked_count
    FROM frames GROUP BY ALL
), proofs AS (
    SELECT camera_id, day,
           list({'kind': CASE WHEN is_read THEN 'no_watermark' ELSE 'not_read' END,
                 'from_at': probed_at, 'to_at': probed_at, 'ref': camera_id} ORDER BY probed_at) AS evidence
    FROM frames SEMI JOIN (FROM days WHERE marked_count = 0) USING (camera_id, day)
    WHERE NOT is_exempt GROUP BY camera_id, day
)
SELECT camera_id AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN is_excused OR marked_count > 0 THEN 'pass'
            WHEN read_count >= $enough_frames THEN 'suspect'
            ELSE 'unknown' END AS outcome,
       NULL AS measured,
       NULL AS required,
       CASE outcome WHEN 'suspect' THEN 'no_watermark' WHEN 'unknown' THEN 'too_few_read' ELSE '' END AS reason,
       CASE outcome WHEN 'pass' THEN [] ELSE p.evidence END AS evidence
FROM days LEFT JOIN proofs p USING (camera_id, day)
