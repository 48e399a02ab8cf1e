-- An instant is deleted early when a version of its day loses it, no later version holds it again, and it was younger
-- than the term when the answer that first denied it was given. It counts in the month of that answer.
WITH cameras AS (
    SELECT DISTINCT camera_id, agency_id FROM camera_days WHERE recorder_id IS NOT NULL
), counted AS (
    SELECT camera_id, day, held, asked_at, poll_id, known_from, revision
    FROM footage_days
    SEMI JOIN (
        SELECT camera_id, day FROM footage_days SEMI JOIN cameras USING (camera_id)
        WHERE asked_at >= day_starts_at(getvariable('month_first'))
    ) USING (camera_id, day)
    WHERE known_from <= getvariable('as_of') AND asked_at < answers_end()
), versions AS (
    -- Only a day that two answers spoke about can have lost anything.
    SELECT camera_id, day, asked_at, poll_id, arg_max(held, (known_from, revision)) AS held
    FROM counted
    SEMI JOIN (
        SELECT camera_id, day FROM counted GROUP BY camera_id, day HAVING min(poll_id) < max(poll_id)
    ) USING (camera_id, day)
    GROUP BY ALL
), chained AS (
    SELECT *, lag(held, 1, []) OVER (PARTITION BY camera_id, day ORDER BY asked_at, poll_id) AS held_before
    FROM versions
), losses AS (
    SELECT camera_id, day, asked_at, poll_id, subtract_intervals(held_before, held) AS lost
    FROM chained
    WHERE asked_at >= day_starts_at(getvariable('month_first')) AND asked_at < day_starts_at(getvariable('month_next'))
), held_later AS (
    SELECT l.camera_id, l.day, l.asked_at, l.poll_id, l.lost, list(v.held) FILTER (WHERE len(v.held) > 0) AS again
    FROM losses l LEFT JOIN versions v
      ON v.camera_id = l.camera_id AND v.day = l.day AND (v.asked_at, v.poll_id) > (l.asked_at, l.poll_id)
    WHERE len(l.lost) > 0
    GROUP BY ALL
), young_losses AS (
    SELECT camera_id, day, poll_id, subtract_intervals(young, coalesce(unite_all(again), [])) AS lost
    FROM (SELECT *, clip_to(lost, ms_of_day(months_before(asked_at, $months), day), 86400000) AS young FROM held_later)
), pieces AS (
    SELECT camera_id, poll_id, instant_of(day, piece.s) AS from_at, instant_of(day, piece.e) AS to_at
    FROM (SELECT f.camera_id, f.day, f.poll_id, unnest(subtract_intervals(f.lost, coalesce(x.away, []))) AS piece
          FROM young_losses f
          LEFT JOIN exempt_days x
            ON x.subject_type = 'camera' AND x.subject_id = f.camera_id AND x.day = f.day)
), joined AS (
    SELECT *, count(*) FILTER (WHERE starts_anew) OVER (PARTITION BY camera_id ORDER BY from_at) AS stretch
    FROM (SELECT *, coalesce(from_at > lag(to_at) OVER (PARTITION BY camera_id ORDER BY from_at), true) AS starts_anew
          FROM pieces)
), stretches AS (
    SELECT camera_id, min(from_at) AS from_at, max(to_at) AS to_at, min(poll_id) AS poll_id,
           epoch_ms(max(to_at)) - epoch_ms(min(from_at)) AS length_ms
    FROM joined GROUP BY camera_id, stretch
), sums AS (
    SELECT camera_id, sum(length_ms) AS length_ms,
           list({'kind': 'deleted_early', 'from_at': from_at, 'to_at': to_at, 'ref': poll_id} ORDER BY from_at) AS evidence
    FROM stretches WHERE length_ms > $join_tolerance_s * 1000 GROUP BY camera_id
), answered AS (
    SELECT DISTINCT camera_id FROM known_polls
    WHERE outcome = 'ok' AND complete AND asked_at < answers_end()
      AND asked_at >= day_starts_at(getvariable('month_first')) AND asked_at < day_starts_at(getvariable('month_next'))
      AND camera_id IN (SELECT camera_id FROM cameras)
)
SELECT c.camera_id AS subject_id, c.agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       CASE WHEN s.length_ms > $tolerance_s * 1000 THEN 'fail'
            WHEN a.camera_id IS NULL THEN 'unknown'
            ELSE 'pass' END AS outcome,
       CAST(coalesce(s.length_ms, 0) AS DECIMAL(18, 3)) / 1000 AS measured,
       $tolerance_s AS required,
       CASE outcome WHEN 'fail' THEN 'deleted_early' WHEN 'unknown' THEN 'no_answer' ELSE '' END AS reason,
       coalesce(s.evidence, []) AS evidence
FROM cameras c LEFT JOIN sums s USING (camera_id) LEFT JOIN answered a USING (camera_id)
