-- name: keep_contents
with given as (
    select * from jsonb_to_recordset(%(rows)s::jsonb)
        as r(content_id uuid, kind text, container_id uuid, viewer_id uuid, body text, rests_on uuid[])
), kept as (
    insert into contents (content_id, team_id, kind, container_id, viewer_id, body)
    select content_id, %(team_id)s, kind, container_id, viewer_id, body from given
    on conflict (content_id) do update set body = excluded.body where contents.body <> excluded.body
)
insert into content_origins (team_id, content_id, rests_on)
select distinct %(team_id)s, content_id, origin from given, unnest(rests_on) as origin
on conflict do nothing

-- name: erase_contents
select erase_contents(%(content_ids)s)
