-- name: held
-- Whole minutes that the newest known state of each camera-day holds while the camera was on duty at its recorder. Needs
-- the known views.
WITH state AS (
    SELECT camera_id, day,
           arg_max({'held': held, 'poll_id': poll_id}, (asked_at, poll_id, known_from, revision)) AS last
    FROM footage_days WHERE known_from <= getvariable('as_of') AND day BETWEEN $first AND $last
    GROUP BY ALL
), clipped AS (
    SELECT c.recorder_id, s.camera_id, s.day, s.last.poll_id AS poll_id,
           clip_to(coalesce(s.last.held, []), ms_of_day(c.duty_from, s.day),
                   coalesce(ms_of_day(c.duty_to, s.day), 86400000)) AS held
    FROM state s JOIN known_cameras c USING (camera_id) WHERE c.recorder_id IS NOT NULL AND c.channel IS NOT NULL
), minutes AS (
    SELECT * REPLACE (list_filter(
        list_transform(held, lambda stretch: [(stretch.s + 59999) // 60000, stretch.e // 60000]),
        lambda ends: ends[1] < ends[2]) AS held)
    FROM clipped
)
SELECT recorder_id, camera_id, day, poll_id, held FROM minutes WHERE len(held) > 0 ORDER BY ALL;

-- name: draw
SELECT seed_sha256, count_per_recorder, known_from FROM playback_draws WHERE day = $day ORDER BY known_from LIMIT 1;

-- name: reveal
SELECT seed, as_of, first_day, list_sha256, minute_count FROM playback_reveals WHERE day = $day
ORDER BY known_from LIMIT 1;

-- name: tried
SELECT recorder_id, ordinal FROM playback_samples WHERE day = $day;

-- name: places
-- Where each camera is registered now.
SELECT camera_id, recorder_id, channel FROM known_cameras WHERE recorder_id IS NOT NULL AND channel IS NOT NULL;

-- name: tallies
SELECT recorder_id, day, outcome, count(*) FROM playback_samples WHERE day BETWEEN $first AND $last
GROUP BY ALL ORDER BY ALL;

-- name: wrong
SELECT recorder_id, camera_id, minute_at, outcome, coalesce(reason, '') FROM playback_samples
WHERE day BETWEEN $first AND $last AND outcome <> 'good' ORDER BY recorder_id, minute_at, camera_id;

-- name: unused
-- Draws whose day is long over and that nobody used: a choice, if it happens often.
SELECT day FROM playback_draws d WHERE day < $before AND NOT EXISTS (FROM playback_reveals r WHERE r.day = d.day)
GROUP BY day ORDER BY day;

-- name: latest
SELECT max(day) FROM playback_draws WHERE day <= $last;
