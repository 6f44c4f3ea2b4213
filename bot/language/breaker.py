"""Whether an endpoint may be asked: after failures it is left alone for a while, then tried by one call."""

from dataclasses import dataclass

from bot.language.timing import Timer
from graphs.errors import ModelUnavailable

MOST_FAILURES = 4
"""In a row, after which an endpoint is left alone."""
REST = 30.0
"""Seconds of the first rest; each that follows without a success is twice as long."""
LONGEST_REST = 300.0


@dataclass
class Breaker:
    """One endpoint's health, as this program has seen it."""

    timer: Timer
    failures: int = 0
    rests: int = 0
    closed_until: float = 0.0
    """Nobody is to ask before: too many failures."""
    held_until: float = 0.0
    """Nobody is to ask before: the endpoint said so."""
    trying: bool = False

    def admit(self) -> float:
        """Lets a call through, and says for how long it has to wait first; what comes of it is to be told.

        Raises:
            ModelUnavailable: the endpoint rests, or is being tried by another call.
        """
        now = self.timer.time()
        if now < self.closed_until or self.trying:
            raise ModelUnavailable("resting")
        self.trying = self.rests > 0
        return max(0.0, self.held_until - now)

    def succeeded(self) -> None:
        self.failures = self.rests = 0
        self.closed_until = self.held_until = 0.0
        self.trying = False

    def failed(self, *, at_once: bool = False) -> None:
        """`at_once`: there is no use in trying again soon."""
        self.failures += 1
        self.trying = False
        if self.rests or at_once or self.failures >= MOST_FAILURES:
            self.closed_until = self.timer.time() + min(REST * 2**self.rests, LONGEST_REST)
            self.rests = min(self.rests + 1, 8)

    def released(self) -> None:
        """The call told nothing of the endpoint's health."""
        self.trying = False

    def hold(self, seconds: float) -> None:
        """The endpoint asked to be left alone for so long."""
        self.held_until = max(self.held_until, self.timer.time() + seconds)
