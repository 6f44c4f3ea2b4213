-- What a channel may read is asked by every transaction that is for it. The audience was listed, and counted in every
-- container: the larger a team, the longer that took. Now each container is looked at until the first of them is missing
-- there, who mostly is among the first. What is readable is as it was.

create or replace function readable_containers(viewer_kind text, viewer uuid) returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    here record;
    outsiders uuid[];                              -- those of its audience who may open no public channel by themselves
    insiders uuid[];                               -- the others who are in it
    somebody uuid;
begin
    if viewer_kind = 'person' then
        -- A source is what Daybook reads; its own conversations with people never are one.
        return query
        select c.container_id
          from people p join containers c on c.team_id = p.team_id
         where p.person_id = viewer and not p.deactivated and p.role <> 'bot'
           and c.read_by_daybook and c.personal_to is null and c.kind <> 'dm'
           and ((c.kind = 'public' and p.role = 'member')
                or exists (select from memberships m
                            where m.container_id = c.container_id and m.person_id = viewer and m.joined));
        return;
    end if;
    if viewer_kind is distinct from 'channel' then
        return;
    end if;
    select c.team_id, c.kind, c.members_read_at is not null as is_known into here
      from containers c where c.container_id = viewer;
    if not found then
        return;
    end if;
    -- As `audience_of` has it: whom we have not heard of counts as a guest.
    select coalesce(array_agg(m.person_id) filter (where p.role is distinct from 'member'), '{}'),
           coalesce(array_agg(m.person_id) filter (where p.role = 'member'), '{}')
      into outsiders, insiders
      from memberships m left join people p on p.person_id = m.person_id
     where m.container_id = viewer and m.joined
       and (p.person_id is null or not p.deactivated and p.role <> 'bot');
    somebody := coalesce(outsiders[1], insiders[1]);
    if somebody is null and here.kind = 'public' then
        select p.person_id into somebody
          from people p where p.team_id = here.team_id and p.role = 'member' and not p.deactivated limit 1;
    end if;
    -- A channel may read what everybody who could open it may read: of one whose members are not known, itself alone.
    -- Whether somebody is in a container is asked one by one: joined to it, all of them would be looked up first.
    return query
    select c.container_id
      from containers c
     where c.team_id = here.team_id and c.read_by_daybook and c.personal_to is null and c.kind <> 'dm'
       and (c.container_id = viewer
            or here.is_known and somebody is not null
               and (c.kind = 'public' and outsiders = '{}'
                    or exists (select from memberships m
                                where m.container_id = c.container_id and m.person_id = somebody and m.joined))
               and not exists (select from unnest(outsiders) as o(person_id)
                                where (select m.joined from memberships m
                                        where m.container_id = c.container_id and m.person_id = o.person_id) is not true)
               and (c.kind = 'public'
                    or not exists (select from unnest(insiders) as i(person_id)
                                    where (select m.joined from memberships m
                                            where m.container_id = c.container_id and m.person_id = i.person_id) is not true)
                       and (here.kind <> 'public'
                            or not exists (select from people p
                                            where p.team_id = here.team_id and p.role = 'member' and not p.deactivated
                                              and (select m.joined from memberships m
                                                    where m.container_id = c.container_id
                                                      and m.person_id = p.person_id) is not true))));
end
$$;
