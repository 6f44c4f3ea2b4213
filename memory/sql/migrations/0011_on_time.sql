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

grant select, insert, update, delete on assurances, listeners to daybook_app;
revoke all on function find_unfinished(uuid[]) from public;
grant execute on function find_unfinished(uuid[]), is_looked_after(uuid) to daybook_app;
