-- Everything that may explain gaps of camera $camera_id between $from_at and $to_at, as known now. Needs the known views.

-- name: camera
SELECT c.recorder_id, c.channel, greatest(c.duty_from, $from_at, day_starts_at(r.in_use_from)),
       least(c.duty_to, $to_at, getvariable('as_of'), day_starts_at(r.in_use_to))
FROM known_cameras c LEFT JOIN known_rooms r USING (room_id)
WHERE c.camera_id = $camera_id;

-- name: versions
SELECT poll_id, asked_at, day, held, asked, -- of answers laid over one another again the last revision counts
FROM footage_days
WHERE camera_id = $camera_id AND day BETWEEN local_day($from_at) AND local_day($to_at)
  AND known_from <= getvariable('as_of')
QUALIFY row_number() OVER (PARTITION BY day, asked_at, poll_id ORDER BY known_from DESC, revision DESC) = 1
ORDER BY asked_at, poll_id, day;

-- name: failed_polls
SELECT poll_id, asked_at, covers_from, covers_to, outcome, reason
FROM known_polls
WHERE camera_id = $camera_id AND covers_from < $to_at AND covers_to > $from_at AND NOT (outcome = 'ok' AND complete);

-- name: sights
WITH looks AS (
    SELECT recorder_id, observed_at, told, len(told) = 0 AS in_vain, failures FROM recorder_looks
    WHERE recorder_id = $recorder_id AND observed_at BETWEEN $from_at AND $to_at AND known_from <= getvariable('as_of')
), channels AS (
    SELECT l.observed_at, r.is_online AND r.is_listed AS is_online
    FROM looks l ASOF JOIN (FROM channel_readings WHERE channel = $channel) r
        ON l.recorder_id = r.recorder_id AND l.observed_at >= r.observed_at
    WHERE list_contains(l.told, 'channels') AND r.is_listed
), disks AS (
    SELECT observed_at, bool_or(state = 'failed') AS has_failed FROM (
        SELECT l.observed_at, d.disk_id, d.state, d.is_listed
        FROM looks l JOIN disk_readings d ON d.recorder_id = l.recorder_id AND d.observed_at <= l.observed_at
        WHERE list_contains(l.told, 'disks')
        QUALIFY row_number() OVER (PARTITION BY l.observed_at, d.disk_id ORDER BY d.observed_at DESC) = 1)
    WHERE is_listed GROUP BY ALL
)
SELECT observed_at, CASE WHEN l.in_vain THEN coalesce(l.failures[-1].outcome, '') ELSE '' END, c.is_online, d.has_failed
FROM looks l LEFT JOIN channels c USING (observed_at) LEFT JOIN disks d USING (observed_at)
ORDER BY observed_at;

-- name: plans
SELECT observed_at, mode FROM known_recording_plans WHERE camera_id = $camera_id ORDER BY observed_at;

-- name: rounds
SELECT planned_at, source_id, status, coalesce(outcome, ''), coalesce(reason, '')
FROM planned_polls
WHERE source_id IN ($recorder_id, '*footage') AND kind = 'footage' AND planned_at > $from_at
  AND known_from <= getvariable('as_of');

-- name: siblings
SELECT camera_id, day, arg_max(asked, version), arg_max(held, version)
FROM (SELECT *, (asked_at, poll_id, known_from, revision) AS version FROM footage_days
      WHERE day BETWEEN local_day($from_at) AND local_day($to_at) AND known_from <= getvariable('as_of')
        AND camera_id IN (SELECT camera_id FROM known_cameras
                          WHERE recorder_id = $recorder_id AND camera_id <> $camera_id
                            AND duty_from <= $from_at AND coalesce(duty_to >= $to_at, true)))
GROUP BY ALL;

-- name: others
-- Looks at other recorders around the times at which this one was looked at or polled.
SELECT observed_at, len(told) > 0 FROM recorder_looks
WHERE recorder_id <> $recorder_id AND observed_at BETWEEN $from_at - INTERVAL 1 HOUR AND $others_to
  AND known_from <= getvariable('as_of');
