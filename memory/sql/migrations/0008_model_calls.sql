-- What language models were asked, and what that took: names, counts and ids, and never a word of it.

create table model_calls (
    call_id bigint generated always as identity primary key,
    team_id text not null,
    task text not null,
    model text not null,
    endpoint text not null,
    person_id uuid,                               -- on whose behalf; null: for all who may read what it was about
    cause text not null,                          -- the run that asked
    asked_at timestamptz not null,
    latency_ms integer not null,
    outcome text not null,                        -- ok, or what came instead
    tokens_in integer not null,
    tokens_cached integer not null,               -- of those in, what the endpoint knew already
    tokens_out integer not null,
    cost_micros bigint                            -- millionths of a dollar; null: the model's price is not known
);
create index model_calls_by_time on model_calls (asked_at);
create index model_calls_by_person on model_calls (person_id) where person_id is not null;

-- Tokens of a day: reserved before each call, put right after it.
create table model_budgets (
    team_id text not null,
    day date not null,
    person_id uuid,                               -- null: everybody's together
    tokens bigint not null,
    unique nulls not distinct (team_id, day, person_id)
);

-- Who writes for a viewer does not see what was asked on behalf of others; nothing else is anybody's in particular.
do $$
declare
    name text;
begin
    foreach name in array array['model_calls', 'model_budgets'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy own on %I
                        using ((select current_viewer()) is null or person_id = (select current_viewer()))', name);
    end loop;
end $$;

grant select, insert, delete on model_calls to daybook_app;
grant select, insert, update, delete on model_budgets to daybook_app;

-- What a model answered for one viewer may call others by name, as the briefing does that is made of it. A query plan has
-- no names, and a question under way needs it.
create or replace function erase_calling(team text, calls text) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from contents c
         where c.team_id = team and c.viewer_id is not null and c.body ~ calls
           and (c.kind in ('item', 'why', 'headline', 'answer')
                or c.kind = 'result' and exists (select from task_results r
                                                  where r.content_id = c.content_id and r.task <> 'understand'))
        returning 1
    )
    select count(*) from gone
$$;
