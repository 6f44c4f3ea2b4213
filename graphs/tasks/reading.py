"""From a message to a turn: everything that later columns need of it, read once."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphs.tasks.openings import opens
from graphs.tasks.stems import stem_of
from graphs.tasks.turns import Turn
from graphs.tasks.wording import asked_for, cues_of, given_in, lead_of, starts_naming, without_marks, words_of
from memory.models.ids import PersonId
from memory.models.messages import Message

_NAMES = re.compile(r"[^\W\d_]{2,20}")
_ENTITY = re.compile(r"(?=.*\d)(?:.*[^\W\d_].*|\d{3,}.*)\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """What it takes to read a message: how rare words are, and who is called what."""

    rarity: Mapping[str, float]
    rarest: float
    openings: Mapping[str, float] = field(default_factory=dict)
    """What wordings tell of opening a conversation (`openings`)."""
    called: Mapping[str, int] = field(default_factory=dict)
    """First names in lower case, each of one person."""


def turn_of(message: Message, reading: Reading) -> Turn:
    """Reads a message."""
    text = message.text[:1000]
    rarity, rarest = reading.rarity, reading.rarest
    words = {word: rarity.get(word, rarest) for word in sorted(words_of(text))}
    norm = math.sqrt(sum(weight * weight for weight in words.values())) or 1.0
    author = message.author_id.int if message.author_id else None
    return Turn(
        name=message.external_ts,
        author=author,
        at=message.posted_at.timestamp(),
        mentions=_mentions(message, text, author, reading.called),
        words={word: weight / norm for word, weight in words.items()},
        entities=frozenset(word for word in words if _ENTITY.match(word)),
        cues=cues_of(text, opens(text, reading.openings), bot=message.kind == "bot"),
        asked=asked_for(text),
        gives=given_in(text),
        lead=lead_of(text),
        starts=starts_naming(text),
        dangles=text[-1:] in (":", ",", ";") or text.endswith("..."),
    )


def first_names(names: Mapping[PersonId, str], rarity: Mapping[str, float]) -> dict[str, int]:
    """Whom a first name stands for, where it is one person's and no word that people use otherwise."""
    owners: dict[str, list[int]] = {}
    for person, name in names.items():
        first = name.split(maxsplit=1)[0].lower() if name.strip() else ""
        if len(first) > 1 and stem_of(first) not in rarity:
            owners.setdefault(first, []).append(person.int)
    return {first: people[0] for first, people in owners.items() if len(people) == 1}


def _mentions(message: Message, text: str, author: int | None, called: Mapping[str, int]) -> tuple[int, ...]:
    """Whom it names, by mention or by first name."""
    named = [person.int for person in message.mentions]
    if called:
        found = (called.get(word) for word in _NAMES.findall(without_marks(text).lower()))
        named += [person for person in found if person is not None and person != author]
    return tuple(dict.fromkeys(named))
