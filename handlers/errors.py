from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError

LIMITED = frozenset({"ratelimited", "rate_limited"})
"""Slack was asked too often, and did nothing: the same, under two names."""
_PASSING = LIMITED | {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}

_FORBIDDEN = frozenset(
    {
        *("not_in_channel", "channel_not_found", "user_not_in_channel", "is_archived", "is_inactive", "user_not_found"),
        *("missing_scope", "no_permission", "access_denied", "ekm_access_denied", "team_access_not_granted"),
        *("not_allowed_token_type", "account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"),
        *("messages_tab_disabled", "org_login_required", "thread_not_found", "external_channel_migrating"),
    }
)
_FORBIDDING = ("restricted_action", "cannot_", "slack_connect_")


class HandlerFailure(Exception):
    """Something could not be taken in from outside, or sent out."""


class Undecodable(HandlerFailure):
    """A payload that does not have the shape its kind promises: it is set aside for a person to look at."""


class RedactionFailed(Undecodable):
    """Secrets could not be told from words here: the words are not kept, and are read back later."""


class TryAgain(HandlerFailure):
    """It was not posted now and will be later; `seconds` says when Slack wants to hear from us again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack asks to wait {seconds:.0f} s.")
        self.seconds = seconds


def reason_of(error: "SlackApiError") -> str:
    """Slack's word for why it refused. A server in trouble has no word for it: then `internal_error`."""
    answered = getattr(error.response, "data", None)
    return str(answered.get("error") or "internal_error") if isinstance(answered, dict) else "internal_error"


def is_passing(error: "SlackApiError") -> bool:
    """Whether the same call may go well later."""
    return reason_of(error) in _PASSING


def is_forbidden(reason: str) -> bool:
    """Whether Slack refuses who writes or where, and not what is written, which would be a fault of ours."""
    return reason in _FORBIDDEN or reason.startswith(_FORBIDDING)


def wait_of(error: "SlackApiError") -> float | None:
    """For how many seconds Slack wants to be left alone, if it says so."""
    try:
        return float(error.response.headers["Retry-After"])
    except (AttributeError, KeyError, ValueError):
        return None
