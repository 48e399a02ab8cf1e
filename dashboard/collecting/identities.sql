-- name: identities
-- What every recorder and camera was taken for, and what it showed last. Trusted is what a person confirmed last, else
-- what was seen first. A camera's place is trusted from its first answer on: a register put right before that doubts nothing.
WITH sights AS (
    SELECT 'serial_number' AS kind, recorder_id AS subject_id, serial_number AS identity, observed_at AS seen_at
    FROM recorder_looks WHERE serial_number <> ''
    UNION ALL
    SELECT 'recorder_address', recorder_id, address, observed_at FROM recorder_looks WHERE len(told) > 0
    UNION ALL
    SELECT 'recorder_address', recorder_id, address, TIMESTAMP 'infinity' FROM known_recorders
    UNION ALL
    SELECT 'camera_address', recorder_id || '/' || channel, address, observed_at
    FROM channel_readings WHERE address <> '' AND is_listed
    UNION ALL
    SELECT 'camera_place', camera_id, recorder_id || '/' || channel, known_from FROM known_cameras
    UNION ALL
    SELECT 'camera_place', camera_id, recorder_id || '/' || channel, TIMESTAMP '-infinity'
    FROM (SELECT camera_id, min(known_from) AS answered_at FROM footage_days GROUP BY ALL) JOIN cameras USING (camera_id)
    WHERE known_from <= answered_at
    QUALIFY row_number() OVER (PARTITION BY camera_id ORDER BY known_from DESC, submission_id DESC) = 1
), confirmed AS (
    SELECT kind, subject_id, arg_max(identity, known_from) AS identity FROM identity_confirmations GROUP BY ALL
)
SELECT s.kind, s.subject_id, coalesce(any_value(c.identity), arg_min(s.identity, s.seen_at)) AS trusted,
       arg_max(s.identity, s.seen_at) AS shown
FROM sights s LEFT JOIN confirmed c USING (kind, subject_id)
WHERE s.identity IS NOT NULL
GROUP BY ALL;

-- name: told
-- When each question was last answered, of the recorders looked at since $since.
SELECT recorder_id, question, max(observed_at)
FROM (SELECT recorder_id, unnest(told) AS question, observed_at FROM recorder_looks WHERE observed_at >= $since)
GROUP BY ALL;
