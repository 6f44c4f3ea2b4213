-- name: find_messages_by
select message_id, external_ts, posted_at
  from messages
 where author_id = any (%(people)s) and container_id = %(container_id)s and deleted_at is null
 limit %(most)s

-- name: find_messages_before
select message_id, external_ts, posted_at
  from messages
 where container_id = %(container_id)s and posted_at < %(before)s and deleted_at is null
 order by posted_at
 limit %(most)s

-- name: find_message
select message_id, external_ts, posted_at, deleted_at is not null as gone from messages where message_id = %(message_id)s

-- name: find_all_wordings
select content_id from message_revisions where message_id = any (%(message_ids)s)
union
select content_id from messages where message_id = any (%(message_ids)s) and content_id is not null

-- name: count_messages_of
select count(*) filter (where author_id = %(person_id)s) as theirs, count(*) as messages
  from messages where container_id = %(container_id)s and deleted_at is null

-- name: count_messages_before
select count(*) as messages
  from messages where container_id = %(container_id)s and posted_at < %(before)s and deleted_at is null

-- name: count_reactions_of
select count(*) as reactions from reactions where container_id = %(container_id)s and person_id = %(person_id)s

-- name: find_reactors
select distinct person_id from reactions where container_id = %(container_id)s and person_id = any (%(people)s)

-- name: find_emptied
-- Conversations of which no message is left, with the facts that were concluded from them.
select c.conversation_id,
       array(select f.fact_id from facts f
              where f.conversation_id = c.conversation_id
                and not exists (select from evidence e join messages m using (message_id)
                                 where e.fact_id = f.fact_id and m.deleted_at is null)) as fact_ids
  from conversations c
 where c.container_id = %(container_id)s
   and not exists (select from messages m where m.conversation_id = c.conversation_id and m.deleted_at is null)
 limit %(most)s

-- name: end_work
delete from conversation_work where conversation_id = any (%(conversation_ids)s)

-- name: find_texts_of_container
select content_id from contents where container_id = %(container_id)s limit %(most)s

-- name: find_texts_calling
-- What was worked out of a container and calls somebody by name. What people wrote themselves stays their own words.
select content_id from contents where container_id = %(container_id)s and kind <> 'message' and body ~ %(calls)s limit %(most)s

-- name: find_corrections_by
select c.content_id
  from fact_versions v join contents c on c.content_id = v.words_id
 where v.container_id = %(container_id)s and v.by_id = any (%(people)s)

-- name: touch_worded
update conversation_work w set revision = w.revision + 1
  from (select conversation_id from conversations
         where container_id = %(container_id)s and (topic_id = any (%(content_ids)s) or gist_id = any (%(content_ids)s))
        union
        select conversation_id from facts where container_id = %(container_id)s and statement_id = any (%(content_ids)s)) t
 where w.conversation_id = t.conversation_id

-- name: find_concluded_from
-- What was concluded from somebody's messages in a container: facts, corrections of them, and what engines made on the way.
select distinct c.content_id
  from messages m
  join message_revisions r using (message_id)
  join content_origins o on o.rests_on = r.content_id
  join contents c on c.content_id = o.content_id
 where m.author_id = %(person_id)s and m.container_id = %(container_id)s and c.kind in ('fact', 'correction', 'result')
 limit %(most)s

-- name: touch_written_by
update conversation_work w set revision = w.revision + 1
  from (select m.conversation_id from messages m
         where m.author_id = %(person_id)s and m.container_id = %(container_id)s
        union
        select f.conversation_id
          from messages m join evidence e using (message_id) join facts f on f.fact_id = e.fact_id
         where m.author_id = %(person_id)s and m.container_id = %(container_id)s) t
 where w.conversation_id = t.conversation_id

-- name: find_texts_for
select content_id from contents where viewer_id = %(viewer_id)s limit %(most)s

-- name: find_questions_of
select answer_id, question_id, container_id, thread_ts,
       exists (select from contents c where c.content_id = answers.question_id) as standing
  from answers where asker_id = %(person_id)s and viewer_id = %(viewer_id)s

-- name: find_questions_for
select answer_id, question_id, container_id, thread_ts,
       exists (select from contents c where c.content_id = answers.question_id) as standing
  from answers where viewer_id = %(viewer_id)s

-- name: find_briefings_of
select briefing_id from briefings where person_id = %(person_id)s

-- name: count_briefings_with_words
select count(*) as briefings from briefings b
 where b.person_id = %(person_id)s
   and (exists (select from contents c where c.content_id = b.headline_id)
        or exists (select from items i join contents c on c.content_id = i.text_id where i.briefing_id = b.briefing_id))

-- name: erase_calling
select erase_calling(%(team_id)s, %(calls)s) as gone

-- name: erase_told
select erase_told(%(fact_ids)s) as gone
