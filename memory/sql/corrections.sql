-- name: read_standing
-- As it stands, dismissed or not, if the person may read it: who may not read a fact may not correct it either.
select f.*, s.body as statement,
       coalesce((select jsonb_agg(jsonb_build_object('message_id', e.message_id, 'role', e.role,
                                                     'start', e.span_start, 'end', e.span_end)
                                  order by m.posted_at, e.message_id, e.span_start)
                   from evidence e join messages m using (message_id)
                  where e.fact_id = f.fact_id and m.deleted_at is null
                    and not exists (select from people p where p.person_id = m.author_id and p.untracked_at is not null)),
                '[]') as evidence
  from facts f join contents s on s.content_id = f.statement_id
 where f.fact_id = %(fact_id)s
   and f.container_id in (select readable_containers('person', %(by_id)s))

-- name: find_corrected
select fact_id from fact_versions where event_id = %(event_id)s and event in ('FactCorrected', 'FactDismissed')

-- name: find_amended
-- Otherwise than at that time, and a person had a part in that since. What was said and undone again changed nothing.
select f.fact_id, f.retired_at is not null as dismissed, case when f.engine = 'person' then w.by_id end as by_id
  from facts f
 cross join lateral (select * from fact_versions v where v.fact_id = f.fact_id and v.recorded_at <= %(time)s
                      order by v.ordinal desc limit 1) b
 cross join lateral (select v.by_id from fact_versions v
                      where v.fact_id = f.fact_id and v.recorded_at > %(time)s
                        and v.event in ('FactCorrected', 'FactDismissed', 'CorrectionUndone')
                      order by v.ordinal desc limit 1) w
 where f.fact_id = any (%(fact_ids)s) and (f.retired_at is null or f.engine = 'person')
   and (f.status, f.due, f.actor_id, f.statement_id, f.retired_at is not null)
       is distinct from (b.status, b.due, b.actor_id, b.statement_id, b.retired)

-- name: find_resting
select distinct f.valid_from, f.fact_id
  from evidence e join facts f using (fact_id)
 where e.message_id = any (%(message_ids)s) and f.retired_at is null
 order by f.valid_from, f.fact_id

-- name: find_promised_by
select fact_id, log_odds >= %(sure)s as confirmed
  from facts
 where fact_id = any (%(fact_ids)s) and actor_id = %(person_id)s and kind = 'commitment' and status = 'open'
   and retired_at is null
