-- name: read_standing
-- How facts stand, retired ones too: what happens to one next is told against that.
select fact_id, event_id, status, due, actor_id, counterparty_id, conversation_id, statement_id, retired_at
  from facts where fact_id = any (%(fact_ids)s)

-- name: find_current_in_container
select fact_id
  from facts
 where container_id = %(container_id)s and retired_at is null
   and (valid_from > %(since)s or status in ('open', 'raised', 'proposed') or conversation_id = any (%(conversation_ids)s))
 order by valid_from, fact_id

-- name: find_current_for_viewer
-- What was put to Daybook itself is news for nobody.
select fact_id
  from facts
 where container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and retired_at is null and valid_from <= %(until)s
   and (coalesce(valid_to, valid_from) > %(since)s or status in ('open', 'raised', 'proposed'))
   and not exists (select from teams t where t.team_id = facts.team_id and t.bot_person_id = facts.counterparty_id)
 order by valid_from desc, fact_id
 limit %(most)s

-- name: read_facts
select f.*, s.body as statement,
       coalesce((select jsonb_agg(jsonb_build_object('message_id', e.message_id, 'role', e.role,
                                                     'start', e.span_start, 'end', e.span_end)
                                  order by m.posted_at, e.message_id, e.span_start)
                   from evidence e join messages m using (message_id)
                  where e.fact_id = f.fact_id and m.deleted_at is null), '[]') as evidence
  from facts f join contents s on s.content_id = f.statement_id
 where f.fact_id = any (%(fact_ids)s) and f.retired_at is null
 order by f.valid_from, f.fact_id
