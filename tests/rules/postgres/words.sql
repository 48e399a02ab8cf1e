-- The words of the rule page as functions, made once per server. The session zone is Asia/Shanghai, so PostgreSQL's own
-- calendar finds local days and goes back calendar months. Sets of instants are multiranges of epoch milliseconds.
create table line (file text, cells jsonb);
create table look (first_day date, now_ms int8, as_of_ms int8);

create function cell(cells jsonb, name text) returns text immutable return nullif(cells ->> name, '');

create function cell_list(cells jsonb, name text) returns text[]
    immutable return coalesce(string_to_array(cells ->> name, ' '), '{}');

create function ms(at timestamptz) returns int8 immutable return (extract(epoch from at) * 1000)::int8;

create function at_ms(cells jsonb, name text) returns int8 stable return ms(cell(cells, name)::timestamptz);

create function midnight_ms(day date) returns int8 stable return ms(day::timestamptz);

create function instant(at_ms int8) returns timestamptz immutable
    return timestamptz 'epoch' + at_ms * interval '1 millisecond';

create function local_day(at_ms int8) returns date stable return instant(at_ms)::date;

-- Without an end it goes on; an end at or before the start leaves nothing.
create function span(from_ms int8, to_ms int8) returns int8multirange immutable
    return case when to_ms <= from_ms then '{}' else int8multirange(int8range(from_ms, to_ms)) end;

create function everything() returns int8multirange immutable return '{(,)}'::int8multirange;

create function length_ms(spans int8multirange) returns numeric immutable
    return (select coalesce(sum(upper(s) - lower(s)), 0) from unnest(spans) s);

-- What is left when maximal intervals no longer than the join tolerance of 5 s are dropped.
create function without_seams(spans int8multirange) returns int8multirange immutable
    return (select coalesce(range_agg(s), '{}') from unnest(spans) s where upper(s) - lower(s) > 5000);

create function missing(required int8multirange, held int8multirange) returns int8multirange immutable
    return without_seams(required - held);

create function seconds(length_ms numeric) returns text immutable return trim_scale(length_ms / 1000)::text;

create function judged(known_missing_ms numeric, unknown_ms numeric, most_ms int) returns text immutable
    return case when known_missing_ms > most_ms then 'fail' when unknown_ms > most_ms then 'unknown' else 'pass' end;
