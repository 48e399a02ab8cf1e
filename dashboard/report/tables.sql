-- The dossier's tables. They read the prepared tables that checks read too (camera_days, known_footage, known_* views) and
-- `judged_verdicts`, so that a table and a verdict cannot disagree. Column names are
-- looked up in the text table; the order here is the order in the file.

-- name: prepare
CREATE OR REPLACE TEMP TABLE channel_days AS
SELECT c.camera_id, c.day, c.on_duty, coalesce(f.held, []) AS held, coalesce(f.asked, []) AS asked,
       subtract_intervals(c.on_duty, coalesce(f.held, [])) AS missing
FROM camera_days c LEFT JOIN known_footage f USING (camera_id, day)
WHERE c.recorder_id IS NOT NULL AND c.view IN ('far', 'near');
CREATE OR REPLACE TEMP TABLE gaps AS
WITH pieces AS (
    SELECT camera_id, day, unnest(longer_than(intersect_intervals(missing, asked), $join_tolerance_ms)) AS gap,
           'footage_missing' AS gap_kind FROM channel_days
    UNION ALL
    SELECT camera_id, day, unnest(longer_than(subtract_intervals(missing, asked), $join_tolerance_ms)), 'not_asked'
    FROM channel_days
), edges AS (
    SELECT camera_id, gap_kind, instant_of(day, gap.s) AS from_at, instant_of(day, gap.e) AS to_at FROM pieces
), numbered AS (
    SELECT *, count(*) FILTER (WHERE starts) OVER (PARTITION BY camera_id, gap_kind ORDER BY from_at) AS stretch
    FROM (SELECT *, from_at > coalesce(lag(to_at) OVER (PARTITION BY camera_id, gap_kind ORDER BY from_at),
                                       TIMESTAMP '1970-01-01') AS starts FROM edges)
)
SELECT camera_id, gap_kind, min(from_at) AS from_at, max(to_at) AS to_at,
       (epoch_ms(max(to_at)) - epoch_ms(min(from_at))) / 1000 AS length_s
FROM numbered GROUP BY camera_id, gap_kind, stretch;

-- name: monthly_agency
WITH verdicts AS (
    SELECT agency_id, rule_id, count(*) FILTER (WHERE outcome = 'pass') AS passed,
           count(*) FILTER (WHERE outcome IN ('pass', 'fail', 'suspect')) AS judged,
           count(*) FILTER (WHERE outcome = 'unknown') AS unknown, count(*) AS given,
           count(*) FILTER (WHERE outcome = 'fail') AS failed,
           max(TRY_CAST(measured AS DOUBLE)) AS largest, min(TRY_CAST(measured AS DOUBLE)) AS smallest
    FROM judged_verdicts GROUP BY ALL
), by_rule AS (
    SELECT agency_id, map_from_entries(list((rule_id, {'passed': passed, 'judged': judged, 'unknown': unknown,
        'given': given, 'failed': failed, 'largest': largest, 'smallest': smallest}))) AS r
    FROM verdicts GROUP BY ALL
), register AS (
    SELECT a.agency_id, count(DISTINCT p.premises_id) AS premises_count, count(DISTINCT r.room_id) AS room_count
    FROM known_agencies a LEFT JOIN known_premises p USING (agency_id) LEFT JOIN known_rooms r USING (premises_id)
    GROUP BY ALL
), channels AS (
    SELECT c.agency_id, count(DISTINCT c.camera_id) FILTER (WHERE c.view = 'far') AS far_count,
           count(DISTINCT c.camera_id) FILTER (WHERE c.view = 'near') AS near_count
    FROM camera_days c GROUP BY ALL
), missing AS (
    SELECT c.agency_id, sum(g.length_s) AS missing_s, max(g.length_s) AS longest_gap_s
    FROM gaps g JOIN camera_duties c USING (camera_id)
    WHERE g.gap_kind = 'footage_missing' AND c.view = 'far' GROUP BY ALL
), findings AS (
    SELECT agency_id, count(*) FILTER (WHERE severity = 'critical') AS critical,
           count(*) FILTER (WHERE severity = 'major') AS major, count(*) FILTER (WHERE severity = 'minor') AS minor,
           count(*) FILTER (WHERE severity = 'advice') AS advice
    FROM findings GROUP BY ALL
)
SELECT $month AS month, a.district_code, a.agency_id, a.name AS agency_name,
       g.premises_count, g.room_count, coalesce(c.far_count, 0) AS far_count, coalesce(c.near_count, 0) AS near_count,
       share(r['far_24h'].judged, r['far_24h'].given) AS data_known_share,
       r['far_24h'].passed AS far_24h_passed, r['far_24h'].judged AS far_24h_judged, r['far_24h'].unknown AS far_24h_unknown,
       share(r['far_24h'].passed, r['far_24h'].judged) AS far_24h_share,
       if_known(m.missing_s, r['far_24h'].judged) AS missing_s, if_known(m.longest_gap_s, r['far_24h'].judged) AS longest_gap_s,
       r['far_camera_per_room'].passed AS room_cover_passed, r['far_camera_per_room'].judged AS room_cover_judged,
       r['retention_6_months'].passed AS retention_passed, r['retention_6_months'].judged AS retention_judged,
       CAST(r['retention_6_months'].smallest AS INTEGER) AS shortest_retention_days,
       r['clock_accurate'].passed AS clock_passed, r['clock_accurate'].judged AS clock_judged,
       r['clock_accurate'].largest AS worst_clock_offset_s,
       r['live_viewable'].passed AS live_passed, r['live_viewable'].judged AS live_judged,
       r['live_viewable'].unknown AS live_unknown,
       r['pile_stage_clips'].passed AS stage_clip_passed, r['pile_stage_clips'].judged AS stage_clip_judged,
       if_known(r['early_deletion'].failed, r['early_deletion'].judged) AS early_loss_count,
       coalesce(f.advice, 0) AS findings_advice, coalesce(f.minor, 0) AS findings_minor,
       coalesce(f.major, 0) AS findings_major, coalesce(f.critical, 0) AS findings_critical,
       $judged_at AS judged_at, $ruleset AS ruleset_version
FROM known_agencies a
LEFT JOIN register g USING (agency_id) LEFT JOIN channels c USING (agency_id) LEFT JOIN missing m USING (agency_id)
LEFT JOIN findings f USING (agency_id) LEFT JOIN by_rule r USING (agency_id)
ORDER BY a.agency_id;

-- name: monthly_channel
WITH days AS (
    SELECT camera_id, sum(total_length(on_duty)) / 1000 AS required_s,
           sum(total_length(intersect_intervals(on_duty, held))) / 1000 AS held_s,
           sum(total_length(intersect_intervals(missing, asked))) / 1000 AS missing_s,
           sum(total_length(subtract_intervals(missing, asked))) / 1000 AS unknown_s
    FROM channel_days GROUP BY ALL
), holes AS (
    SELECT camera_id, count(*) AS gap_count, arg_max(from_at, length_s) AS longest_from, arg_max(to_at, length_s) AS longest_to
    FROM gaps WHERE gap_kind = 'footage_missing' GROUP BY ALL
), outcomes AS (
    SELECT subject_id AS camera_id,
           count(*) FILTER (WHERE rule_id = 'far_24h' AND outcome = 'fail') AS days_failed,
           count(*) FILTER (WHERE rule_id = 'far_24h' AND outcome = 'unknown') AS days_unknown,
           any_value(measured) FILTER (WHERE rule_id = 'retention_6_months') AS retention_days,
           any_value(outcome) FILTER (WHERE rule_id = 'retention_6_months') AS retention_outcome
    FROM judged_verdicts WHERE subject_type = 'camera' GROUP BY ALL
)
SELECT $month AS month, a.agency_id, a.name AS agency_name, p.name AS premises_name, r.name AS room_name,
       c.room_kind, c.camera_id, k.channel, c.view, d.required_s, d.held_s, d.missing_s, d.unknown_s,
       share(d.held_s, d.held_s + d.missing_s) AS completeness_share, coalesce(h.gap_count, 0) AS gap_count,
       local_text(h.longest_from) AS longest_gap_from, local_text(h.longest_to) AS longest_gap_to,
       o.days_failed, o.days_unknown, o.retention_days, o.retention_outcome
FROM days d JOIN camera_duties c USING (camera_id) JOIN known_cameras k USING (camera_id)
LEFT JOIN known_rooms r ON r.room_id = c.room_id LEFT JOIN known_premises p ON p.premises_id = c.premises_id
LEFT JOIN known_agencies a ON a.agency_id = c.agency_id
LEFT JOIN holes h USING (camera_id) LEFT JOIN outcomes o USING (camera_id)
ORDER BY a.agency_id, c.camera_id;

-- name: monthly_report_images
SELECT $month AS month, v.agency_id, a.name AS agency_name, r.report_no, r.test_item, r.method, r.project,
       v.required AS stages_required, v.measured AS stages_served, v.outcome, v.reason,
       r.reviewer, r.approver, local_text(r.issued_at) AS issued_at
FROM judged_verdicts v JOIN known_reports r ON r.report_no = v.subject_id
LEFT JOIN known_agencies a ON a.agency_id = v.agency_id
WHERE v.rule_id = 'pile_stage_clips' ORDER BY v.agency_id, r.report_no;

-- name: findings
SELECT finding_id, f.rule_id, clause, severity, outcome, f.agency_id, a.name AS agency_name, subject_type, subject_id,
       first_period, last_period, period_count, measured, required, unit, reason
FROM findings f LEFT JOIN known_agencies a USING (agency_id)
ORDER BY f.agency_id, f.rule_id, subject_id, first_period;

-- name: coverage_gaps
SELECT a.agency_id, a.name AS agency_name, r.name AS room_name, g.camera_id, c.view, local_text(g.from_at) AS gap_from,
       local_text(g.to_at) AS gap_to, g.length_s, g.gap_kind
FROM gaps g JOIN camera_duties c USING (camera_id) LEFT JOIN known_rooms r USING (room_id)
LEFT JOIN known_agencies a ON a.agency_id = c.agency_id
ORDER BY a.agency_id, g.camera_id, g.from_at;

-- name: sources
WITH polls AS (
    SELECT c.recorder_id, count(*) AS poll_count, count(*) FILTER (WHERE q.outcome = 'ok' AND q.complete) AS answer_count,
           max(q.asked_at) FILTER (WHERE q.outcome = 'ok' AND q.complete) AS last_answer_at,
           arg_max(q.reason, q.asked_at) FILTER (WHERE NOT (q.outcome = 'ok' AND q.complete)) AS last_failure
    FROM known_polls q JOIN camera_duties c USING (camera_id)
    WHERE local_day(q.asked_at) >= getvariable('month_first') AND local_day(q.asked_at) < getvariable('month_next')
    GROUP BY ALL
), silence AS (
    SELECT c.recorder_id, sum(total_length(subtract_intervals(d.missing, d.asked))) / 3600000.0 AS unknown_h
    FROM channel_days d JOIN camera_duties c USING (camera_id) GROUP BY ALL
)
SELECT p.agency_id, a.name AS agency_name, n.recorder_id, n.protocol, coalesce(q.poll_count, 0) AS poll_count,
       coalesce(q.answer_count, 0) AS answer_count, local_text(q.last_answer_at) AS last_answer_at,
       round(coalesce(s.unknown_h, 0), 2) AS unknown_h, q.last_failure
FROM known_recorders n JOIN known_premises p USING (premises_id) LEFT JOIN known_agencies a USING (agency_id)
LEFT JOIN polls q USING (recorder_id) LEFT JOIN silence s USING (recorder_id)
ORDER BY p.agency_id, n.recorder_id;

-- name: silent_recorders
SELECT recorder_id FROM known_recorders
WHERE recorder_id NOT IN (
    SELECT c.recorder_id FROM known_polls q JOIN camera_duties c USING (camera_id)
    WHERE q.outcome = 'ok' AND q.complete AND c.recorder_id IS NOT NULL
      AND local_day(q.asked_at) >= getvariable('month_first') AND local_day(q.asked_at) < getvariable('month_next'))
ORDER BY recorder_id;

-- name: exemptions
-- {exemptions} is the body of exemptions.sql, which the page reads too.
WITH excused AS (SELECT * FROM judged_verdicts WHERE outcome = 'excused'), granted AS (FROM known_exemptions)
SELECT exemption_id, scope_type, scope_id, local_text(from_at) AS exempt_from, local_text(to_at) AS exempt_to,
       reason AS exemption_reason, document_no, approved_by, excused_count, state AS exemption_state
FROM ({exemptions})
ORDER BY from_at, exemption_id;
