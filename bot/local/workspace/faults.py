"""Failures laid in for the next calls of a method."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """The next `times` calls of `method` (`*` for any) fail so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    kind: Literal["ratelimited", "error", "http_500", "hang", "disconnect", "lost_reply"]
    times: int = Field(default=1, ge=1)
    error: str = "internal_error"
    retry_after: int = 1
    seconds: float = 30.0


@dataclass
class Laid:
    fault: Fault
    left: int


class Faults:
    def __init__(self) -> None:
        self._laid: list[Laid] = []

    @property
    def pending(self) -> int:
        """How many calls are still to fail."""
        return sum(laid.left for laid in self._laid)

    def lay(self, fault: Fault) -> None:
        self._laid.append(Laid(fault, fault.times))

    def clear(self) -> None:
        self._laid.clear()

    def strike(self, method: str) -> Fault | None:
        """The fault that this call runs into, if any; the one laid first strikes first."""
        for laid in self._laid:
            if laid.fault.method in (method, "*"):
                laid.left -= 1
                if laid.left <= 0:
                    self._laid.remove(laid)
                return laid.fault
        return None
