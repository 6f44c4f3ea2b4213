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
