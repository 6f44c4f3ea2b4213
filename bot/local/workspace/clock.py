"""The workspace's own time: it runs like a clock and can be moved by hand."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def ts_of(moment: datetime) -> str:
    """Slack's `ts` of a moment: seconds and six digits, exact to the microsecond."""
    micros = (moment - EPOCH) // MICROSECOND
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def moment_of(ts: str) -> datetime:
    """The moment of a `ts`; raises ValueError when it is none."""
    seconds, _, fraction = ts.partition(".")
    try:
        return EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")[:6] or 0))
    except OverflowError as error:
        raise ValueError(f"{ts} is no time.") from error


class Clock:
    """Runs on from wherever it was put; hands out each `ts` once."""

    def __init__(self, now: datetime | None = None) -> None:
        self._set_to = now or datetime.now(UTC)
        self._set_at = time.monotonic()
        self._taken: set[str] = set()
        self.on_move: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return (self._set_to + timedelta(seconds=time.monotonic() - self._set_at)).astimezone(UTC)

    def set(self, moment: datetime) -> None:
        """Puts the clock to a moment with a time zone, forward or back."""
        if moment.tzinfo is None:
            raise ValueError("The clock needs a moment with a time zone, such as 2026-11-20T08:30:00+01:00.")
        self._set_to, self._set_at = moment, time.monotonic()
        for listener in self.on_move:
            listener()

    def advance(self, by: timedelta) -> None:
        self.set(self.now() + by)

    def stamp(self) -> str:
        """A `ts` for something that happens now, never handed out before."""
        moment = self.now()
        while (ts := ts_of(moment)) in self._taken:
            moment += MICROSECOND
        self._taken.add(ts)
        return ts

    def take(self, ts: str) -> str:
        """Marks a given `ts` as used, so that no later stamp repeats it."""
        self._taken.add(ts)
        return ts
