"""Looks at settings, database, Slack and language models, and says in a sentence each what is well, or what to mend."""

import aiohttp
import psycopg
from psycopg.rows import dict_row
from slack_sdk.errors import SlackApiError

from bot import databases, slack
from bot.errors import BotFailure
from bot.findings import Finding
from bot.language import examination
from bot.local.postgres import EmbeddedPostgresError
from bot.manifest import bot_scopes
from bot.settings import Settings
from memory import health
from memory.errors import MemoryFailure
from memory.migrations import FOLDER, migrate, read


async def examine(settings: Settings) -> list[Finding]:
    """Everything that Daybook needs to run, each looked at for real."""
    return [*await _database(settings), *await _slack(settings), *await examination.examine(settings)]


async def _database(settings: Settings) -> list[Finding]:
    try:
        with databases.usual(settings) as here:
            if here.embedded:
                await migrate(here.admin_dsn)
            await databases.check(here)
            connecting = psycopg.AsyncConnection.connect(here.app_dsn, row_factory=dict_row, connect_timeout=10)
            async with await connecting as connection:
                bound = await health.app_is_bound(connection)
    except (EmbeddedPostgresError, MemoryFailure, BotFailure) as error:
        return [Finding(well=False, what=str(error))]
    except psycopg.Error as error:
        first = str(error).strip().splitlines()[0]
        return [Finding(well=False, what=f"The database cannot be used ({first}): check DATABASE_URL.")]
    return [
        Finding(well=True, what=f"The database answers ({'embedded' if here.embedded else 'DATABASE_URL'})."),
        Finding(well=True, what=f"The schema is {read(FOLDER)[-1].name}."),
        Finding(
            well=bound,
            what="The application's role is bound by row-level security."
            if bound
            else "The application's role owns tables or bypasses row-level security: connect as daybook_app.",
        ),
    ]


async def _slack(settings: Settings) -> list[Finding]:
    try:
        settings.require_tokens()
        client = slack.client_of(settings)
        workspace = await slack.greet(client, settings)
        await client.apps_connections_open(app_token=settings.slack_app_token)
    except BotFailure as error:
        return [Finding(well=False, what=str(error))]
    except (SlackApiError, aiohttp.ClientError, OSError) as error:
        reason = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
        return [
            Finding(well=False, what=f"Slack refuses SLACK_APP_TOKEN ({reason}): give it the scope connections:write.")
        ]
    missing = sorted(bot_scopes() - (workspace.granted or frozenset()))
    return [
        Finding(well=True, what=f"Slack answers: workspace {workspace.name}."),
        Finding(
            well=not missing,
            what="The app has every scope of manifest.yaml."
            if not missing
            else f"The app lacks {', '.join(missing)}: paste manifest.yaml anew, and reinstall the app.",
        ),
    ]
