-- name: read_offer
select offer_id, answer_id, person_id, asked_in, message_ids, at from offers where offer_id = %(offer_id)s

-- name: count_offered
-- The explicit fence, at this moment: what its reader may read there, and what the channel may not.
select count(*) as many
  from offers o cross join unnest(o.message_ids) as said(message_id) join messages m using (message_id)
 where o.offer_id = %(offer_id)s and o.person_id = %(person_id)s and m.deleted_at is null
   and o.asked_in in (select readable_containers('person', o.person_id))
   and m.container_id in (select readable_containers('person', o.person_id))
   and not exists (select from readable_containers('channel', o.asked_in) as open(container_id)
                    where open.container_id = m.container_id)
