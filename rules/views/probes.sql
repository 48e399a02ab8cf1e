-- The month's attempts to watch the cameras in scope live. Of those handed in under one instant the one known first
-- stands (data/known.py); only these month's and cameras' rows are looked through for any.
WITH watched AS (
    SELECT camera_id, agency_id, room_name FROM camera_duties WHERE in_scope(agency_id)
), handed_in AS NOT MATERIALIZED (
    SELECT camera_id, probed_at, outcome, first_frame_ms, black, frozen, osd_text, osd_time, withdrawn,
           known_from, submission_id
    FROM live_probes SEMI JOIN watched USING (camera_id)
    WHERE known_from <= getvariable('as_of') AND probed_at >= day_starts_at(getvariable('month_first'))
      AND probed_at < day_starts_at(getvariable('month_next'))
), again AS MATERIALIZED (
    SELECT camera_id, probed_at FROM handed_in GROUP BY ALL HAVING count(*) > 1
), seen AS (
    FROM handed_in ANTI JOIN again USING (camera_id, probed_at)
    UNION ALL
    FROM handed_in SEMI JOIN again USING (camera_id, probed_at)
    QUALIFY row_number() OVER (PARTITION BY camera_id, probed_at
                               ORDER BY withdrawn DESC, known_from, submission_id NULLS FIRST) = 1
), excused AS (
    SELECT DISTINCT s.camera_id, s.probed_at
    FROM handed_in s JOIN exempt x ON x.subject_type = 'camera' AND x.subject_id = s.camera_id
                                  AND s.probed_at >= x.from_at AND s.probed_at < x.to_at
)
SELECT camera_id, w.agency_id, w.room_name, local_day(probed_at) AS day, probed_at, s.outcome, s.first_frame_ms,
       s.black, s.frozen, s.osd_text, s.osd_time, e.camera_id IS NOT NULL AS is_exempt
FROM seen s JOIN watched w USING (camera_id) LEFT JOIN excused e USING (camera_id, probed_at)
WHERE NOT s.withdrawn
