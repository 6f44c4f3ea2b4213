"""One file per source besides live Slack."""
