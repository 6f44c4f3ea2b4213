"""What operators see: structured log lines, counters, and errors in Sentry. Never the text of a message."""

import json
import logging
import os
import re
import sys
import threading
import traceback
from collections import Counter
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bot.errors import BadSettings
from bot.settings import Settings

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

log = logging.getLogger(__name__)

counters: Counter[str] = Counter()
"""How often something happened since this program was started."""
_OURS = frozenset({"bot", "handlers", "graphs", "memory"})
"""Whose log lines quote nothing. A library's may quote payloads and parameters, a new one's too: of them only errors
are told, without the quotation.
"""
_ENDING_TRACES = ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER")
"""Old wishes for traces, at which LangChain refuses to do anything at all."""
_QUOTATION = re.compile(r"[(:{\['\"\n].*", re.DOTALL)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


_TOLD = frozenset(
    "event_id timestamp level platform release environment server_name logger sdk exception threads".split()
)
"""What an event for Sentry may have: everything else may hold words of a message."""


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, event, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event(record),
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
        return f"{at} {record.levelname.lower():7} {event(record)} {extra}{error}".rstrip()


def event(record: logging.LogRecord) -> str:
    """What happened, without what a library quotes of it."""
    return _QUOTATION.sub("", record.getMessage()).strip() if _quotes(record) else record.getMessage()


def is_told(record: logging.LogRecord) -> bool:
    """Whether a line is for operators. Libraries set the levels of their loggers themselves, so it is decided here."""
    return record.levelno >= logging.ERROR or not _quotes(record)


def _quotes(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] not in _OURS


def given(record: logging.LogRecord) -> dict[str, Any]:
    """What was passed as `extra`; of a library that quotes, nothing."""
    return {} if _quotes(record) else {name: value for name, value in vars(record).items() if name not in _STANDARD}


def count(name: str, by: int = 1) -> None:
    counters[name] += by


def failed(event: str, error: BaseException, *, passing: bool, **given: object) -> None:
    """Tells operators of a failure: what is passing as a warning, what is not as an error that goes to Sentry too."""
    count(event)
    log.log(logging.WARNING if passing else logging.ERROR, event, extra=given, exc_info=error)
    sentry = sys.modules.get("sentry_sdk")  # whoever listens there has loaded it
    if not passing and sentry is not None:
        sentry.capture_exception(error)


def start(settings: Settings) -> None:
    """Sets up logs and, where a DSN is configured, Sentry.

    Tracebacks are left out of log lines and local variables out of Sentry: both would quote messages. So would Python
    itself, in what it writes of an error that nobody caught; whatever the environment says of traces and of debugging.
    """
    for name in _ENDING_TRACES:
        os.environ.pop(name, None)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    handler.addFilter(is_told)
    logging.raiseExceptions = False  # else a line that cannot be formatted is written with its arguments
    sys.excepthook = _crashed
    sys.unraisablehook = lambda raised: _uncaught(raised.exc_value)
    threading.excepthook = lambda raised: _uncaught(raised.exc_value)
    if settings.sentry_dsn:
        _start_sentry(settings.sentry_dsn)


def _start_sentry(dsn: str) -> None:
    """Loads Sentry's client, which a start without it does not wait for."""
    import sentry_sdk  # noqa: PLC0415 - an eighth of a second
    from sentry_sdk.utils import BadDsn  # noqa: PLC0415 - with it

    try:
        sentry_sdk.init(
            dsn=dsn,
            include_local_variables=False,
            send_default_pii=False,
            max_breadcrumbs=0,
            before_send=scrub,
            # Those look into the libraries that hold messages; and when told to debug, it quotes errors itself.
            auto_enabling_integrations=False,
            traces_sample_rate=0,
            spotlight=False,
            debug=False,
        )
    except BadDsn as error:
        raise BadSettings(
            f"SENTRY_DSN cannot be used ({error}): copy it from your project's “Client Keys (DSN)”, or unset it."
        ) from None


def _crashed(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """Where a program ended and at what kind of error, without its words."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, at)
        return
    where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(at)]
    log.critical("crashed", extra={"error": kind.__name__, "at": where[-8:]})


def _uncaught(error: BaseException | None) -> None:
    log.error("uncaught", extra={"error": type(error).__name__})


def scrub(event: "Event", hint: "Hint") -> "Event":  # noqa: ARG001 - Sentry's signature
    """Leaves the type of an error and where it happened; its words may quote a message."""
    raised = (event.get("exception") or {}).get("values") or ()
    for each in raised:
        each["value"] = ""
    for each in (*raised, *((event.get("threads") or {}).get("values") or ())):
        for frame in (each.get("stacktrace") or {}).get("frames") or ():
            frame.pop("vars", None)
    for part in set(event) - _TOLD:
        event.pop(part, None)  # type: ignore[misc]
    return event
