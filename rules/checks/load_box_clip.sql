-- The longest clip of the load box going into the hole that names its pile. Clips without one only tell why it fails.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item) AND method = $method
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), clips AS (
    SELECT report_no, image_id, pile_no, started_at, ended_at, epoch_ms(ended_at) - epoch_ms(started_at) AS length_ms
    FROM report_images
    WHERE role = 'load_box_insertion' AND media = 'clip'
), longest AS (
    SELECT report_no, max(length_ms) AS any_ms, max(length_ms) FILTER (pile_no IS NOT NULL) AS marked_ms,
           list({'kind': CASE WHEN pile_no IS NULL THEN 'label_missing' ELSE 'clip_short' END,
                 'from_at': started_at, 'to_at': ended_at, 'ref': image_id} ORDER BY image_id)
               FILTER (ended_at IS NOT NULL) AS evidence
    FROM clips GROUP BY report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period,
       CASE WHEN r.is_exempt OR l.marked_ms >= $clip_s * 1000 THEN 'pass' ELSE 'fail' END AS outcome,
       CAST(coalesce(l.marked_ms, 0) / 1000 AS DECIMAL(18, 3)) AS measured,
       $clip_s AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN l.any_ms IS NULL THEN 'clip_missing'
            WHEN l.any_ms >= $clip_s * 1000 THEN 'label_missing' ELSE 'clip_short' END AS reason,
       CASE WHEN outcome = 'pass' THEN [] ELSE coalesce(l.evidence, []) END AS evidence
FROM reports r LEFT JOIN longest l USING (report_no)
