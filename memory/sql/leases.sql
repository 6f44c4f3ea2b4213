-- name: take_lease
insert into leases (run_key, team_id, owner, fence, expires_at)
values (%(run_key)s, %(team_id)s, %(owner)s, 1, now() + %(seconds)s * interval '1 second')
on conflict (run_key) do update
   set owner = excluded.owner, fence = leases.fence + 1, expires_at = excluded.expires_at
 where leases.expires_at < now()
returning fence

-- name: renew_lease
update leases set expires_at = now() + %(seconds)s * interval '1 second'
 where run_key = %(run_key)s and fence = %(fence)s
returning fence

-- name: hold_lease
-- The share lock keeps the fence from moving until this transaction ends.
select fence from leases where run_key = %(run_key)s and fence = %(fence)s for share

-- name: view_under_lease
-- As `hold_lease`, and from then on in this transaction what this viewer may read: in one statement, for what begins often.
select set_config(%(kind_is)s, %(kind)s, true),
       set_config(%(viewer_is)s, %(viewer)s, true),
       (select fence from leases where run_key = %(run_key)s and fence = %(fence)s for share) as fence

-- name: end_lease
-- The row stays for a while, so that fences of one run key only grow as long as somebody may remember an old one.
update leases set expires_at = now() - interval '1 minute' where run_key = %(run_key)s and fence = %(fence)s

-- name: prune_leases
delete from leases where expires_at < now() - %(days)s * interval '1 day'
