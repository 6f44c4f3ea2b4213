-- name: read_standing_for_viewer
-- What the viewer of this transaction may read is the explicit fence.
select l.* from standing_links(array(select readable_containers(current_viewer_kind(), current_viewer()))) l
 where l.retired_at is null and (l.to_fact = any (%(fact_ids)s) or l.from_fact = any (%(fact_ids)s))

-- name: read_standing
select l.* from standing_links(%(places)s::uuid[]) l
 where l.retired_at is null and (l.to_fact = any (%(fact_ids)s) or l.from_fact = any (%(fact_ids)s))

-- name: read_known
-- As they were known then.
select l.* from standing_links(%(places)s::uuid[]) l
 where l.recorded_at <= %(time)s and (l.retired_at is null or l.retired_at > %(time)s)
   and (l.to_fact = any (%(fact_ids)s) or l.from_fact = any (%(fact_ids)s))

-- name: find_link_ends
select container_id, fact_id, message_id
  from find_link_ends(%(team_id)s, %(here)s, %(touched)s, %(actors)s, %(promisers)s, %(names)s, %(since)s, %(until)s, %(most)s)

-- name: read_touching
select * from fact_links
 where retired_at is null and (from_message = any (%(message_ids)s) or to_message = any (%(message_ids)s))

-- name: read_told
-- How links stand, retired ones too: what happens to one next is told against that.
select * from fact_links where link_id = any (%(link_ids)s)
