"""A Postgres of our own on a bare machine, shared by every Daybook program that runs on the same home.

The first user starts the server, later ones attach. It stays while any user lives and stops within two seconds after
the last one is gone, however that one went; and a user whose server ends is told, so that it ends as well.
"""

import asyncio
import contextlib
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from bot.local.postgres_home import EmbeddedPostgresError, Home, is_free, try_lock, wait_for_lock
from bot.local.postgres_keeper import PORT

__all__ = ["DEFAULT_DATABASE", "EmbeddedPostgres", "EmbeddedPostgresError", "ServerEndedError"]

DEFAULT_DATABASE = "daybook"
START_SECONDS = 60.0
WATCH_SECONDS = 0.2
_THROWAWAY = "throwaway_"
_LOCK = "select pg_try_advisory_lock(hashtextextended(%s, 0))"


class ServerEndedError(EmbeddedPostgresError):
    """The embedded Postgres ended while we were using it."""


class EmbeddedPostgres:
    """One user's hold on the embedded server of a home; a context manager.

    `ended` is done as soon as the server is gone without our having let go of it.

    Args:
        home: Daybook's directory; made if missing. May lie anywhere and be closed to others, also for root.
        durable: False trades safety against power failure for speed, for tests; the first user decides for all.
    """

    ended: Future[None]

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self._home = Home(home.expanduser().absolute())
        self._durable = durable
        self._users_lock: int | None = None
        self._socket_folder: Path | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self._letting_go = threading.Event()
        self._watcher: threading.Thread | None = None
        self.ended = Future()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server or attach to the one that runs; returns when it answers and has the default database.

        Raises:
            EmbeddedPostgresError: it cannot be started; the message says what to do.
        """
        if self._users_lock is not None:
            raise EmbeddedPostgresError("This hold on the embedded Postgres is in use: make another one.")
        try:
            self._home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._start()
        except OSError as error:
            self.stop()
            raise EmbeddedPostgresError(
                f"Daybook cannot use {self._home.path} ({error.strerror or error}): set DAYBOOK_HOME to a directory"
                " of your own."
            ) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Let go of the server; it ends soon after when nobody else uses it. May be called repeatedly."""
        self._letting_go.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        self.ended.cancel()
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def admin_dsn(self, database: str = DEFAULT_DATABASE) -> str:
        """Address of a database for the role that owns everything, to migrate with."""
        return self._dsn("postgres", database)

    def app_dsn(self, database: str = DEFAULT_DATABASE) -> str:
        """Address of a database for the application's role, which is bound by row-level security."""
        return self._dsn("daybook_app", database)

    async def until_ended(self) -> NoReturn:
        """Wait for the server to end under us, beside the work that needs it.

        Raises:
            ServerEndedError: it did.
        """
        await asyncio.shield(asyncio.wrap_future(self.ended))
        raise self._ended_error()

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Make a database, a copy of the template, to which nobody may be connected.

        Raises:
            EmbeddedPostgresError: there is one of that name, or the server ended.
        """
        # Of a server that owes the disk nothing, copying files costs a third of writing every block to the log.
        how = sql.SQL("" if self._durable else " strategy file_copy")
        names = sql.Identifier(name), sql.Identifier(template)
        statement = sql.SQL("create database {} template {}{}").format(*names, how)
        with self._admin() as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.DuplicateDatabase as error:
                raise EmbeddedPostgresError(f"There is a database {name} already: choose another name.") from error

    def drop_database(self, name: str) -> None:
        """Remove a database with all that is in it, and end the connections to it; none of that name is fine."""
        with self._admin() as connection:
            _drop(connection, name)

    @contextlib.contextmanager
    def throwaway(self) -> Iterator[str]:
        """Yield the name of a fresh empty database that is gone afterwards.

        If we are killed meanwhile, the next one who starts or attaches removes it: whoever holds a throwaway database
        holds an advisory lock of its name, which the server takes back from the dead.
        """
        name = _THROWAWAY + secrets.token_hex(8)
        with self._admin() as connection:
            connection.execute(_LOCK, [name])
            self.create_database(name)
            try:
                yield name
            finally:
                with contextlib.suppress(psycopg.OperationalError):  # the server is gone; the next start removes it
                    _drop(connection, name)

    def _start(self) -> None:
        end = time.monotonic() + START_SECONDS
        try:
            turn = wait_for_lock(self._home.start_lock, START_SECONDS)
            try:
                # Waits for a keeper that is ending: it holds this lock until its server is gone.
                self._users_lock = wait_for_lock(self._home.users_lock, START_SECONDS, shared=True)
                self._socket_folder = self._attach(end)
                self._furnish()
            finally:
                os.close(turn)
        except TimeoutError as error:
            raise EmbeddedPostgresError(
                f"The embedded Postgres in {self._home.path} did not answer within {START_SECONDS:.0f} s: see"
                f" {self._home.server_log}."
            ) from error
        self.ended = Future()
        self._letting_go.clear()
        self._watcher = threading.Thread(target=self._watch, name="embedded-postgres", daemon=True)
        self._watcher.start()

    def _attach(self, end: float) -> Path:
        started = False
        while time.monotonic() < end:
            if (lock := try_lock(self._home.keeper_lock)) is not None:
                if started:
                    os.close(lock)
                    raise EmbeddedPostgresError(self._keepers_last_words())
                self._start_keeper(lock)
                started = True
            elif (folder := self._home.read_address()) is not None and _answers(folder):
                return folder
            time.sleep(0.02)
        raise TimeoutError

    def _start_keeper(self, lock: int) -> None:
        """Start the process that owns the server; it inherits the keeper's lock, so there is never a second one."""
        self._home.address.unlink(missing_ok=True)
        try:
            with self._home.keeper_log.open("wb") as output:
                self._keeper = subprocess.Popen(  # noqa: S603 - ourselves
                    [
                        *(sys.executable, "-m", "bot.local.postgres_keeper", str(self._home.path), str(lock)),
                        "durable" if self._durable else "forgetful",
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=[lock],
                    start_new_session=True,  # Ctrl-C is for the users
                    cwd=Path(__file__).parents[2],  # where `-m` finds this very package
                )
        finally:
            os.close(lock)

    def _keepers_last_words(self) -> str:
        words = self._home.keeper_log.read_text(encoding="utf-8", errors="replace").strip()
        return words.splitlines()[-1] if words else f"Postgres did not start: see {self._home.server_log}."

    def _furnish(self) -> None:
        with contextlib.suppress(EmbeddedPostgresError):
            self.create_database(DEFAULT_DATABASE)
        with self._admin() as connection:
            found = connection.execute("select datname from pg_database where starts_with(datname, %s)", [_THROWAWAY])
            for (name,) in found.fetchall():
                if connection.execute(_LOCK, [name]).fetchone() == (True,):
                    _drop(connection, name)

    def _watch(self) -> None:
        while not self._letting_go.wait(WATCH_SECONDS):
            if is_free(self._home.server_lock):
                self.ended.set_result(None)
                return

    @contextlib.contextmanager
    def _admin(self) -> Iterator[psycopg.Connection]:
        connection = None
        try:
            with psycopg.connect(self.admin_dsn("postgres"), autocommit=True) as connection:
                yield connection
        except psycopg.OperationalError as error:
            if connection is None or connection.broken:
                raise self._ended_error() from error
            raise

    def _ended_error(self) -> ServerEndedError:
        return ServerEndedError(
            f"The embedded Postgres in {self._home.path} ended: see {self._home.server_log}, then start again."
        )

    def _dsn(self, user: str, database: str) -> str:
        if self._socket_folder is None:
            raise EmbeddedPostgresError("The embedded Postgres has no address before it is started: call start().")
        return _dsn(self._socket_folder, user, database)


def _dsn(socket_folder: Path, user: str, database: str) -> str:
    return f"postgresql://{user}@/{quote(database, safe='')}?host={quote(str(socket_folder), safe='')}&port={PORT}"


def _answers(socket_folder: Path) -> bool:
    try:
        psycopg.connect(_dsn(socket_folder, "postgres", "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
