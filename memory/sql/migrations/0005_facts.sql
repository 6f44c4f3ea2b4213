-- Facts in two times, and links between facts of different containers.

-- What was told of a fact, one row for each event, in the order of the log. The last row of a fact is how it stands.
create table fact_versions (
    event_id uuid primary key,
    team_id text not null,
    container_id uuid not null,
    fact_id uuid not null,
    ordinal integer not null,
    event text not null,                          -- the kind of event that it is so by
    by_id uuid,                                   -- the person who said so, where one corrected it …
    words_id uuid,                                -- … and their words
    conversation_id uuid not null,
    kind text not null,
    actor_id uuid,
    counterparty_id uuid,
    statement_id uuid,
    due date,
    status text not null,
    log_odds real not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    engine text not null,
    engine_version text not null,
    evidence jsonb not null,
    recorded_at timestamptz not null,
    superseded_at timestamptz,                    -- null: it stands so today
    retired boolean not null,
    unique (fact_id, ordinal)
);
create index fact_versions_by_container on fact_versions (container_id, recorded_at);

-- What the log told before this table was there.
insert into fact_versions
select event_id, team_id, container_id, fact_id, ordinal, event, null, null, conversation_id, kind, actor_id, counterparty_id,
       statement_id, due, status, log_odds, valid_from, valid_to, engine, engine_version, evidence, recorded_at, superseded_at,
       false
  from (select e.event_id, e.team_id, e.container_id, e.kind as event, told.*,
               row_number() over chain as ordinal,
               lead(coalesce(told.recorded_at, told.retired_at)) over chain as superseded_at
          from events e,
               jsonb_to_record(e.payload)
            as told(fact_id uuid, conversation_id uuid, kind text, actor_id uuid, counterparty_id uuid, statement_id uuid,
                    due date, status text, log_odds real, valid_from timestamptz, valid_to timestamptz, engine text,
                    engine_version text, evidence jsonb, recorded_at timestamptz, retired_at timestamptz)
         where e.schema_version = 2 and (e.payload ? 'statement_id' or e.kind = 'FactRetired')
        window chain as (partition by told.fact_id order by e.position)) as told
 where kind is not null;

-- A fact lives in one container: what another container says of it is a row of its own, of ids and plain values.
create table fact_links (
    link_id uuid primary key,
    team_id text not null,
    relation text not null check (relation in ('same', 'resolves', 'reverses', 'contradicts')),
    from_container uuid not null,
    from_fact uuid,                               -- null: a bare remark, that is no fact of its own
    from_message uuid not null,                   -- the first of its evidence there
    to_container uuid not null,
    to_fact uuid not null,
    to_message uuid not null,
    from_evidence jsonb not null,
    to_evidence jsonb not null,
    message_ids uuid[] not null,                  -- of the evidence at both ends
    status text,                                  -- what the fact at the end becomes by it, if anything
    at timestamptz not null,                      -- since when, in the world
    independent boolean not null,                 -- whether different people speak at its ends
    log_odds real not null,
    engine text not null,
    engine_version text not null,
    recorded_at timestamptz not null,
    retired_at timestamptz,
    event_id uuid not null
);
create index fact_links_by_from on fact_links (from_fact);
create index fact_links_by_to on fact_links (to_fact);
create index fact_links_by_from_message on fact_links (from_message) where retired_at is null;
create index fact_links_by_to_message on fact_links (to_message) where retired_at is null;
create index facts_by_actor on facts (actor_id, valid_from) where retired_at is null;
create index messages_by_author_and_time on messages (author_id, posted_at) where deleted_at is null;

create function standing_links(places uuid[]) returns setof fact_links language sql stable as $$
    -- With both ends in these places; none of which a message was deleted, or an end is no fact any more.
    select l.*
      from fact_links l
     where l.from_container = any (places) and l.to_container = any (places)
       and cardinality(l.message_ids) = (select count(*) from messages m
                                          where m.message_id = any (l.message_ids) and m.deleted_at is null)
       and not exists (select from facts f where f.fact_id in (l.from_fact, l.to_fact) and f.retired_at is not null)
$$;

create function find_link_ends(team text, here uuid, touched uuid[], actors uuid[], promisers uuid[], names text[],
                               since timestamptz, until timestamptz, most integer)
returns table (container_id uuid, fact_id uuid, message_id uuid)
language sql stable security definer set search_path = public, pg_temp
-- One plan for all names would read everything for each.
set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
    -- Ids only, for the scribe of all these containers: facts elsewhere of these people or about things of these names,
    -- what those with something open said elsewhere, and the other ends of what is linked already. Bounded in each
    -- container apart: what is in one that a viewer may not read crowds out nothing of another.
    with found as (
        select f.container_id, f.fact_id, null::uuid as message_id
          from unnest(actors) as a(person)
         cross join lateral (select o.container_id, o.fact_id,
                                    row_number() over (partition by o.container_id order by o.valid_from desc, o.fact_id) as place
                               from facts o
                              where o.actor_id = a.person and o.retired_at is null and o.container_id <> here
                                and o.valid_from between since and until) f
         where f.place <= most
        union
        select f.container_id, f.fact_id, null
          from unnest(names) as n(name)
         cross join phraseto_tsquery('english', n.name) as named
         cross join lateral (select e.container_id, e.fact_id,
                                    row_number() over (partition by e.container_id order by p.posted_at desc, e.fact_id) as place
                               from passages p join evidence e on e.message_id = p.message_id
                              where p.search @@ named and ts_filter(p.search, '{a}') @@ named
                                and p.container_id <> here and p.team_id = team
                                and p.posted_at between since and until) f
         where f.place <= most / 4
        union
        select s.container_id, null, s.message_id
          from unnest(promisers) as p(person)
         cross join lateral (select m.container_id, m.message_id,
                                    row_number() over (partition by m.container_id order by m.posted_at desc, m.message_id) as place
                               from messages m
                              where m.author_id = p.person and m.deleted_at is null and m.container_id <> here
                                and m.kind = 'human' and m.posted_at between since and until
                                and not exists (select from evidence e
                                                 where e.message_id = m.message_id and e.role = 'settles')) s
         where s.place <= most
        union
        select l.to_container, l.to_fact, null from fact_links l
         where l.from_message = any (touched) and l.retired_at is null
        union
        select l.from_container, l.from_fact, case when l.from_fact is null then l.from_message end from fact_links l
         where l.to_message = any (touched) and l.retired_at is null
    )
    select f.container_id, f.fact_id, f.message_id
      from found f join containers c on c.container_id = f.container_id
     where here = any (current_scribe()) and c.team_id = team and c.read_by_daybook and c.personal_to is null and c.kind <> 'dm'
$$;

-- The second fence. A link shows only to who may read both containers, and only the scribe of both writes it.
alter table fact_versions enable row level security;
create policy reading on fact_versions for select using (container_id = any ((select visible_containers())::uuid[]));
create policy adding on fact_versions for insert with check (container_id = any ((select current_scribe())::uuid[]));
create policy changing on fact_versions for update using (container_id = any ((select current_scribe())::uuid[]));
create policy removing on fact_versions for delete using (container_id = any ((select current_scribe())::uuid[]));

alter table fact_links enable row level security;
create policy reading on fact_links for select using (
    from_container = any ((select visible_containers())::uuid[]) and to_container = any ((select visible_containers())::uuid[]));
create policy adding on fact_links for insert with check (
    from_container = any ((select current_scribe())::uuid[]) and to_container = any ((select current_scribe())::uuid[]));
create policy changing on fact_links for update using (
    from_container = any ((select current_scribe())::uuid[]) and to_container = any ((select current_scribe())::uuid[]));
create policy removing on fact_links for delete using (
    from_container = any ((select current_scribe())::uuid[]) and to_container = any ((select current_scribe())::uuid[]));

grant select, insert, update, delete on fact_versions, fact_links to daybook_app;
grant execute on function standing_links(uuid[]) to daybook_app;
grant execute on function find_link_ends(text, uuid, uuid[], uuid[], uuid[], text[], timestamptz, timestamptz, integer)
    to daybook_app;
-- What reads past row-level security is the application's alone.
revoke all on function find_link_ends(text, uuid, uuid[], uuid[], uuid[], text[], timestamptz, timestamptz, integer),
    audience_of(uuid), readable_containers(text, uuid), containers_with_readers(text) from public;
