-- Every table of what is known follows from the log: an event is appended, and what it changes is folded from it.

-- The ids of what is new, in the order of the log.
drop function append_events(text, jsonb);
create function append_events(team text, rows jsonb) returns setof uuid language sql as $$
    -- Locks the team's row until commit, before anything else: no event becomes visible behind a reader's cursor, no two
    -- writers wait for each other's keys, and projections change in the order of the log.
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
        returning event_id, position
    )
    select event_id from appended order by position
$$;

-- A projection names a text by its id and may outlive it: the text is gone when `contents` has it no more, and whoever
-- reads joins that. A null in its place would be a change that no event tells.
alter table messages drop constraint messages_content_id_fkey;
alter table message_revisions drop constraint message_revisions_content_id_fkey;
alter table conversations drop constraint conversations_topic_id_fkey, drop constraint conversations_gist_id_fkey;
alter table facts drop constraint facts_statement_id_fkey;
alter table briefings drop constraint briefings_headline_id_fkey;
alter table items drop constraint items_text_id_fkey, drop constraint items_why_id_fkey;
alter table answers drop constraint answers_question_id_fkey, drop constraint answers_text_id_fkey;
drop index message_revisions_by_content, conversations_by_topic, conversations_by_gist, facts_by_statement,
    briefings_by_headline, items_by_text, items_by_why, answers_by_question, answers_by_text;

alter table messages add column length integer not null default 0;  -- of its wording, in characters
alter table people add column event_id uuid;                         -- the event that it is as it is by
alter table containers add column event_id uuid;
alter table facts add column event_id uuid;

-- What is yet to be worked out is no knowledge, and no event tells of it.
create table conversation_work (
    conversation_id uuid primary key,
    team_id text not null,
    container_id uuid not null,
    revision integer not null default 1,          -- grows with every change of its messages
    worked_out integer not null default 0         -- the revision that its facts were worked out from
);
insert into conversation_work select conversation_id, team_id, container_id, revision, worked_out from conversations;
create index conversation_work_stale on conversation_work (container_id) where revision > worked_out;
drop index conversations_stale;
alter table conversations drop column revision, drop column worked_out;

alter table conversation_work enable row level security;
create policy working on conversation_work
    using (container_id = any ((select current_scribe())::uuid[]))
    with check (container_id = any ((select current_scribe())::uuid[]));
grant select, insert, update, delete on conversation_work to daybook_app;
grant execute on function append_events(text, jsonb) to daybook_app;
