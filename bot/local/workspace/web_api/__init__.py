"""Slack's Web API as a table: the name of a method, and what answers it.

Streaming and what else comes later is a further file here with its own METHODS.
"""

from bot.local.workspace.calls import Method
from bot.local.workspace.web_api import assistant, chat, conversations, membership, reactions, team, users, views

METHODS: dict[str, Method] = {
    **team.METHODS,
    **users.METHODS,
    **conversations.METHODS,
    **membership.METHODS,
    **chat.METHODS,
    **reactions.METHODS,
    **views.METHODS,
    **assistant.METHODS,
}
