-- What Daybook remembers, from its first day: truth in events and contents, everything else derived from them.
-- Tables belong to the migrating role; the application is daybook_app, which owns nothing and is held by row-level security.

-- Truth -------------------------------------------------------------------------------------------------------------

create table teams (
    team_id text primary key,
    name text not null default '',
    url text not null default '',                 -- where permalinks begin, with a slash at the end
    bot_person_id uuid,
    last_position bigint not null default 0       -- of its events; the row's lock makes commit order the order of positions
);

create table events (
    event_id uuid not null,
    team_id text not null,
    position bigint not null,
    kind text not null,
    schema_version integer not null,
    container_id uuid,
    person_id uuid,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    cause uuid,
    payload jsonb not null,
    primary key (recorded_at, event_id)
) partition by range (recorded_at);
create index events_by_position on events (team_id, position);

-- A unique key on a partitioned table would have to contain the time, so idempotency keys stand beside the log.
create table event_keys (
    team_id text not null references teams,
    key text not null,
    event_id uuid not null,
    primary key (team_id, key)
);

create table events_default partition of events default;

create function open_event_partition(month date) returns void
language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
    first date := date_trunc('month', month);
    next date := first + interval '1 month';
    name text := 'events_' || to_char(first, 'YYYY_MM');
begin
    if to_regclass(name) is not null then
        return;
    end if;
    -- Of two that open the same month, the second finds it open. The log waits meanwhile.
    lock table events in access exclusive mode;
    if to_regclass(name) is not null then
        return;
    end if;
    execute format('create table %I (like events including all)', name);
    -- What came before its month was opened stands in the default partition, and would forbid the new one.
    execute format('with early as (delete from events_default where recorded_at >= %L and recorded_at < %L returning *)
                    insert into %I select * from early', first, next, name);
    execute format('alter table events attach partition %I for values from (%L) to (%L)', name, first, next);
end $$;

create function append_events(team text, rows jsonb) returns bigint language sql as $$
    -- Locks the team's row until commit, before anything else: no event becomes visible behind a reader's cursor, and no
    -- two writers wait for each other's keys.
    select from teams where team_id = team for no key update;
    with given as (
        select distinct on (r.key) r.*
          from rows from (jsonb_to_recordset(rows)
                            as (event_id uuid, key text, kind text, schema_version int, container_id uuid, person_id uuid,
                                occurred_at timestamptz, cause uuid, payload jsonb))
               with ordinality
            as r(event_id, key, kind, schema_version, container_id, person_id, occurred_at, cause, payload, ordinal)
         order by r.key, r.ordinal
    ), fresh as (
        insert into event_keys (team_id, key, event_id)
        select team, key, event_id from given
        on conflict do nothing
        returning event_id
    ), counter as (
        update teams set last_position = last_position + (select count(*) from fresh)
         where team_id = team and exists (select from fresh)
        returning last_position - (select count(*) from fresh) as base
    ), appended as (
        insert into events (event_id, team_id, position, kind, schema_version, container_id, person_id,
                            occurred_at, recorded_at, cause, payload)
        select g.event_id, team, counter.base + row_number() over (order by g.ordinal), g.kind, g.schema_version,
               g.container_id, g.person_id, g.occurred_at, clock_timestamp(), g.cause, g.payload
          from given g join fresh using (event_id) cross join counter
        returning 1
    )
    select count(*) from appended
$$;

-- All words stand here: what people wrote, and every text derived from it.
create table contents (
    content_id uuid primary key,
    team_id text not null,
    kind text not null,
    container_id uuid,                            -- whose audience may read it …
    viewer_id uuid,                               -- … or the one person or channel for whom it was written
    body text not null,
    search tsvector generated always as (case when kind = 'message' then to_tsvector('english', body) end) stored,
    check (container_id is not null or viewer_id is not null)
);
create index contents_search on contents using gin (search);
create index contents_by_container on contents (container_id, kind);

create table content_origins (
    team_id text not null,
    content_id uuid not null references contents on delete cascade,
    rests_on uuid not null references contents on delete cascade,
    primary key (content_id, rests_on)
);
create index content_origins_by_origin on content_origins (rests_on);

-- A text goes with any text that it rests on, at any depth and for every viewer; and none can come to rest on one that is
-- gone: the foreign key holds that until the writer has committed.
create function erase_derived() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from contents where content_id in (select content_id from gone);
    return null;
end $$;
create trigger derived_goes_too after delete on content_origins
    referencing old table as gone for each statement execute function erase_derived();

-- Who and where ------------------------------------------------------------------------------------------------------

create table people (
    person_id uuid primary key,
    team_id text not null,
    real_name text not null default '',
    handle text not null default '',
    title text not null default '',
    email text not null default '',
    tz text not null default 'UTC',
    role text not null default 'member' check (role in ('member', 'guest', 'bot')),
    manager_id uuid,
    projects text[] not null default '{}',
    deactivated boolean not null default false,
    reader_since timestamptz,                     -- pressed Start, or named by DAYBOOK_LEADERS
    stopped_reading_at timestamptz,               -- pressed Stop: no setting outranks that
    brief_at time not null default '08:30'
);
create index people_readers on people (team_id) where reader_since is not null;

create table identities (
    team_id text not null,
    source text not null,
    external_id text not null,
    person_id uuid not null,
    primary key (team_id, source, external_id)
);
create index identities_by_person on identities (person_id);

create table containers (
    container_id uuid primary key,
    team_id text not null,
    source text not null,
    external_id text not null,
    kind text not null check (kind in ('public', 'private', 'dm', 'group_dm')),
    name text not null default '',
    archived boolean not null default false,
    read_by_daybook boolean not null default true,
    personal_to uuid,                             -- the one person for whom Daybook opened it
    members_read_at timestamptz,                  -- null: who is in it is not known in full
    history_read_until timestamptz,
    unique (team_id, source, external_id)
);

create table memberships (
    container_id uuid not null,
    person_id uuid not null,
    team_id text not null,
    joined boolean not null,
    at timestamptz not null,
    primary key (container_id, person_id)
);
create index memberships_by_person on memberships (person_id) where joined;

-- Projections --------------------------------------------------------------------------------------------------------

create table messages (
    message_id uuid primary key,
    team_id text not null,
    container_id uuid not null,
    external_ts text not null,
    thread_ts text,
    author_id uuid,
    kind text not null check (kind in ('human', 'bot', 'notice')),
    posted_at timestamptz not null,
    mentions uuid[] not null default '{}',
    client_msg_id text,
    content_id uuid references contents on delete set null,
    edited_at timestamptz,
    deleted_at timestamptz,
    conversation_id uuid                          -- null: not worked out yet
);
create index messages_by_time on messages (container_id, posted_at, message_id);
create index messages_by_conversation on messages (conversation_id);
create index messages_by_content on messages (content_id);
create index messages_to_extract on messages (container_id, posted_at) where conversation_id is null and deleted_at is null;

create table message_revisions (
    message_id uuid not null,
    team_id text not null,
    container_id uuid not null,
    at timestamptz not null,
    content_id uuid references contents on delete set null,
    primary key (message_id, at)
);
create index message_revisions_by_content on message_revisions (content_id);

create table reactions (
    message_id uuid not null,
    team_id text not null,
    container_id uuid not null,
    person_id uuid not null,
    name text not null,
    added boolean not null,
    at timestamptz not null,
    primary key (message_id, person_id, name)
);

create table conversations (
    conversation_id uuid primary key,
    team_id text not null,
    container_id uuid not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    topic_id uuid references contents on delete set null,
    gist_id uuid references contents on delete set null,
    participants jsonb not null default '[]',
    revision integer not null default 1,          -- grows with every change of its messages
    worked_out integer not null default 0         -- the revision that its facts were worked out from
);
create index conversations_by_topic on conversations (topic_id);
create index conversations_by_gist on conversations (gist_id);
create index conversations_by_time on conversations (container_id, ended_at);
create index conversations_stale on conversations (container_id) where revision > worked_out;

create table facts (
    fact_id uuid primary key,
    team_id text not null,
    container_id uuid not null,
    conversation_id uuid not null,
    kind text not null check (kind in ('decision', 'commitment', 'question', 'blocker', 'update')),
    actor_id uuid,
    counterparty_id uuid,
    statement_id uuid references contents on delete set null,
    due date,
    status text not null,
    log_odds real not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    recorded_at timestamptz not null,
    retired_at timestamptz,
    engine text not null,
    engine_version text not null
);
create index facts_by_container on facts (container_id, valid_from) where retired_at is null;
create index facts_by_statement on facts (statement_id);
create index facts_by_conversation on facts (conversation_id) where retired_at is null;

create table evidence (
    fact_id uuid not null references facts on delete cascade,
    message_id uuid not null,
    team_id text not null,
    container_id uuid not null,
    role text not null,
    span_start integer not null,
    span_end integer not null,
    primary key (fact_id, message_id, role, span_start)
);
create index evidence_by_message on evidence (message_id);

-- What a task answered, kept so that the same input is never worked out twice; the answer itself is a content.
create table task_results (
    team_id text not null,
    task text not null,
    version text not null,
    input_hash text not null,
    container_id uuid,
    viewer_id uuid,
    content_id uuid not null references contents on delete cascade,
    primary key (team_id, task, version, input_hash)
);
create index task_results_by_content on task_results (content_id);

-- What was told --------------------------------------------------------------------------------------------------------

create table briefings (
    briefing_id uuid primary key,
    team_id text not null,
    person_id uuid not null,
    local_date date not null,
    due_at timestamptz not null,
    composed_at timestamptz,
    headline_id uuid references contents on delete set null,
    coverage jsonb,
    engine text,
    delivered_at timestamptz,
    unique (person_id, local_date)
);
create index briefings_by_headline on briefings (headline_id);

create table items (
    item_id uuid primary key,
    team_id text not null,
    briefing_id uuid not null references briefings on delete cascade,
    person_id uuid not null,
    ordinal integer not null,
    section text not null,
    anchor_id uuid not null,
    fact_ids uuid[] not null,
    message_ids uuid[] not null,
    text_id uuid references contents on delete set null,
    why_id uuid references contents on delete set null,
    tag text not null,
    fingerprint text not null,                    -- of what was told, to know tomorrow whether it changed
    done_at timestamptz
);
create index items_by_briefing on items (briefing_id, ordinal);
create index items_by_text on items (text_id);
create index items_by_why on items (why_id);
create index items_by_person on items (person_id, anchor_id);

create table answers (
    answer_id uuid primary key,
    team_id text not null,
    question_message_id uuid not null,
    asker_id uuid not null,
    container_id uuid not null,
    thread_ts text,
    viewer_kind text not null,
    viewer_id uuid not null,
    question_id uuid references contents on delete set null,
    text_id uuid references contents on delete set null,
    message_ids uuid[] not null default '{}',
    engine text,
    asked_at timestamptz not null
);
create index answers_by_question on answers (question_id);
create index answers_by_text on answers (text_id);

-- Coming in, going out, and who is at work -----------------------------------------------------------------------------

create table inbox (
    inbox_id uuid primary key,                    -- derived from the delivery's own key: a repeat changes nothing
    team_id text not null,
    place text not null,                          -- what is handled in order: a channel's deliveries, or a person's
    kind text not null,
    payload text,                                 -- as it came; emptied once handled
    received_at timestamptz not null default now(),
    handled_at timestamptz,
    failure text                                  -- why it was set aside
);
create index inbox_waiting on inbox (team_id, place, received_at) where handled_at is null and failure is null;

create table outbox (
    outbox_id uuid primary key,
    team_id text not null,
    key text not null,
    surface text not null,                        -- which renderer writes it: briefing, answer, welcome, …
    subject_id uuid not null,                     -- what it shows
    operation text not null check (operation in ('post', 'update', 'ephemeral')),
    person_id uuid,                               -- goes to them in private …
    channel text,                                 -- … or here
    thread_ts text,
    state text not null default 'intended' check (state in ('intended', 'sending', 'sent', 'dropped')),
    sent_channel text,
    sent_ts text,
    intended_at timestamptz not null,
    sending_since timestamptz,
    sent_at timestamptz,
    failure text,
    unique (team_id, key)
);
create index outbox_waiting on outbox (intended_at) where state in ('intended', 'sending');
create index outbox_by_subject on outbox (subject_id);
create index outbox_by_message on outbox (sent_channel, sent_ts);

create table leases (
    run_key text primary key,
    team_id text not null,
    owner text not null,
    fence bigint not null,
    expires_at timestamptz not null
);

-- Audience: the one place that decides what a viewer may read ------------------------------------------------------------

create function audience_of(container uuid) returns table (person_id uuid, role text)
language sql stable security definer set search_path = public, pg_temp as $$
    -- Everybody who could open the container; whom we have not heard of counts as a guest.
    select p.person_id, p.role
      from containers c join people p on p.team_id = c.team_id
     where c.container_id = container and c.kind = 'public' and p.role = 'member' and not p.deactivated
    union
    select m.person_id, coalesce(p.role, 'guest')
      from memberships m left join people p on p.person_id = m.person_id
     where m.container_id = container and m.joined
       and (p.person_id is null or not p.deactivated and p.role <> 'bot')
$$;

create function readable_containers(viewer_kind text, viewer uuid) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    with audience as materialized (
        select a.person_id, a.role <> 'member' as outside from audience_of(viewer) a where viewer_kind = 'channel'
    ), crowd as materialized (
        select count(*) as size, count(*) filter (where outside) as outsiders from audience
    ), shared as materialized (
        -- How many of them are in a container: looked for only where one of them, an outsider if there is any, is.
        select m.container_id, count(*) as size, count(*) filter (where a.outside) as outsiders
          from memberships seen
          join memberships m on m.container_id = seen.container_id and m.joined
          join audience a on a.person_id = m.person_id
         where seen.joined
           and seen.person_id = (select person_id from audience order by outside desc, person_id limit 1)
         group by m.container_id
    )
    -- A source is what Daybook reads; its own conversations with people never are one.
    select c.container_id
      from people p join containers c on c.team_id = p.team_id
     where viewer_kind = 'person' and p.person_id = viewer and not p.deactivated and p.role <> 'bot'
       and c.read_by_daybook and c.personal_to is null and c.kind <> 'dm'
       and ((c.kind = 'public' and p.role = 'member')
            or exists (select from memberships m
                        where m.container_id = c.container_id and m.person_id = viewer and m.joined))
    union all
    -- A channel may read what everybody who could open it may read: of one whose members are not known, itself alone.
    select c.container_id
      from containers here join containers c on c.team_id = here.team_id cross join crowd
      left join shared s on s.container_id = c.container_id
     where viewer_kind = 'channel' and here.container_id = viewer
       and c.read_by_daybook and c.personal_to is null and c.kind <> 'dm'
       and (c.container_id = viewer
            or here.members_read_at is not null and crowd.size > 0
               and (coalesce(s.size, 0) = crowd.size
                    or c.kind = 'public' and coalesce(s.outsiders, 0) = crowd.outsiders))
$$;

create function current_viewer_kind() returns text language sql stable as
$$ select nullif(current_setting('daybook.viewer_kind', true), '') $$;
create function current_viewer() returns uuid language sql stable as
$$ select nullif(current_setting('daybook.viewer', true), '')::uuid $$;
create function current_scribe() returns uuid[] language sql stable as
$$ select coalesce(nullif(current_setting('daybook.scribe', true), ''), '{}')::uuid[] $$;
create function visible_containers() returns uuid[] language sql stable as $$
    -- What row-level security lets through: what the viewer may read, and what the scribe at work is working on.
    select coalesce(array_agg(container_id), '{}') || current_scribe()
      from readable_containers(current_viewer_kind(), current_viewer()) as r(container_id)
$$;

create function find_messages(viewer_kind text, viewer uuid, query text, most integer)
returns table (message_id uuid, rank real)
language sql stable security definer set search_path = public, pg_temp as $$
    -- Ids only: the rows behind them are read under row-level security. A question put to us tells nothing.
    select m.message_id, ts_rank_cd(c.search, q, 1) as rank
      from to_tsquery('english', query) q
      join contents c on c.search @@ q and c.kind = 'message'
      join messages m on m.content_id = c.content_id
     where c.container_id in (select readable_containers(viewer_kind, viewer))
       and m.deleted_at is null and m.kind <> 'notice'
       and not exists (select from answers a where a.question_message_id = m.message_id)
     order by rank desc, m.posted_at desc, m.message_id
     limit most
$$;

create function containers_with_readers(team text) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    -- No work is done for a container that no reader can read.
    select distinct r.container_id
      from people p cross join lateral readable_containers('person', p.person_id) as r(container_id)
     where p.team_id = team and p.reader_since is not null
$$;

-- The second fence ------------------------------------------------------------------------------------------------------

do $$
declare
    name text;
begin
    foreach name in array array['messages', 'message_revisions', 'reactions', 'conversations', 'facts', 'evidence'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy reading on %I for select using (container_id = any ((select visible_containers())::uuid[]))', name);
        execute format('create policy adding on %I for insert with check (container_id = any ((select current_scribe())::uuid[]))', name);
        execute format('create policy changing on %I for update using (container_id = any ((select current_scribe())::uuid[]))', name);
        execute format('create policy removing on %I for delete using (container_id = any ((select current_scribe())::uuid[]))', name);
    end loop;

    -- A text is its container's, or of the one viewer for whom it was written.
    foreach name in array array['contents', 'task_results'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy reading on %I for select using (
            (viewer_id is null and container_id = any ((select visible_containers())::uuid[])) or viewer_id = (select current_viewer()))', name);
        execute format('create policy adding on %I for insert with check (
            (viewer_id is null and container_id = any ((select current_scribe())::uuid[])) or viewer_id = (select current_viewer()))', name);
        execute format('create policy changing on %I for update using (
            (viewer_id is null and container_id = any ((select current_scribe())::uuid[])) or viewer_id = (select current_viewer()))', name);
        execute format('create policy removing on %I for delete using (
            (viewer_id is null and container_id = any ((select current_scribe())::uuid[])) or viewer_id = (select current_viewer()))', name);
    end loop;

    -- A briefing is its reader's; an answer is of whom it was written for.
    alter table items enable row level security;
    create policy own on items using (person_id = (select current_viewer())) with check (person_id = (select current_viewer()));
    alter table answers enable row level security;
    create policy own on answers using (viewer_id = (select current_viewer())) with check (viewer_id = (select current_viewer()));
end $$;

-- Words are erased whoever's they are: a deleted message takes what was derived from it for other viewers with it.
create function erase_contents(gone uuid[]) returns void language sql security definer set search_path = public, pg_temp as $$
    delete from contents where content_id = any (gone)
$$;

grant usage on schema public to daybook_app;
grant select, insert, update, delete on all tables in schema public to daybook_app;
revoke update, delete on events, events_default, event_keys, content_origins from daybook_app;
revoke all on function open_event_partition(date), erase_contents(uuid[]), erase_derived() from public;
grant execute on all functions in schema public to daybook_app;
