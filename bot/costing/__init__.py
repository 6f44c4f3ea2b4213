"""What language models would take for a workspace's day, without asking any."""
