-- Footage is found by its camera, so the camera must say where it belongs: a far one to a room, a fixed near one to a
-- device or to the reception. A movable near camera belongs to its sessions, an on-site one to its test.
WITH cameras AS (
    SELECT *, CASE WHEN view = 'far' THEN room_id IS NOT NULL
                   WHEN view = 'near' AND mount = 'fixed'
                   THEN len(covers) > 0 OR coalesce(room_kind = 'sample_reception', false)
                   ELSE true END AS is_classified
    FROM camera_days
), judged AS (
    SELECT c.camera_id, c.agency_id, c.view,
           bool_or(NOT c.is_classified AND len(subtract_intervals(c.on_duty, coalesce(x.away, []))) > 0) AS has_failed
    FROM cameras c
    LEFT JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = c.camera_id AND x.day = c.day
    GROUP BY c.camera_id, c.agency_id, c.view
)
SELECT camera_id AS subject_id, agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       CASE WHEN has_failed THEN 'fail' ELSE 'pass' END AS outcome, NULL AS measured, NULL AS required,
       CASE WHEN NOT has_failed THEN '' WHEN view = 'far' THEN 'no_room' ELSE 'no_device' END AS reason,
       CASE WHEN has_failed THEN [{'kind': 'unclassified_camera', 'from_at': day_starts_at(getvariable('month_first')),
                                   'to_at': day_starts_at(getvariable('month_next')), 'ref': camera_id}]
            ELSE [] END AS evidence
FROM judged
