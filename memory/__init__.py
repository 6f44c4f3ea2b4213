"""What Daybook knows: events, messages, facts, people, and who may read what, in Postgres."""

import os

# Read by LangGraph when it is imported: a checkpoint must never name code to import and call.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
