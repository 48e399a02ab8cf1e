-- The compared rules over raw files. They assume of this city: a day of a camera was asked about once, and whole; a
-- session ends on the day on which it starts and has one near camera; every image names its session.
-- rule: far_24h
WITH days AS (
    SELECT c.camera_id, d.day, p.poll_id, p.covers_from, p.covers_to
    FROM cameras c CROSS JOIN month_days d LEFT JOIN answers p USING (camera_id, day)
    WHERE c.view = 'far' AND c.room_id IS NOT NULL AND c.duty_from < d.day
), files AS (
    SELECT d.poll_id, d.covers_to, f.s, f.e,
           coalesce(max(f.e) OVER (PARTITION BY d.poll_id ORDER BY f.s ROWS BETWEEN UNBOUNDED PRECEDING
                            AND 1 PRECEDING), d.covers_from) AS reached
    FROM days d JOIN month_files f USING (poll_id)
), gaps AS (
    SELECT poll_id, s - reached AS gap FROM files
    UNION ALL SELECT poll_id, covers_to - max(e) FROM files GROUP BY poll_id, covers_to
    UNION ALL SELECT poll_id, covers_to - covers_from FROM days ANTI JOIN files USING (poll_id)
    WHERE poll_id IS NOT NULL
), sums AS (
    SELECT poll_id, sum(epoch_ms(gap)) FILTER (gap > INTERVAL 5 SECOND) / 1000 AS missing_s FROM gaps GROUP BY poll_id
)
SELECT camera_id AS subject_id, day AS period,
       CASE WHEN missing_s > 60 THEN 'fail' WHEN poll_id IS NULL THEN 'unknown' ELSE 'pass' END AS outcome,
       coalesce(missing_s, 0) AS measured
FROM days LEFT JOIN sums USING (poll_id);
-- rule: near_during_session
WITH held AS (
    SELECT s.session_id, s.started_at, s.ended_at, local_day(s.started_at) AS day, c.camera_id
    FROM sessions s JOIN cameras c ON c.room_id = s.room_id AND c.view = 'near' AND list_contains(c.covers, s.device_id)
    WHERE s.kind = 'test' AND day IN (FROM month_days)
), asked AS (
    SELECT h.*, p.poll_id FROM held h LEFT JOIN answers p USING (camera_id, day)
), files AS (
    SELECT a.session_id, a.started_at, a.ended_at, greatest(f.s, a.started_at) AS s, least(f.e, a.ended_at) AS e
    FROM asked a JOIN month_files f ON f.poll_id = a.poll_id AND f.s < a.ended_at AND f.e > a.started_at
), reaches AS (
    SELECT *, coalesce(max(e) OVER (PARTITION BY session_id ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING
                               AND 1 PRECEDING), started_at) AS reached
    FROM files
), gaps AS (
    SELECT session_id, s - reached AS gap FROM reaches
    UNION ALL SELECT session_id, ended_at - max(e) FROM files GROUP BY session_id, ended_at
    UNION ALL SELECT session_id, ended_at - started_at FROM asked ANTI JOIN files USING (session_id)
    WHERE poll_id IS NOT NULL
), sums AS (
    SELECT session_id, sum(epoch_ms(gap)) FILTER (gap > INTERVAL 5 SECOND) / 1000 AS missing_s FROM gaps
    GROUP BY session_id
)
SELECT session_id AS subject_id, day AS period,
       CASE WHEN missing_s > 5 THEN 'fail' WHEN poll_id IS NULL THEN 'unknown' ELSE 'pass' END AS outcome,
       coalesce(missing_s, 0) AS measured
FROM asked LEFT JOIN sums USING (session_id);
-- rule: retention_6_months
WITH days AS (
    SELECT c.camera_id, local_day(c.duty_from) > getvariable('term_from') AS is_young,
           CAST(unnest(generate_series(greatest(local_day(c.duty_from), getvariable('term_from')),
                                       getvariable('last_day'), INTERVAL 1 DAY)) AS DATE) AS day
    FROM cameras c WHERE c.view = 'far' AND c.room_id IS NOT NULL
), states AS (
    SELECT d.*, p.poll_id IS NOT NULL AS is_asked, p.poll_id IN (SELECT poll_id FROM files) AS is_held
    FROM days d LEFT JOIN answers p USING (camera_id, day)
), oldest AS (
    SELECT *, min(day) FILTER (is_held) OVER (PARTITION BY camera_id) AS oldest FROM states
)
SELECT camera_id AS subject_id, getvariable('last_day') AS period,
       CASE WHEN count(*) FILTER (day < oldest) <= 1 AND any_value(oldest) IS NOT NULL
            THEN CASE WHEN any_value(is_young) THEN 'maturing' ELSE 'pass' END
            WHEN bool_and(is_asked) FILTER (coalesce(day < oldest, true)) THEN 'fail' ELSE 'unknown' END AS outcome,
       count(*) FILTER (day >= oldest) AS measured
FROM oldest GROUP BY camera_id;
-- rule: key_clip_rebar
SELECT report_no AS subject_id, any_value(day) AS period,
       CASE WHEN count(longest_ms) < count(*) THEN 'fail' ELSE 'pass' END AS outcome, count(longest_ms) AS measured
FROM failures WHERE test_item = 'REBAR_TENSILE' GROUP BY report_no;
-- rule: key_clip_cube
SELECT report_no AS subject_id, any_value(day) AS period,
       CASE WHEN count(longest_ms) < count(*) THEN 'fail' WHEN min(longest_ms) < 20000 THEN 'suspect' ELSE 'pass' END
           AS outcome, count(longest_ms) AS measured
FROM failures WHERE test_item = 'CUBE_COMP' GROUP BY report_no;
-- rule: pile_stage_clips
WITH stages AS (
    SELECT r.report_no, r.day, t.session_id, t.stage_no, t.started_at, t.completed_at
    FROM issued r JOIN sessions s USING (report_no) JOIN load_stages t USING (session_id)
    WHERE r.test_item IN ('PILE_COMP', 'PILE_UPLIFT', 'PILE_LATERAL') AND t.direction = 'load'
), clips AS (
    SELECT session_id, stage_no, started_at, ended_at FROM key_images
    WHERE role = 'load_stage' AND media = 'clip' AND pile_no IS NOT NULL AND ended_at - started_at >= INTERVAL 60 SECOND
), served AS (
    SELECT DISTINCT t.session_id, t.stage_no FROM stages t JOIN clips c USING (session_id, stage_no)
    WHERE c.started_at <= t.started_at - INTERVAL 30 SECOND AND c.ended_at >= t.completed_at + INTERVAL 30 SECOND
)
SELECT t.report_no AS subject_id, any_value(t.day) AS period,
       CASE WHEN count(s.session_id) < count(*) THEN 'fail' ELSE 'pass' END AS outcome, count(s.session_id) AS measured
FROM stages t LEFT JOIN served s USING (session_id, stage_no) GROUP BY t.report_no;
-- rule: key_images_reviewed
WITH captures AS (
    SELECT report_no, max(CASE media WHEN 'clip' THEN coalesce(ended_at, started_at) ELSE started_at END) AS captured_at
    FROM key_images GROUP BY report_no
), in_time AS (
    SELECT r.report_no FROM issued r JOIN image_reviews v USING (report_no) LEFT JOIN captures c USING (report_no)
    WHERE v.reviewed_at <= r.issued_at AND coalesce(v.reviewed_at >= c.captured_at, true)
)
SELECT report_no AS subject_id, day AS period,
       CASE WHEN report_no IN (FROM in_time) THEN 'pass' ELSE 'fail' END AS outcome, NULL AS measured
FROM issued WHERE has_duty;
-- rule: key_image_reused
WITH shared AS (
    SELECT sha256 FROM key_images WHERE sha256 IS NOT NULL GROUP BY sha256 HAVING min(report_no) <> max(report_no)
)
SELECT r.report_no AS subject_id, any_value(r.day) AS period,
       CASE WHEN bool_or(i.sha256 IN (FROM shared)) THEN 'suspect' ELSE 'pass' END AS outcome, NULL AS measured
FROM issued r JOIN key_images i USING (report_no) WHERE i.sha256 IS NOT NULL GROUP BY r.report_no;
-- rule: key_images_stored_in_time
SELECT r.report_no AS subject_id, any_value(r.day) AS period,
       CASE WHEN bool_or(i.stored_at > r.issued_at) THEN 'fail' WHEN bool_or(i.stored_at IS NULL) THEN 'unknown'
            ELSE 'pass' END AS outcome, NULL AS measured
FROM issued r JOIN key_images i USING (report_no) WHERE r.has_duty GROUP BY r.report_no;
-- rule: live_viewable
WITH watched AS (
    SELECT c.camera_id, d.day FROM cameras c CROSS JOIN month_days d
    WHERE c.view = 'far' AND c.live_url IS NOT NULL
      AND (c.room_kind = 'sample_reception' OR c.room_kind = 'test_room'
           AND list_has_any(c.disciplines, ['rebar_mechanics', 'concrete_mechanics']))
), shares AS (
    SELECT camera_id, local_day(probed_at) AS day,
           avg(CAST(coalesce(outcome = 'ok' AND first_frame_ms <= 10000, false) AS INTEGER)) AS share
    FROM live_probes WHERE outcome <> 'not_probed' GROUP BY ALL
)
SELECT camera_id AS subject_id, day AS period,
       CASE WHEN share IS NULL THEN 'unknown' WHEN share >= 0.95 THEN 'pass' ELSE 'fail' END AS outcome,
       round(share, 4) AS measured
FROM watched LEFT JOIN shares USING (camera_id, day);
-- rule: picture_normal
WITH frames AS (
    SELECT camera_id, local_day(probed_at) AS day, probed_at,
           coalesce(black, false) OR coalesce(frozen, false) AS is_bad
    FROM live_probes WHERE outcome = 'ok' AND local_day(probed_at) IN (FROM month_days)
), numbered AS (
    SELECT *, count(*) FILTER (NOT is_bad) OVER (PARTITION BY camera_id, day ORDER BY probed_at) AS run_no FROM frames
), runs AS (
    SELECT camera_id, day, count(*) FILTER (is_bad) AS length FROM numbered GROUP BY camera_id, day, run_no
)
SELECT camera_id AS subject_id, day AS period, CASE WHEN max(length) > 2 THEN 'suspect' ELSE 'pass' END AS outcome,
       max(length) AS measured
FROM runs GROUP BY ALL;
