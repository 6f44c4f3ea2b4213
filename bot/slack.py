"""Slack as the program meets it: a client, and what Slack says of the workspace and of us."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadSettings, BotFailure
from bot.settings import Settings
from handlers.errors import is_passing, reason_of
from memory.models.ids import TeamId


@dataclass(frozen=True)
class Workspace:
    """What Slack says of the workspace and of us in it."""

    team: TeamId
    own_id: str
    name: str
    url: str
    granted: frozenset[str] | None = None
    """The scopes of our token; None where Slack does not say."""


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """A client whose calls share their connections: else each opens one of its own, and waits for its handshake."""
    client = client_of(settings)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=client.timeout)) as session:
        client.session = session
        yield client


def client_of(settings: Settings) -> AsyncWebClient:
    """A client that waits when it is told to, and repeats nothing by itself: a repeated post may be a double one."""
    return AsyncWebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=20,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )


async def greet(client: AsyncWebClient, settings: Settings) -> Workspace:
    """Asks Slack who we are."""
    try:
        us = await client.auth_test()
    except SlackApiError as error:
        if is_passing(error):
            raise BotFailure(f"Slack does not answer ({reason_of(error)}): try again in a minute.") from None
        raise BadSettings(
            f"Slack refuses SLACK_BOT_TOKEN ({reason_of(error)}): copy it anew from https://api.slack.com/apps,"
            " “OAuth & Permissions”, “Bot User OAuth Token”."
        ) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise BotFailure(
            f"{settings.slack_api_url} cannot be reached ({type(error).__name__}): check the network, or SLACK_API_URL."
        ) from None
    listed = str(us.headers.get("x-oauth-scopes", ""))
    granted = frozenset(each.strip() for each in listed.split(",") if each.strip()) or None
    return Workspace(TeamId(us["team_id"]), str(us["user_id"]), str(us.get("team", "")), str(us["url"]), granted)
