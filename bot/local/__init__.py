"""What makes Daybook run on one bare machine: embedded Postgres, the local workspace and its page, a sample team."""
