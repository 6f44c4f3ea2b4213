-- name: find_idle_threads
-- Runs that nothing was added to for so long: over, or given up.
select thread_id from checkpoints
 group by thread_id
having max((checkpoint ->> 'ts')::timestamptz) < now()
       - case when thread_id like %(but)s then %(but_days)s::integer else %(days)s::integer end * interval '1 day'
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

-- name: prune_checkpoints
-- Of a run that is over only where it ended is kept; a value that stands there unchanged since an earlier step stays.
with ended as materialized (
    select checkpoint_id, checkpoint -> 'channel_versions' as versions
      from checkpoints
     where thread_id = %(thread_id)s and checkpoint_ns = ''
     order by checkpoint_id desc limit 1
), steps as (
    delete from checkpoints c using ended e
     where c.thread_id = %(thread_id)s and c.checkpoint_ns = '' and c.checkpoint_id <> e.checkpoint_id
), written as (
    delete from checkpoint_writes w using ended e
     where w.thread_id = %(thread_id)s and w.checkpoint_ns = '' and w.checkpoint_id <> e.checkpoint_id
)
delete from checkpoint_blobs b using ended e
 where b.thread_id = %(thread_id)s and b.checkpoint_ns = '' and b.version is distinct from e.versions ->> b.channel
