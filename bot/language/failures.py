"""What can go wrong on the way to an endpoint and back, told in words of ours: what it said may quote messages."""

import email.utils
import math
from datetime import UTC, datetime

import httpx2
import openai

from bot.language.failed import Failed

_AGAIN = frozenset({408, 429})
_USELESS = frozenset({401, 403, 404, 405})
"""What another call would be answered with as well: a wrong key, a wrong name, a wrong address."""


def failure_of(error: Exception) -> Failed:
    """What an error of the client's libraries means. Anything that is not known is a reply that cannot be read."""
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return Failed("timeout", again=True, sent=not _rests_on(error, httpx2.ConnectTimeout))
    if isinstance(error, openai.APIConnectionError):
        if _rests_on(error, httpx2.ConnectError):
            return Failed("unreachable", again=True)
        return Failed("disconnected", again=True, sent=True)
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return Failed("refused", refused=True, sent=True)
    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    return Failed("malformed", sent=True)


def _rests_on(error: BaseException | None, kind: type[Exception]) -> bool:
    """Whether it, or what it was raised for, is of this kind."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__
    return error is not None


def _of_status(error: openai.APIStatusError) -> Failed:
    status, code = error.status_code, error.code or ""
    if status == 400 and code == "content_filter":
        return Failed("refused", refused=True)
    if status == 429 and code == "insufficient_quota":
        return Failed("quota", useless=True)
    again = status in _AGAIN or status >= 500
    wait = _asked_to_wait(error.response.headers) if again else None
    return Failed(f"http_{status}", again=again, useless=status in _USELESS, wait=wait)


def _asked_to_wait(headers: httpx2.Headers) -> float | None:
    """Seconds, from `Retry-After` in either of its forms, or OpenAI's own in milliseconds."""
    if (exact := _number(headers.get("retry-after-ms"))) is not None:
        return exact / 1000
    told = headers.get("retry-after")
    if (seconds := _number(told)) is not None:
        return seconds
    try:
        at = email.utils.parsedate_to_datetime(told) if told else None
    except ValueError:
        return None
    if at is None:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if 0 <= value < math.inf else None
