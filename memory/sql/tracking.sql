-- name: is_untracked
select person_id from people where person_id = %(person_id)s and untracked_at is not null

-- name: list_untracked
select person_id from people where team_id = %(team_id)s and untracked_at is not null
