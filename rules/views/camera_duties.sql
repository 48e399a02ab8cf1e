-- Every camera, of whatever agency, with where it belongs and when it is on duty: [on_from, on_to), the room's days in
-- use included.
SELECT c.camera_id, c.room_id, c.recorder_id, c.channel, c.view, c.mount, c.position, c.live_url,
       coalesce(c.covers, []) AS covers, r.kind AS room_kind, r.name AS room_name,
       coalesce(r.disciplines, []) AS disciplines, p.premises_id, coalesce(p.agency_id, c.agency_id) AS agency_id,
       greatest(c.duty_from, day_starts_at(r.in_use_from)) AS on_from,
       least(c.duty_to, day_starts_at(r.in_use_to)) AS on_to
FROM known_cameras c
LEFT JOIN known_rooms r USING (room_id)
LEFT JOIN known_recorders n USING (recorder_id)
LEFT JOIN known_premises p ON p.premises_id = coalesce(r.premises_id, n.premises_id)
