-- Lets the migrating role act as the application's (`options=-c role=daybook_app`) where there is one address for both.
do $$
begin
    execute format('grant daybook_app to %I', session_user);
exception when unique_violation then
    null;
end $$;
