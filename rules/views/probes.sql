-- The month's attempts to watch the cameras in scope live.
WITH seen AS MATERIALIZED (
    SELECT l.camera_id, c.agency_id, c.room_id, c.room_name, local_day(l.probed_at) AS day, l.probed_at, l.outcome,
           l.first_frame_ms, l.black, l.frozen, l.osd_text, l.osd_time
    FROM known_live_probes l
    JOIN camera_duties c USING (camera_id)
    WHERE in_scope(c.agency_id) AND l.probed_at >= day_starts_at(getvariable('month_first'))
      AND l.probed_at < day_starts_at(getvariable('month_next'))
), excused AS (
    SELECT DISTINCT s.camera_id, s.probed_at
    FROM seen s JOIN exempt x ON x.subject_type = 'camera' AND x.subject_id = s.camera_id
                             AND s.probed_at >= x.from_at AND s.probed_at < x.to_at
)
SELECT s.*, e.camera_id IS NOT NULL AS is_exempt FROM seen s LEFT JOIN excused e USING (camera_id, probed_at)
