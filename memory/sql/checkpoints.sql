-- name: find_idle_threads
-- Runs that nothing was added to for so long: over, or given up.
select thread_id from checkpoints
 group by thread_id
having max((checkpoint ->> 'ts')::timestamptz) < now() - %(days)s * interval '1 day'
 limit %(most)s

-- name: put_checkpoint
-- LangGraph's own statements in one.
with apart as (
    insert into checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
    select %(thread_id)s, %(namespace)s, b.channel, b.version, b.type, b.blob
      from unnest(%(channels)s::text[], %(versions)s::text[], %(types)s::text[], %(blobs)s::bytea[])
        as b(channel, version, type, blob)
    on conflict (thread_id, checkpoint_ns, channel, version) do nothing
)
insert into checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
values (%(thread_id)s, %(namespace)s, %(checkpoint_id)s, %(parent_id)s, %(checkpoint)s, %(metadata)s)
on conflict (thread_id, checkpoint_ns, checkpoint_id)
do update set checkpoint = excluded.checkpoint, metadata = excluded.metadata
