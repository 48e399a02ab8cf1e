-- Variables: agency_count, room_count, reports, live_cameras, first_day, last_day, month_first, known_from.
-- Room r belongs to agency r % agency_count and has far camera F<r>, near camera N<r>, device D<r>; agency a has one
-- on-site camera O<a>, and recorder R<a> carries all of its cameras. What goes wrong is drawn by `hash`, so the same
-- size gives the same city.
INSERT INTO agencies BY NAME
SELECT printf('A%04d', a) AS agency_id, printf('示例检测%d', a) AS name, getvariable('known_from') AS known_from,
       false AS withdrawn
FROM range(0, getvariable('agency_count')) t(a);

INSERT INTO premises BY NAME
SELECT 'P' || agency_id[2:] AS premises_id, agency_id, '本部' AS name, 'main' AS kind, known_from, withdrawn
FROM agencies;

INSERT INTO recorders BY NAME
SELECT 'R' || agency_id[2:] AS recorder_id, 'P' || agency_id[2:] AS premises_id, 'isapi' AS protocol,
       'http://127.0.0.1:1' AS address, known_from, withdrawn FROM agencies;

INSERT INTO rooms BY NAME
SELECT printf('Q%06d', r) AS room_id, printf('P%04d', r % getvariable('agency_count')) AS premises_id,
       printf('%d室', r) AS name,
       CASE r // getvariable('agency_count') WHEN 0 THEN 'sample_reception' WHEN 1 THEN 'curing_room'
            WHEN 2 THEN 'sample_storage' ELSE 'test_room' END AS kind,
       CASE WHEN r // getvariable('agency_count') IN (3, 4) THEN ['rebar_mechanics'] ELSE [] END AS disciplines,
       DATE '2026-01-01' AS in_use_from, getvariable('known_from') AS known_from, false AS withdrawn
FROM range(0, getvariable('room_count')) t(r);

INSERT INTO devices BY NAME
SELECT 'D' || room_id[2:] AS device_id, room_id, '试验机' AS name, true AS produces_test_result, 1 AS parallel_capacity,
       in_use_from, known_from, withdrawn FROM rooms WHERE kind = 'test_room';

-- Live views are connected in the rooms where they are mandatory, then in others, until there are enough. One camera in
-- fifty is younger than the term of keeping.
INSERT INTO cameras BY NAME
WITH placed AS (
    SELECT *, row_number() OVER (ORDER BY kind <> 'sample_reception' AND len(disciplines) = 0, room_id) AS place
    FROM rooms
)
SELECT v.letter || r.room_id[2:] AS camera_id, r.room_id, NULL AS agency_id, 'R' || r.premises_id[2:] AS recorder_id,
       camera_id AS channel, v.view, 'fixed' AS mount,
       CASE WHEN r.kind = 'curing_room' THEN 'corridor_facing_door' ELSE 'inside' END AS position,
       ['D' || r.room_id[2:]] AS covers,
       CASE WHEN v.view = 'far' AND place <= getvariable('live_cameras') THEN 'http://127.0.0.1:1/' || r.room_id END
           AS live_url,
       CASE WHEN hash(r.room_id) % 50 = 4 THEN TIMESTAMP '2026-08-15' ELSE TIMESTAMP '2026-01-01' END AS duty_from,
       r.known_from, r.withdrawn
FROM placed r, (VALUES ('F', 'far'), ('N', 'near')) v(letter, view)
UNION ALL
SELECT 'O' || agency_id[2:], NULL, agency_id, 'R' || agency_id[2:], 'O' || agency_id[2:], 'onsite', 'movable', NULL, [],
       NULL, TIMESTAMP '2026-01-01', known_from, withdrawn
FROM agencies;

-- Every day of every camera is asked about once, soon after its end; one time in a hundred in vain.
INSERT INTO polls BY NAME
SELECT c.camera_id || strftime(d.day, '-%m%d') AS poll_id, c.camera_id,
       day_ends_at(CAST(d.day AS DATE)) + INTERVAL 2 HOUR AS asked_at,
       day_starts_at(CAST(d.day AS DATE)) AS covers_from, day_ends_at(CAST(d.day AS DATE)) AS covers_to,
       CASE WHEN hash(c.camera_id, d.day) % 100 = 0 THEN 'unreachable' ELSE 'ok' END AS outcome,
       outcome = 'ok' AS complete, CAST(hash(c.camera_id) % 7 AS INTEGER) * 100 AS clock_offset_ms, '' AS digest,
       asked_at AS known_from, false AS withdrawn
FROM generate_series(CAST(getvariable('first_day') AS TIMESTAMP), CAST(getvariable('last_day') AS TIMESTAMP),
                     INTERVAL 1 DAY) d(day), cameras c
ORDER BY d.day, c.camera_id;

-- Of a hundred camera-days one has a hole of up to two hours and one a seam as files leave; of five hundred one has
-- nothing. The recorder of one camera in a hundred keeps a hundred days only.
INSERT INTO footage_days BY NAME
WITH said AS (
    SELECT *, local_day(covers_from) AS day, hash(poll_id) % 500 AS fate,
           28800000 + CAST(hash(poll_id, 1) % 36000000 AS INTEGER) AS hole_ms
    FROM polls WHERE outcome = 'ok'
)
SELECT camera_id, day,
       CASE WHEN fate = 0 OR hash(camera_id) % 100 = 3 AND day < getvariable('last_day') - 100 THEN []
            WHEN fate <= 5 THEN [{'s': 0, 'e': hole_ms},
                                 {'s': hole_ms + 10000 + CAST(hash(poll_id, 2) % 7190000 AS INTEGER), 'e': 86400000}]
            WHEN fate <= 10 THEN [{'s': 0, 'e': hole_ms}, {'s': hole_ms + 3000, 'e': 86400000}]
            ELSE [{'s': 0, 'e': 86400000}] END AS held,
       [{'s': 0, 'e': 86400000}] AS asked, asked_at, poll_id, 0 AS revision, '' AS digest, known_from
FROM said ORDER BY known_from, camera_id;

INSERT INTO recording_plans BY NAME
SELECT camera_id, asked_at - INTERVAL 12 HOUR AS observed_at,
       CASE WHEN hash(poll_id) % 500 = 0 THEN 'event' ELSE 'continuous' END AS mode, known_from,
       false AS withdrawn
FROM polls WHERE local_day(covers_from) >= getvariable('month_first') AND camera_id LIKE 'F%';

-- Of a hundred days of a live view one is bad, and one has a picture that stands still for a while; of two hundred
-- attempts a few find no picture, a late one or one that stands still, or were not made.
INSERT INTO live_probes BY NAME
WITH tried AS (
    SELECT *, CAST(unnest(generate_series(CAST(getvariable('month_first') AS TIMESTAMP),
                                          CAST(getvariable('last_day') AS TIMESTAMP), INTERVAL 1 DAY)) AS DATE) AS day
    FROM cameras WHERE live_url IS NOT NULL
), drawn AS (
    SELECT camera_id, room_id, day, n, hash(camera_id, day) % 100 AS day_fate, hash(camera_id, day, n) % 200 AS fate
    FROM tried, range(0, 48) t(n)
)
SELECT camera_id, day_starts_at(day) + to_minutes(CAST(n * 30 AS BIGINT)) AS probed_at,
       CASE WHEN fate <= 1 OR day_fate = 0 AND n % 3 = 0 THEN 'no_media' WHEN fate <= 3 THEN 'not_probed' ELSE 'ok' END
           AS outcome,
       CASE WHEN outcome = 'ok' THEN CASE WHEN fate <= 5 THEN 12000 ELSE 800 END END AS first_frame_ms, false AS black,
       outcome = 'ok' AND (fate > 195 OR day_fate = 1 AND n BETWEEN 10 AND 14) AS frozen,
       CASE WHEN outcome = 'ok' THEN printf('%d室', CAST(room_id[2:] AS INTEGER)) END AS osd_text,
       CASE WHEN outcome = 'ok' THEN probed_at + INTERVAL 1 SECOND END AS osd_time,
       probed_at AS known_from, false AS withdrawn
FROM drawn;

-- One agency in twenty-five has an exemption: of a room for nine days, of a camera for two, or of all it has for one.
INSERT INTO exemptions BY NAME
SELECT printf('X%04d', a) AS exemption_id, ['room', 'camera', 'agency'][1 + a // 25 % 3] AS scope_type,
       CASE scope_type WHEN 'room' THEN printf('Q%06d', a) WHEN 'camera' THEN printf('F%06d', a)
            ELSE printf('A%04d', a) END AS scope_id,
       day_starts_at(getvariable('last_day') - 4) AS from_at, from_at + to_days([9, 2, 1][1 + a // 25 % 3]) AS to_at,
       '装修' AS reason, printf('示例〔2026〕%d号', a) AS document_no, '示例' AS approved_by, from_at AS entered_at,
       from_at AS known_from, false AS withdrawn
FROM range(7, getvariable('agency_count'), 25) t(a);

-- Report n is of the test item whose share of a hundred it falls into. Rooms and hours are drawn; in one room sessions
-- start half an hour apart. A pile is tested on site, before the camera of its agency.
CREATE OR REPLACE TEMP TABLE work AS
WITH drawn AS (
    SELECT n, CAST(n % (datediff('day', getvariable('month_first'), getvariable('last_day')) + 1) AS INTEGER) AS day_no,
           hash(n, 1) % (SELECT count(*) FROM devices) AS place
    FROM range(0, getvariable('reports')) t(n)
), placed AS (
    SELECT d.n, d.day_no, v.room_id, row_number() OVER (PARTITION BY v.room_id, d.day_no ORDER BY d.n) AS turn
    FROM drawn d JOIN (SELECT room_id, row_number() OVER (ORDER BY room_id) - 1 AS place FROM devices) v USING (place)
)
SELECT printf('B%07d', n) AS report_no, printf('S%07d', n) AS session_id, room_id, 'D' || room_id[2:] AS device_id,
       'A' || premises_id[2:] AS agency_id, item_no, test_item, method, method IS NOT NULL AS on_site, n,
       day_starts_at(getvariable('month_first') + day_no) + INTERVAL 8 HOUR + to_minutes(CAST(30 * turn AS BIGINT))
           AS started_at
FROM placed JOIN rooms USING (room_id) JOIN items i ON n % 100 >= i.first_no AND n % 100 < i.next_no;

INSERT INTO sessions BY NAME
SELECT session_id, agency_id, CASE WHEN on_site THEN 'onsite' ELSE 'test' END AS kind, report_no, test_item, method,
       CASE WHEN NOT on_site THEN room_id END AS room_id, CASE WHEN NOT on_site THEN device_id END AS device_id,
       CASE WHEN on_site THEN ['O' || agency_id[2:]] END AS camera_ids, '7' AS pile_no, started_at,
       started_at + CASE WHEN on_site THEN INTERVAL 200 MINUTE ELSE INTERVAL 20 MINUTE END AS ended_at,
       CASE WHEN hash(session_id) % 10 > 0 THEN started_at + INTERVAL 10 MINUTE END AS peak_at,
       ended_at AS known_from, false AS withdrawn
FROM work;

INSERT INTO reports BY NAME
SELECT report_no, agency_id, test_item, method, '示例工程' AS project, started_at + INTERVAL 20 HOUR AS issued_at,
       issued_at AS known_from, false AS withdrawn
FROM work;

INSERT INTO load_stages BY NAME
SELECT session_id, CAST(s.s AS INTEGER) AS stage_no, CASE WHEN s.s > 8 THEN 'unload' ELSE 'load' END AS direction,
       w.started_at + to_minutes(CAST(s.s * 20 - 20 AS BIGINT)) AS started_at,
       w.started_at + to_minutes(CAST(s.s * 20 - 5 AS BIGINT)) AS completed_at, completed_at AS known_from,
       false AS withdrawn
FROM work w, range(1, 11) s(s) WHERE on_site;

-- One report in a hundred has no review, one has it too late and one too early.
INSERT INTO image_reviews BY NAME
SELECT report_no, '示例' AS person, 'reviewer' AS role,
       started_at + CASE hash(report_no) % 100 WHEN 8 THEN INTERVAL 30 HOUR WHEN 9 THEN INTERVAL 1 MINUTE
                       ELSE INTERVAL 19 HOUR END AS reviewed_at,
       reviewed_at AS known_from, false AS withdrawn
FROM work WHERE hash(report_no) % 100 <> 7;

-- Of two hundred images nine are not as they should be: begun too late, broken off, without the number of the stage or
-- of the pile, without the axis, stored late, nobody knows when, kept too short, nobody knows how long. Now and then a
-- file also stands under the report before, and some under many.
INSERT INTO key_images BY NAME
WITH taken AS (
    SELECT *, report_no || '-' || shot_no AS image_id, hash(report_no, shot_no) % 200 AS fate,
           started_at + to_minutes(from_min) AS due_at,
           CASE WHEN n % 10000 = 5 THEN 'blank' ELSE (n - CAST(n % 500 = 3 AS INTEGER)) || '-' || shot_no END
               AS file_key
    FROM work JOIN shots USING (item_no)
)
SELECT image_id, report_no, session_id, role, media,
       due_at + to_seconds(CASE fate WHEN 0 THEN 180 WHEN 1 THEN 55 ELSE 0 END) AS started_at,
       CASE WHEN media = 'clip' THEN due_at + to_seconds(
            CASE fate WHEN 0 THEN 240 WHEN 1 THEN 65 ELSE 60 * (to_min - from_min) END) END AS ended_at,
       CASE WHEN fate <> 2 THEN stage_no END AS stage_no, CASE WHEN fate <> 3 THEN '7' END AS pile_no, side,
       '示例工程' AS project, '1' AS building, '2' AS floor, CASE WHEN fate <> 4 THEN 'A-B' END AS axis,
       'K1' AS road_section, '左' AS position, md5(file_key) || md5(file_key || 'b') AS sha256,
       CASE WHEN fate = 5 THEN due_at + INTERVAL 40 HOUR WHEN fate <> 6 THEN due_at + INTERVAL 1 HOUR END AS stored_at,
       CASE WHEN fate = 7 THEN DATE '2027-01-01' WHEN fate <> 8 THEN DATE '2047-01-01' END AS keep_until,
       due_at + INTERVAL 1 HOUR AS known_from, false AS withdrawn
FROM taken;
