"""What a reader chose, as ranking goes by it: what is left out, what weighs more, and how much there may be.

Pure, and of plain values: a run keeps them between its steps.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol, TypeVar

from memory.models.base import Model
from memory.models.briefings import Section
from memory.models.ids import ContainerId, ConversationId, MessageId, PersonId
from memory.models.settings import Length, Settings

USUAL: Mapping[Section, int] = {"needs_you": 3, "decisions": 6, "promises": 6, "blocked": 5, "today": 8, "also": 6}
FULL: Mapping[Section, int] = {"needs_you": 3, "decisions": 9, "promises": 7, "blocked": 6, "today": 8, "also": 7}
CHARACTERS, MORE_CHARACTERS, MOST_CHARACTERS = 2400, 4000, 6000
"""Of a usual briefing, of one after an absence, and of a full one."""
MOST_BESIDE = 4
"""Lines of a short briefing beside what needs the reader."""
CATCH_UP = 12
"""Decisions of a briefing after an absence: what was settled meanwhile is what one cannot ask about any more."""
_PERSON, _CHANNEL = 14, 9
_ASKS = frozenset({"asked_of_you", "blocks_on_you"})
_PROMISES = ("my_promise", "owed_to_you", "kept_for_you")


class Preferences(Model):
    """`missed`: workdays without a briefing before this one."""

    length: Length = "usual"
    followed: tuple[ContainerId, ...] = ()
    muted: tuple[ContainerId, ...] = ()
    people: tuple[PersonId, ...] = ()
    missed: int = 0

    @classmethod
    def of(cls, settings: Settings, *, missed: int = 0) -> "Preferences":
        return cls(
            length=settings.length,
            followed=settings.followed,
            muted=settings.muted,
            people=settings.people,
            missed=missed,
        )


class Mark(NamedTuple):
    """Something that weighs more because the reader chose it."""

    code: Literal["you_follow_person", "you_follow_channel"]
    weight: float
    person_id: PersonId | None = None


def marks(actor: PersonId | None, container: ContainerId, chosen: Preferences) -> list[Mark]:
    """What the reader's choices add to something that somebody said somewhere."""
    found = []
    if actor is not None and actor in chosen.people:
        found.append(Mark("you_follow_person", _PERSON, actor))
    if container in chosen.followed:
        found.append(Mark("you_follow_channel", _CHANNEL))
    return found


class Ranked(Protocol):
    """What is known of an entry before it has its place."""

    @property
    def conversation_id(self) -> ConversationId: ...
    @property
    def message_ids(self) -> tuple[MessageId, ...]: ...
    @property
    def codes(self) -> frozenset[str]: ...


Entry = TypeVar("Entry", bound=Ranked)


def heard(
    entries: Iterable[Entry],
    places: Mapping[ConversationId, ContainerId],
    asking: Iterable[MessageId],
    chosen: Preferences,
) -> list[Entry]:
    """Without what muted channels say, unless it asks the reader, or was promised by or to them.

    `asking`: the messages that ask whom they mention for something.
    """
    if not chosen.muted:
        return list(entries)
    muted, asks = {*chosen.muted}, {*asking}
    return [each for each in entries if places.get(each.conversation_id) not in muted or _concerns(each, asks)]


def _concerns(entry: Ranked, asking: set[MessageId]) -> bool:
    asked = "mentioned" in entry.codes and bool({*entry.message_ids} & asking)
    return asked or bool(entry.codes & _ASKS) or any(code.startswith(_PROMISES) for code in entry.codes)


def limits(chosen: Preferences) -> dict[Section, int]:
    """How many entries each section takes."""
    found = dict(FULL if chosen.length == "full" else USUAL)
    if chosen.missed and chosen.length != "short":
        found["decisions"] = max(found["decisions"], CATCH_UP)
    return found


def characters(chosen: Preferences) -> int:
    """How long a briefing may be."""
    if chosen.length == "full":
        return MOST_CHARACTERS
    return MORE_CHARACTERS if chosen.missed and chosen.length == "usual" else CHARACTERS


def fitting(sections: Sequence[Section], chosen: Preferences) -> list[bool]:
    """Which of these entries there is room for, best first: each section has its limit, a short briefing one in all."""
    most, taken, kept = limits(chosen), Counter[Section](), []
    for section in sections:
        beside = sum(many for name, many in taken.items() if name != "needs_you")
        full = chosen.length == "short" and section != "needs_you" and beside >= MOST_BESIDE
        kept.append(taken[section] < most[section] and not full)
        taken[section] += kept[-1]
    return kept


def overfull(counts: Mapping[Section, int], chosen: Preferences) -> list[str]:
    """What is wrong with so many entries in each section."""
    most = limits(chosen)
    wrong = [f"{many} entries in {section}" for section, many in counts.items() if many > most.get(section, 0)]
    beside = sum(many for section, many in counts.items() if section != "needs_you")
    if chosen.length == "short" and beside > MOST_BESIDE:
        wrong.append(f"{beside} entries beside what needs the reader")
    return wrong
