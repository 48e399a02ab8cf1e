-- The rows that a verdict's evidence rests on, read through the viewer's views of queries.sql.

-- name: verdict
SELECT v.month, v.rule_id, v.subject_type, v.subject_id, v.agency_id, v.agency_name, v.period, v.outcome, v.measured,
       v.required, v.unit, v.reason, v.clause, v.evidence, v.known_from, s.place, s.site, s.room_id, s.camera_id, s.recorder_id
FROM viewer_verdicts v LEFT JOIN viewer_subjects s USING (subject_type, subject_id)
WHERE v.rule_id = $rule_id AND v.subject_type = $subject_type AND v.subject_id = $subject_id AND v.period = $period
ORDER BY v.known_from DESC, v.month LIMIT 1;

-- name: verdicts
-- Worst first; `total_count` is of all that match, not of the page.
WITH matching AS (
    SELECT v.*, s.place, s.site, s.room_id, s.camera_id, s.recorder_id
    FROM viewer_verdicts v LEFT JOIN viewer_subjects s USING (subject_type, subject_id)
    WHERE v.month = $month AND ($agency_id IS NULL OR v.agency_id = $agency_id)
      AND ($rule_id IS NULL OR v.rule_id = $rule_id) AND ($outcome IS NULL OR v.outcome = $outcome)
      AND ($room_id IS NULL OR s.room_id = $room_id) AND ($camera_id IS NULL OR s.camera_id = $camera_id)
)
SELECT rule_id, subject_type, subject_id, agency_id, agency_name, period, outcome, measured, required, unit, reason,
       json_array_length(evidence) AS piece_count, place, site, count(*) OVER () AS total_count
FROM matching
ORDER BY list_position($worst_first, outcome), rule_id, subject_type, subject_id, period
LIMIT $shown OFFSET $skipped;

-- name: watching
-- The cameras whose footage tells of a subject.
SELECT DISTINCT c.camera_id FROM viewer_cameras c
LEFT JOIN viewer_devices d ON $subject_type = 'device' AND d.device_id = $subject_id
LEFT JOIN viewer_sessions s ON $subject_type = 'session' AND s.session_id = $subject_id
WHERE CASE $subject_type
      WHEN 'camera' THEN c.camera_id = $subject_id
      WHEN 'room' THEN c.room_id = $subject_id
      WHEN 'device' THEN c.room_id = d.room_id
      WHEN 'recorder' THEN c.recorder_id = $subject_id
      WHEN 'session' THEN coalesce(c.room_id = s.room_id, false) OR list_contains(coalesce(s.camera_ids, []), c.camera_id)
      ELSE false END
ORDER BY c.camera_id;

-- name: cameras_of
SELECT c.camera_id, c.room_id, c.view, c.mount, c.position, k.covers, c.recorder_id, c.live_url <> '' AS has_live,
       c.duty_from, c.duty_to
FROM viewer_cameras c JOIN known_cameras k USING (camera_id)
WHERE list_contains($camera_ids, c.camera_id) ORDER BY c.camera_id;

-- name: polls
SELECT p.poll_id, p.camera_id, p.asked_at, p.covers_from, p.covers_to, p.outcome, p.complete, p.clock_offset_ms, p.reason,
       p.known_from
FROM known_polls p JOIN viewer_cameras c USING (camera_id)
WHERE list_contains($camera_ids, p.camera_id) AND p.covers_from < $to_at AND p.covers_to > $from_at
ORDER BY p.asked_at DESC, p.poll_id DESC, p.camera_id LIMIT $shown;

-- name: poll
SELECT p.poll_id, p.camera_id, p.asked_at, p.covers_from, p.covers_to, p.outcome, p.complete, p.clock_offset_ms, p.reason,
       p.known_from
FROM known_polls p JOIN viewer_cameras c USING (camera_id)
WHERE p.poll_id = $poll_id AND ($camera_id IS NULL OR p.camera_id = $camera_id) ORDER BY p.camera_id LIMIT $shown;

-- name: probes
SELECT p.camera_id, p.probed_at, p.outcome, p.first_frame_ms, p.width, p.height, p.fps, p.black, p.frozen, p.osd_text,
       p.osd_time, p.reason, p.known_from
FROM known_live_probes p JOIN viewer_cameras c USING (camera_id)
WHERE p.camera_id = $camera_id AND p.probed_at >= $from_at AND p.probed_at <= $to_at ORDER BY p.probed_at LIMIT $shown;

-- name: plans
SELECT p.camera_id, p.observed_at, p.mode, p.known_from
FROM known_recording_plans p JOIN viewer_cameras c USING (camera_id)
WHERE p.camera_id = $camera_id AND p.observed_at >= $from_at AND p.observed_at <= $to_at ORDER BY p.observed_at LIMIT $shown;

-- name: images
SELECT image_id, report_no, session_id, role, media, started_at, ended_at, stage_no, pile_no,
       concat_ws(' · ', project, building, floor, axis, road_section, position, side) AS labels, source, file, sha256,
       size_bytes, stored_at, keep_until, submission_id, known_from
FROM viewer_images
WHERE image_id = $image_id OR report_no = $report_no OR session_id = $session_id
ORDER BY started_at, image_id LIMIT $shown;

-- name: image_versions
-- Every time an image was handed in, oldest first; whose it is, its newest version says.
SELECT k.image_id, k.report_no, k.session_id, k.role, k.media, k.started_at, k.ended_at, k.stage_no, k.pile_no,
       concat_ws(' · ', k.project, k.building, k.floor, k.axis, k.road_section, k.position, k.side) AS labels, k.source,
       k.file, k.sha256, k.size_bytes, k.stored_at, k.keep_until, k.submission_id, k.known_from
FROM key_images k SEMI JOIN (FROM viewer_images WHERE image_id = $image_id) USING (image_id)
WHERE k.known_from <= getvariable('as_of') AND NOT k.withdrawn ORDER BY k.known_from, k.submission_id LIMIT $shown;

-- name: sessions
SELECT session_id, kind, report_no, test_item, method, room_id, device_id, camera_ids, pile_no, started_at, ended_at, peak_at
FROM viewer_sessions WHERE session_id = $session_id OR report_no = $report_no ORDER BY started_at, session_id LIMIT $shown;

-- name: stages
SELECT l.session_id, l.stage_no, l.direction, l.started_at, l.completed_at
FROM known_load_stages l SEMI JOIN viewer_sessions s USING (session_id)
WHERE l.session_id = $session_id ORDER BY l.started_at, l.stage_no LIMIT $shown;

-- name: reports
SELECT report_no, agency_id, test_item, method, project, issued_at, tester, reviewer, approver
FROM viewer_reports WHERE report_no = $report_no;

-- name: reviews
SELECT v.report_no, v.person, v.role, v.reviewed_at
FROM known_image_reviews v SEMI JOIN viewer_reports r USING (report_no)
WHERE v.report_no = $report_no ORDER BY v.reviewed_at, v.person LIMIT $shown;

-- name: devices
SELECT device_id, name, room_id, produces_test_result, parallel_capacity, in_use_from, in_use_to
FROM viewer_devices WHERE device_id = $device_id;

-- name: exemptions_of_month
-- {exemptions} is the body of exemptions.sql, which the dossier uses too.
WITH excused AS (SELECT * FROM viewer_verdicts WHERE month = $month AND outcome = 'excused'),
     granted AS (FROM viewer_known_exemptions)
FROM ({exemptions});
