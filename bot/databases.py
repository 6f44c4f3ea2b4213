"""Which Postgres Daybook uses: the one that DATABASE_URL names, or its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row

from bot.errors import BadSettings
from bot.local.postgres import EmbeddedPostgres
from bot.settings import Settings
from memory import health
from memory.migrations import FOLDER, read

APP_ROLE = "daybook_app"
PATIENCE = 10
"""Seconds for which a server is tried."""


@dataclass(frozen=True)
class Databases:
    """Addresses of one database: for the role that owns the tables, and for the application's."""

    admin_dsn: str
    app_dsn: str
    embedded: EmbeddedPostgres | None = None


@contextmanager
def usual(settings: Settings) -> Iterator[Databases]:
    """The database that keeps what Daybook knows."""
    if settings.database_url:
        admin_dsn = _patient(settings.database_url)
        yield Databases(admin_dsn, as_app(admin_dsn))
        return
    with EmbeddedPostgres(settings.daybook_home) as embedded:
        yield Databases(embedded.admin_dsn(), embedded.app_dsn(), embedded)


@contextmanager
def throwaway(settings: Settings) -> Iterator[Databases]:
    """A fresh database of the embedded server, gone at the end."""
    with EmbeddedPostgres(settings.daybook_home) as embedded, embedded.throwaway() as name:
        yield Databases(embedded.admin_dsn(name), embedded.app_dsn(name), embedded)


async def check(here: Databases) -> None:
    """Raises BadSettings unless the application's role finds the tables as this Daybook makes them."""
    newest = read(FOLDER)[-1].name
    try:
        connecting = psycopg.AsyncConnection.connect(here.app_dsn, row_factory=dict_row)
        async with await connecting as connection:
            known = await health.newest_migration(connection)
    except psycopg.OperationalError as error:
        if APP_ROLE not in str(error) or "password" in str(error):
            raise
        known = None
    except psycopg.ProgrammingError:  # no such table, or no right to look at it
        known = None
    if known != newest:
        raise BadSettings(f"The database is {f'at {known}' if known else 'not set up'}: run `daybook migrate` first.")


def as_app(url: str) -> str:
    """The address for the application's role: it owns nothing, and row-level security holds it."""
    given = _parts(url)
    if given.get("user") == APP_ROLE:
        return url
    options = f"{given.get('options') or ''} -c role={APP_ROLE}".strip()
    return make_conninfo(url, options=options)


def _patient(url: str) -> str:
    """The address, with an end to waiting for a server that does not answer."""
    return url if _parts(url).get("connect_timeout") else make_conninfo(url, connect_timeout=PATIENCE)


def _parts(url: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise BadSettings("DATABASE_URL is malformed: write it as postgresql://user:password@host:5432/name.") from None
