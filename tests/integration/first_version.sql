-- What the first version could leave behind: its tables, and the events that it told.
insert into teams values ('T1', 'Acme', 'https://acme.example/', null, 0);
insert into people (person_id, team_id, real_name, handle, role, reader_since)
values ('00000000-0000-0000-0000-0000000000a1', 'T1', 'Ana Lima', 'ana', 'member', '2026-11-01 08:00Z'),
       ('00000000-0000-0000-0000-0000000000b0', 'T1', 'Bob', 'bob', 'guest', null);
insert into identities values ('T1', 'slack', 'U1', '00000000-0000-0000-0000-0000000000a1'),
                              ('T1', 'slack', 'U2', '00000000-0000-0000-0000-0000000000b0');
insert into containers (container_id, team_id, source, external_id, kind, name, personal_to, members_read_at)
values ('00000000-0000-0000-0000-0000000000c1', 'T1', 'slack', 'C1', 'public', 'general', null, '2026-11-16 08:00Z'),
       ('00000000-0000-0000-0000-0000000000c2', 'T1', 'slack', 'G1', 'private', 'daybook-ana',
        '00000000-0000-0000-0000-0000000000a1', null);
insert into memberships values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000a1', 'T1', true,
                                '2026-11-16 08:00Z');
insert into contents (content_id, team_id, kind, container_id, body)
select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'T1', kind, '00000000-0000-0000-0000-0000000000c1', 'words ' || n
  from (values (1, 'message'), (2, 'topic'), (3, 'gist'), (4, 'fact')) as t(n, kind);
insert into contents (content_id, team_id, kind, viewer_id, body)
select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'T1', kind, '00000000-0000-0000-0000-0000000000a1', 'words ' || n
  from (values (5, 'headline'), (6, 'item'), (7, 'why'), (8, 'question'), (9, 'answer')) as t(n, kind);
insert into messages (message_id, team_id, container_id, external_ts, author_id, kind, posted_at, content_id, conversation_id)
values ('00000000-0000-0000-0000-0000000000d1', 'T1', '00000000-0000-0000-0000-0000000000c1', '1763283600.000100',
        '00000000-0000-0000-0000-0000000000a1', 'human', '2025-11-16 09:00:00.0001Z', '00000000-0000-0000-0000-000000000001',
        '00000000-0000-0000-0000-0000000000e1');
insert into message_revisions values ('00000000-0000-0000-0000-0000000000d1', 'T1', '00000000-0000-0000-0000-0000000000c1',
                                      '2025-11-16 09:00:00.0001Z', '00000000-0000-0000-0000-000000000001');
insert into reactions values ('00000000-0000-0000-0000-0000000000d1', 'T1', '00000000-0000-0000-0000-0000000000c1',
                              '00000000-0000-0000-0000-0000000000b0', 'tada', true, '2025-11-16 09:05Z');
insert into conversations (conversation_id, team_id, container_id, started_at, ended_at, topic_id, gist_id, participants)
values ('00000000-0000-0000-0000-0000000000e1', 'T1', '00000000-0000-0000-0000-0000000000c1', '2025-11-16 09:00:00.0001Z',
        '2025-11-16 09:00:00.0001Z', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000003', '[]');
insert into facts (fact_id, team_id, container_id, conversation_id, kind, actor_id, statement_id, due, status, log_odds,
                   valid_from, recorded_at, engine, engine_version)
values ('00000000-0000-0000-0000-0000000000f1', 'T1', '00000000-0000-0000-0000-0000000000c1',
        '00000000-0000-0000-0000-0000000000e1', 'commitment', '00000000-0000-0000-0000-0000000000a1',
        '00000000-0000-0000-0000-000000000004', '2025-11-20', 'open', 1.5, '2025-11-16 09:00:00.0001Z', '2025-11-16 09:10Z',
        'rules', 'rules-1');
insert into evidence values ('00000000-0000-0000-0000-0000000000f1', '00000000-0000-0000-0000-0000000000d1', 'T1',
                             '00000000-0000-0000-0000-0000000000c1', 'states', 0, 5);
insert into briefings values ('00000000-0000-0000-0000-0000000000ba', 'T1', '00000000-0000-0000-0000-0000000000a1', '2025-11-17',
                              '2025-11-17 08:30Z', '2025-11-17 08:30Z', '00000000-0000-0000-0000-000000000005', '{"messages": 1}',
                              'rules', '2025-11-17 08:31Z');
insert into items values ('00000000-0000-0000-0000-0000000000bb', 'T1', '00000000-0000-0000-0000-0000000000ba',
                          '00000000-0000-0000-0000-0000000000a1', 0, 'promises', '00000000-0000-0000-0000-0000000000f1',
                          '{00000000-0000-0000-0000-0000000000f1}', '{00000000-0000-0000-0000-0000000000d1}',
                          '00000000-0000-0000-0000-000000000006', '00000000-0000-0000-0000-000000000007', 'new', 'f',
                          '2025-11-17 09:00Z');
insert into answers values ('00000000-0000-0000-0000-0000000000aa', 'T1', '00000000-0000-0000-0000-0000000000d9',
                            '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c2', null, 'person',
                            '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-000000000008',
                            '00000000-0000-0000-0000-000000000009', '{00000000-0000-0000-0000-0000000000d1}', 'rules',
                            '2025-11-17 10:00Z');
select append_events('T1', '[
  {"event_id": "00000000-0000-0000-0000-00000000ee01", "key": "1", "kind": "MemberJoined", "schema_version": 1,
   "container_id": "00000000-0000-0000-0000-0000000000c1", "person_id": "00000000-0000-0000-0000-0000000000a1",
   "occurred_at": "2026-11-16 08:00Z", "cause": null, "payload": {}},
  {"event_id": "00000000-0000-0000-0000-00000000ee02", "key": "2", "kind": "MessagePosted", "schema_version": 1,
   "container_id": "00000000-0000-0000-0000-0000000000c1", "person_id": "00000000-0000-0000-0000-0000000000a1",
   "occurred_at": "2025-11-16 09:00:00.0001Z", "cause": null, "payload": {
     "message_id": "00000000-0000-0000-0000-0000000000d1", "container_id": "00000000-0000-0000-0000-0000000000c1",
     "external_ts": "1763283600.000100", "thread_ts": null, "author_id": "00000000-0000-0000-0000-0000000000a1", "kind": "human",
     "posted_at": "2025-11-16T09:00:00.000100Z", "mentions": [], "edited_at": null, "client_msg_id": null,
     "content_id": "00000000-0000-0000-0000-000000000001"}},
  {"event_id": "00000000-0000-0000-0000-00000000ee03", "key": "3", "kind": "MessagesPlaced", "schema_version": 1,
   "container_id": "00000000-0000-0000-0000-0000000000c1", "person_id": null, "occurred_at": "2025-11-16 09:10Z", "cause": null,
   "payload": {"engine": "rules", "version": "1", "placements": [
     ["00000000-0000-0000-0000-0000000000d1", "00000000-0000-0000-0000-0000000000e1"]]}}]');
