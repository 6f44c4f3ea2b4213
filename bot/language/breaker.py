"""Whether an endpoint may be asked: after failures it is left alone for a while, then tried by one call.

One that only ever asks to be left alone a little longer is as good as down: that counts as a failure, once each time.
"""

from dataclasses import dataclass

from bot.language.timing import Timer
from graphs.errors import ModelUnavailable

MOST_FAILURES = 4
"""In a row, after which an endpoint is left alone."""
REST = 30.0
"""Seconds of the first rest; each that follows without a success is twice as long."""
LONGEST_REST = 300.0
LONGEST_HOLD = 3600.0
"""Seconds for which an endpoint is left alone at its own wish: a wrong header must not turn it off for good."""


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
        if self.resting or self.trying:
            raise ModelUnavailable("resting")
        self.trying = self.rests > 0
        return max(0.0, self.held_until - self.timer.time())

    @property
    def resting(self) -> bool:
        return self.timer.time() < self.closed_until

    def succeeded(self) -> None:
        self.failures = self.rests = 0
        self.closed_until = self.held_until = 0.0
        self.trying = False

    def failed(self, *, at_once: bool = False) -> None:
        """`at_once`: there is no use in trying again soon."""
        self.trying = False
        if self.resting:
            return  # it was asked before the others failed, and tells nothing new
        self.failures += 1
        if self.rests or at_once or self.failures >= MOST_FAILURES:
            self.closed_until = self.timer.time() + min(REST * 2**self.rests, LONGEST_REST)
            self.rests = min(self.rests + 1, 8)

    def released(self) -> None:
        """The call told nothing of the endpoint's health."""
        self.trying = False

    def hold(self, seconds: float) -> None:
        """The endpoint asked to be left alone for so long."""
        now = self.timer.time()
        if now >= self.held_until:  # else others were told the same just now
            self.failed()
        self.trying = False
        self.held_until = max(self.held_until, now + min(seconds, LONGEST_HOLD))
