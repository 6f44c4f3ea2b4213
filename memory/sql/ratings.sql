-- name: find_rating
select verdict, at, undone_at from ratings where answer_id = %(answer_id)s and person_id = %(person_id)s
