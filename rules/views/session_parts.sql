-- What the cameras that play a part in a session hold of it together, and what of it is not asked: not held by any, and
-- outside of what some camera on duty was asked about. Sorted, disjoint, maximal {s, e} in epoch ms; no camera, no row.
-- Where they hold all of it from the first on duty to the last, [from_ms, to_ms) alone tells that and `held` and
-- `not_asked` are empty: a list of one interval for nearly every session would cost more than all the rest.
WITH spans AS (
    -- The first stretch of a day is nearly always all there is, and looking at it alone costs far less than at a list.
    SELECT c.*, c.first_day = c.last_day AND coalesce(
               CASE WHEN f.held[1].s <= c.from_ms - c.day_ms AND f.held[1].e >= c.to_ms - c.day_ms THEN true
                    ELSE len(list_filter(f.held, lambda stretch:
                             stretch.s <= c.from_ms - c.day_ms AND stretch.e >= c.to_ms - c.day_ms)) > 0 END, false)
               AS is_whole
    FROM (SELECT session_id, part, camera_id, epoch_ms(on_from) AS from_ms, epoch_ms(on_to) AS to_ms,
                 local_day(on_from) AS first_day, local_day(on_to) AS last_day,
                 epoch_ms(day_starts_at(first_day)) AS day_ms
          FROM session_cameras) c
    LEFT JOIN known_footage f ON f.camera_id = c.camera_id AND f.day = c.first_day
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
SELECT session_id, part, from_ms, to_ms, NULL AS held, NULL AS not_asked FROM extents WHERE is_whole
UNION ALL
SELECT session_id, part, NULL, NULL, coalesce(l.held, []), coalesce(subtract_intervals(l.not_asked, l.held), [])
FROM (FROM extents WHERE NOT is_whole) LEFT JOIN listed l USING (session_id, part)
