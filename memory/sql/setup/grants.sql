-- What the application may do with the tables that libraries brought; repeated at each start, since those may grow.
do $$
declare
    item record;
begin
    for item in
        select oid::regclass as name from pg_class
         where relnamespace = 'public'::regnamespace and relkind = 'r'
           and (relname like 'procrastinate\_%'
                or relname in ('checkpoints', 'checkpoint_blobs', 'checkpoint_writes', 'checkpoint_migrations'))
           and not (has_table_privilege('daybook_app', oid, 'select') and has_table_privilege('daybook_app', oid, 'insert')
                    and has_table_privilege('daybook_app', oid, 'update') and has_table_privilege('daybook_app', oid, 'delete'))
    loop
        execute format('grant select, insert, update, delete on %s to daybook_app', item.name);
    end loop;
    for item in
        select oid::regclass as name from pg_class
         where relnamespace = 'public'::regnamespace and relname like 'procrastinate\_%'
           -- The order within an `and` is the planner's, and of a table the function fails.
           and case when relkind = 'S' then not has_sequence_privilege('daybook_app', oid, 'usage') end
    loop
        execute format('grant usage on sequence %s to daybook_app', item.name);
    end loop;
    for item in
        select oid::regprocedure as name from pg_proc
         where pronamespace = 'public'::regnamespace and proname like 'procrastinate\_%'
           and not has_function_privilege('daybook_app', oid, 'execute')
    loop
        execute format('grant execute on function %s to daybook_app', item.name);
    end loop;
end $$;

grant usage on schema public to daybook_app;
grant select on schema_versions to daybook_app;
revoke insert, update, delete on schema_versions from daybook_app;
