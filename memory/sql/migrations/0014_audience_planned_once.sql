-- Who may read what is asked by every statement under row-level security, by each table that it reads: as functions in SQL
-- these two were planned anew each time, which took ten times as long as answering. The text is as it was.

create or replace function readable_containers(viewer_kind text, viewer uuid) returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return query
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
                    or c.kind = 'public' and coalesce(s.outsiders, 0) = crowd.outsiders));
end
$$;

create or replace function visible_containers() returns uuid[] language plpgsql stable
set plan_cache_mode = force_generic_plan as $$
begin
    -- What row-level security lets through: what the viewer may read, and what the scribe at work is working on.
    return (
    select coalesce(array_agg(container_id), '{}') || current_scribe()
      from readable_containers(current_viewer_kind(), current_viewer()) as r(container_id));
end
$$;
