-- Placed messages that changed since, and so may belong elsewhere now, they and those after them.

-- As `conversation_work`, no knowledge: no event tells of it.
create table placement_work (
    message_id uuid primary key,
    team_id text not null,
    container_id uuid not null,
    posted_at timestamptz not null,
    reach integer,                                -- how many messages after it may be placed again; null: as usual
    revision integer not null default 1           -- grows with every change
);
create index placement_work_by_time on placement_work (container_id, posted_at, message_id);

alter table placement_work enable row level security;
create policy working on placement_work
    using (container_id = any ((select current_scribe())::uuid[]))
    with check (container_id = any ((select current_scribe())::uuid[]));
grant select, insert, update, delete on placement_work to daybook_app;
