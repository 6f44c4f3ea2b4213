"""What operators see: structured log lines, counters, and errors in Sentry. Never the text of a message."""

import json
import logging
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint

from bot.settings import Settings

log = logging.getLogger(__name__)

counters: Counter[str] = Counter()
"""How often something happened since this program was started."""
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, event, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **given(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, default=str)


class TextLines(logging.Formatter):
    """The same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        extra = " ".join(f"{name}={value}" for name, value in given(record).items())
        error = f" error={record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        return f"{at} {record.levelname.lower():7} {record.getMessage()} {extra}{error}".rstrip()


def given(record: logging.LogRecord) -> dict[str, Any]:
    """What was passed as `extra`."""
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def count(name: str, by: int = 1) -> None:
    counters[name] += by


def failed(event: str, error: BaseException, *, passing: bool, **given: object) -> None:
    """Tells operators of a failure: what is passing as a warning, what is not as an error that goes to Sentry too."""
    count(event)
    log.log(logging.WARNING if passing else logging.ERROR, event, extra=given, exc_info=error)
    if not passing:
        sentry_sdk.capture_exception(error)


def start(settings: Settings) -> None:
    """Sets up logs and, where a DSN is configured, Sentry.

    Tracebacks are left out of log lines and local variables out of Sentry: both would quote messages.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    # What these libraries log at lower levels quotes payloads.
    for name in ("slack_bolt", "slack_sdk", "aiohttp.access", "procrastinate", "httpx", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if settings.sentry_dsn:
        sentry_sdk.init(
            dsn=settings.sentry_dsn,
            include_local_variables=False,
            send_default_pii=False,
            max_breadcrumbs=0,
            before_send=scrub,
        )


def scrub(event: Event, hint: Hint) -> Event:  # noqa: ARG001 - Sentry's signature
    """Leaves the type of an error and where it happened; its words may quote a message."""
    for raised in (event.get("exception") or {}).get("values") or ():
        raised["value"] = ""
        for frame in (raised.get("stacktrace") or {}).get("frames") or ():
            frame.pop("vars", None)
    for part in ("logentry", "message", "extra", "request", "breadcrumbs", "contexts"):
        event.pop(part, None)  # type: ignore[misc]
    return event
