"""No message text in what operators see."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot import telemetry
from bot.errors import BadSettings
from bot.settings import Settings

WORDS = "canary: the offer for Hana is 95k"


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """What a test sets up is taken down again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def failure() -> BaseException:
    """An error with a traceback through a frame that holds the words."""
    text = WORDS
    try:
        int(text)
    except ValueError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("shape", ["json", "text"])
def test_a_log_line_tells_the_kind_of_an_error_and_not_its_words(
    capsys: pytest.CaptureFixture[str], shape: str
) -> None:
    """The type of an exception is told; its message and its traceback, which may quote, are not."""
    telemetry.start(Settings(DAYBOOK_LOG_FORMAT=shape))
    logging.getLogger("bot.test").error("went_wrong", extra={"run_key": "k"}, exc_info=failure())
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert WORDS not in said
    assert all(word in said for word in ("went_wrong", "ValueError", "run_key"))
    if shape == "json":
        line = json.loads(said)
        told = [line[name] for name in ("level", "logger", "event", "run_key", "error")]
        assert told == ["error", "bot.test", "went_wrong", "k", "ValueError"]


@pytest.mark.parametrize(
    "library",
    [
        *("slack_bolt.AsyncApp", "slack_sdk.web", "procrastinate.worker", "asyncio", "psycopg"),
        *("openai._base_client", "httpx2", "httpcore2.http11", "langchain_core.x", "langchain_openai.x", "langsmith"),
    ],
)
def test_libraries_do_not_quote(capsys: pytest.CaptureFixture[str], library: str) -> None:
    """A library that sets its own level is heard only about errors, and without what it quotes, at DEBUG as well."""
    telemetry.start(Settings(DAYBOOK_LOG_LEVEL="DEBUG"))
    log = logging.getLogger(library)
    log.setLevel(logging.DEBUG)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING):
        log.log(level, "Received: %s", WORDS)
    log.error("Failed to run listener (error: %s)", WORDS, extra={"payload": WORDS}, exc_info=failure())
    log.error("Task failed\nfuture: <Task exception=ValueError(%r)>", WORDS)
    lines = capsys.readouterr().err.splitlines()
    log.setLevel(logging.NOTSET)
    assert len(lines) == 2
    assert WORDS not in "".join(lines)
    assert "Failed to run listener" in lines[0]
    assert "ValueError" in lines[0]


def test_an_error_that_nobody_caught_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Where a program ends, and in a thread; nor does a line quote that cannot be formatted."""
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    telemetry.start(Settings(DAYBOOK_LOG_FORMAT="json"))
    try:
        error = failure()
        sys.excepthook(type(error), error, error.__traceback__)
        thread = threading.Thread(target=lambda: int(WORDS))
        thread.start()
        thread.join()
        for library in ("bot.test", "some.library"):
            logging.getLogger(library).error("%d of %d", WORDS)  # noqa: PLE1206
    finally:
        sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
        logging.raiseExceptions = True
    said = capsys.readouterr().err
    assert WORDS not in said
    lines = [json.loads(line) for line in said.splitlines()]
    assert [(line["event"], line["error"]) for line in lines] == [("crashed", "ValueError"), ("uncaught", "ValueError")]
    assert "test_telemetry.py" in lines[0]["at"][-1]


def test_a_library_that_nobody_thought_of_does_not_quote(capsys: pytest.CaptureFixture[str]) -> None:
    """What is not ours may quote: it is heard only about errors, and without what it adds to them."""
    telemetry.start(Settings(DAYBOOK_LOG_LEVEL="DEBUG"))
    for library in ("brand_new.client", "", "botany", "py.warnings"):
        logging.getLogger(library).warning("sent %s", WORDS)
        logging.getLogger(library).error("failed: %s", WORDS)
    said = capsys.readouterr().err
    assert WORDS not in said
    assert said.count("failed") == said.count("\n") == 4


class Caught(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent += [item.payload.json for item in envelope.items]


def test_sentry_gets_where_and_not_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event has the type of the error and its place in the code, and no word of a message, however it came in."""
    caught, start = Caught(), sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **given: start(transport=caught, **given))
    telemetry.start(Settings(SENTRY_DSN="https://key@sentry.example/1"))
    try:
        text = WORDS
        sentry_sdk.add_breadcrumb(message=text)
        sentry_sdk.get_isolation_scope().set_context("said", {"text": text})
        sentry_sdk.get_isolation_scope().set_extra("text", text)
        sentry_sdk.get_isolation_scope().set_tag("text", text)
        telemetry.failed("went_wrong", failure(), passing=False, text_id="c1")
        logging.getLogger("bot.test").error("said %s", text)
        sentry_sdk.capture_message(text)
        error = failure()
        error.__cause__ = KeyError(text)
        error.add_note(text)
        sentry_sdk.capture_exception(error)
        sentry_sdk.flush()
    finally:
        sentry_sdk.get_global_scope().set_client(None)
        sentry_sdk.get_isolation_scope().clear()
    raised = [each["type"] for event in caught.sent for each in (event.get("exception") or {}).get("values", ())]
    assert {"ValueError", "KeyError"} <= set(raised)
    assert WORDS not in json.dumps([without_source(event) for event in caught.sent])


def without_source(event: Any) -> Any:
    """The event without the lines of code around each frame: this test's own code holds the words."""
    if isinstance(event, dict):
        code = {"pre_context", "context_line", "post_context"}
        return {name: without_source(value) for name, value in event.items() if name not in code}
    return [without_source(each) for each in event] if isinstance(event, list) else event


def test_scrub_takes_variables_out_of_every_stack() -> None:
    """Stacks of threads lose their variables as those of exceptions do."""
    frames = {"stacktrace": {"frames": [{"function": "f", "vars": {"text": WORDS}}]}}
    event: Any = {"exception": {"values": [{"value": WORDS, **frames}]}, "threads": {"values": [dict(frames)]}}
    assert WORDS not in json.dumps(telemetry.scrub(event, {}))


def test_a_malformed_dsn_is_told() -> None:
    """A DSN that Sentry cannot use is a bad setting."""
    with pytest.raises(BadSettings, match="SENTRY_DSN cannot be used"):
        telemetry.start(Settings(SENTRY_DSN="nonsense"))
