"""How a command runs and ends: in order when it is done or asked to end, else with one sentence and exit code 2."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import interrupts
from bot.errors import BadInput, BotFailure
from bot.local.postgres_home import EmbeddedPostgresError
from bot.settings import Settings, read_settings
from handlers.errors import HandlerFailure
from memory.errors import MemoryFailure

if TYPE_CHECKING:
    from bot.databases import Databases

EXPECTED = (BotFailure, MemoryFailure, HandlerFailure, EmbeddedPostgresError)
"""What is told in its own sentence."""


def begin(*, quiet: bool = False) -> Settings:
    """The settings, with logs set up; `quiet`: of what is usual, the command itself tells."""
    settings = read_settings()
    if quiet and settings.log_level == "INFO":
        settings = settings.model_copy(update={"log_level": "ERROR"})
    from bot import telemetry

    telemetry.start(settings)
    return settings


def tell(line: str) -> None:
    """Says something to whoever runs the command, beside its output."""
    print(line, file=sys.stderr, flush=True)


def guarded(command_line: Callable[[], object]) -> None:
    """Runs the command line; what can go wrong outside of Daybook ends it with one line and exit code 2."""
    if sys.stdout is not None:
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal may know fewer characters
    try:
        try:
            command_line()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except SystemExit:
        raise  # before anything is loaded to tell errors apart
    except EXPECTED as error:
        _fail(str(error))
    except BrokenPipeError:
        _drop_output()  # whoever read has read enough
        raise SystemExit(1) from None
    except OSError as error:
        _drop_output()
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}.")
    except _unreachable() as error:
        first = next(iter(str(error).strip().splitlines()), type(error).__name__)
        _fail(f"The database cannot be reached ({first}): check DATABASE_URL, or unset it to use the embedded one.")


def _unreachable() -> tuple[type[Exception], ...]:
    """What is raised when a database cannot be reached. Most commands end without having to know."""
    import psycopg
    from procrastinate.exceptions import ConnectorException
    from psycopg_pool import PoolTimeout

    return psycopg.OperationalError, PoolTimeout, ConnectorException


def _drop_output() -> None:
    """What could not be written must not be tried again at exit: that would tell of it, and change the exit code."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(sentence: str) -> None:
    print(f"daybook: {' '.join(sentence.split())}", file=sys.stderr)
    raise SystemExit(2)


def run(here: "Databases", work: Coroutine[Any, Any, None], *, endless: bool = False) -> None:
    """Runs until done, until asked to end, or until the embedded server ends under us.

    Being asked to end is how endless work ends well; other work is then unfinished, and the exit code says so.
    """
    asked: list[signal.Signals] = []
    try:
        interrupts.end_if_asked()
    except KeyboardInterrupt:
        work.close()
        raise

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        working = asyncio.create_task(work)

        def ask(sign: signal.Signals) -> None:
            asked.append(sign)
            working.cancel()

        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, ask, sign)
        watching = asyncio.create_task(here.embedded.until_ended()) if here.embedded else None
        try:
            await asyncio.wait([working, *([watching] if watching else [])], return_when=asyncio.FIRST_COMPLETED)
            if watching and watching.done() and not working.done():
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
                watching.result()
            await working
        except asyncio.CancelledError:
            await asyncio.gather(working, return_exceptions=True)
        finally:
            if watching and not watching.done():
                watching.cancel()

    asyncio.run(watched())
    if asked and not endless:
        raise SystemExit(128 + asked[0])


def parse_time(text: str) -> datetime:
    """A time as people write it, with or without an offset. Raises BadInput."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{text!r} is no time: write it as 2026-11-20T08:30 or 2026-11-20T08:30+01:00.") from None
    if not 2000 <= found.year < 2100:
        raise BadInput(f"{text!r} lies outside the years 2000 to 2099, in which there are messages.")
    return found
