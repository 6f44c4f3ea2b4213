-- Mornings on time: what is looked at ahead, and who listens meanwhile.

-- Who was in a personal channel when that was last looked at, and when anybody came or went since. Work, as leases are:
-- no event tells of it, and without it each channel is looked at anew.
create table assurances (
    container_id uuid primary key,
    team_id text not null,
    looked_at timestamptz,
    alone boolean not null default false,         -- nobody but its person and Daybook
    doubted_at timestamptz
);

-- Who takes in what Slack tells: since when without a gap, and when the connection was last known to stand.
create table listeners (
    team_id text not null,
    owner text not null,
    since timestamptz not null,
    heard_at timestamptz not null,
    primary key (team_id, owner)
);

create index inbox_set_aside on inbox (team_id, place, received_at) where handled_at is null and failure is not null;

create function is_looked_after(container uuid) returns boolean
language sql stable set search_path = public, pg_temp as $$
    -- Whether what was seen of a channel holds still: it is not long ago, nobody came or went, nothing that Slack told
    -- of it waits, and whoever listened at that time or later has done so until now.
    select exists (
        select from assurances a join containers c using (container_id)
         where a.container_id = container
           and a.looked_at > now() - interval '1 hour'
           and (a.doubted_at is null or a.doubted_at < a.looked_at)
           and not exists (select from inbox i
                            where i.team_id = c.team_id and i.place = c.external_id and i.handled_at is null
                              and i.failure is null)
           and not exists (select from inbox i
                            where i.team_id = c.team_id and i.place = c.external_id and i.handled_at is null
                              and i.failure is not null and i.received_at > a.looked_at)
           and exists (select from listeners l
                        where l.team_id = c.team_id and l.heard_at > now() - interval '10 seconds')
           and not exists (select from listeners l
                            where l.team_id = c.team_id and l.heard_at > a.looked_at - interval '10 seconds'
                              and (l.since > a.looked_at or l.heard_at < now() - interval '10 seconds')))
$$;

-- What can be a source, without the many personal channels that never are one.
create index containers_as_sources on containers (team_id) where read_by_daybook and personal_to is null and kind <> 'dm';
create index containers_by_owner on containers (personal_to) where personal_to is not null;
create index briefings_undelivered on briefings (team_id, due_at) where delivered_at is null;
create index messages_unplaced on messages (container_id) where conversation_id is null and deleted_at is null;

create function find_unfinished(places uuid[]) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    -- Ids only: containers of which something is not worked out, or not in the index, yet.
    select p.container_id
      from unnest(places) as p(container_id)
     where exists (select from messages m join contents c using (content_id)
                    where m.container_id = p.container_id and m.conversation_id is null and m.deleted_at is null)
        or exists (select from placement_work w where w.container_id = p.container_id)
        or exists (select from conversation_work w join conversations c using (conversation_id)
                    where w.container_id = p.container_id and w.revision > w.worked_out)
        or exists (select from indexed_containers i where i.container_id = p.container_id and i.stale)
$$;

create function stamp_desk(viewer_kind text, viewer uuid, talks uuid[], told uuid[], cited uuid[]) returns text
language sql stable security definer set search_path = public, pg_temp as $$
    -- A stamp alone, over what the viewer may read of these conversations, facts and messages and all they rest on. A
    -- changed row is another, made elsewhere by another transaction; one that cannot be read any more is not there.
    with here as materialized (
        select array(select readable_containers(viewer_kind, viewer)) as places
    ), wanted as materialized (
        select unnest(talks) as conversation_id
        union select f.conversation_id from facts f where f.fact_id = any (told)
    ), talked as materialized (
        select c.conversation_id, c.container_id, c.topic_id, c.gist_id, c.xmin, c.ctid
          from here cross join wanted join conversations c using (conversation_id) where c.container_id = any (here.places)
    ), linked as materialized (
        select l.link_id, l.from_fact, l.to_fact, l.message_ids, l.xmin, l.ctid from here cross join fact_links l
         where (l.from_fact = any (told) or l.to_fact = any (told))
           and l.from_container = any (here.places) and l.to_container = any (here.places)
    ), ends as materialized (
        select unnest(told) as fact_id union select from_fact from linked union select to_fact from linked
    ), proof as materialized (
        select e.message_id, e.xmin, e.ctid from evidence e where e.fact_id = any (told)
    ), said as materialized (
        select m.message_id from wanted join messages m using (conversation_id)
        union select message_id from proof
        union select unnest(message_ids) from linked
        union select unnest(cited)
    ), stood as (
        select 1 as kind, f.fact_id as key, f.xmin, f.ctid, s.xmin as words, null::xid as more
          from here cross join ends join facts f using (fact_id) left join contents s on s.content_id = f.statement_id
         where f.container_id = any (here.places)
        union all
        select 2, t.conversation_id, t.xmin, t.ctid, w.xmin, g.xmin
          from talked t left join contents w on w.content_id = t.topic_id left join contents g on g.content_id = t.gist_id
        union all
        select 3, m.message_id, m.xmin, m.ctid, w.xmin, null
          from here cross join said join messages m using (message_id) left join contents w using (content_id)
         where m.container_id = any (here.places)
        union all
        select 4, message_id, xmin, ctid, null, null from proof
        union all
        select 5, link_id, xmin, ctid, null, null from linked
        union all
        select 6, r.message_id, r.xmin, r.ctid, null, null from said join reactions r using (message_id)
        union all
        select 7, p.container_id, p.xmin, p.ctid, null, null from containers p where p.container_id = any ((select places from here)::uuid[])
    )
    select concat(count(*), ':',
                  sum(hashtextextended(concat(kind, key, ctid, '/', words, '/', more), xmin::text::bigint)::numeric))
      from stood
$$;

grant select, insert, update, delete on assurances, listeners to daybook_app;
revoke all on function find_unfinished(uuid[]), stamp_desk(text, uuid, uuid[], uuid[], uuid[]) from public;
grant execute on function find_unfinished(uuid[]), is_looked_after(uuid), stamp_desk(text, uuid, uuid[], uuid[], uuid[])
    to daybook_app;
