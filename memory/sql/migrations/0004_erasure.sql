-- What is to be forgotten, how long what is said is kept, and what was posted of words that are gone.

alter table people add column forgotten_at timestamptz;              -- nothing of theirs is kept any more
alter table containers
    add column forgotten_at timestamptz,                              -- nothing of it is kept or read any more
    add column retain_days integer,                                   -- null: for as long as it stands in its source
    add column held boolean not null default false;                   -- a legal hold: nothing is erased by us

create index messages_living on messages (container_id, posted_at) where deleted_at is null;
create index messages_by_author on messages (author_id, container_id) where deleted_at is null;
create index answers_by_asker on answers (asker_id);
create index contents_by_viewer on contents (viewer_id) where viewer_id is not null;
create index facts_of_conversation on facts (conversation_id);

-- Whose words were erased and may stand in Slack still, to be written anew there: ids only.
create table redraws (
    team_id text not null,
    surface text not null,
    subject_id uuid not null,
    erased_id uuid not null,                      -- the text that is gone
    noted_at timestamptz not null default now(),
    primary key (subject_id, erased_id)
);
grant select, insert, update, delete on redraws to daybook_app;

-- Which briefing or answer showed a text, is found in the moment in which it goes, whyever it goes and whoever's it is.
create index briefings_by_headline on briefings (headline_id);
create index items_by_text on items (text_id);
create index answers_by_text on answers (text_id);

create function note_redraws() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into redraws (team_id, surface, subject_id, erased_id)
    select b.team_id, 'briefing', b.briefing_id, g.content_id from gone g join briefings b on b.headline_id = g.content_id
    union
    select i.team_id, 'briefing', i.briefing_id, g.content_id from gone g join items i on i.text_id = g.content_id
    union
    select a.team_id, 'answer', a.answer_id, g.content_id from gone g join answers a on a.text_id = g.content_id
    on conflict do nothing;
    return null;
end $$;
create trigger shown_is_redrawn after delete on contents
    referencing old table as gone for each statement execute function note_redraws();

-- What was written for others and calls somebody by a name that is to be forgotten. Their questions are their own words.
create function erase_calling(team text, calls text) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from contents
         where team_id = team and viewer_id is not null and kind in ('item', 'why', 'headline', 'answer') and body ~ calls
        returning 1
    )
    select count(*) from gone
$$;

revoke all on function note_redraws(), erase_calling(text, text) from public;
grant execute on function erase_calling(text, text) to daybook_app;
