-- Steps of the fold, run in order by ledger.py on a write cursor. Input: TEMP tables staged_polls and staged_footage.
-- Times inside are epoch milliseconds of true time until they become milliseconds of the local day.

-- name: spoken
-- What each staged answer speaks about: only ok and complete polls are answers, and none speaks about its own future.
CREATE OR REPLACE TEMP TABLE spoken AS
SELECT row_number() OVER () AS poll_no, poll_id, camera_id, asked_at, known_from,
       coalesce(clock_offset_ms, 0) AS offset_ms,
       epoch_ms(covers_from) AS from_ms, epoch_ms(least(covers_to, asked_at)) AS to_ms
FROM staged_polls
WHERE outcome = 'ok' AND complete AND covers_from < least(covers_to, asked_at);

-- name: listed
-- What each answer lists, in true time, clipped to what it speaks about; files of one answer that touch, overlap or
-- leave less than a second between them are one stretch.
CREATE OR REPLACE TEMP TABLE listed AS
WITH clipped AS (
    SELECT s.poll_no,
           greatest(epoch_ms(f.started_at) - s.offset_ms, s.from_ms) AS s,
           least(epoch_ms(f.ended_at) - s.offset_ms, s.to_ms) AS e
    FROM staged_footage f JOIN spoken s USING (poll_id, camera_id)
), marked AS (
    SELECT *, s - max(e) OVER (PARTITION BY poll_no ORDER BY s, e ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seam_ms
    FROM clipped WHERE s < e
), numbered AS (
    SELECT *, count(*) FILTER (WHERE seam_ms IS NULL OR seam_ms >= 1000)
                  OVER (PARTITION BY poll_no ORDER BY s, e ROWS UNBOUNDED PRECEDING) AS stretch
    FROM marked
)
SELECT poll_no, min(s) AS s, max(e) AS e FROM numbered GROUP BY poll_no, stretch;

-- name: answers
-- One row per staged answer and local day it speaks about.
CREATE OR REPLACE TEMP TABLE answers AS
WITH days AS (
    SELECT *, unnest(range((from_ms + $offset_ms) // $day_ms, (to_ms + $offset_ms - 1) // $day_ms + 1)) AS day_no
    FROM spoken
), pieces AS (
    SELECT *, unnest(range((s + $offset_ms) // $day_ms, (e + $offset_ms - 1) // $day_ms + 1)) AS day_no FROM listed
), lists AS (
    SELECT poll_no, day_no,
           list({'s': CAST(greatest(s + $offset_ms - day_no * $day_ms, 0) AS INTEGER),
                 'e': CAST(least(e + $offset_ms - day_no * $day_ms, $day_ms) AS INTEGER)} ORDER BY s) AS listed
    FROM pieces GROUP BY ALL
)
SELECT d.camera_id, DATE '1970-01-01' + CAST(d.day_no AS INTEGER) AS day, d.asked_at, d.poll_id, d.known_from,
       CAST(greatest(d.from_ms + $offset_ms - d.day_no * $day_ms, 0) AS INTEGER) AS a,
       CAST(least(d.to_ms + $offset_ms - d.day_no * $day_ms, $day_ms) AS INTEGER) AS b,
       coalesce(l.listed, []) AS listed
FROM days d LEFT JOIN lists l USING (poll_no, day_no);

-- name: rivals
-- Days for which an answer newer than the earliest staged one is already on record: there the staged answer is late
-- and the newer ones have to be laid over it again.
CREATE OR REPLACE TEMP TABLE rivals AS
WITH earliest AS (
    SELECT camera_id, day, min((asked_at, poll_id)) AS first_key FROM answers GROUP BY ALL
)
SELECT e.camera_id, e.day, p.asked_at, p.poll_id, p.known_from,
       ms_of_day(p.covers_from, e.day) AS a, ms_of_day(least(p.covers_to, p.asked_at), e.day) AS b
FROM earliest e JOIN polls p ON p.camera_id = e.camera_id
WHERE p.asked_at >= (SELECT min(asked_at) FROM answers)
  AND (p.asked_at, p.poll_id) > e.first_key AND p.outcome = 'ok' AND p.complete
  AND p.covers_from < least(p.covers_to, p.asked_at)
  AND p.covers_from < day_ends_at(e.day) AND least(p.covers_to, p.asked_at) > day_starts_at(e.day);

-- name: versions
-- The newest knowledge of each version of the days touched.
CREATE OR REPLACE TEMP TABLE versions AS
SELECT camera_id, day, asked_at, poll_id,
       max_by({'held': held, 'asked': asked, 'revision': revision, 'known_from': known_from},
              (known_from, revision)) AS state
FROM footage_days
WHERE day BETWEEN (SELECT min(day) FROM answers) AND (SELECT max(day) FROM answers)
  AND (camera_id, day) IN (SELECT (camera_id, day) FROM answers)
GROUP BY ALL;

-- name: state
-- Where the fold starts: the day before the earliest staged answer spoke.
CREATE OR REPLACE TEMP TABLE day_state AS
WITH earliest AS (
    SELECT camera_id, day, min((asked_at, poll_id)) AS first_key FROM answers GROUP BY ALL
)
SELECT e.camera_id, e.day, e.first_key[1] AS asked_at, e.first_key[2] AS poll_id,
       coalesce(max_by(v.state.held, (v.asked_at, v.poll_id)), []) AS held,
       coalesce(max_by(v.state.asked, (v.asked_at, v.poll_id)), []) AS asked,
       CAST(NULL AS TIMESTAMP) AS known_from, false AS changed, CAST(-1 AS INTEGER) AS revision
FROM earliest e
LEFT JOIN versions v ON v.camera_id = e.camera_id AND v.day = e.day AND (v.asked_at, v.poll_id) < e.first_key
GROUP BY e.camera_id, e.day, e.first_key;

-- name: steps
-- Everything to lay over that state, in the order it was said. What a rival listed is what its version holds inside
-- the stretch it spoke about, because there it was the newest.
CREATE OR REPLACE TEMP TABLE steps AS
WITH rival_states AS (
    SELECT r.camera_id, r.day, r.asked_at, r.poll_id, r.known_from, r.a, r.b,
           clip_to(max_by(v.state.held, (v.asked_at, v.poll_id)), r.a, r.b) AS listed
    FROM rivals r JOIN versions v ON v.camera_id = r.camera_id AND v.day = r.day
                                 AND (v.asked_at, v.poll_id) <= (r.asked_at, r.poll_id)
    GROUP BY r.camera_id, r.day, r.asked_at, r.poll_id, r.known_from, r.a, r.b
)
SELECT *, row_number() OVER (PARTITION BY camera_id, day ORDER BY asked_at, poll_id) AS step
FROM (SELECT camera_id, day, asked_at, poll_id, known_from, a, b, listed FROM answers
      UNION ALL SELECT camera_id, day, asked_at, poll_id, known_from, a, b, listed FROM rival_states);

-- name: fold
-- One step for every day at once. A version is new when the state changed, or when a version that stands under this
-- very answer no longer agrees with it.
CREATE OR REPLACE TEMP TABLE day_state AS
WITH laid AS (
    SELECT s.camera_id, s.day, s.asked_at, s.poll_id,
           lay_over(d.held, s.listed, s.a, s.b) AS held,
           lay_over(d.asked, [{'s': s.a, 'e': s.b}], s.a, s.b) AS asked,
           greatest(d.known_from, s.known_from) AS known_from,
           d.held AS held_before, d.asked AS asked_before
    FROM steps s JOIN day_state d USING (camera_id, day) WHERE s.step = $step
)
SELECT l.camera_id, l.day, l.asked_at, l.poll_id, l.held, l.asked,
       greatest(l.known_from, v.state.known_from) AS known_from,
       CASE WHEN v.poll_id IS NULL THEN l.held <> l.held_before OR l.asked <> l.asked_before
            ELSE l.held <> v.state.held OR l.asked <> v.state.asked END AS changed,
       coalesce(v.state.revision + 1, 0) AS revision
FROM laid l LEFT JOIN versions v USING (camera_id, day, asked_at, poll_id);

-- name: append
INSERT INTO footage_days
SELECT camera_id, day, held, asked, asked_at, poll_id, revision,
       md5(CAST(held AS VARCHAR) || CAST(asked AS VARCHAR)), known_from
FROM day_state WHERE changed;
