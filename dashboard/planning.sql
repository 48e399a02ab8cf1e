-- The windows due at $now, one per camera and local day, newest first. Cost follows the days within the retention term
-- and the polls of the last week, not the whole history.
WITH elsewhere AS (
    -- When a camera was last known under another recorder or channel: the new one cannot deny what the old one holds.
    SELECT c.camera_id, max(o.known_from) AS until
    FROM known_cameras c JOIN cameras o USING (camera_id)
    WHERE o.known_from <= $now AND (o.recorder_id, o.channel) IS DISTINCT FROM (c.recorder_id, c.channel)
    GROUP BY c.camera_id
), moved AS (
    SELECT camera_id, min(o.known_from) AS moved_at FROM elsewhere e JOIN cameras o USING (camera_id)
    WHERE o.known_from > e.until AND o.known_from <= $now GROUP BY camera_id
), due_cameras AS (
    SELECT c.camera_id, c.recorder_id, c.channel, c.duty_from, least(c.duty_to, $now) AS duty_to,
           greatest(c.duty_from, $term_from, m.moved_at) AS from_at
    FROM known_cameras c LEFT JOIN moved m USING (camera_id)
    WHERE c.recorder_id IS NOT NULL AND c.channel IS NOT NULL AND c.duty_from < $now
), days AS (
    SELECT * REPLACE (CAST(day AS DATE) AS day), local_day($now) - CAST(day AS DATE) AS age FROM (
        SELECT *, unnest(generate_series(CAST(local_day(from_at) AS TIMESTAMP), local_day($now), INTERVAL 1 DAY)) AS day
        FROM due_cameras WHERE from_at < duty_to)
), states AS (
    SELECT camera_id, day, arg_max(asked, version) AS asked, arg_max(held, version) AS held, max(asked_at) AS changed_at,
           max(total_length(held)) AS most_held_ms, -- of all versions
    FROM (SELECT *, (asked_at, poll_id, known_from, revision) AS version FROM footage_days
          WHERE day >= local_day($term_from)) GROUP BY ALL
), claims AS (
    SELECT camera_id, day, arg_max(has_footage, observed_at) AS has_footage, max(observed_at) AS claimed_at
    FROM days_claimed WHERE day >= local_day($term_from) AND known_from <= $now GROUP BY ALL
), recent AS (
    SELECT camera_id, outcome, complete, asked_at, covers_from, covers_to,
           CAST(unnest(generate_series(CAST(local_day(covers_from) AS TIMESTAMP),
                                       local_day(covers_to - INTERVAL 1 MILLISECOND), INTERVAL 1 DAY)) AS DATE) AS day
    FROM known_polls WHERE asked_at > $now - INTERVAL 7 DAY
), answered AS (
    SELECT camera_id, day, max(asked_at) AS answered_at FROM recent WHERE outcome = 'ok' AND complete GROUP BY ALL
), vain AS (
    -- Windows asked in vain: in the last day where the answer could not be read, in the week where it proved nothing.
    SELECT camera_id, day, outcome, ms_of_day(covers_from, day) AS s, ms_of_day(covers_to, day) AS e
    FROM recent
    WHERE (outcome = 'malformed' AND asked_at > $now - INTERVAL 1 DAY) OR (outcome = 'ok' AND NOT complete)
), edges AS (
    SELECT camera_id, day, outcome, s AS edge, 1 AS step FROM vain
    UNION ALL SELECT camera_id, day, outcome, e, -1 FROM vain
), tries AS (
    SELECT camera_id, day, edge AS s, lead(edge) OVER steps AS e, sum(step) OVER (steps ROWS UNBOUNDED PRECEDING) AS try_count
    FROM edges WINDOW steps AS (PARTITION BY camera_id, day, outcome ORDER BY edge, step)
), exhausted AS (
    SELECT camera_id, day, unite_all(list([{'s': s, 'e': e}])) AS given_up
    FROM tries WHERE try_count >= $retry_limit AND s < e GROUP BY ALL
), open AS (
    SELECT d.camera_id, d.recorder_id, d.channel, d.day, d.age,
           [{'s': ms_of_day(d.from_at, d.day), 'e': ms_of_day(d.duty_to, d.day)}] AS due,
           len(list_filter($reask_days, lambda k_: d.age >= k_ AND d.age < k_ + $reask_within
                   AND coalesce(t.answered_at < day_starts_at(d.day + CAST(k_ AS INTEGER)), true))) > 0 AS asked_again,
           -- What two answers contradict each other in, one after the other, and what the recorder's own calendar denies.
           coalesce(total_length(s.held) < s.most_held_ms - $dispute_ms AND t.answered_at <= s.changed_at
                    AND s.changed_at < $now - INTERVAL 20 HOUR, false) AS taken_back,
           coalesce(c.has_footage <> (total_length(s.held) > 0) AND total_length(subtract_intervals(due, s.asked)) = 0
                    AND coalesce(t.answered_at < c.claimed_at, true), false) AS disputed,
           CASE WHEN asked_again OR taken_back OR disputed THEN due
                ELSE subtract_intervals(due, coalesce(s.asked, [])) END AS wanted,
           subtract_intervals(wanted, coalesce(x.given_up, [])) AS rest,
           -- One window for the day, unless something in between was given up.
           CASE WHEN x.given_up IS NULL AND len(rest) > 1 THEN [{'s': rest[1].s, 'e': rest[-1].e}] ELSE rest END AS gaps
    FROM days d LEFT JOIN states s USING (camera_id, day) LEFT JOIN answered t USING (camera_id, day)
        LEFT JOIN claims c USING (camera_id, day) LEFT JOIN exhausted x USING (camera_id, day)
), chosen AS (
    SELECT * FROM open
    WHERE total_length(rest) > 0 AND (age > 0 OR total_length(rest) >= $shortest_ms)
    QUALIFY row_number() OVER (PARTITION BY camera_id ORDER BY day DESC) <= $days_per_camera
)
SELECT recorder_id, camera_id, channel, instant_of(day, gap.s), instant_of(day, gap.e)
FROM (SELECT *, unnest(gaps) AS gap FROM chosen)
ORDER BY recorder_id, day DESC, camera_id, gap.s DESC
