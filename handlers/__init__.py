"""The outside world, both ways: what comes in from Slack and other sources, and what goes out."""
