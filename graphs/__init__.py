"""What Daybook thinks: LangGraph state machines and the tasks they run. Knows no Slack and no SQL."""
