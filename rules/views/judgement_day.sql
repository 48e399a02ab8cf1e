-- The day of which "Keeping" is judged; none before the month's first day has ended.
SELECT judged_on() AS day
WHERE EXISTS (FROM ended_days)
