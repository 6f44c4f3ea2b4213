-- name: reserve_tokens
-- One row when there is room for them, none when there is not.
insert into model_budgets as b (team_id, day, person_id, tokens)
select %(team_id)s, %(day)s, %(person_id)s::uuid, %(tokens)s::bigint where %(tokens)s::bigint <= %(most)s
on conflict (team_id, day, person_id) do update set tokens = b.tokens + excluded.tokens
 where b.tokens + excluded.tokens <= %(most)s
returning tokens

-- name: settle_tokens
update model_budgets set tokens = greatest(tokens + %(change)s, 0)
 where team_id = %(team_id)s and day = %(day)s and person_id is not distinct from %(person_id)s::uuid

-- name: record_call
insert into model_calls (team_id, task, model, endpoint, person_id, cause, asked_at, latency_ms, outcome,
                         tokens_in, tokens_cached, tokens_out, cost_micros)
values (%(team_id)s, %(task)s, %(model)s, %(endpoint)s, %(person_id)s, %(cause)s, %(asked_at)s, %(latency_ms)s, %(outcome)s,
        %(tokens_in)s, %(tokens_cached)s, %(tokens_out)s, %(cost_micros)s)

-- name: sum_calls
select case %(by)s when 'task' then c.task
                   when 'day' then to_char(c.asked_at at time zone 'UTC', 'YYYY-MM-DD')
                   when 'model' then c.model
                   else coalesce(nullif(p.real_name, ''), nullif(p.handle, ''), c.person_id::text, 'everybody') end as name,
       count(*) as calls, count(*) filter (where c.outcome <> 'ok') as failed, sum(c.tokens_in) as tokens_in,
       sum(c.tokens_cached) as tokens_cached, sum(c.tokens_out) as tokens_out, sum(c.cost_micros)::bigint as cost_micros,
       count(*) filter (where c.cost_micros is null and c.tokens_in + c.tokens_out > 0) as unpriced
  from model_calls c left join people p on p.person_id = c.person_id
 where c.asked_at >= %(since)s
 group by 1, case when %(by)s = 'person' then c.person_id end
 order by 1

-- name: read_budget
select coalesce(sum(tokens), 0)::bigint as tokens from model_budgets where day = %(day)s and person_id is null

-- name: prune_calls
delete from model_calls where asked_at < %(before)s

-- name: prune_budgets
delete from model_budgets where day < %(before)s
