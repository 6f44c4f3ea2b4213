-- name: find_results
select r.input_hash, c.body
  from task_results r join contents c using (content_id)
 where r.team_id = %(team_id)s and r.task = %(task)s and r.version = %(version)s and r.input_hash = any (%(hashes)s)

-- name: keep_results
insert into task_results (team_id, task, version, input_hash, container_id, viewer_id, content_id)
select %(team_id)s, %(task)s, %(version)s, input_hash, container_id, viewer_id, content_id
  from jsonb_to_recordset(%(rows)s::jsonb) as r(input_hash text, container_id uuid, viewer_id uuid, content_id uuid)
on conflict do nothing

-- name: find_results_of_container
select content_id from task_results where container_id = %(container_id)s and version not like 'prompt-%%'
