-- name: see_team
insert into teams (team_id, name, url, bot_person_id)
values (%(team_id)s, %(name)s, %(url)s, %(bot_person_id)s)
on conflict (team_id) do update
   set name = excluded.name, url = excluded.url, bot_person_id = coalesce(excluded.bot_person_id, teams.bot_person_id)

-- name: read_team
select team_id, name, url, bot_person_id from teams where team_id = %(team_id)s

-- name: read_teams
select team_id, name, url, bot_person_id from teams order by team_id
