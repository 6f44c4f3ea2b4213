"""Briefings beside what a good chief of staff would have told.

P@3: of what is shown under "needs you" (the first three), the share that rests on something that does need the reader;
R@3: of what needs them, at most three a morning, the share that is among those; worth: of all that is worth telling,
the share told anywhere. noise, again: of the three, what rests only on noise, or was told before and has not changed.
twice: topics told of by more than one item. leak, later: items with a source that the reader may not read, or of later.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.evaluation.figures.matching import largest_first
from bot.evaluation.figures.reach import Reach
from bot.evaluation.figures.sheet import Counts, Reading, Sheet, share
from bot.evaluation.predictions import Briefing, Item
from bot.evaluation.world import Gold, Mark, Morning, Week
from graphs import days
from memory.models.settings import USUAL_TIME

SOURCES, ITEMS, TOP = 3, 20, 3
"""An item counts with its first sources, a briefing with its first items."""


def _f_of_three(sums: Counts) -> float | None:
    precision, recall = share("hit", "top")(sums) or 0, share("covered", "wanted")(sums) or 0
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


COUNTED = ("briefings", "absent", "items", "again", "twice", "no_source", "later", "leak")
READINGS: Mapping[str, Reading] = {
    "P@3": share("hit", "top"),
    "R@3": share("covered", "wanted"),
    "F@3": _f_of_three,
    "worth": share("worth", "worth_wanted"),
    "noise": share("noise", "top"),
}


def sheet(week: Week, gold: Gold, found: Sequence[Briefing]) -> Sheet:
    """The units are the briefings."""
    scorer = _Scorer(week, gold)
    told = {(each.user, each.date): each.items for each in found}
    units = [scorer.counts(wanted, told.get((wanted.user, wanted.date))) for wanted in gold.briefings]
    return Sheet(units, COUNTED, READINGS)


class _Scorer:
    def __init__(self, week: Week, gold: Gold) -> None:
        self._reach = Reach(week)
        self._zones = {user.id: user.tz for user in week.users}
        self._said_at = {line.id: line.ts for line in week.messages}
        self._talk_of = {message: talk.id for talk in gold.conversations for message in talk.messages}
        self._messages = {talk.id: talk.messages for talk in gold.conversations}
        self._topic_of = {talk: topic.id for topic in gold.topics for talk in topic.conversations}

    def counts(self, wanted: Morning, told: Sequence[Item] | None) -> Counter[str]:
        items = told or ()
        counted = Counter({"briefings": 1, "absent": int(told is None), "items": len(items)})
        counted["leak"] = sum(not all(self._reach.reads(wanted.user, s) for s in item.sources) for item in items)
        counted["no_source"] = sum(not item.sources for item in items)
        counted["later"] = sum(self._is_later(item, wanted) for item in items)
        kept = [item.model_copy(update={"sources": item.sources[:SOURCES]}) for item in items[:ITEMS]]
        counted += self._of_three(wanted, [item for item in kept if item.section == "needs_you"][:TOP])
        worth = _Grounds((*wanted.needs_you, *wanted.worth_knowing), self)
        counted["worth"] = len(largest_first(range(len(worth.marks)), kept, worth.carries))
        counted["worth_wanted"] = len(worth.marks)
        counted["twice"] = sum(many > 1 for many in Counter(t for item in kept for t in self._topics(item)).values())
        return counted

    def _of_three(self, wanted: Morning, top: Sequence[Item]) -> Counter[str]:
        worth = _Grounds((*wanted.needs_you, *wanted.worth_knowing), self)
        hits = len(largest_first(range(len(wanted.needs_you)), top, worth.carries))
        told_of = [item for item in top if not _on(item, wanted.needs_you)]
        return Counter(
            {
                "top": len(top),
                "hit": hits,
                "wanted": min(TOP, len(wanted.needs_you)),
                "covered": min(TOP, hits),
                "noise": sum(_on(item, wanted.noise) and not _on(item, worth.marks) for item in top),
                "again": sum(_on(item, wanted.told_before) for item in told_of),
            }
        )

    def _is_later(self, item: Item, wanted: Morning) -> bool:
        at = datetime.combine(wanted.date, USUAL_TIME, days.zone(self._zones[wanted.user])).timestamp()
        return any(self._said_at[source] >= at for source in item.sources if source in self._said_at)

    def _topics(self, item: Item) -> set[str]:
        talks = (self._talk_of.get(source) for source in item.sources)
        return {self._topic_of[talk] for talk in talks if talk in self._topic_of}

    def around(self, mark: Mark) -> set[str]:
        """The evidence, and what else was said in its conversations."""
        talks = {self._talk_of[each] for each in mark.evidence if each in self._talk_of}
        return {*mark.evidence, *(message for talk in talks for message in self._messages[talk])}


class _Grounds:
    """What is worth telling, and how much of it an item carries."""

    def __init__(self, marks: Sequence[Mark], scorer: _Scorer) -> None:
        self.marks = marks
        self._near = [scorer.around(mark) for mark in marks]

    def carries(self, number: int, item: Item) -> int:
        """Sources shared, if at least half of the item's sources stand in the evidence or its conversations."""
        sources = {*item.sources}
        return (
            len(sources & {*self.marks[number].evidence})
            if 2 * len(sources & self._near[number]) >= len(sources)
            else 0
        )


def _on(item: Item, marks: Sequence[Mark]) -> bool:
    return any({*item.sources} & {*mark.evidence} for mark in marks)
