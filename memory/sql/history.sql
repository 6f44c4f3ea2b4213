-- name: read_known
-- What was believed then, and whose words still stand.
select v.*, s.body as statement,
       coalesce((select jsonb_agg(e.span order by m.posted_at, m.message_id, e.place)
                   from jsonb_array_elements(v.evidence) with ordinality as e(span, place)
                   join messages m on m.message_id = (e.span ->> 'message_id')::uuid and m.deleted_at is null
                    and not exists (select from people p where p.person_id = m.author_id and p.untracked_at is not null)), '[]') as cited
  from fact_versions v join contents s on s.content_id = v.statement_id
 where v.container_id = any (%(places)s) and v.recorded_at <= %(time)s and not v.retired
   and (v.superseded_at is null or v.superseded_at > %(time)s)
 order by v.valid_from desc, v.fact_id
 limit %(most)s

-- name: find_at
-- Facts, as we know today, that had begun to be by then.
select fact_id
  from facts
 where container_id = any (%(places)s) and retired_at is null and valid_from <= %(time)s
 order by valid_from desc, fact_id
 limit %(most)s

-- name: read_versions
-- Every version whose words still stand; `told` are the times of the messages that are still there.
select v.*, s.body as statement, w.body as words,
       coalesce((select jsonb_agg(e.span order by m.posted_at, m.message_id, e.place)
                   from jsonb_array_elements(v.evidence) with ordinality as e(span, place)
                   join messages m on m.message_id = (e.span ->> 'message_id')::uuid and m.deleted_at is null
                    and not exists (select from people p where p.person_id = m.author_id and p.untracked_at is not null)), '[]') as cited,
       coalesce((select jsonb_object_agg(m.message_id, m.posted_at)
                   from jsonb_array_elements(v.evidence) as e(span)
                   join messages m on m.message_id = (e.span ->> 'message_id')::uuid and m.deleted_at is null
                    and not exists (select from people p where p.person_id = m.author_id and p.untracked_at is not null)), '{}') as told
  from fact_versions v
  left join contents s on s.content_id = v.statement_id
  left join contents w on w.content_id = v.words_id
 where v.fact_id = any (%(fact_ids)s) and v.container_id = any (%(places)s)
 order by v.fact_id, v.ordinal

-- name: find_begun
-- Ids lie in one order: those that begin alike are neighbours.
select distinct fact_id
  from fact_versions
 where container_id = any (%(places)s) and fact_id between %(first)s and %(last)s
 order by fact_id
 limit %(most)s
