-- What a person says of a fact is shown where the fact was told before. Where that was is found in the moment in which
-- they say it, whoever it was told: only the ids of briefings and answers are noted.

alter table redraws rename column erased_id to cause_id;         -- the text that is gone, or the event that changed a fact
alter table redraws add column corrected boolean not null default false;

create index corrections_by_statement on fact_versions (statement_id) where event in ('FactCorrected', 'FactDismissed');

create or replace function note_redraws() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into redraws (team_id, surface, subject_id, cause_id)
    select b.team_id, 'briefing', b.briefing_id, g.content_id from gone g join briefings b on b.headline_id = g.content_id
    union
    select i.team_id, 'briefing', i.briefing_id, g.content_id from gone g join items i on i.text_id = g.content_id
    union
    select a.team_id, 'answer', a.answer_id, g.content_id from gone g join answers a on a.text_id = g.content_id
    union
    select v.team_id, 'correction', v.event_id, g.content_id
      from gone g join fact_versions v on v.statement_id = g.content_id and v.event in ('FactCorrected', 'FactDismissed')
    on conflict do nothing;
    return null;
end $$;

-- Of the last month: nobody looks at what is older, and writing it anew costs calls to Slack.
create function note_corrected() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    oldest constant timestamptz := coalesce(new.retired_at, new.recorded_at) - interval '31 days';
begin
    insert into redraws (team_id, surface, subject_id, cause_id, corrected)
    select i.team_id, 'briefing', i.briefing_id, new.event_id, true
      from items i join briefings b using (briefing_id)
     where i.fact_ids @> array[new.fact_id] and b.composed_at > oldest
    union
    select a.team_id, 'answer', a.answer_id, new.event_id, true
      from answers a
     where a.text_id is not null and a.asked_at > oldest
       and a.message_ids && array(select e.message_id from evidence e where e.fact_id = new.fact_id)
    on conflict do nothing;
    return null;
end $$;
create trigger corrected_is_retold after update on facts for each row
    when ((new.engine = 'person' or old.engine = 'person')
          and (new.status, new.due, new.actor_id, new.statement_id, new.retired_at is null)
              is distinct from (old.status, old.due, old.actor_id, old.statement_id, old.retired_at is null))
    execute function note_corrected();

revoke all on function note_corrected() from public;
