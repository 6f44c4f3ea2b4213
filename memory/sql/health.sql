-- name: describe_app
-- Free of row-level security: a superuser, one who bypasses it, or the owner of the tables.
select r.rolsuper or r.rolbypassrls
       or exists (select from pg_tables t where t.tablename = 'messages' and t.tableowner = current_user) as free
  from pg_roles r where r.rolname = current_user

-- name: newest_migration
select name from schema_versions order by name desc limit 1
