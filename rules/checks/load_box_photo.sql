-- A photo of the load box's name plate that names its pile.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item) AND method = $method
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), photos AS (
    SELECT report_no, count(pile_no) > 0 AS is_marked,
           list({'kind': 'label_missing', 'from_at': started_at, 'to_at': started_at, 'ref': image_id}
                ORDER BY image_id) AS evidence
    FROM report_images WHERE role = 'nameplate' AND media = 'photo' GROUP BY report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period,
       CASE WHEN r.is_exempt OR p.is_marked THEN 'pass' ELSE 'fail' END AS outcome,
       NULL AS measured,
       NULL AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN p.is_marked IS NULL THEN 'photo_missing'
            ELSE 'label_missing' END AS reason,
       CASE WHEN outcome = 'pass' THEN [] ELSE coalesce(p.evidence, []) END AS evidence
FROM reports r LEFT JOIN photos p USING (report_no)
