"""What may happen in a place that a viewer may not read, each under a name: the viewer must not notice."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from handlers.sources import calendar, reviews
from handlers.sources.calendar import Invitation
from handlers.sources.reviews import Happened, PullRequest
from memory.models.settings import Settings
from tests.integration.chat import TEAM, at, who
from tests.integration.test_audience import opens
from tests.promises.stage import Stage
from tests.promises.worlds import MORNING_AFTER, SECOND_DAY, Line, Onlooker, Wordy, question, saying

LATER = MORNING_AFTER - 30
"""After all that was said, before the viewer looks."""


@dataclass(frozen=True)
class Hidden:
    """A place that none of some onlookers may read, and a world around it."""

    world: Wordy
    place: str
    onlookers: tuple[Onlooker, ...]
    chance: random.Random

    @property
    def lines(self) -> list[Line]:
        return [line for line in self.world.lines if line.place == self.place]

    @property
    def people(self) -> list[str]:
        return [each.name for each in self.world.world.people]

    def some_line(self) -> Line:
        return self.chance.choice(self.lines)

    def new_line(self, place: str | None = None) -> Line:
        """Said by somebody who is there, on either day, perhaps in a thread."""
        here = next(each for each in self.world.world.places if each.name == self.place)
        there = [each.name for each in self.world.world.people if opens(each, here)] or ["BOB"]
        minutes = self.chance.choice((600.5, SECOND_DAY + 600.5))
        parent = self.chance.choice([None, *(line.minutes for line in self.lines)]) if place is None else None
        text = saying(self.chance, self.people)
        return Line(place or self.place, minutes, self.chance.choice(there), text, parent)


Change = Callable[[Stage, Hidden], Awaitable[None]]
MESSAGE_CHANGES: dict[str, Change] = {}
"""To one message."""
OTHER_CHANGES: dict[str, Change] = {}
"""To what is around it."""


def change(name: str, among: dict[str, Change]) -> Callable[[Change], Change]:
    def enter(made: Change) -> Change:
        among[name] = made
        return made

    return enter


@change("message edited", MESSAGE_CHANGES)
async def edited(stage: Stage, hidden: Hidden) -> None:
    line = hidden.some_line()
    await stage.edit(line, saying(hidden.chance, hidden.people), LATER)
    await stage.work_out(hidden.place, LATER)


@change("message added", MESSAGE_CHANGES)
async def added(stage: Stage, hidden: Hidden) -> None:
    await stage.say(hidden.new_line().message())
    await stage.work_out(hidden.place, LATER)


@change("message deleted", MESSAGE_CHANGES)
async def deleted(stage: Stage, hidden: Hidden) -> None:
    await stage.delete(hidden.some_line(), LATER)
    await stage.work_out(hidden.place, LATER)


@change("message moved", MESSAGE_CHANGES)
async def moved(stage: Stage, hidden: Hidden) -> None:
    """To a private channel in which none of the onlookers is."""
    line = hidden.some_line()
    await stage.open_private("CNEW", "XEN")
    await stage.delete(line, LATER)
    await stage.say(replace(line, place="CNEW", thread=None).message())
    for place in (hidden.place, "CNEW"):
        await stage.work_out(place, LATER)


@change("reaction", OTHER_CHANGES)
async def reacted(stage: Stage, hidden: Hidden) -> None:
    await stage.react(hidden.some_line(), "eyes", LATER)


@change("a stranger joins", OTHER_CHANGES)
async def joined(stage: Stage, hidden: Hidden) -> None:
    await stage.moved(hidden.place, ["XEN"], LATER, joined=True)


@change("somebody leaves", OTHER_CHANGES)
async def left(stage: Stage, hidden: Hidden) -> None:
    """Never the onlooker, who is not there; of a channel, one who is not in it either."""
    here = next(each for each in hidden.world.world.places if each.name == hidden.place)
    if here.members:
        await stage.moved(hidden.place, [min(here.members)], LATER, joined=False)


@change("facts resolved and reversed", OTHER_CHANGES)
async def settled(stage: Stage, hidden: Hidden) -> None:
    await stage.settle_facts(hidden.place, LATER)


@change("visible decisions reversed elsewhere", OTHER_CHANGES)
async def reversed_elsewhere(stage: Stage, hidden: Hidden) -> None:
    """Each sentence that a viewer may read is taken back where they may not."""
    for ordinal, line in enumerate(hidden.world.lines):
        if line.place != hidden.place:
            took_back = f"Changing my mind: we drop it. No more of this: {line.text}"
            minutes = SECOND_DAY + 700 + ordinal
            await stage.say(replace(line, place=hidden.place, minutes=minutes, text=took_back, thread=None).message())
            done = replace(line, place=hidden.place, minutes=minutes + 0.5, text=f"Done: {line.text}", thread=None)
            await stage.say(done.message())
    await stage.work_out(hidden.place, LATER)


@change("renamed and archived", OTHER_CHANGES)
async def renamed(stage: Stage, hidden: Hidden) -> None:
    await stage.rename(hidden.place, "ledger gateway rollout")


@change("quiet, and not to be read", OTHER_CHANGES)
async def troubled(stage: Stage, hidden: Hidden) -> None:
    """Its members want Daybook quiet there, and reading it back fails."""
    await stage.hush(hidden.place, LATER - 60)


@change("a new hidden place", OTHER_CHANGES)
async def opened(stage: Stage, hidden: Hidden) -> None:
    await stage.open_private("CNEW", "XEN")
    await stage.say(*(hidden.new_line("CNEW").message() for _ in range(1)))
    await stage.work_out("CNEW", LATER)


@change("a meeting and a review of others", OTHER_CHANGES)
async def invited_elsewhere(stage: Stage, hidden: Hidden) -> None:
    """Those invited, and those who may read the repository, are nobody whom the onlookers know."""
    there = frozenset({who("STRANGER")})
    begins = at(MORNING_AFTER + 60)
    meant = Invitation("E9", "Kafka, and who goes", "", begins, begins, who("STRANGER"), there, at(LATER), at(LATER))
    await calendar.take(stage.database, TEAM, meant)
    asked = Happened("R9", "review_requested", at(LATER), who("STRANGER"), who(hidden.people[0]))
    await reviews.take(stage.database, TEAM, PullRequest("acme/hidden#9", "kafka for the ledger", there), [asked])


@change("a question and its answer", OTHER_CHANGES)
async def asked(stage: Stage, hidden: Hidden) -> None:
    """In the hidden place, answered for all who could open that."""
    await stage.ask(Onlooker("channel", hidden.place), question(hidden.chance), LATER)


@change("somebody else was briefed and answered", OTHER_CHANGES)
async def told_others(stage: Stage, hidden: Hidden) -> None:
    looking = {each.name for each in hidden.onlookers}
    others = [each for each in hidden.world.world.people if each.known and each.name not in looking]
    for each in others:
        if not each.deactivated and each.role != "bot":
            await stage.brief(each.name, LATER)
            await stage.answer_items(each.name, LATER)
            await stage.ask(Onlooker("person", each.name), question(hidden.chance), LATER)


@change("somebody else chose their settings", OTHER_CHANGES)
async def chose(stage: Stage, hidden: Hidden) -> None:
    """They say that every onlooker is their manager, or reports to them."""
    looking = [who(each.name) for each in hidden.onlookers if each.kind == "person"]
    named = {each.name for each in hidden.onlookers}
    for each in hidden.world.world.people:
        if each.known and each.name not in named:
            theirs = Settings(manager_id=next(iter(looking), None), report_ids=tuple(looking), projects=("Hidden",))
            await stage.choose(each.name, theirs, LATER)


@change("everything deleted", OTHER_CHANGES)
async def emptied(stage: Stage, hidden: Hidden) -> None:
    for line in hidden.lines:
        await stage.delete(line, LATER)
    await stage.work_out(hidden.place, LATER)


CHANGES = MESSAGE_CHANGES | OTHER_CHANGES
