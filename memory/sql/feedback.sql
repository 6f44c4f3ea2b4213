-- name: find_standing
-- An item of the viewer's, and what they last said of it.
select i.briefing_id, f.kind, f.until, f.undone_at, greatest(f.at, f.undone_at) as at, coalesce(f.taught, false) as taught
  from items i left join feedback f using (item_id)
 where i.item_id = %(item_id)s and i.person_id = %(person_id)s

-- name: read_said
-- The explicit fence: of what happened in a place that its reader may no longer read, nothing is told or learnt.
select item_id, anchor_id, fact_ids, fingerprint, kind, until, at, taught, grounds
  from feedback
 where person_id = %(person_id)s and undone_at is null and (at > %(since)s or until >= %(since)s::date)
   and (grounds ->> 'container_id' is null
        or (grounds ->> 'container_id')::uuid in (select readable_containers('person', %(person_id)s)))
 order by at, item_id

-- name: count_said
select (select count(*) from feedback where person_id = %(person_id)s)
       + (select count(*) from ratings where person_id = %(person_id)s) as said
