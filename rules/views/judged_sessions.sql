-- Sessions in scope that start on an ended day of the month. The newest version is looked for as in issued_reports.
WITH versions AS MATERIALIZED (
    SELECT session_id, agency_id, kind, room_id, device_id, camera_ids, started_at, ended_at, withdrawn, known_from,
           submission_id
    FROM sessions
    WHERE known_from <= getvariable('as_of')
      AND session_id IN (SELECT session_id FROM sessions
                         WHERE in_scope(agency_id) AND started_at >= day_starts_at(getvariable('month_first'))
                           AND started_at < day_starts_at(getvariable('month_next')))
), again AS MATERIALIZED (
    SELECT session_id FROM versions GROUP BY session_id HAVING count(*) > 1
), newest AS (
    FROM versions ANTI JOIN again USING (session_id)
    UNION ALL
    (FROM versions SEMI JOIN again USING (session_id)
     QUALIFY row_number() OVER (PARTITION BY session_id ORDER BY known_from DESC, submission_id DESC) = 1)
)
SELECT session_id, agency_id, kind, room_id, device_id, coalesce(camera_ids, []) AS camera_ids, started_at, ended_at,
       local_day(started_at) AS day
FROM newest
WHERE NOT withdrawn AND in_scope(agency_id) AND local_day(started_at) IN (FROM ended_days)
