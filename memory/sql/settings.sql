-- name: read_settings
-- What nobody but the viewer can see is null for everybody else.
select p.brief_at, p.workdays, p.quiet_days, p.away_from, p.away_until, p.on_activity, p.weekly_review, p.place,
       s.length, s.followed, s.muted, s.people, s.manager_id, s.report_ids, c.body as projects
  from people p
  left join settings s using (person_id)
  left join contents c on c.content_id = s.projects_id
 where p.person_id = %(person_id)s

-- name: read_place
select place from people where person_id = %(person_id)s

-- name: are_kept
select exists (select from settings where person_id = %(person_id)s) as kept
