-- For every ended day a mandatory room is in use, the duties of its far cameras with a live address together contain
-- the day. Whether the picture really came is `live_viewable`.
WITH judged AS (
    SELECT subject_id, agency_id, day,
           subtract_intervals(any_value(required), coalesce(unite_all(list(on_duty) FILTER (
               WHERE view = 'far' AND live_url IS NOT NULL)), [])) AS uncovered
    FROM camera_posts
    WHERE subject_type = 'room'
      AND (room_kind = 'sample_reception'
           OR room_kind = 'test_room' AND list_has_any(disciplines, ['rebar_mechanics', 'concrete_mechanics']))
    GROUP BY ALL
)
SELECT subject_id, agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       count(*) FILTER (WHERE len(uncovered) > 0) AS measured, 0 AS required,
       CASE WHEN measured > 0 THEN 'fail' ELSE 'pass' END AS outcome,
       CASE outcome WHEN 'fail' THEN 'no_live_address' ELSE '' END AS reason,
       flatten(list(list_transform(uncovered, lambda gap: evidence_row('no_live_camera', day, gap.s, gap.e))
                    ORDER BY day)) AS evidence
FROM judged GROUP BY subject_id, agency_id
