-- name: open_work
insert into conversation_work as w (conversation_id, team_id, container_id)
select conversation_id, team_id, container_id from conversations where conversation_id = any (%(conversation_ids)s)
on conflict (conversation_id) do update set revision = w.revision + 1

-- name: touch_conversations
-- Those that the messages are in, and those whose facts rest on them too.
update conversation_work w set revision = w.revision + 1
  from (select conversation_id from messages where message_id = any (%(message_ids)s)
        union
        select f.conversation_id from evidence e join facts f using (fact_id) where e.message_id = any (%(message_ids)s)) m
 where w.conversation_id = m.conversation_id

-- name: reopen_work
update conversation_work set revision = revision + 1 where container_id = %(container_id)s

-- name: find_stale
select w.conversation_id, w.revision
  from conversation_work w join conversations c using (conversation_id)
 where w.container_id = %(container_id)s and w.revision > w.worked_out
 order by c.started_at, w.conversation_id
 limit %(most)s

-- name: settle_conversations
-- A conversation that changed while it was worked on stays to be worked out.
update conversation_work w set worked_out = greatest(w.worked_out, g.revision)
  from jsonb_to_recordset(%(rows)s::jsonb) as g(conversation_id uuid, revision int)
 where w.conversation_id = g.conversation_id

-- name: read_conversations
select c.conversation_id, c.container_id, c.started_at, c.ended_at, c.participants,
       coalesce(topic.body, '') as topic, coalesce(gist.body, '') as gist,
       array(select m.message_id from messages m
              where m.conversation_id = c.conversation_id and m.deleted_at is null
              order by m.posted_at, m.message_id) as message_ids
  from conversations c
  left join contents topic on topic.content_id = c.topic_id
  left join contents gist on gist.content_id = c.gist_id
 where c.conversation_id = any (%(conversation_ids)s)
 order by c.started_at, c.conversation_id

-- name: find_conversations_between
-- The explicit fence: only of containers that the viewer may read.
select conversation_id
  from conversations
 where container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and ended_at > %(since)s and started_at <= %(until)s
   and exists (select from messages m where m.conversation_id = conversations.conversation_id and m.deleted_at is null and m.kind <> 'notice')
 order by ended_at desc, conversation_id
 limit %(most)s

-- name: stamp
-- A changed row is another, made elsewhere by another transaction; one that cannot be read any more is not there.
with names as materialized (
    select unnest(%(conversation_ids)s::uuid[]) as conversation_id
    union select conversation_id from facts where fact_id = any (%(fact_ids)s)
), talks as materialized (
    select c.conversation_id, c.container_id, c.topic_id, c.gist_id, c.xmin, c.ctid
      from names join conversations c using (conversation_id)
), links as materialized (
    select l.link_id, l.from_fact, l.to_fact, l.message_ids, l.xmin, l.ctid from fact_links l
     where l.from_fact = any (%(fact_ids)s) or l.to_fact = any (%(fact_ids)s)
), ends as materialized (
    select unnest(%(fact_ids)s::uuid[]) as fact_id union select from_fact from links union select to_fact from links
), proof as materialized (
    select e.message_id, e.xmin, e.ctid from evidence e where e.fact_id = any (%(fact_ids)s)
), said as materialized (
    select m.message_id from names join messages m using (conversation_id)
    union select message_id from proof
    union select unnest(message_ids) from links
    union select unnest(%(message_ids)s::uuid[])
), stood as (
    select 1 as kind, f.fact_id as key, f.xmin, f.ctid, s.xmin as words, null::xid as more
      from ends join facts f using (fact_id) left join contents s on s.content_id = f.statement_id
    union all
    select 2, t.conversation_id, t.xmin, t.ctid, w.xmin, g.xmin
      from talks t left join contents w on w.content_id = t.topic_id left join contents g on g.content_id = t.gist_id
    union all
    select 3, m.message_id, m.xmin, m.ctid, w.xmin, null
      from said join messages m using (message_id) left join contents w using (content_id)
    union all
    select 4, message_id, xmin, ctid, null, null from proof
    union all
    select 5, link_id, xmin, ctid, null, null from links
    union all
    select 6, r.message_id, r.xmin, r.ctid, null, null from said join reactions r using (message_id)
    union all
    select 7, p.container_id, p.xmin, p.ctid, null, null
      from (select distinct container_id from talks) t join containers p using (container_id)
)
select concat(count(*), ':',
              sum(hashtextextended(concat(kind, key, ctid, '/', words, '/', more), xmin::text::bigint)::numeric)) as stamp
  from stood

-- name: read_extents
-- All messages that a conversation ever had, and when any of them last changed.
select m.conversation_id, array_agg(m.message_id) as message_ids,
       max(greatest(m.posted_at, m.edited_at, m.deleted_at)) as until
  from messages m
 where m.conversation_id = any (%(conversation_ids)s)
 group by m.conversation_id
