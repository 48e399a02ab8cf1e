-- Camera and ended day with the part of the day on duty, in ms of the day; days off duty are absent.
SELECT c.*, d.day, [{'s': ms_of_day(c.on_from, d.day), 'e': coalesce(ms_of_day(c.on_to, d.day), 86400000)}] AS on_duty
FROM camera_duties c JOIN ended_days d
  ON c.on_from < day_ends_at(d.day) AND coalesce(c.on_to > greatest(c.on_from, day_starts_at(d.day)), true)
WHERE in_scope(c.agency_id)
