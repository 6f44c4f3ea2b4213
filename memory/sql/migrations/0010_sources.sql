-- Beside talk: what is known of meetings and reviews. Each is a container with an audience of its own; what it says are
-- messages, and when a meeting takes place stands here.

alter table messages drop constraint messages_kind_check;
alter table messages add constraint messages_kind_check
    check (kind in ('human', 'bot', 'notice', 'meeting', 'change', 'review_request', 'review', 'merge'));

create table meetings (
    container_id uuid primary key,
    team_id text not null,
    message_id uuid not null,                     -- what its invitation says
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    cancelled boolean not null,
    at timestamptz not null                       -- since when it is scheduled so
);
create index meetings_by_start on meetings (team_id, starts_at);

alter table meetings enable row level security;
create policy reading on meetings for select using (container_id = any ((select visible_containers())::uuid[]));
create policy adding on meetings for insert with check (container_id = any ((select current_scribe())::uuid[]));
create policy changing on meetings for update using (container_id = any ((select current_scribe())::uuid[]));
create policy removing on meetings for delete using (container_id = any ((select current_scribe())::uuid[]));
grant select, insert, update, delete on meetings to daybook_app;
