-- name: defer_job
select defer_or_join(%(queue)s, %(task)s, %(only)s, %(priority)s, %(arguments)s, %(at)s) as is_new
