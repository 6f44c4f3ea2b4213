-- Row-level security asks for each table of each statement what may be seen: for a channel with a hundred members that
-- took longer than what was asked. It is worked out once in a transaction now, for whom that is for. A setting that is
-- local to the transaction holds it, as another one holds who that is; who can set the one could set the other.

create or replace function visible_containers() returns uuid[] language plpgsql stable as $$
declare
    -- Never empty, which is what the setting is when its transaction is over.
    viewer constant text := concat_ws(':', 'for', current_viewer_kind(), current_viewer());
begin
    if current_setting('daybook.visible_to', true) is distinct from viewer then
        perform set_config('daybook.visible',
                           (select coalesce(array_agg(container_id), '{}')::text
                              from readable_containers(current_viewer_kind(), current_viewer()) as r(container_id)),
                           true);
        perform set_config('daybook.visible_to', viewer, true);
    end if;
    return current_setting('daybook.visible')::uuid[] || current_scribe();
end
$$;
-- A setting of the function's own would be saved and restored at each of its calls.
alter function visible_containers() reset all;
