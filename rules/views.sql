-- What every check may read, prepared once per judgement from the known_* views. Variables: as_of, now_at, month_first,
-- month_next (first day after the month), exempting (whether exemptions count in this pass).

-- name: days
-- The month's days that have ended; a check adds its own grace.
CREATE OR REPLACE TEMP TABLE ended_days AS
SELECT CAST(day AS DATE) AS day
FROM generate_series(CAST(getvariable('month_first') AS TIMESTAMP), getvariable('month_next') - 1, INTERVAL 1 DAY) t(day)
WHERE day_ends_at(CAST(day AS DATE)) <= getvariable('now_at');

-- name: judgement_day
-- D of "Keeping" in rules.md, and W, six calendar months before it.
CREATE OR REPLACE TEMP TABLE judgement_day AS
SELECT least(local_day(getvariable('now_at')), getvariable('month_next')) AS day
WHERE EXISTS (FROM ended_days);

-- name: cameras
-- Every camera with where it belongs and when it is on duty: [on_from, on_to), the room's days in use included.
CREATE OR REPLACE TEMP TABLE camera_duties AS
SELECT c.camera_id, c.room_id, c.recorder_id, c.view, c.position, c.live_url,
       r.kind AS room_kind, r.disciplines, p.premises_id, coalesce(p.agency_id, c.agency_id) AS agency_id,
       greatest(c.duty_from, day_starts_at(r.in_use_from)) AS on_from,
       least(c.duty_to, day_starts_at(r.in_use_to)) AS on_to
FROM known_cameras c
LEFT JOIN known_rooms r USING (room_id)
LEFT JOIN known_recorders n USING (recorder_id)
LEFT JOIN known_premises p ON p.premises_id = coalesce(r.premises_id, n.premises_id);

-- name: camera_days
-- Camera and ended day with the part of the day on duty, in ms of the day; days off duty are absent.
CREATE OR REPLACE TEMP TABLE camera_days AS
SELECT c.*, d.day, [{'s': ms_of_day(c.on_from, d.day), 'e': coalesce(ms_of_day(c.on_to, d.day), 86400000)}] AS on_duty
FROM camera_duties c JOIN ended_days d
  ON c.on_from < day_ends_at(d.day) AND coalesce(c.on_to > greatest(c.on_from, day_starts_at(d.day)), true);

-- name: footage
-- The newest state of each camera-day of the month.
CREATE OR REPLACE TEMP TABLE known_footage AS
SELECT camera_id, day, state.held AS held, state.asked AS asked
FROM (SELECT camera_id, day, arg_max({'held': held, 'asked': asked}, (asked_at, poll_id, known_from, revision)) AS state
      FROM footage_days
      WHERE known_from <= getvariable('as_of')
        AND day >= getvariable('month_first') AND day < getvariable('month_next')
      GROUP BY camera_id, day);

-- name: exempt
-- Exempt time of each subject: an exemption counts for everything its scope contains.
CREATE OR REPLACE TEMP TABLE exempt AS
WITH scopes AS (
    SELECT 'camera' AS subject_type, camera_id AS subject_id,
           unnest(['agency', 'premises', 'room', 'recorder', 'camera']) AS scope_type,
           unnest([agency_id, premises_id, room_id, recorder_id, camera_id]) AS scope_id
    FROM camera_duties
    UNION ALL
    SELECT 'room', room_id, unnest(['agency', 'premises', 'room']), unnest([agency_id, premises_id, room_id])
    FROM known_rooms JOIN known_premises USING (premises_id)
    UNION ALL
    SELECT 'recorder', recorder_id, unnest(['agency', 'premises', 'recorder']),
           unnest([agency_id, premises_id, recorder_id])
    FROM known_recorders JOIN known_premises USING (premises_id)
    UNION ALL
    SELECT 'agency', agency_id, 'agency', agency_id FROM known_agencies
)
SELECT DISTINCT s.subject_type, s.subject_id, x.from_at, x.to_at
FROM scopes s JOIN known_exemptions x USING (scope_type, scope_id)
WHERE getvariable('exempting') AND x.from_at < x.to_at;

-- name: exempt_days
-- The same by local day, in ms of the day, for every day a check of this month may look at.
CREATE OR REPLACE TEMP TABLE exempt_days AS
WITH days AS (
    SELECT *, CAST(unnest(generate_series(
        greatest(local_day(from_at), getvariable('month_first') - 220),
        least(local_day(to_at), getvariable('month_next')), INTERVAL 1 DAY)) AS DATE) AS day
    FROM exempt
)
SELECT subject_type, subject_id, day,
       unite_all(list([{'s': ms_of_day(from_at, day), 'e': ms_of_day(to_at, day)}] ORDER BY from_at, to_at)) AS away
FROM days WHERE from_at < day_ends_at(day) AND to_at > day_starts_at(day) GROUP BY ALL;

-- name: macros
CREATE OR REPLACE TEMP MACRO evidence_row(kind, day, from_ms, to_ms) AS
    {'kind': kind, 'from_at': instant_of(day, from_ms), 'to_at': instant_of(day, to_ms), 'ref': ''};
CREATE OR REPLACE TEMP MACRO whole_day_exempt(away) AS
    coalesce(len(gaps_in(away, 0, 86400000)) = 0, false);
