-- Everything the pages read. The first statement makes the viewer's views over what was known (data/known.py); the
-- viewer's scope is applied there and nowhere else, so a page and an export cannot disagree. Times are naive UTC,
-- lengths milliseconds.

-- name: views
CREATE OR REPLACE TEMP VIEW viewer_agencies AS
SELECT * FROM known_agencies
WHERE getvariable('viewer_agency') IS NULL OR agency_id = getvariable('viewer_agency');

CREATE OR REPLACE TEMP VIEW viewer_rooms AS
SELECT r.room_id, r.name, r.kind, r.disciplines, r.in_use_from, r.in_use_to,
       p.premises_id, p.name AS premises_name, a.agency_id, a.name AS agency_name
FROM known_rooms r JOIN known_premises p USING (premises_id) JOIN viewer_agencies a USING (agency_id);

CREATE OR REPLACE TEMP VIEW viewer_recorders AS
SELECT n.recorder_id, n.protocol, n.address, p.premises_id, p.name AS premises_name, a.agency_id, a.name AS agency_name
FROM known_recorders n JOIN known_premises p USING (premises_id) JOIN viewer_agencies a USING (agency_id);

CREATE OR REPLACE TEMP VIEW viewer_cameras AS
SELECT c.camera_id, c.recorder_id, c.channel, c.view, c.mount, c.position, c.live_url, c.duty_from, c.duty_to,
       r.room_id, r.name AS room_name, r.kind AS room_kind, p.premises_id, a.agency_id, a.name AS agency_name,
       greatest(c.duty_from, day_starts_at(r.in_use_from)) AS on_from,
       least(c.duty_to, day_starts_at(r.in_use_to)) AS on_to
FROM known_cameras c
LEFT JOIN known_rooms r USING (room_id)
LEFT JOIN known_recorders n USING (recorder_id)
LEFT JOIN known_premises p ON p.premises_id = coalesce(r.premises_id, n.premises_id)
JOIN viewer_agencies a ON a.agency_id = coalesce(p.agency_id, c.agency_id);

CREATE OR REPLACE TEMP VIEW viewer_verdicts AS
SELECT v.*, a.name AS agency_name
FROM (SELECT * FROM verdict_changes WHERE known_from <= getvariable('as_of')
      QUALIFY row_number() OVER (PARTITION BY month, rule_id, subject_type, subject_id, period
                                 ORDER BY known_from DESC, judgement_id DESC) = 1) v
LEFT JOIN known_agencies a USING (agency_id)
WHERE v.outcome IS NOT NULL
  AND (getvariable('viewer_agency') IS NULL OR v.agency_id = getvariable('viewer_agency'));

-- The failing and suspect ones of them: only keys that ever had such an outcome are looked through, a few in a hundred.
CREATE OR REPLACE TEMP VIEW viewer_bad_verdicts AS
SELECT v.*, a.name AS agency_name
FROM (SELECT * FROM verdict_changes
      SEMI JOIN (SELECT month, rule_id, subject_type, subject_id, period FROM verdict_changes WHERE outcome IN ('fail', 'suspect'))
          USING (month, rule_id, subject_type, subject_id, period)
      WHERE known_from <= getvariable('as_of')
      QUALIFY row_number() OVER (PARTITION BY month, rule_id, subject_type, subject_id, period
                                 ORDER BY known_from DESC, judgement_id DESC) = 1) v
LEFT JOIN known_agencies a USING (agency_id)
WHERE v.outcome IN ('fail', 'suspect')
  AND (getvariable('viewer_agency') IS NULL OR v.agency_id = getvariable('viewer_agency'));

CREATE OR REPLACE TEMP VIEW viewer_devices AS
SELECT d.device_id, d.name, d.produces_test_result, d.parallel_capacity, d.in_use_from, d.in_use_to,
       r.room_id, r.name AS room_name, r.premises_name, r.agency_id
FROM known_devices d JOIN viewer_rooms r USING (room_id);

CREATE OR REPLACE TEMP VIEW viewer_reports AS
SELECT p.* EXCLUDE (known_from, submission_id, withdrawn) FROM known_reports p JOIN viewer_agencies a USING (agency_id);

CREATE OR REPLACE TEMP VIEW viewer_sessions AS
SELECT s.* EXCLUDE (known_from, submission_id, withdrawn) FROM known_sessions s JOIN viewer_agencies a USING (agency_id);

-- An image is its report's agency's.
CREATE OR REPLACE TEMP VIEW viewer_images AS
SELECT i.* EXCLUDE (withdrawn) FROM known_key_images i SEMI JOIN viewer_reports r USING (report_no);

-- What a verdict can be about, in words and with what it belongs to. Of images only those that verdicts are about,
-- because to find the newest version of every image on record costs several times as much.
CREATE OR REPLACE TEMP VIEW viewer_subjects AS
SELECT 'agency' AS subject_type, agency_id AS subject_id, name AS place, '' AS site, CAST(NULL AS TEXT) AS room_id,
       CAST(NULL AS TEXT) AS camera_id, CAST(NULL AS TEXT) AS recorder_id FROM viewer_agencies
UNION ALL SELECT 'room', room_id, name, premises_name, room_id, NULL, NULL FROM viewer_rooms
UNION ALL SELECT 'device', device_id, concat_ws(' · ', room_name, name), premises_name, room_id, NULL, NULL
FROM viewer_devices
UNION ALL
SELECT 'camera', c.camera_id, coalesce(c.room_name, ''), coalesce(r.premises_name, ''), c.room_id, c.camera_id,
       c.recorder_id
FROM viewer_cameras c LEFT JOIN viewer_rooms r USING (room_id)
UNION ALL SELECT 'recorder', recorder_id, address, premises_name, NULL, NULL, recorder_id FROM viewer_recorders
UNION ALL
SELECT 'session', s.session_id, concat_ws(' · ', r.name, s.test_item, s.pile_no), coalesce(r.premises_name, ''), r.room_id,
       NULL, NULL
FROM viewer_sessions s LEFT JOIN viewer_rooms r USING (room_id)
UNION ALL SELECT 'report', report_no, coalesce(project, ''), '', NULL, NULL, NULL FROM viewer_reports
UNION ALL
SELECT 'image', i.image_id, concat_ws(' · ', i.report_no, i.file), coalesce(p.project, ''), NULL, NULL, NULL
FROM (SELECT image_id, report_no, file, withdrawn FROM key_images
      WHERE known_from <= getvariable('as_of')
        AND image_id IN (SELECT subject_id FROM verdict_changes WHERE subject_type = 'image')
      QUALIFY row_number() OVER (PARTITION BY image_id ORDER BY known_from DESC, submission_id DESC) = 1) i
JOIN viewer_reports p USING (report_no) WHERE NOT i.withdrawn;

-- An exemption counts for every camera its scope contains.
CREATE OR REPLACE TEMP VIEW viewer_exemptions AS
SELECT c.camera_id, x.exemption_id, x.scope_type, x.scope_id, x.from_at, x.to_at, x.reason, x.document_no, x.approved_by
FROM known_exemptions x JOIN viewer_cameras c
  ON x.scope_id = CASE x.scope_type WHEN 'camera' THEN c.camera_id WHEN 'recorder' THEN c.recorder_id
                       WHEN 'room' THEN c.room_id WHEN 'premises' THEN c.premises_id ELSE c.agency_id END
WHERE x.from_at < x.to_at;

-- Exemptions whose scope is the viewer's; one of a scope that is not in the register only who sees the whole city sees.
CREATE OR REPLACE TEMP VIEW viewer_known_exemptions AS
SELECT * FROM known_exemptions
WHERE getvariable('viewer_agency') IS NULL OR (scope_type, scope_id) IN (
    SELECT 'agency', agency_id FROM viewer_agencies
    UNION ALL SELECT 'premises', premises_id FROM known_premises JOIN viewer_agencies USING (agency_id)
    UNION ALL SELECT 'room', room_id FROM viewer_rooms
    UNION ALL SELECT 'recorder', recorder_id FROM viewer_recorders
    UNION ALL SELECT 'camera', camera_id FROM viewer_cameras);

-- The part of a local day on duty and not in the future, in ms of that day; `e` ≤ `s` when there is none.
CREATE OR REPLACE TEMP MACRO duty_starts(on_from, day) AS ms_of_day(on_from, day);
CREATE OR REPLACE TEMP MACRO duty_ends(on_to, day, now_at) AS
    least(coalesce(ms_of_day(on_to, day), 86400000), ms_of_day(now_at, day));

-- name: months
SELECT DISTINCT month FROM judgements WHERE known_from <= getvariable('as_of') ORDER BY month DESC;

-- name: judgement
SELECT month, now_at, as_of, ruleset, fingerprint, verdict_count, known_from
FROM judgements WHERE known_from <= getvariable('as_of') AND ($month IS NULL OR month = $month)
ORDER BY known_from DESC, judgement_id DESC LIMIT 1;

-- name: rule_counts
SELECT rule_id, outcome, count(*) AS verdict_count FROM viewer_verdicts WHERE month = $month
GROUP BY ALL ORDER BY ALL;

-- name: agency_counts
SELECT a.agency_id, a.name, a.district_code, v.outcome, count(v.outcome) AS verdict_count,
       count(v.outcome) FILTER (WHERE v.rule_id = 'far_24h') AS camera_days
FROM viewer_agencies a LEFT JOIN viewer_verdicts v ON v.agency_id = a.agency_id AND v.month = $month
GROUP BY ALL ORDER BY ALL;

-- name: agency_rule_counts
SELECT agency_id AS row_id, rule_id, outcome, count(*) AS verdict_count FROM viewer_verdicts WHERE month = $month
GROUP BY ALL ORDER BY ALL;

-- name: findings
-- {findings} is the body of findings.sql, which the dossier uses too.
WITH bad AS (
    SELECT * FROM viewer_bad_verdicts
    QUALIFY row_number() OVER (PARTITION BY rule_id, subject_type, subject_id, period ORDER BY known_from DESC, month) = 1
), joined AS ({findings}), changed AS (
    SELECT j.finding_id, any_value(b.agency_name) AS agency_name, max(b.known_from) AS changed_at
    FROM joined j JOIN bad b USING (rule_id, subject_type, subject_id)
    WHERE b.period BETWEEN j.first_period AND j.last_period AND length(b.period) = length(j.first_period)
    GROUP BY j.finding_id
)
SELECT j.*, c.agency_name, c.changed_at, s.place, s.site, s.room_id, s.camera_id, s.recorder_id
FROM joined j JOIN changed c USING (finding_id) LEFT JOIN viewer_subjects s USING (subject_type, subject_id)
WHERE ($month IS NULL OR (left(j.first_period, 7) <= $month AND left(j.last_period, 7) >= $month))
  AND ($agency_id IS NULL OR j.agency_id = $agency_id)
  AND ($subject_id IS NULL OR j.subject_id = $subject_id)
ORDER BY c.changed_at DESC, j.outcome, j.agency_id, j.subject_id, j.rule_id, j.first_period;

-- name: finding_periods
SELECT period, outcome, measured, required, unit, reason, evidence, known_from
FROM viewer_verdicts
WHERE rule_id = $rule_id AND subject_type = $subject_type AND subject_id = $subject_id
  AND period BETWEEN $first_period AND $last_period AND length(period) = length($first_period)
QUALIFY row_number() OVER (PARTITION BY period ORDER BY known_from DESC, month) = 1
ORDER BY period;

-- name: agency
SELECT a.agency_id, a.name, a.district_code, a.cma, a.is_fictional,
       (SELECT count(*) FROM known_premises p WHERE p.agency_id = a.agency_id) AS premises_count,
       (SELECT count(*) FROM viewer_rooms r WHERE r.agency_id = a.agency_id) AS room_count,
       (SELECT count(*) FROM viewer_cameras c WHERE c.agency_id = a.agency_id) AS camera_count,
       (SELECT count(*) FROM viewer_recorders n WHERE n.agency_id = a.agency_id) AS recorder_count
FROM viewer_agencies a
WHERE $agency_id IS NULL OR a.agency_id = $agency_id ORDER BY a.agency_id;

-- name: rooms
SELECT room_id, name, kind, disciplines, premises_name, agency_id, agency_name, in_use_from, in_use_to
FROM viewer_rooms
WHERE ($agency_id IS NULL OR agency_id = $agency_id) AND ($room_id IS NULL OR room_id = $room_id)
ORDER BY premises_id, room_id;

-- name: cameras
SELECT camera_id, room_id, room_name, agency_id, agency_name, recorder_id, channel, view, mount, position, live_url,
       duty_from, duty_to
FROM viewer_cameras
WHERE ($agency_id IS NULL OR agency_id = $agency_id) AND ($room_id IS NULL OR room_id = $room_id)
  AND ($camera_id IS NULL OR camera_id = $camera_id)
ORDER BY room_id NULLS LAST, view, camera_id;

-- name: room_matrix
SELECT s.room_id AS row_id, v.rule_id, v.outcome, count(*) AS verdict_count
FROM viewer_verdicts v JOIN viewer_subjects s USING (subject_type, subject_id)
WHERE v.month = $month AND v.agency_id = $agency_id AND s.room_id IS NOT NULL
GROUP BY ALL ORDER BY ALL;

-- name: camera_matrix
SELECT v.subject_id AS row_id, v.rule_id, v.outcome, count(*) AS verdict_count
FROM viewer_verdicts v JOIN viewer_cameras c ON v.subject_type = 'camera' AND c.camera_id = v.subject_id
WHERE v.month = $month AND ($room_id IS NULL OR c.room_id = $room_id) AND ($camera_id IS NULL OR c.camera_id = $camera_id)
  AND (c.room_id IS NOT NULL OR $room_id IS NULL) AND ($agency_id IS NULL OR c.agency_id = $agency_id)
GROUP BY ALL ORDER BY ALL;

-- name: coverage
-- One row per camera, day and slot of it, a slot being $slot_ms of the day. Of the time on duty: what is held, what is
-- known to be missing, what is unknown, and what of the last two is exempt; exempt time accuses nobody.
WITH state AS (
    SELECT day, arg_max({'held': held, 'asked': asked}, (asked_at, poll_id, known_from, revision)) AS last
    FROM footage_days
    WHERE camera_id = $camera_id AND day BETWEEN $first AND $last AND known_from <= getvariable('as_of')
    GROUP BY day
), days AS (
    SELECT c.camera_id, CAST(d.day AS DATE) AS day, duty_starts(c.on_from, CAST(d.day AS DATE)) AS on_ms,
           duty_ends(c.on_to, CAST(d.day AS DATE), CAST($now_at AS TIMESTAMP)) AS off_ms
    FROM viewer_cameras c, generate_series(CAST($first AS TIMESTAMP), CAST($last AS TIMESTAMP), INTERVAL 1 DAY) d(day)
    WHERE c.camera_id = $camera_id
), exempt AS (
    SELECT d.day, unite_all(list([{'s': ms_of_day(x.from_at, d.day), 'e': ms_of_day(x.to_at, d.day)}]
                                 ORDER BY x.from_at, x.to_at)) AS away
    FROM days d JOIN viewer_exemptions x USING (camera_id)
    WHERE x.from_at < day_ends_at(d.day) AND x.to_at > day_starts_at(d.day) GROUP BY d.day
), slots AS (
    SELECT d.day, slot, greatest(d.on_ms, slot * $slot_ms) AS a, least(d.off_ms, (slot + 1) * $slot_ms) AS b,
           coalesce(s.last.held, []) AS held, coalesce(s.last.asked, []) AS asked, coalesce(x.away, []) AS away,
           instant_of(d.day, slot * $slot_ms) >= CAST($now_at AS TIMESTAMP) AS is_future
    FROM days d CROSS JOIN range(86400000 // $slot_ms) t(slot)
    LEFT JOIN state s USING (day) LEFT JOIN exempt x USING (day)
), split AS (
    SELECT *, subtract_intervals(clip_to(asked, a, b), held) AS missing,
           CASE WHEN a < b THEN gaps_in(asked, a, b) ELSE [] END AS not_asked
    FROM slots
)
SELECT day, CAST(slot AS INTEGER) AS slot, greatest(b - a, 0) AS required_ms, total_length(clip_to(held, a, b)) AS held_ms,
       total_length(subtract_intervals(missing, away)) AS missing_ms,
       total_length(subtract_intervals(not_asked, away)) AS unknown_ms,
       total_length(intersect_intervals(missing, away)) + total_length(intersect_intervals(not_asked, away)) AS exempt_ms,
       is_future
FROM split ORDER BY day, slot;

-- name: day
-- Exact intervals of one day, each as a list of {s, e} in ms of the local day.
WITH state AS (
    SELECT arg_max({'held': held, 'asked': asked}, (asked_at, poll_id, known_from, revision)) AS last
    FROM footage_days
    WHERE camera_id = $camera_id AND day = $day AND known_from <= getvariable('as_of')
), duty AS (
    SELECT duty_starts(on_from, CAST($day AS DATE)) AS a,
           duty_ends(on_to, CAST($day AS DATE), CAST($now_at AS TIMESTAMP)) AS b,
           ms_of_day(CAST($now_at AS TIMESTAMP), CAST($day AS DATE)) AS passed
    FROM viewer_cameras WHERE camera_id = $camera_id
)
SELECT clip_to(coalesce(s.last.held, []), d.a, d.b) AS held,
       subtract_intervals(clip_to(coalesce(s.last.asked, []), d.a, d.b), coalesce(s.last.held, [])) AS missing,
       CASE WHEN d.a < d.b THEN gaps_in(coalesce(s.last.asked, []), d.a, d.b) ELSE [] END AS unknown,
       CASE WHEN d.a < d.b THEN gaps_in([{'s': d.a, 'e': d.b}], 0, d.passed)
            WHEN d.passed > 0 THEN [{'s': 0, 'e': d.passed}] ELSE [] END AS off_duty
FROM duty d, state s;

-- name: exemptions
SELECT exemption_id, scope_type, scope_id, from_at, to_at, reason, document_no, approved_by
FROM viewer_exemptions
WHERE camera_id = $camera_id AND from_at < day_ends_at($day) AND to_at > day_starts_at($day)
ORDER BY from_at;

-- name: day_polls
SELECT p.poll_id, p.asked_at, p.covers_from, p.covers_to, p.outcome, p.complete, p.clock_offset_ms, p.reason
FROM known_polls p JOIN viewer_cameras c USING (camera_id)
WHERE c.camera_id = $camera_id AND p.covers_from < day_ends_at($day) AND p.covers_to > day_starts_at($day)
ORDER BY p.asked_at DESC, p.poll_id DESC LIMIT 200;

-- name: recorder_sources
WITH asked AS (
    SELECT c.recorder_id AS source_id, max(p.asked_at) AS asked_at,
           max(p.asked_at) FILTER (WHERE p.outcome = 'ok' AND p.complete) AS answered_at,
           arg_max(CASE WHEN p.outcome = 'ok' AND NOT p.complete THEN 'incomplete' ELSE p.outcome END, p.asked_at) AS outcome,
           arg_max(coalesce(p.reason, ''), p.asked_at) AS reason,
           count(*) FILTER (WHERE p.asked_at >= $week_from) AS asked_7d,
           count(*) FILTER (WHERE p.asked_at >= $week_from AND p.outcome = 'ok' AND p.complete) AS answered_7d,
           arg_max(p.clock_offset_ms, p.asked_at) FILTER (WHERE p.clock_offset_ms IS NOT NULL) AS clock_offset_ms
    FROM known_polls p JOIN viewer_cameras c USING (camera_id) GROUP BY c.recorder_id
), cameras AS (
    SELECT recorder_id AS source_id, count(*) AS camera_count FROM viewer_cameras GROUP BY recorder_id
)
SELECT n.recorder_id AS source_id, n.protocol, n.address, n.agency_id, n.agency_name, n.premises_name,
       coalesce(c.camera_count, 0) AS camera_count, a.asked_at, a.answered_at, a.outcome, coalesce(a.reason, '') AS reason,
       coalesce(a.asked_7d, 0) AS asked_7d, coalesce(a.answered_7d, 0) AS answered_7d, a.clock_offset_ms
FROM viewer_recorders n
LEFT JOIN asked a ON a.source_id = n.recorder_id LEFT JOIN cameras c ON c.source_id = n.recorder_id
ORDER BY n.agency_id, n.recorder_id;

-- name: relay_sources
WITH feeds AS (
    SELECT camera_id, agency_id, agency_name, regexp_extract(live_url, '^[a-z]+://(?:[^/@]*@)?([^/]+)', 1) AS source_id
    FROM viewer_cameras WHERE live_url <> ''
), probed AS (
    SELECT f.source_id, max(p.probed_at) AS asked_at, max(p.probed_at) FILTER (WHERE p.outcome = 'ok') AS answered_at,
           arg_max(p.outcome, p.probed_at) AS outcome, arg_max(coalesce(p.reason, ''), p.probed_at) AS reason,
           count(*) FILTER (WHERE p.probed_at >= $week_from AND p.outcome <> 'not_probed') AS asked_7d,
           count(*) FILTER (WHERE p.probed_at >= $week_from AND p.outcome = 'ok') AS answered_7d
    FROM known_live_probes p JOIN feeds f USING (camera_id) GROUP BY f.source_id
)
SELECT f.source_id, 'whep' AS protocol, f.source_id AS address, min(f.agency_id) AS agency_id,
       min(f.agency_name) AS agency_name, '' AS premises_name, count(*) AS camera_count,
       any_value(p.asked_at) AS asked_at, any_value(p.answered_at) AS answered_at, any_value(p.outcome) AS outcome,
       coalesce(any_value(p.reason), '') AS reason, coalesce(any_value(p.asked_7d), 0) AS asked_7d,
       coalesce(any_value(p.answered_7d), 0) AS answered_7d, CAST(NULL AS INTEGER) AS clock_offset_ms
FROM feeds f LEFT JOIN probed p USING (source_id) GROUP BY f.source_id ORDER BY agency_id, f.source_id;

-- name: planned
-- A live probe is planned per camera, shown per relay. `*kind` names a whole round that this system itself missed.
WITH feeds AS (
    SELECT camera_id, regexp_extract(live_url, '^[a-z]+://(?:[^/@]*@)?([^/]+)', 1) AS relay
    FROM viewer_cameras WHERE live_url <> ''
), sources AS (
    SELECT 'footage' AS kind, recorder_id AS planned_id, recorder_id AS source_id FROM viewer_recorders
    UNION ALL SELECT 'live', camera_id, relay FROM feeds
    UNION ALL SELECT unnest(['footage', 'live']), unnest(['*footage', '*live']), '*'
)
SELECT s.source_id, p.status, count(*) AS work_count
FROM planned_polls p JOIN sources s ON s.kind = p.kind AND s.planned_id = p.source_id
WHERE p.planned_at >= $from_at AND p.planned_at < $to_at AND p.known_from <= getvariable('as_of')
GROUP BY ALL ORDER BY ALL;

-- name: unknown_by_recorder
WITH days AS (
    SELECT c.recorder_id, c.camera_id, CAST(d.day AS DATE) AS day, duty_starts(c.on_from, CAST(d.day AS DATE)) AS a,
           duty_ends(c.on_to, CAST(d.day AS DATE), CAST($now_at AS TIMESTAMP)) AS b
    FROM viewer_cameras c, generate_series(CAST($first AS TIMESTAMP), CAST($last AS TIMESTAMP), INTERVAL 1 DAY) d(day)
    WHERE c.recorder_id IS NOT NULL
), state AS (
    SELECT camera_id, day, arg_max(asked, (asked_at, poll_id, known_from, revision)) AS asked
    FROM footage_days WHERE day BETWEEN $first AND $last AND known_from <= getvariable('as_of')
    GROUP BY camera_id, day
)
SELECT d.recorder_id AS source_id, sum(d.b - d.a) AS required_ms,
       sum(d.b - d.a - total_length(clip_to(coalesce(s.asked, []), d.a, d.b))) AS unknown_ms
FROM days d LEFT JOIN state s USING (camera_id, day) WHERE d.a < d.b
GROUP BY d.recorder_id ORDER BY d.recorder_id;

-- name: offsets
SELECT p.asked_at, p.clock_offset_ms FROM known_polls p JOIN viewer_cameras c USING (camera_id)
WHERE c.recorder_id = $recorder_id AND p.clock_offset_ms IS NOT NULL AND p.asked_at >= $from_at AND p.asked_at < $to_at
GROUP BY ALL ORDER BY p.asked_at;
