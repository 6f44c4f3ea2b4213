-- A log of the first version did not tell everything. Where there is one, what it left out is told now, as it stands; the
-- migration then rebuilds the tables from the log, which thereby has all of it.

create function tell_anew(team text, kind text, happened jsonb) returns void language sql as $$
    -- `happened`: objects of key, container_id, person_id, occurred_at and payload.
    select append_events(team, (
        select jsonb_agg(jsonb_build_object(
                   'event_id', md5(team || kind || (h ->> 'key'))::uuid, 'key', 'told anew:' || kind || ':' || (h ->> 'key'),
                   'kind', kind, 'schema_version', 2, 'container_id', h -> 'container_id', 'person_id', h -> 'person_id',
                   'occurred_at', h -> 'occurred_at', 'cause', null, 'payload', coalesce(h -> 'payload', '{}')))
          from jsonb_array_elements(happened) as h))
     where jsonb_array_length(happened) > 0
$$;

create function tell_all_anew(team text) returns void language sql as $$
    select tell_anew(team, 'PersonSeen', coalesce(jsonb_agg(jsonb_build_object(
               'key', p.person_id, 'person_id', p.person_id, 'occurred_at', now(),
               'payload', jsonb_build_object('source', i.source, 'external_id', i.external_id, 'tz', p.tz, 'role', p.role,
                                             'manager_id', p.manager_id, 'deactivated', p.deactivated))), '[]'))
      from people p join identities i using (person_id) where p.team_id = team;
    select tell_anew(team, 'ReaderStarted', coalesce(jsonb_agg(jsonb_build_object(
               'key', person_id, 'person_id', person_id, 'occurred_at', reader_since)), '[]'))
      from people where team_id = team and reader_since is not null;
    select tell_anew(team, 'ReaderStopped', coalesce(jsonb_agg(jsonb_build_object(
               'key', person_id, 'person_id', person_id, 'occurred_at', stopped_reading_at)), '[]'))
      from people where team_id = team and stopped_reading_at is not null;

    select tell_anew(team, 'ContainerSeen', coalesce(jsonb_agg(jsonb_build_object(
               'key', container_id, 'container_id', container_id, 'occurred_at', now(),
               'payload', jsonb_build_object('source', source, 'external_id', external_id, 'kind', kind, 'archived', archived,
                                             'read_by_daybook', read_by_daybook))), '[]'))
      from containers where team_id = team;
    select tell_anew(team, 'ContainerMadePersonal', coalesce(jsonb_agg(jsonb_build_object(
               'key', container_id, 'container_id', container_id, 'person_id', personal_to, 'occurred_at', now())), '[]'))
      from containers where team_id = team and personal_to is not null;
    select tell_anew(team, 'MembersListed', coalesce(jsonb_agg(jsonb_build_object(
               'key', container_id, 'container_id', container_id, 'occurred_at', members_read_at)), '[]'))
      from containers where team_id = team and members_read_at is not null;

    select tell_anew(team, case when added then 'ReactionAdded' else 'ReactionRemoved' end, jsonb_agg(jsonb_build_object(
               'key', message_id || ':' || person_id || ':' || name, 'container_id', container_id, 'person_id', person_id,
               'occurred_at', at, 'payload', jsonb_build_object('message_id', message_id, 'name', name))))
      from reactions where team_id = team group by added;
    select tell_anew(team, 'ConversationDescribed', coalesce(jsonb_agg(jsonb_build_object(
               'key', conversation_id, 'container_id', container_id, 'occurred_at', ended_at,
               'payload', jsonb_build_object('conversation_id', conversation_id, 'topic_id', topic_id, 'gist_id', gist_id,
                                             'participants', participants))), '[]'))
      from conversations where team_id = team and topic_id is not null and gist_id is not null;
    select tell_anew(team, 'FactConfirmed', coalesce(jsonb_agg(jsonb_build_object(
               'key', f.fact_id, 'container_id', f.container_id, 'person_id', f.actor_id, 'occurred_at', f.valid_from,
               'payload', to_jsonb(f) - array['team_id', 'container_id', 'retired_at', 'event_id'] || jsonb_build_object(
                   'evidence', coalesce((select jsonb_agg(jsonb_build_object('message_id', e.message_id, 'role', e.role,
                                                                             'start', e.span_start, 'end', e.span_end)
                                                          order by e.message_id, e.role, e.span_start)
                                           from evidence e where e.fact_id = f.fact_id), '[]')))), '[]'))
      from facts f where f.team_id = team and f.retired_at is null and f.statement_id is not null;

    select tell_anew(team, 'BriefingClaimed', coalesce(jsonb_agg(jsonb_build_object(
               'key', briefing_id, 'person_id', person_id, 'occurred_at', due_at,
               'payload', jsonb_build_object('briefing_id', briefing_id, 'local_date', local_date, 'due_at', due_at))), '[]'))
      from briefings where team_id = team;
    select tell_anew(team, 'BriefingComposed', coalesce(jsonb_agg(jsonb_build_object(
               'key', b.briefing_id, 'person_id', b.person_id, 'occurred_at', b.composed_at,
               'payload', jsonb_build_object(
                   'briefing_id', b.briefing_id, 'composed_at', b.composed_at, 'engine', b.engine, 'coverage', b.coverage,
                   'headline_id', coalesce(b.headline_id, b.briefing_id),
                   'items', coalesce((select jsonb_agg(to_jsonb(i) - array['team_id', 'briefing_id', 'person_id', 'done_at']
                                                       order by i.ordinal)
                                        from items i where i.briefing_id = b.briefing_id
                                         and i.text_id is not null and i.why_id is not null), '[]')))), '[]'))
      from briefings b where b.team_id = team and b.composed_at is not null and b.coverage is not null and b.engine is not null;
    select tell_anew(team, 'BriefingDelivered', coalesce(jsonb_agg(jsonb_build_object(
               'key', briefing_id, 'person_id', person_id, 'occurred_at', delivered_at,
               'payload', jsonb_build_object('subject_id', briefing_id, 'surface', 'briefing', 'channel', '', 'ts', ''))), '[]'))
      from briefings where team_id = team and delivered_at is not null;
    select tell_anew(team, 'ItemDone', coalesce(jsonb_agg(jsonb_build_object(
               'key', item_id, 'person_id', person_id, 'occurred_at', done_at,
               'payload', jsonb_build_object('item_id', item_id))), '[]'))
      from items where team_id = team and done_at is not null;

    select tell_anew(team, 'DaybookAsked', coalesce(jsonb_agg(jsonb_build_object(
               'key', answer_id, 'container_id', container_id, 'person_id', asker_id, 'occurred_at', asked_at,
               'payload', jsonb_build_object('answer_id', answer_id, 'question_message_id', question_message_id,
                                             'thread_ts', thread_ts, 'viewer_kind', viewer_kind, 'viewer_id', viewer_id,
                                             'question_id', coalesce(question_id, answer_id)))), '[]'))
      from answers where team_id = team;
    select tell_anew(team, 'DaybookAnswered', coalesce(jsonb_agg(jsonb_build_object(
               'key', answer_id, 'container_id', container_id, 'person_id', asker_id, 'occurred_at', asked_at,
               'payload', jsonb_build_object('answer_id', answer_id, 'text_id', coalesce(text_id, answer_id),
                                             'message_ids', message_ids, 'engine', engine))), '[]'))
      from answers where team_id = team and engine is not null;
$$;

select tell_all_anew(t.team_id) from teams t
 where exists (select from events e where e.team_id = t.team_id and e.schema_version = 1);

drop function tell_all_anew(text);
drop function tell_anew(text, text, jsonb);
