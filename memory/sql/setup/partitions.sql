-- The log's first months, where there is a log; as time goes on, the application opens more.
do $$
begin
    if to_regprocedure('open_event_partition(date)') is not null then
        perform open_event_partition(((now() at time zone 'UTC') + ahead * interval '1 month')::date)
           from generate_series(0, 2) as ahead;
    end if;
end $$;
