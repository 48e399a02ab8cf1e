-- What a look adds to the store: rows that differ from what was last known, and nothing else.

-- name: channels
INSERT INTO channel_readings BY NAME
WITH last AS (
    SELECT * EXCLUDE (observed_at, known_from) FROM channel_readings
    WHERE recorder_id IN (SELECT recorder_id FROM telling)
    QUALIFY row_number() OVER (PARTITION BY recorder_id, channel ORDER BY observed_at DESC, known_from DESC) = 1
), gone AS (
    SELECT l.* REPLACE (false AS is_listed), t.observed_at FROM last l JOIN telling t USING (recorder_id)
    ANTI JOIN new_rows n USING (recorder_id, channel)
    WHERE l.is_listed
)
SELECT *, CAST($known_from AS TIMESTAMP) AS known_from FROM (
    SELECT n.* FROM new_rows n LEFT JOIN last l USING (recorder_id, channel)
    WHERE (n.is_listed, n.name, n.is_online, n.address, n.osd_time, n.osd_name)
          IS DISTINCT FROM (l.is_listed, l.name, l.is_online, l.address, l.osd_time, l.osd_name)
    UNION ALL BY NAME FROM gone);

-- name: disks
INSERT INTO disk_readings BY NAME
WITH last AS (
    SELECT * EXCLUDE (observed_at, known_from) FROM disk_readings
    WHERE recorder_id IN (SELECT recorder_id FROM telling)
    QUALIFY row_number() OVER (PARTITION BY recorder_id, disk_id ORDER BY observed_at DESC, known_from DESC) = 1
), gone AS (
    SELECT l.* REPLACE (false AS is_listed), t.observed_at FROM last l JOIN telling t USING (recorder_id)
    ANTI JOIN new_rows n USING (recorder_id, disk_id)
    WHERE l.is_listed
)
SELECT *, CAST($known_from AS TIMESTAMP) AS known_from FROM (
    SELECT n.* FROM new_rows n LEFT JOIN last l USING (recorder_id, disk_id)
    WHERE (n.is_listed, n.state, n.state_text, n.capacity_bytes, n.free_bytes)
          IS DISTINCT FROM (l.is_listed, l.state, l.state_text, l.capacity_bytes, l.free_bytes)
    UNION ALL BY NAME FROM gone);

-- name: plans
-- A plan counts for the local day on which it was seen, so one row a day is kept even when nothing changed.
INSERT INTO recording_plans BY NAME
WITH last AS (
    SELECT camera_id, arg_max(mode, observed_at) AS mode, max(observed_at) AS observed_at
    FROM recording_plans WHERE camera_id IN (SELECT camera_id FROM new_rows) AND NOT withdrawn GROUP BY ALL
)
SELECT n.*, CAST($known_from AS TIMESTAMP) AS known_from, CAST(NULL AS TEXT) AS submission_id, false AS withdrawn
FROM new_rows n LEFT JOIN last l USING (camera_id)
WHERE n.mode IS DISTINCT FROM l.mode OR local_day(n.observed_at) IS DISTINCT FROM local_day(l.observed_at);

-- name: days
INSERT INTO days_claimed BY NAME
WITH last AS (
    SELECT camera_id, day, arg_max(has_footage, observed_at) AS has_footage
    FROM days_claimed WHERE camera_id IN (SELECT camera_id FROM new_rows) GROUP BY ALL
)
SELECT n.*, CAST($known_from AS TIMESTAMP) AS known_from FROM new_rows n LEFT JOIN last l USING (camera_id, day)
WHERE n.has_footage IS DISTINCT FROM l.has_footage;
