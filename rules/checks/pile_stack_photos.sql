-- Photos of different sides of the stack, each a file of its own, with pile number and (if so required) taken before
-- any loading of that pile began. Stages of a session without pile number may be those of any pile.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item)
      AND ($methods = 'any' OR list_contains(string_split($methods, ' '), method))
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), loadings AS (
    SELECT report_no, pile_no, min(started_at) AS began_at FROM report_stages
    WHERE direction = 'load' GROUP BY report_no, pile_no
), photos AS (
    SELECT i.report_no, i.image_id, i.side, i.sha256, i.started_at,
           i.pile_no IS NOT NULL AND i.sha256 IS NOT NULL AS is_marked,
           $before_loading = 'yes' AND coalesce(bool_or(i.started_at >= l.began_at), false) AS is_late
    FROM report_images i
    LEFT JOIN loadings l ON l.report_no = i.report_no AND coalesce(l.pile_no = i.pile_no, true)
    WHERE i.role = 'stack_side' AND i.media = 'photo'
    GROUP BY ALL
), sums AS (
    SELECT report_no, count(*) AS taken, count(side) FILTER (is_marked) AS marked,
           least(count(DISTINCT side) FILTER (is_marked), count(DISTINCT sha256) FILTER (is_marked)) AS different,
           least(count(DISTINCT side) FILTER (is_marked AND NOT is_late),
                 count(DISTINCT sha256) FILTER (is_marked AND NOT is_late)) AS valid,
           list({'kind': CASE WHEN is_late THEN 'taken_after_loading' ELSE 'label_missing' END,
                 'from_at': started_at, 'to_at': started_at, 'ref': image_id} ORDER BY image_id)
               FILTER (is_late OR NOT is_marked OR side IS NULL) AS invalid
    FROM photos GROUP BY report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period,
       CASE WHEN r.is_exempt OR s.valid >= $photos THEN 'pass' ELSE 'fail' END AS outcome,
       coalesce(s.valid, 0) AS measured,
       $photos AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN s.different >= $photos THEN 'taken_after_loading'
            WHEN s.taken >= $photos AND s.marked < $photos THEN 'label_missing'
            ELSE 'photos_missing' END AS reason,
       CASE WHEN outcome = 'pass' THEN [] ELSE coalesce(s.invalid, []) END AS evidence
FROM reports r LEFT JOIN sums s USING (report_no)
