-- What a recorder tells of itself, read through the viewer's views of queries.sql.

-- name: recorder
SELECT n.recorder_id, n.protocol, n.address, n.agency_id, n.agency_name, n.premises_name,
       arg_max(l.model, l.observed_at) FILTER (list_contains(l.told, 'describe')) AS model,
       arg_max(l.firmware, l.observed_at) FILTER (list_contains(l.told, 'describe')) AS firmware,
       arg_max(l.serial_number, l.observed_at) FILTER (list_contains(l.told, 'describe')) AS serial_number,
       max(l.observed_at) FILTER (len(l.told) > 0) AS told_at,
       max(l.observed_at) AS looked_at,
       arg_max(l.failures, l.observed_at) AS failures,
       arg_max(l.clock_offset_ms, l.observed_at) AS clock_offset_ms,
       arg_max(l.round_trip_ms, l.observed_at) AS round_trip_ms
FROM viewer_recorders n LEFT JOIN (FROM recorder_looks WHERE known_from <= getvariable('as_of')) l USING (recorder_id)
WHERE n.recorder_id = $recorder_id GROUP BY ALL;

-- name: recorder_channels
-- What it names, and what is registered there; a camera it does not name and a channel nobody registered stand alike.
WITH readings AS (
    SELECT * FROM channel_readings WHERE recorder_id = $recorder_id AND known_from <= getvariable('as_of')
    QUALIFY row_number() OVER (PARTITION BY channel ORDER BY observed_at DESC, known_from DESC) = 1
), cameras AS (
    SELECT camera_id, channel, room_name FROM viewer_cameras
    WHERE recorder_id = $recorder_id AND duty_from <= $now_at AND coalesce(duty_to > $now_at, true)
), plans AS (
    SELECT camera_id, arg_max(mode, observed_at) AS mode, max(observed_at) AS seen_at FROM known_recording_plans GROUP BY ALL
)
SELECT channel, c.camera_id, c.room_name, coalesce(r.is_listed, false) AS is_listed, coalesce(r.name, '') AS name,
       r.is_online, coalesce(r.address, '') AS address, r.osd_time, r.osd_name, r.observed_at AS since_at, p.mode AS plan,
       p.seen_at AS plan_seen_at
FROM (FROM readings WHERE is_listed) r FULL JOIN cameras c USING (channel) LEFT JOIN plans p USING (camera_id)
WHERE EXISTS (FROM viewer_recorders WHERE recorder_id = $recorder_id)
ORDER BY try_cast(channel AS INTEGER) NULLS LAST, channel, camera_id;

-- name: recorder_disks
SELECT disk_id, state, state_text, capacity_bytes, free_bytes, observed_at AS since_at
FROM disk_readings SEMI JOIN viewer_recorders USING (recorder_id)
WHERE recorder_id = $recorder_id AND known_from <= getvariable('as_of')
QUALIFY row_number() OVER (PARTITION BY disk_id ORDER BY observed_at DESC, known_from DESC) = 1 AND is_listed
ORDER BY disk_id;

-- name: recorder_disk_days
-- The disks at the last look of each of the last days, in all; a disk whose size is not told leaves that day out.
WITH looks AS (
    SELECT local_day(observed_at) AS day, max(observed_at) AS looked_at
    FROM recorder_looks SEMI JOIN viewer_recorders USING (recorder_id)
    WHERE recorder_id = $recorder_id AND list_contains(told, 'disks') AND observed_at >= $from_at
      AND known_from <= getvariable('as_of')
    GROUP BY ALL
), states AS (
    SELECT l.day, d.* FROM looks l JOIN disk_readings d ON d.observed_at <= l.looked_at
    WHERE d.recorder_id = $recorder_id AND d.known_from <= getvariable('as_of')
    QUALIFY row_number() OVER (PARTITION BY l.day, d.disk_id ORDER BY d.observed_at DESC, d.known_from DESC) = 1
)
SELECT day, CAST(sum(capacity_bytes) AS BIGINT) AS capacity_bytes, CAST(sum(free_bytes) AS BIGINT) AS free_bytes
FROM states WHERE is_listed AND state <> 'failed'
GROUP BY ALL HAVING count(*) = count(capacity_bytes) AND count(*) = count(free_bytes) ORDER BY day;

-- name: recorder_oldest_days
-- The oldest day its calendar claimed on each of the last days.
WITH days AS (
    SELECT DISTINCT local_day(observed_at) AS day FROM recorder_looks SEMI JOIN viewer_recorders USING (recorder_id)
    WHERE recorder_id = $recorder_id AND list_contains(told, 'days') AND observed_at >= $from_at
      AND known_from <= getvariable('as_of')
), claims AS (
    SELECT d.day AS told_on, c.day, c.has_footage
    FROM days d JOIN days_claimed c ON local_day(c.observed_at) <= d.day
    WHERE c.camera_id IN (SELECT camera_id FROM viewer_cameras WHERE recorder_id = $recorder_id)
      AND c.known_from <= getvariable('as_of')
    QUALIFY row_number() OVER (PARTITION BY d.day, c.camera_id, c.day ORDER BY c.observed_at DESC) = 1
)
SELECT told_on AS day, min(day) AS oldest FROM claims WHERE has_footage GROUP BY ALL ORDER BY told_on;
