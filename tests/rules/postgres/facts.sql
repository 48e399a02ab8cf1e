-- The rows of a bundle, typed; then the days that a look at them is about, and who is exempt when.
create temp table room on commit drop as
select cell(r.cells, 'room_id') room_id, cell(r.cells, 'kind') kind, cell(p.cells, 'premises_id') premises_id,
    cell(p.cells, 'agency_id') agency_id,
    span(midnight_ms(cell(r.cells, 'in_use_from')::date), midnight_ms(cell(r.cells, 'in_use_to')::date)) in_use
from line r
join line p on p.file = 'premises' and p.cells ->> 'premises_id' = r.cells ->> 'premises_id'
where r.file = 'rooms';

create temp table device on commit drop as
select cell(cells, 'device_id') device_id, room_id, room.kind room_kind, agency_id, premises_id,
    cell(cells, 'produces_test_result') = 'yes' gives_results,
    span(midnight_ms(cell(cells, 'in_use_from')::date), midnight_ms(cell(cells, 'in_use_to')::date)) in_use
from line
join room on room_id = cells ->> 'room_id'
where file = 'devices';

create temp table camera on commit drop as
select cell(c.cells, 'camera_id') camera_id, room_id, cell(c.cells, 'recorder_id') recorder_id,
    cell(c.cells, 'view') "view", cell(c.cells, 'mount') mount, cell(c.cells, 'position') "position",
    cell_list(c.cells, 'covers') covers,
    coalesce(room.premises_id, cell(p.cells, 'premises_id')) premises_id,
    coalesce(room.agency_id, cell(p.cells, 'agency_id'), cell(c.cells, 'agency_id')) agency_id,
    span(at_ms(c.cells, 'duty_from'), at_ms(c.cells, 'duty_to')) * coalesce(room.in_use, everything()) duty
from line c
left join room on room_id = c.cells ->> 'room_id'
left join line n on n.file = 'recorders' and n.cells ->> 'recorder_id' = c.cells ->> 'recorder_id'
left join line p on p.file = 'premises' and p.cells ->> 'premises_id' = n.cells ->> 'premises_id'
where c.file = 'cameras';

create temp table session on commit drop as
select cell(cells, 'session_id') session_id, cell(cells, 'agency_id') agency_id, cell(cells, 'kind') kind,
    room_id, room.premises_id, cell(cells, 'device_id') device_id, cell_list(cells, 'camera_ids') camera_ids,
    local_day(at_ms(cells, 'started_at')) "day", cell(cells, 'ended_at') is null open_ended,
    span(at_ms(cells, 'started_at'), at_ms(cells, 'ended_at')) lasts
from line
left join room on room_id = cells ->> 'room_id'
where file = 'sessions';

create temp table day on commit drop as
select "day"::date "day", span(midnight_ms("day"::date), midnight_ms("day"::date + 1)) whole,
    midnight_ms("day"::date + 1) + 6 * 3600 * 1000 <= now_ms graced
from look, generate_series(first_day, first_day + interval '1 month' - interval '1 day', interval '1 day') "day"
where midnight_ms("day"::date + 1) <= now_ms;

create temp table scope on commit drop as
select 'camera' subject_type, camera_id subject_id, scope_type, scope_id
from camera, lateral (values ('camera', camera_id), ('recorder', recorder_id), ('room', room_id),
    ('premises', premises_id), ('agency', agency_id)) scopes (scope_type, scope_id)
union all
select 'room', room_id, scope_type, scope_id
from room, lateral (values ('room', room_id), ('premises', premises_id), ('agency', agency_id))
    scopes (scope_type, scope_id)
union all
select 'device', device_id, scope_type, scope_id
from device, lateral (values ('room', room_id), ('premises', premises_id), ('agency', agency_id))
    scopes (scope_type, scope_id)
union all
select 'session', session_id, scope_type, scope_id
from session, lateral (values ('room', room_id), ('premises', premises_id), ('agency', agency_id))
    scopes (scope_type, scope_id);

-- Every subject twice: with nothing exempt, and with what is.
create temp table relief on commit drop as
with exempt as (
    select subject_type, subject_id, range_agg(span(at_ms(cells, 'from_at'), at_ms(cells, 'to_at'))) exempt
    from look, scope
    join line on file = 'exemptions' and cells ->> 'scope_type' = scope_type and cells ->> 'scope_id' = scope_id
    where at_ms(cells, 'entered_at') <= as_of_ms
    group by subject_type, subject_id
)
select exempting, subject_type, subject_id,
    case when exempting then coalesce(exempt, '{}') else '{}' end exempt
from (select distinct subject_type, subject_id from scope) subject
left join exempt using (subject_type, subject_id)
cross join (values (false), (true)) both_ways (exempting);

analyze room, device, camera, session, day, scope, relief;
