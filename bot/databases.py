"""Which Postgres Daybook uses: the one that DATABASE_URL names, or its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.errors import BadSettings
from bot.local.postgres import EmbeddedPostgres
from bot.settings import Settings

APP_ROLE = "daybook_app"


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
        yield Databases(settings.database_url, as_app(settings.database_url))
        return
    with EmbeddedPostgres(settings.daybook_home) as embedded:
        yield Databases(embedded.admin_dsn(), embedded.app_dsn(), embedded)


@contextmanager
def throwaway(settings: Settings) -> Iterator[Databases]:
    """A fresh database of the embedded server, gone at the end."""
    with EmbeddedPostgres(settings.daybook_home) as embedded, embedded.throwaway() as name:
        yield Databases(embedded.admin_dsn(name), embedded.app_dsn(name), embedded)


def as_app(url: str) -> str:
    """The address for the application's role: it owns nothing, and row-level security holds it."""
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:
        raise BadSettings("DATABASE_URL is malformed: write it as postgresql://user:password@host:5432/name.") from None
    if given.get("user") == APP_ROLE:
        return url
    options = f"{given.get('options') or ''} -c role={APP_ROLE}".strip()
    return make_conninfo(url, options=options)
