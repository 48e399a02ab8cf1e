-- The newest state of each camera-day from the month's first day to the last on which a judged session ends. Beside the
-- cameras in scope those of the sessions' rooms and those they name, whoever owns them.
WITH reach AS (
    SELECT greatest(getvariable('month_next'), max(local_day(ended_at)) + 1) AS first_day_after FROM judged_sessions
), cameras AS (
    SELECT camera_id FROM camera_duties
    WHERE in_scope(agency_id) OR room_id IN (SELECT room_id FROM judged_sessions WHERE room_id IS NOT NULL)
       OR camera_id IN (SELECT unnest(camera_ids) FROM judged_sessions)
)
SELECT camera_id, day, state.held AS held, state.asked AS asked
FROM (SELECT camera_id, day, arg_max({'held': held, 'asked': asked}, (asked_at, poll_id, known_from, revision)) AS state
      FROM footage_days
      WHERE known_from <= getvariable('as_of') AND camera_id IN (FROM cameras)
        AND day >= getvariable('month_first') AND day < (SELECT first_day_after FROM reach)
      GROUP BY camera_id, day)
