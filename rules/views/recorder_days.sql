-- Recorder and ended day on which some camera of it is on duty, whoever owns the camera.
SELECT DISTINCT c.recorder_id, p.agency_id, d.day
FROM camera_duties c
JOIN known_recorders n USING (recorder_id)
JOIN known_premises p ON p.premises_id = n.premises_id
JOIN ended_days d
  ON c.on_from < day_ends_at(d.day) AND coalesce(c.on_to > greatest(c.on_from, day_starts_at(d.day)), true)
WHERE in_scope(p.agency_id)
