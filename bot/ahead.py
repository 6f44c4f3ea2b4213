"""How early a morning's work is begun, by how many are due; and whom to look at meanwhile."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from time import monotonic

from bot import schedule
from bot.schedule import Due
from handlers.pace import LOOKS_A_MINUTE
from memory.models.ids import PersonId
from memory.people import Reader

LONGEST = timedelta(minutes=30)
SHORTEST = timedelta(seconds=5)
"""What takes no longer is done when it is due: then nothing that was said before is missing."""
_GUESS = 0.5
"""Seconds for a briefing, while nothing was measured."""
_READ_EVERY = timedelta(seconds=3)
"""How often it is looked who reads, when nothing is due."""
_LOOK_EVERY = timedelta(seconds=10)
"""How often it is asked whether what comes within half an hour is to be begun."""
_SHARE = 0.1
"""Of the last measurement in the running mean."""


class Forecast:
    """What a program measured of its own pace: wall time, with as many jobs at once as it does."""

    def __init__(self) -> None:
        self._each = _GUESS
        self._last = 0.0

    def made(self, seconds: float) -> None:
        """A briefing was made just now, in so many seconds. While several are under way they come faster than that."""
        now = monotonic()
        self._each += _SHARE * (min(seconds, now - self._last) - self._each)
        self._last = now

    def lead(self, many: int) -> timedelta:
        """How long before their time so many briefings are begun."""
        wanted = timedelta(seconds=many * max(self._each, 60 / LOOKS_A_MINUTE))
        return min(wanted, LONGEST) if wanted > SHORTEST else timedelta()

    def ripe(self, coming: Sequence[Due], now: datetime) -> list[Due]:
        """Those of the coming ones, which are given in order of their time, that are to be begun."""
        times = [each.due_at for each in coming]
        return [each for each in coming if each.due_at - now <= self.lead(bisect_right(times, each.due_at))]


class Watch:
    """Which readers are worth asking the schedule about: of thousands, hardly any at a given second."""

    def __init__(self) -> None:
        self._again: dict[Reader, datetime] = {}
        """When each reader, as they were when they were looked at, is next to be looked at."""
        self._now = datetime.min.replace(tzinfo=UTC)
        self._until = self._now

    def is_quiet(self, now: datetime) -> bool:
        """Whether nobody is worth it, and the readers were read just now: somebody who started since can wait."""
        return self._now <= now < min(self._until, self._now + _READ_EVERY)

    def awake(self, readers: Iterable[Reader], now: datetime) -> list[Reader]:
        """All but those of whom nothing can be due yet. Who has changed is looked at anew."""
        if now < self._now:
            self._again.clear()  # the clock was set back
        self._now = now
        return [each for each in readers if self._again.get(each, now) <= now]

    def settle(self, looked_at: Iterable[Reader], begun: Mapping[PersonId, date], coming: Sequence[Due]) -> None:
        """They were looked at; of some the morning of a date is begun, of some it is `coming`."""
        soon = {each.person_id: min(each.due_at, self._now + _LOOK_EVERY) for each in coming}
        self._again = {each: at for each, at in self._again.items() if at > self._now}
        for each in looked_at:
            person, done = each.person_id, begun.get(each.person_id)
            if person in soon and done is None:
                self._again[each] = soon[person]
            else:
                self._again[each] = schedule.looked_at_again(each, self._now, done, LONGEST)
        self._until = min(self._again.values(), default=datetime.max.replace(tzinfo=UTC))
