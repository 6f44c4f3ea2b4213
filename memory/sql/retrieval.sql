-- name: mark_stale
insert into indexed_containers as c (container_id, team_id, stale)
select distinct container_id, %(team_id)s, true from unnest(%(container_ids)s::uuid[]) as g(container_id)
on conflict (container_id) do update set stale = true where not c.stale

-- name: find_stale
-- Messages without a passage of their present wording, with their neighbours, old and new.
with changed as materialized (
    select m.message_id, m.posted_at, p.content_id as was
      from messages m left join passages p on p.message_id = m.message_id and p.container_id = %(container_id)s
     where m.container_id = %(container_id)s and m.content_id is not null and m.deleted_at is null and m.kind <> 'notice'
       and (p.message_id is null
            or (p.content_id, p.author_id, p.thread_ts) is distinct from (m.content_id, m.author_id, m.thread_ts))
     order by m.posted_at, m.message_id
     limit %(most)s
), around as (
    select e.before_id as content_id
      from expected_passages(%(container_id)s, array(select message_id from changed)) e
    union
    select e.after_id from expected_passages(%(container_id)s, array(select message_id from changed)) e
)
select message_id from changed
union
select m.message_id from around join messages m using (content_id)
union
select p.message_id from changed c join passages p on c.was in (p.before_id, p.after_id)

-- name: find_newest
-- What was said since the newest message that is indexed: that is found without looking at any other.
select m.message_id
  from messages m
 where m.container_id = %(container_id)s and m.content_id is not null and m.deleted_at is null and m.kind <> 'notice'
   and m.posted_at > coalesce((select p.posted_at from passages p where p.container_id = %(container_id)s
                                order by p.posted_at desc limit 1), '-infinity')
 order by m.posted_at, m.message_id
 limit %(most)s

-- name: drop_outdated
-- What is as it should be stays, with its vectors.
delete from passages p
 where p.message_id = any (%(message_ids)s)
   and not exists (select from expected_passages(%(container_id)s, %(message_ids)s) e
                    where e.message_id = p.message_id
                      and (e.content_id, e.before_id, e.after_id, e.author_id, e.thread_ts)
                          is not distinct from (p.content_id, p.before_id, p.after_id, p.author_id, p.thread_ts))

-- name: make_passages
insert into passages (message_id, team_id, container_id, author_id, thread_ts, posted_at,
                      content_id, before_id, after_id, search)
select e.message_id, e.team_id, %(container_id)s, e.author_id, e.thread_ts, e.posted_at,
       e.content_id, e.before_id, e.after_id,
       setweight(indexable(own.body), 'A')
       || setweight(indexable(concat_ws(' ', earlier.body, later.body)), 'D')
  from expected_passages(%(container_id)s, %(message_ids)s) e
  join contents own on own.content_id = e.content_id
  left join contents earlier on earlier.content_id = e.before_id
  left join contents later on later.content_id = e.after_id
 where not exists (select from passages p where p.message_id = e.message_id)

-- name: mark_fresh
update indexed_containers set stale = false where container_id = %(container_id)s and stale

-- name: find_unembedded
select p.message_id, array[p.content_id, p.before_id, p.after_id] as rests_on,
       own.body as text, earlier.body as before, later.body as after
  from passages p
  join contents own on own.content_id = p.content_id
  left join contents earlier on earlier.content_id = p.before_id
  left join contents later on later.content_id = p.after_id
 where p.container_id = %(container_id)s
   and not exists (select from passage_vectors v
                    where v.message_id = p.message_id and v.embedder = %(embedder)s and v.dimension = %(dimension)s)
 order by p.posted_at desc, p.message_id
 limit %(most)s

-- name: find_listed
select p.message_id, array[p.content_id, p.before_id, p.after_id] as rests_on,
       own.body as text, earlier.body as before, later.body as after
  from passages_to_embed t
  join passages p on p.message_id = t.message_id
  join contents own on own.content_id = p.content_id
  left join contents earlier on earlier.content_id = p.before_id
  left join contents later on later.content_id = p.after_id
 where t.container_id = %(container_id)s
   and not exists (select from passage_vectors v
                    where v.message_id = p.message_id and v.embedder = %(embedder)s and v.dimension = %(dimension)s)
 order by p.posted_at desc, p.message_id
 limit %(most)s

-- name: is_embedded
-- All passages have a vector in this space, but for those that are listed.
select from indexed_containers
 where container_id = %(container_id)s and (embedder, dimension) = (%(embedder)s, %(dimension)s::integer)

-- name: keep_vectors
-- A passage that was made anew while its vector was worked out waits for another one.
insert into passage_vectors (message_id, embedder, dimension, team_id, container_id, posted_at, embedding)
select p.message_id, %(embedder)s, %(dimension)s, p.team_id, p.container_id, p.posted_at, g.embedding::halfvec
  from jsonb_to_recordset(%(rows)s::jsonb) as g(message_id uuid, rests_on uuid[], embedding text)
  join passages p on p.message_id = g.message_id
   and array[p.content_id, p.before_id, p.after_id] is not distinct from g.rests_on
on conflict do nothing

-- name: settle_vectors
-- Where that is known already, only the list is emptied.
with marked as (
    update indexed_containers set embedder = %(embedder)s, dimension = %(dimension)s
     where container_id = %(container_id)s
       and (embedder, dimension) is distinct from (%(embedder)s, %(dimension)s::integer)
    returning container_id
), dropped as (
    delete from passage_vectors v using marked
     where v.container_id = marked.container_id
       and (v.embedder, v.dimension) <> (%(embedder)s, %(dimension)s::integer)
)
delete from passages_to_embed where container_id = %(container_id)s

-- name: open_space
select open_vector_space(%(embedder)s, %(dimension)s)

-- name: find_containers_to_index
select container_id from containers_to_index(%(team_id)s, %(embedder)s, %(dimension)s) as c(container_id)

-- name: find_behind
-- The newest passage and the newest message of each: one look into an index, however much there is of them. What was put
-- to Daybook answers nothing: a question need not wait until it can be found itself.
with here as materialized (
    select container_id from indexed_containers
     where stale and container_id = any (array(select readable_containers(%(viewer_kind)s, %(viewer_id)s)))
)
select h.container_id
  from here h
 cross join lateral (select m.posted_at from messages m
                      where m.container_id = h.container_id and m.deleted_at is null
                        and not is_put_to_daybook(m.message_id)
                      order by m.posted_at desc limit 1) said
  left join lateral (select p.posted_at from passages p
                      where p.container_id = h.container_id
                      order by p.posted_at desc limit 1) indexed on true
 where said.posted_at > coalesce(indexed.posted_at, '-infinity')

-- name: search_passages
select message_id, lexical, similarity
  from search_passages(%(viewer_kind)s, %(viewer_id)s, %(words)s, %(people)s, %(since)s, %(until)s,
                       %(embedder)s, %(embedding)s::text::halfvec, %(most)s, %(few)s, %(budget)s)

-- name: count_words
select word, passages from count_words(%(viewer_kind)s, %(viewer_id)s, %(words)s)

-- name: count_passages
select count_passages(%(viewer_kind)s, %(viewer_id)s) as passages

-- name: read_surroundings
-- Messages with the few before and after each, in its thread or in the channel, and nothing beyond a long silence.
select m.message_id, m.author_id, c.body as text, m.posted_at,
       (select coalesce(json_agg(json_build_object('author_id', n.author_id, 'text', n.body) order by n.posted_at, n.message_id), '[]')
          from (select n.message_id, n.posted_at, n.author_id, w.body
                  from messages n join contents w using (content_id)
                 where n.container_id = m.container_id and (n.posted_at, n.message_id) < (m.posted_at, m.message_id)
                   and n.posted_at > m.posted_at - interval '6 hours' and n.deleted_at is null and n.kind <> 'notice'
                   and case when m.thread_ts <> m.external_ts then m.thread_ts in (n.thread_ts, n.external_ts)
                            else coalesce(n.thread_ts, n.external_ts) = n.external_ts end
                 order by n.posted_at desc, n.message_id desc limit %(reach)s) n) as before,
       (select coalesce(json_agg(json_build_object('author_id', n.author_id, 'text', n.body) order by n.posted_at, n.message_id), '[]')
          from (select n.message_id, n.posted_at, n.author_id, w.body
                  from messages n join contents w using (content_id)
                 where n.container_id = m.container_id and (n.posted_at, n.message_id) > (m.posted_at, m.message_id)
                   and n.posted_at < m.posted_at + interval '6 hours' and n.deleted_at is null and n.kind <> 'notice'
                   and case when m.thread_ts <> m.external_ts then m.thread_ts in (n.thread_ts, n.external_ts)
                            else coalesce(n.thread_ts, n.external_ts) = n.external_ts end
                 order by n.posted_at, n.message_id limit %(reach)s) n) as after
  from messages m join contents c using (content_id)
 where m.message_id in (select unnest(%(message_ids)s::uuid[])) and m.deleted_at is null
