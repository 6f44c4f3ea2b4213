"""Everything that leaves Daybook beside its own answers: log lines as they are written, Sentry's envelopes, traces."""

import gzip
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import langsmith.utils
import pytest
import sentry_sdk

from bot import telemetry
from bot.settings import Settings


@dataclass
class Ears:
    """In the place of Sentry and of LangSmith: takes whatever is sent, and keeps it by the path it was sent to."""

    url: str = ""
    heard: list[tuple[str, str]] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        return f"{self.url.replace('://', '://key@')}/1"

    @property
    def environment(self) -> dict[str, str]:
        """As a developer has it who wants to see everything."""
        names: tuple[str, ...] = (
            "LANGSMITH_TRACING",
            "LANGCHAIN_TRACING",
            "LANGCHAIN_TRACING_V2",
            "LANGSMITH_OTEL_ENABLED",
        )
        names += ("LANGCHAIN_DEBUG", "LANGCHAIN_VERBOSE", "SENTRY_DEBUG", "SENTRY_ENABLE_TRACING")
        given = dict.fromkeys(names, "true")
        given |= {"LANGSMITH_API_KEY": "key", "LANGSMITH_ENDPOINT": self.url, "LANGCHAIN_ENDPOINT": self.url}
        given |= {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OPENAI_LOG": "debug", "SENTRY_TRACES_SAMPLE_RATE": "1.0"}
        return given | {"LANGCHAIN_API_KEY": "key", "LANGCHAIN_HANDLER": "langchain", "SENTRY_SPOTLIGHT": self.url}

    @property
    def envelopes(self) -> list[str]:
        return [text for path, text in self.heard if "envelope" in path or path == "/stream"]

    @property
    def traces(self) -> list[str]:
        return [path for path, _ in self.heard if "envelope" not in path and path != "/stream"]


@contextmanager
def listening() -> Iterator[Ears]:
    """In a thread of its own: some of what is sent is waited for by whoever sends it."""
    ears = Ears()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            packed = self.headers.get("Content-Encoding") == "gzip"
            ears.heard.append((self.path, (gzip.decompress(sent) if packed else sent).decode(errors="replace")))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_PUT = do_PATCH = do_POST  # noqa: N815  # as the library calls them

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    ears.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield ears
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def telling(ears: Ears) -> Iterator[None]:
    """Telemetry as `daybook run` starts it, in an environment that asks for all there is; told is what stderr has."""
    root, hooks = logging.getLogger(), (sys.excepthook, sys.unraisablehook, threading.excepthook)
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    forget = langsmith.utils.get_env_var.cache_clear  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ears.environment.items():
            patch.setenv(name, value)
        forget()
        telemetry.start(Settings(DAYBOOK_LOG_FORMAT="json", DAYBOOK_LOG_LEVEL="DEBUG", SENTRY_DSN=ears.dsn))
        try:
            yield
        finally:
            sentry_sdk.get_client().close(5)
            sentry_sdk.get_global_scope().set_client(None)
            sentry_sdk.get_isolation_scope().clear()
            root.handlers[:] = handlers
            root.setLevel(level)
            logging.raiseExceptions = raises
            sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    forget()
