-- name: read_meetings
select t.container_id, t.message_id, t.starts_at, t.ends_at, t.cancelled,
       array(select m.person_id from memberships m where m.container_id = t.container_id and m.joined
              order by m.person_id) as attendees
  from meetings t
 where t.container_id = any (%(container_ids)s) and not t.cancelled
 order by t.starts_at, t.container_id

-- name: find_meetings_between
-- The explicit fence: only those to whose container the viewer may come.
select t.container_id
  from meetings t
 where t.container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and t.starts_at >= %(since)s and t.starts_at < %(until)s and not t.cancelled
 order by t.starts_at, t.container_id
