-- name: try_migration_lock
select pg_try_advisory_lock(hashtextextended('daybook migrations', 0)) as taken

-- name: release_migration_lock
select pg_advisory_unlock(hashtextextended('daybook migrations', 0))

-- name: list_versions
select name, checksum from schema_versions order by name

-- name: record_version
insert into schema_versions (name, checksum) values (%(name)s, %(checksum)s)

-- name: find_vector_version
select extversion as version from pg_extension where extname = 'vector'

-- name: find_procrastinate
select to_regclass('procrastinate_jobs') is not null as present

-- name: describe_roles
select session_user::text as user_name,
       current_user <> session_user as assumed,
       me.rolsuper as superuser,
       app.rolname is not null as app_exists,
       coalesce(app.rolsuper or app.rolbypassrls, false) as app_unbound,
       app.rolname is not null and pg_has_role(session_user, app.oid, 'member') as app_member
  from pg_roles me left join pg_roles app on app.rolname = 'daybook_app'
 where me.rolname = session_user
