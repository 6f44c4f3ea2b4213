-- How people want to be briefed. When and where, the schedule and the messenger have to know: that stands with the person.
alter table people
    add column workdays integer[] not null default '{0,1,2,3,4}',     -- 0 is Monday
    add column quiet_days date[] not null default '{}',
    add column away_from date,                                         -- the first day of an absence …
    add column away_until date,                                        -- … and the first one after it
    add column on_activity boolean not null default true,              -- briefed when first active
    add column weekly_review boolean not null default false,
    add column place text not null default 'channel' check (place in ('channel', 'dm'));

-- What they want to read is theirs alone.
create table settings (
    person_id uuid primary key,
    team_id text not null,
    length text not null,
    followed uuid[] not null,
    muted uuid[] not null,
    people uuid[] not null,
    manager_id uuid,
    report_ids uuid[] not null,
    projects_id uuid                              -- their names, one a line
);
alter table settings enable row level security;
create policy own on settings
    using (person_id = (select current_viewer())) with check (person_id = (select current_viewer()));
grant select, insert, update, delete on settings to daybook_app;

-- Beside each morning's briefing there may be one of the week, on the same day.
alter table briefings
    add column kind text not null default 'day' check (kind in ('day', 'week')),
    drop constraint briefings_person_id_local_date_key,
    add constraint briefings_one_a_day unique (person_id, local_date, kind);
