-- The month's days that have ended; a check adds its own grace.
SELECT CAST(day AS DATE) AS day
FROM generate_series(CAST(getvariable('month_first') AS TIMESTAMP), getvariable('month_next') - 1, INTERVAL 1 DAY) t(day)
WHERE day_ends_at(CAST(day AS DATE)) <= getvariable('now_at')
