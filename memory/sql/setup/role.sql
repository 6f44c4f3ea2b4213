-- The application's role. Roles belong to the whole server: others may be creating it from other databases right now.
do $$
begin
    if not exists (select from pg_roles where rolname = 'daybook_app') then
        begin
            create role daybook_app login;
        exception when duplicate_object or unique_violation then
            null;
        end;
    end if;
end $$;
