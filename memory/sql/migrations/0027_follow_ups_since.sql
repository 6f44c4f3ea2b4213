-- Since when Daybook behaves in a channel as it does: what was left unanswered before stays so when it is read back.
alter table containers add column follow_ups_since timestamptz;
update containers c
   set follow_ups_since = (select max(occurred_at) from events e
                            where e.container_id = c.container_id and e.kind in ('FollowUpsStopped', 'FollowUpsResumed'));
