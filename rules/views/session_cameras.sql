-- Cameras that count for a judged session, the part they play in it, and when they were on duty during it:
-- [on_from, on_to). near: of a test or reception the near ones of its room that cover its device (a reception, or no
-- device: all of them), and near ones it names, wherever they belong. far: the far ones of its room. named: of an
-- on-site session all that it names. A session without a known end has none.
WITH counting AS (
    SELECT s.session_id, c.camera_id, c.view AS part, c.on_from, c.on_to, s.started_at, s.ended_at
    FROM judged_sessions s JOIN camera_duties c USING (room_id)
    WHERE s.kind IN ('test', 'reception')
      AND (c.view = 'far' OR c.view = 'near'
           AND (s.kind = 'reception' OR s.device_id IS NULL OR list_contains(c.covers, s.device_id)
                OR list_contains(s.camera_ids, c.camera_id)))
    UNION ALL
    SELECT s.session_id, c.camera_id, CASE s.kind WHEN 'onsite' THEN 'named' ELSE 'near' END, c.on_from, c.on_to,
           s.started_at, s.ended_at
    FROM (SELECT *, unnest(list_distinct(camera_ids)) AS camera_id FROM judged_sessions) s
    JOIN camera_duties c USING (camera_id)
    WHERE s.kind = 'onsite' OR c.view = 'near' AND (c.room_id = s.room_id) IS NOT TRUE
)
SELECT session_id, camera_id, part, greatest(on_from, started_at) AS on_from, least(on_to, ended_at) AS on_to
FROM counting
WHERE ended_at IS NOT NULL AND greatest(on_from, started_at) < least(on_to, ended_at)
