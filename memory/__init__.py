"""What Daybook knows: events, messages, facts, people, and who may read what, in Postgres."""
