"""What the local workspace says no with."""

from typing import Any


class WorkspaceError(Exception):
    """The local workspace could not do what was asked."""


class PortTaken(WorkspaceError):
    """Another program already listens on that port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken by another program; choose another one, or 0 for any free port.")


class Refusal(WorkspaceError):
    """A Web API call answered with `ok: false`; `code` is Slack's error, `extra` joins the envelope."""

    def __init__(self, code: str, *, problems: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra
        if problems:
            self.extra["response_metadata"] = {"messages": [f"[ERROR] {problem}" for problem in problems]}


class RateLimited(Refusal):
    """Too many calls; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class Denied(WorkspaceError):
    """A person's act that the workspace does not allow; `missing` when it names something that is not there."""

    def __init__(self, sentence: str, *, missing: bool = False) -> None:
        super().__init__(sentence)
        self.status = 404 if missing else 400
