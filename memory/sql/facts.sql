-- name: record_facts
with given as (
    select * from jsonb_to_recordset(%(rows)s::jsonb)
        as r(fact_id uuid, container_id uuid, conversation_id uuid, kind text, actor_id uuid, counterparty_id uuid,
             statement_id uuid, due date, status text, log_odds real, valid_from timestamptz, valid_to timestamptz,
             engine text, engine_version text)
)
insert into facts as f (fact_id, team_id, container_id, conversation_id, kind, actor_id, counterparty_id, statement_id, due,
                        status, log_odds, valid_from, valid_to, recorded_at, engine, engine_version)
select fact_id, %(team_id)s, container_id, conversation_id, kind, actor_id, counterparty_id, statement_id, due,
       status, log_odds, valid_from, valid_to, %(now)s, engine, engine_version
  from given
on conflict (fact_id) do update
   set conversation_id = excluded.conversation_id, actor_id = excluded.actor_id, counterparty_id = excluded.counterparty_id,
       statement_id = excluded.statement_id, due = excluded.due, status = excluded.status, log_odds = excluded.log_odds,
       valid_to = excluded.valid_to, recorded_at = excluded.recorded_at, retired_at = null,
       engine = excluded.engine, engine_version = excluded.engine_version

-- name: remove_evidence
delete from evidence where fact_id = any (%(fact_ids)s)

-- name: record_evidence
insert into evidence (fact_id, message_id, team_id, container_id, role, span_start, span_end)
select fact_id, message_id, %(team_id)s, container_id, role, span_start, span_end
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(fact_id uuid, message_id uuid, container_id uuid, role text, span_start int, span_end int)
on conflict do nothing

-- name: retire_facts
update facts set retired_at = %(now)s
 where fact_id = any (%(fact_ids)s) and retired_at is null

-- name: find_current_in_container
select fact_id
  from facts
 where container_id = %(container_id)s and retired_at is null
   and (valid_from > %(since)s or status in ('open', 'raised', 'proposed') or conversation_id = any (%(conversation_ids)s))
 order by valid_from, fact_id

-- name: find_current_for_viewer
-- What was put to Daybook itself is news for nobody, and a fact whose words were deleted takes no other's place.
select fact_id
  from facts
 where container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and retired_at is null and statement_id is not null and valid_from <= %(until)s
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
