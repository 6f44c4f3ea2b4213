-- name: read_standing
-- How facts stand, retired ones too: what happens to one next is told against that.
select f.fact_id, f.event_id, f.status, f.due, f.actor_id, f.counterparty_id, f.conversation_id, f.statement_id,
       f.retired_at, f.valid_to, f.log_odds, f.engine, f.engine_version,
       exists (select from contents c where c.content_id = f.statement_id) as worded
  from facts f where f.fact_id = any (%(fact_ids)s)

-- name: find_current_in_container
-- Those that rest on these conversations are theirs too: a message may have come from another.
select fact_id
  from facts
 where container_id = %(container_id)s and (retired_at is null or engine = 'person')
   and (valid_from > %(since)s or status in ('open', 'raised', 'proposed') or conversation_id = any (%(conversation_ids)s)
        or fact_id in (select e.fact_id from messages m join evidence e using (message_id)
                        where m.conversation_id = any (%(conversation_ids)s)))
 order by valid_from, fact_id

-- name: find_current_for_viewer
-- What was put to Daybook itself is news for nobody; what was settled elsewhere, as far as the viewer may read that, is
-- open no more; and a fact whose words are gone takes no other's place.
with here as materialized (
    select array(select readable_containers(%(viewer_kind)s, %(viewer_id)s)) as places
)
select f.fact_id
  from facts f cross join here
 where f.container_id = any ((select places from here)::uuid[])
   and f.retired_at is null and f.valid_from <= %(until)s
   and (%(kinds)s::text[] is null or f.kind = any (%(kinds)s::text[]))
   and (%(people)s::uuid[] is null or f.actor_id = any (%(people)s::uuid[]) or f.counterparty_id = any (%(people)s::uuid[]))
   and (%(place)s::uuid is null or f.container_id = %(place)s::uuid)
   and (not %(is_due)s or f.due >= coalesce(%(due_since)s::date, '-infinity')
                          and f.due < coalesce(%(due_before)s::date, 'infinity'))
   and (coalesce(f.valid_to, f.valid_from) > %(since)s
        or f.status in ('open', 'raised', 'proposed')
           and not exists (select from standing_links(here.places) l
                            where l.to_fact = f.fact_id and l.status is not null and l.at <= %(since)s
                              and l.at > f.valid_from and l.retired_at is null and f.engine <> 'person'))
   and exists (select from contents c where c.content_id = f.statement_id)
   and not exists (select from teams t where t.team_id = f.team_id and t.bot_person_id = f.counterparty_id)
   and not (f.kind = 'question'
            and exists (select from evidence e where e.fact_id = f.fact_id and is_put_to_daybook(e.message_id)))
 order by case when %(is_due)s then f.due end, f.valid_from desc, f.fact_id
 limit %(most)s

-- name: find_resting_on
select e.message_id, e.role, f.fact_id, f.kind, f.status, f.actor_id, f.counterparty_id
  from evidence e join facts f using (fact_id)
 where e.message_id in (select unnest(%(message_ids)s::uuid[])) and f.retired_at is null
   and not exists (select from messages m join people p on p.person_id = m.author_id
                    where m.message_id = e.message_id and p.untracked_at is not null)
 order by e.message_id, f.valid_from, f.fact_id

-- name: read_facts
-- With the evidence that counts: not what was deleted, nor what somebody wrote who is not tracked.
select f.fact_id, f.container_id, f.conversation_id, f.kind, f.actor_id, f.counterparty_id, f.due, f.status, f.log_odds,
       f.valid_from, f.valid_to, f.engine, f.engine_version, s.body as statement, f.retired_at is not null as dismissed,
       coalesce((select jsonb_agg(jsonb_build_object('message_id', e.message_id, 'role', e.role,
                                                     'start', e.span_start, 'end', e.span_end)
                                  order by m.posted_at, e.message_id, e.span_start)
                   from evidence e join messages m using (message_id)
                  where e.fact_id = f.fact_id and m.deleted_at is null
                    and not exists (select from people p where p.person_id = m.author_id and p.untracked_at is not null)),
                '[]') as evidence
  from facts f join contents s on s.content_id = f.statement_id
 where f.fact_id = any (%(fact_ids)s) and (f.retired_at is null or f.engine = 'person')
 order by f.valid_from, f.fact_id

-- name: find_naming
-- What somebody did or is to get, in what they may read; what they have open with others comes first.
with named as (
    select fact_id, container_id, kind, status, valid_from, statement_id, counterparty_id, team_id
      from facts where actor_id = %(person_id)s and retired_at is null
    union
    select fact_id, container_id, kind, status, valid_from, statement_id, counterparty_id, team_id
      from facts where counterparty_id = %(person_id)s and retired_at is null
)
select f.fact_id
  from named f
 where f.container_id in (select readable_containers('person', %(person_id)s))
   and exists (select from contents c where c.content_id = f.statement_id)
   and not exists (select from teams t where t.team_id = f.team_id and t.bot_person_id = f.counterparty_id)
 order by f.kind = 'commitment' and f.status = 'open' desc, f.valid_from desc, f.fact_id
 limit %(most)s

-- name: find_borne_out_by
-- Facts of a container that somebody's own messages state or settle. What a person corrected and others state too stays.
select distinct f.fact_id, f.event_id
  from messages m join evidence e using (message_id) join facts f on f.fact_id = e.fact_id
 where m.author_id = %(person_id)s and m.container_id = %(container_id)s and f.retired_at is null
   and (f.engine <> 'person'
        or not exists (select from evidence o join messages n using (message_id)
                        where o.fact_id = f.fact_id and o.role = 'states' and n.deleted_at is null
                          and n.author_id is distinct from %(person_id)s))
 order by f.fact_id
 limit %(most)s
