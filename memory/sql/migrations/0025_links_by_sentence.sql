-- For each line of an answer which of its messages it rests on, by their places: each sentence is shown with its links.
alter table answers add column lines jsonb not null default '[]';
