-- Variables: channels, reports, live_cameras, first_day, last_day, month_first, known_from.
-- Agency a has rooms 15a … 15a+14; room r has far camera F<r>, near camera N<r>, device D<r>; recorder R<a> carries all.
INSERT INTO agencies BY NAME
SELECT printf('A%04d', a) AS agency_id, printf('示例检测%d', a) AS name, getvariable('known_from') AS known_from, false AS withdrawn
FROM range(0, CAST(ceil(getvariable('channels') / 30) AS BIGINT)) t(a);

INSERT INTO premises BY NAME
SELECT 'P' || agency_id[2:] AS premises_id, agency_id, '本部' AS name, 'main' AS kind, known_from, withdrawn FROM agencies;

INSERT INTO recorders BY NAME
SELECT 'R' || agency_id[2:] AS recorder_id, 'P' || agency_id[2:] AS premises_id, 'isapi' AS protocol,
       'http://127.0.0.1:1' AS address, known_from, withdrawn FROM agencies;

INSERT INTO rooms BY NAME
SELECT printf('Q%06d', r) AS room_id, printf('P%04d', r // 15) AS premises_id, printf('%d室', r) AS name,
       CASE r % 15 WHEN 0 THEN 'sample_reception' WHEN 1 THEN 'curing_room' WHEN 2 THEN 'sample_storage' ELSE 'test_room' END AS kind,
       CASE WHEN r % 15 IN (3, 4) THEN ['rebar_mechanics'] ELSE [] END AS disciplines,
       DATE '2026-01-01' AS in_use_from, getvariable('known_from') AS known_from, false AS withdrawn
FROM range(0, getvariable('channels') // 2) t(r);

INSERT INTO devices BY NAME
SELECT 'D' || room_id[2:] AS device_id, room_id, '试验机' AS name, true AS produces_test_result, 1 AS parallel_capacity,
       in_use_from, known_from, withdrawn FROM rooms WHERE kind = 'test_room';

INSERT INTO cameras BY NAME
SELECT v.letter || r.room_id[2:] AS camera_id, r.room_id, 'R' || r.premises_id[2:] AS recorder_id, v.letter || r.room_id[2:] AS channel,
       v.view, 'fixed' AS mount,
       CASE WHEN r.kind = 'curing_room' THEN 'corridor_facing_door' ELSE 'inside' END AS position, ['D' || r.room_id[2:]] AS covers,
       CASE WHEN v.view = 'far' AND CAST(r.room_id[2:] AS INTEGER) % (getvariable('channels') // 2 // getvariable('live_cameras')) = 0
            THEN 'http://127.0.0.1:1/' || r.room_id END AS live_url,
       TIMESTAMP '2026-01-01' AS duty_from, r.known_from, r.withdrawn
FROM rooms r, (VALUES ('F', 'far'), ('N', 'near')) v(letter, view);

-- Every day of every camera is asked about once, a few hours after its end. One in a hundred has a hole, another was not asked.
INSERT INTO polls BY NAME
SELECT c.camera_id || strftime(d.day, '-%m%d') AS poll_id, c.camera_id, day_ends_at(CAST(d.day AS DATE)) + INTERVAL 2 HOUR AS asked_at,
       day_starts_at(CAST(d.day AS DATE)) AS covers_from, day_ends_at(CAST(d.day AS DATE)) AS covers_to,
       CASE WHEN hash(c.camera_id, d.day) % 100 = 0 THEN 'unreachable' ELSE 'ok' END AS outcome, outcome = 'ok' AS complete,
       CAST(hash(c.camera_id) % 7 AS INTEGER) * 100 AS clock_offset_ms, '' AS digest, asked_at AS known_from, false AS withdrawn
FROM generate_series(CAST(getvariable('first_day') AS TIMESTAMP), CAST(getvariable('last_day') AS TIMESTAMP), INTERVAL 1 DAY) d(day), cameras c
ORDER BY d.day, c.camera_id;

INSERT INTO footage_days BY NAME
SELECT camera_id, local_day(covers_from) AS day,
       CASE WHEN hash(poll_id) % 100 = 1
            THEN [{'s': 0, 'e': 30000000}, {'s': 30000000 + CAST(hash(poll_id, 1) % 600000 AS INTEGER), 'e': 86400000}]
            ELSE [{'s': 0, 'e': 86400000}] END AS held,
       [{'s': 0, 'e': 86400000}] AS asked, asked_at, poll_id, 0 AS revision, '' AS digest, known_from
FROM polls WHERE outcome = 'ok' ORDER BY known_from, camera_id;

INSERT INTO recording_plans BY NAME
SELECT camera_id, asked_at - INTERVAL 12 HOUR AS observed_at, CASE WHEN hash(poll_id) % 500 = 0 THEN 'event' ELSE 'continuous' END AS mode,
       known_from, false AS withdrawn
FROM polls WHERE local_day(covers_from) >= getvariable('month_first') AND camera_id LIKE 'F%';

INSERT INTO live_probes BY NAME
SELECT c.camera_id, day_starts_at(CAST(d.day AS DATE)) + to_minutes(CAST(n.n * 30 AS BIGINT)) AS probed_at,
       CASE WHEN hash(c.camera_id, d.day, n.n) % 50 = 0 THEN 'no_media' ELSE 'ok' END AS outcome, 800 AS first_frame_ms,
       false AS black, hash(c.camera_id, d.day, n.n) % 40 = 0 AS frozen, printf('%d室', CAST(c.room_id[2:] AS INTEGER)) AS osd_text, probed_at + INTERVAL 1 SECOND AS osd_time,
       probed_at AS known_from, false AS withdrawn
FROM cameras c, generate_series(CAST(getvariable('month_first') AS TIMESTAMP), CAST(getvariable('last_day') AS TIMESTAMP), INTERVAL 1 DAY) d(day),
     range(0, 48) n(n)
WHERE c.live_url IS NOT NULL;

-- Report n of the month: issued a day after its one session, which ran for twenty minutes on the device of a test room.
CREATE OR REPLACE TEMP TABLE work AS
WITH numbered AS (
    SELECT n, CAST(n % (datediff('day', getvariable('month_first'), getvariable('last_day')) + 1) AS INTEGER) AS day_no, v.room_id,
           row_number() OVER (PARTITION BY v.room_id, day_no ORDER BY n) AS turn
    FROM range(0, getvariable('reports')) t(n)
    JOIN (SELECT room_id, row_number() OVER (ORDER BY hash(room_id)) - 1 AS place, count(*) OVER () AS places FROM devices) v
      ON v.place = hash(n, 1) % v.places
)
SELECT printf('B%07d', n) AS report_no, printf('S%07d', n) AS session_id, room_id, 'D' || room_id[2:] AS device_id,
       'A' || printf('%04d', CAST(room_id[2:] AS INTEGER) // 15) AS agency_id,
       day_starts_at(getvariable('month_first') + day_no) + INTERVAL 6 HOUR + to_minutes(CAST(30 * turn AS BIGINT)) AS started_at,
       CASE WHEN n % 100 < 40 THEN 'REBAR_TENSILE' WHEN n % 100 < 75 THEN 'CUBE_COMP' WHEN n % 100 < 80 THEN 'PILE_COMP'
            WHEN n % 100 < 82 THEN 'PILE_CORE' WHEN n % 100 < 84 THEN 'WALL_CORE' WHEN n % 100 < 86 THEN 'ROAD_CORE' ELSE 'SOIL' END AS test_item,
       CASE WHEN n % 100 BETWEEN 75 AND 77 THEN 'kentledge' WHEN n % 100 < 80 THEN 'self_balanced' END AS method, n
FROM numbered;

INSERT INTO sessions BY NAME
SELECT session_id, agency_id, 'test' AS kind, report_no, test_item, method, room_id, device_id, '7' AS pile_no, started_at,
       started_at + INTERVAL 20 MINUTE AS ended_at, started_at + INTERVAL 10 MINUTE AS peak_at, ended_at AS known_from, false AS withdrawn
FROM work;

INSERT INTO reports BY NAME
SELECT report_no, agency_id, test_item, method, '示例工程' AS project, started_at + INTERVAL 20 HOUR AS issued_at, issued_at AS known_from,
       false AS withdrawn FROM work;

INSERT INTO load_stages BY NAME
SELECT session_id, CAST(s.s AS INTEGER) AS stage_no, CASE WHEN s.s > 8 THEN 'unload' ELSE 'load' END AS direction,
       started_at + to_minutes(CAST(s.s AS BIGINT)) AS started_at, started_at + to_minutes(CAST(s.s + 1 AS BIGINT)) AS completed_at,
       started_at AS known_from, false AS withdrawn
FROM work, range(1, 11) s(s) WHERE test_item = 'PILE_COMP';

INSERT INTO image_reviews BY NAME
SELECT report_no, '示例' AS person, 'reviewer' AS role, started_at + INTERVAL 19 HOUR AS reviewed_at, reviewed_at AS known_from,
       false AS withdrawn FROM work WHERE n % 100 <> 7;

INSERT INTO key_images BY NAME
SELECT report_no || '-' || i.i AS image_id, report_no, session_id,
       CASE test_item WHEN 'REBAR_TENSILE' THEN 'failure' WHEN 'CUBE_COMP' THEN 'failure' WHEN 'PILE_COMP' THEN 'load_stage'
            WHEN 'SOIL' THEN 'self_declared' ELSE CASE i.i WHEN 0 THEN 'core' ELSE 'core_dimension' END END AS role,
       CASE WHEN role IN ('core', 'core_dimension') THEN 'photo' ELSE 'clip' END AS media,
       started_at + INTERVAL 9 MINUTE AS started_at, started_at + INTERVAL 11 MINUTE AS ended_at, CAST(i.i + 1 AS INTEGER) AS stage_no,
       '7' AS pile_no, '示例工程' AS project, '1' AS building, '2' AS floor, 'A-B' AS axis, 'K1' AS road_section, '左' AS position,
       md5(report_no || i.i) || md5(CASE WHEN n % 1000 = 3 THEN 'again' ELSE report_no || i.i END) AS sha256,
       started_at + INTERVAL 1 HOUR AS stored_at, DATE '2047-01-01' AS keep_until, started_at AS known_from, false AS withdrawn
FROM work, range(0, 2) i(i);
