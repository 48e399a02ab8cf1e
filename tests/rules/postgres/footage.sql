-- What each camera holds and what it was asked about, from the polls and the files they listed.
create temp table judgement_day on commit drop as
select least(local_day(now_ms), (first_day + interval '1 month')::date) d from look;

create temp table answer on commit drop as
with ok as (
    select cell(cells, 'camera_id') camera_id, cell(cells, 'poll_id') poll_id, at_ms(cells, 'asked_at') asked_ms,
        span(at_ms(cells, 'covers_from'), least(at_ms(cells, 'covers_to'), at_ms(cells, 'asked_at'))) speaks,
        coalesce(cell(cells, 'clock_offset_ms')::int8, 0) ahead_ms
    from line
    where file = 'polls' and cells ->> 'outcome' = 'ok' and cells ->> 'complete' = 'yes'
), listed as (
    select camera_id, poll_id,
        range_agg(span(at_ms(cells, 'started_at') - ahead_ms, at_ms(cells, 'ended_at') - ahead_ms)) lists
    from ok
    join line on file = 'footage' and cells ->> 'camera_id' = camera_id and cells ->> 'poll_id' = poll_id
    group by camera_id, poll_id
)
select camera_id, poll_id, asked_ms, speaks, speaks * coalesce(lists, '{}') lists,
    row_number() over (partition by camera_id order by asked_ms, poll_id) nth
from look, ok
left join listed using (camera_id, poll_id)
where asked_ms <= as_of_ms;

create temp view term_answer as select answer.* from answer, judgement_day where local_day(asked_ms) <= d;

-- Of an instant the newest answer speaks: what an older one lists counts where no newer one speaks.
-- `known` is by all answers, `term` by those asked up to the end of the judgement day.
create temp table record on commit drop as
with known as (
    select 'known' as_of, answer.* from answer
    union all
    select 'term', term_answer.* from term_answer
), ordered as (
    select *, range_agg(speaks) over (partition by as_of, camera_id order by nth desc
        rows between unbounded preceding and 1 preceding) newer
    from known
)
select as_of, camera_id, coalesce(range_agg(lists - coalesce(newer, '{}')), '{}') held,
    coalesce(range_agg(speaks), '{}') asked
from camera
cross join (values ('known'), ('term')) as_of (as_of)
left join ordered using (as_of, camera_id)
group by as_of, camera_id;

analyze answer, record;

create temp table far_24h on commit drop as
with due as (
    select exempting, camera_id, agency_id, "day", whole * duty - exempt required, held, asked
    from camera
    join relief on subject_type = 'camera' and subject_id = camera_id
    join record using (camera_id)
    join "day" on graced and whole && duty
    where as_of = 'known' and "view" = 'far' and room_id is not null
), measured as (
    select *, length_ms(missing(required, held) * asked) known_ms, length_ms(missing(required, held) - asked) unknown_ms
    from due
)
select exempting, 'camera' subject_type, camera_id subject_id, agency_id, "day"::text period,
    judged(known_ms, unknown_ms, 60000) outcome, seconds(known_ms) measured, '60' required,
    length_ms((required - held) * asked) with_seams_ms
from measured;

create temp table far_gap_budget on commit drop as
select exempting, subject_type, subject_id, agency_id, to_char(first_day, 'YYYY-MM') period,
    case when sum(with_seams_ms) > 900000 then 'suspect'
        when bool_or(outcome = 'unknown') then 'unknown' else 'pass' end outcome,
    seconds(sum(with_seams_ms)) measured, '900' required
from far_24h, look
group by exempting, subject_type, subject_id, agency_id, first_day
having not bool_or(outcome = 'fail');
