-- What cameras owe of a session and do not hold, by the part they play: the near ones and those named on site owe the
-- session, the far ones what the near ones hold of it (no row without both). Exempt time is not required. `missing` and
-- `not_asked` are sorted, disjoint {s, e} in epoch ms, `missing` maximal, nothing dropped.
WITH parts AS NOT MATERIALIZED (
    SELECT *, CASE WHEN from_ms IS NULL THEN held ELSE [{'s': from_ms, 'e': to_ms}] END AS all_held FROM session_parts
), owed AS (
    SELECT s.session_id, s.agency_id, s.day, CASE s.kind WHEN 'onsite' THEN 'named' ELSE 'near' END AS part,
           s.ended_at IS NOT NULL AS has_ended, p.session_id IS NOT NULL AS has_camera,
           coalesce(p.from_ms = epoch_ms(s.started_at) AND p.to_ms = epoch_ms(s.ended_at), false) AS is_whole,
           [{'s': epoch_ms(s.started_at), 'e': epoch_ms(s.ended_at)}] AS whole, p.all_held AS held, p.not_asked
    FROM judged_sessions s LEFT JOIN (FROM parts WHERE part <> 'far') p USING (session_id)
    WHERE s.kind IN ('reception', 'onsite') OR s.kind = 'test' AND s.room_id IS NOT NULL
    UNION ALL
    SELECT s.session_id, s.agency_id, s.day, 'far', true, true,
           coalesce(far.from_ms = near.from_ms AND far.to_ms = near.to_ms, false),
           near.all_held, far.all_held, far.not_asked
    FROM judged_sessions s
    JOIN (FROM parts WHERE part = 'near' AND len(all_held) > 0) near USING (session_id)
    JOIN (FROM parts WHERE part = 'far') far USING (session_id)
)
SELECT o.session_id, o.agency_id, o.day, o.part, o.has_ended, o.has_camera,
       CASE WHEN o.is_whole THEN []
            ELSE subtract_intervals(subtract_intervals(o.whole, coalesce(x.away, [])), coalesce(o.held, []))
       END AS missing,
       coalesce(o.not_asked, []) AS not_asked
FROM owed o LEFT JOIN session_exempt x USING (session_id)
