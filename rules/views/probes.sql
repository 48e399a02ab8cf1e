-- The month's attempts to watch the cameras in scope live.
SELECT l.camera_id, c.agency_id, c.room_id, c.room_name, local_day(l.probed_at) AS day, l.probed_at, l.outcome,
       l.first_frame_ms, l.black, l.frozen, l.osd_text, l.osd_time,
       coalesce(bool_or(l.probed_at >= x.from_at AND l.probed_at < x.to_at), false) AS is_exempt
FROM known_live_probes l
JOIN camera_duties c USING (camera_id)
LEFT JOIN exempt x ON x.subject_type = 'camera' AND x.subject_id = l.camera_id
WHERE in_scope(c.agency_id) AND l.probed_at >= day_starts_at(getvariable('month_first'))
  AND l.probed_at < day_starts_at(getvariable('month_next'))
GROUP BY ALL
