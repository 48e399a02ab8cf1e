-- What cameras owe of a session and do not hold, by the part they play: the near ones and those named on site owe the
-- session, the far ones what the near ones hold of it (no row without both). Exempt time is not required. `missing` and
-- `not_asked` are sorted, disjoint {s, e} in epoch ms, `missing` maximal, nothing dropped; camera_ids: whose they are.
WITH owed AS (
    SELECT session_id, agency_id, day, ended_at IS NOT NULL AS has_ended,
           CASE kind WHEN 'onsite' THEN 'named' ELSE 'near' END AS part,
           [{'s': epoch_ms(started_at), 'e': epoch_ms(ended_at)}] AS whole
    FROM judged_sessions WHERE kind IN ('reception', 'onsite') OR kind = 'test' AND room_id IS NOT NULL
    UNION ALL
    SELECT s.session_id, s.agency_id, s.day, true, 'far', near.held
    FROM judged_sessions s
    JOIN session_parts near ON near.session_id = s.session_id AND near.part = 'near' AND len(near.held) > 0
), compared AS (
    SELECT o.session_id, o.agency_id, o.day, o.part, o.has_ended, p.session_id IS NOT NULL AS has_camera,
           CASE WHEN o.whole = p.held THEN []
                ELSE subtract_intervals(subtract_intervals(o.whole, coalesce(x.away, [])), coalesce(p.held, []))
           END AS missing,
           coalesce(p.not_asked, []) AS not_asked
    FROM owed o
    LEFT JOIN session_parts p ON p.session_id = o.session_id AND p.part = o.part
    LEFT JOIN session_exempt x ON x.session_id = o.session_id
    WHERE o.part <> 'far' OR p.session_id IS NOT NULL
), opened AS (
    SELECT session_id, part, string_agg(camera_id, ' ' ORDER BY camera_id) AS camera_ids
    FROM session_cameras SEMI JOIN (FROM compared WHERE len(missing) > 0) USING (session_id, part)
    GROUP BY session_id, part
)
SELECT c.*, o.camera_ids FROM compared c LEFT JOIN opened o USING (session_id, part)
