-- What the cameras that play a part in a session hold of it together, and what of it is not asked: not held by any, and
-- outside of what some camera on duty was asked about. Sorted, disjoint, maximal {s, e} in epoch ms; no camera, no row.
WITH spans AS (
    SELECT c.session_id, c.part, c.camera_id, epoch_ms(c.on_from) AS from_ms, epoch_ms(c.on_to) AS to_ms,
           local_day(c.on_from) AS first_day, local_day(c.on_to) AS last_day,
           coalesce(local_day(c.on_from) = local_day(c.on_to) AND len(list_filter(f.held, lambda stretch:
               stretch.s <= ms_of_day(c.on_from, f.day) AND stretch.e >= ms_of_day(c.on_to, f.day))) > 0, false)
               AS is_whole
    FROM session_cameras c
    LEFT JOIN known_footage f ON f.camera_id = c.camera_id AND f.day = local_day(c.on_from)
), extents AS (
    -- Nearly always one camera was on duty whenever any was and holds all of that: then the others change nothing.
    SELECT session_id, part, min(from_ms) AS from_ms, max(to_ms) AS to_ms,
           coalesce(max(to_ms - from_ms) FILTER (WHERE is_whole) = max(to_ms) - min(from_ms), false) AS is_whole
    FROM spans GROUP BY session_id, part
), unsettled AS (
    SELECT s.*, (SELECT max(day) FROM known_footage) AS reach
    FROM spans s SEMI JOIN (FROM extents WHERE NOT is_whole) USING (session_id, part)
), span_days AS (
    SELECT session_id, part, camera_id, from_ms, to_ms,
           CAST(unnest(generate_series(first_day, least(last_day, reach), INTERVAL 1 DAY)) AS DATE) AS day
    FROM unsettled WHERE reach IS NOT NULL
), told AS (
    SELECT camera_id, day, epoch_ms(day_starts_at(day)) AS day_ms, coalesce(held, []) AS held,
           gaps_in(coalesce(asked, []), 0, 86400000) AS not_asked
    FROM (SELECT DISTINCT camera_id, day FROM span_days) LEFT JOIN known_footage USING (camera_id, day)
), stretches AS (
    SELECT camera_id, day, day_ms + ms.s AS s, day_ms + ms.e AS e, is_held
    FROM (SELECT *, unnest(held) AS ms, true AS is_held FROM told
          UNION ALL SELECT *, unnest(not_asked), false FROM told)
), pieces AS (
    SELECT d.session_id, d.part, d.camera_id, t.is_held, greatest(d.from_ms, t.s) AS s, least(d.to_ms, t.e) AS e
    FROM span_days d
    JOIN stretches t ON t.camera_id = d.camera_id AND t.day = d.day AND t.s < d.to_ms AND t.e > d.from_ms
    UNION ALL -- Nothing at all is known after the ledger's last day, however late the session ends.
    SELECT session_id, part, camera_id, false, greatest(from_ms, coalesce(epoch_ms(day_ends_at(reach)), from_ms)), to_ms
    FROM unsettled WHERE coalesce(epoch_ms(day_ends_at(reach)) < to_ms, true)
), marked AS ( -- One camera's pieces are disjoint: without ties this window and the next see the same order.
    SELECT *, coalesce(s <= max(e) OVER (PARTITION BY session_id, part, is_held ORDER BY s, camera_id
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false) AS continues
    FROM pieces
), numbered AS (
    SELECT *, count(*) FILTER (WHERE NOT continues)
                  OVER (PARTITION BY session_id, part, is_held ORDER BY s, camera_id
                        ROWS UNBOUNDED PRECEDING) AS stretch_no
    FROM marked
), joined AS (
    SELECT session_id, part, is_held, min(s) AS s, max(e) AS e
    FROM numbered GROUP BY session_id, part, is_held, stretch_no
), listed AS (
    SELECT session_id, part, coalesce(list({'s': s, 'e': e} ORDER BY s) FILTER (WHERE is_held), []) AS held,
           coalesce(list({'s': s, 'e': e} ORDER BY s) FILTER (WHERE NOT is_held), []) AS not_asked
    FROM joined GROUP BY session_id, part
)
SELECT x.session_id, x.part,
       CASE WHEN x.is_whole THEN [{'s': x.from_ms, 'e': x.to_ms}] ELSE coalesce(l.held, []) END AS held,
       coalesce(subtract_intervals(l.not_asked, l.held), []) AS not_asked
FROM extents x LEFT JOIN listed l USING (session_id, part)
