"""Whether two statements speak of one thing, and whether they say the same of it: stems, names and values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from graphs.tasks.wording import COMMON

_NAME = re.compile(
    r"https?://[^\s<>|]{4,300}|(?<![\w/-])[a-z]{2,10}-\d{1,6}(?![\w-])"
    r"|(?<![\w/])(?:pr ?)?#\d{2,6}\b|(?<!\w)pr ?\d{2,6}\b",
    re.IGNORECASE,
)
"""What is called by a name of its own: ER-07, PR 512, #512, a link."""
_MARKUP = re.compile(r"<[^<>\n]{1,2000}>|https?://\S{1,2000}")
_ENDING = re.compile(r"(?<=\w{4})(?:ings?|ed|es|s|e)\Z")
_EMPTY = frozenset("done all now just finished finally everything please today tomorrow tonight later soon eod".split())
"""Words that say nothing of what something is about."""
_DAYS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri today tomorrow tonight january february
    march april june july august september october november december
    """.split()
)
_DENIES = re.compile(r"\b(?:not|never|no longer|\w+n['\u2019]t)\b", re.IGNORECASE)
_NAMED = 3
"""What a shared name counts; any other shared word counts 1."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement as it is compared: its stems, the names of things in it, the values it gives, whether it denies."""

    stems: frozenset[str]
    names: frozenset[str]
    values: frozenset[str]
    denies: bool

    @property
    def skeleton(self) -> str:
        """What it speaks of, without what it says of that."""
        return " ".join(sorted(self.stems - self.values))


def wording(statement: str, quoted: str = "") -> Wording:
    """`quoted` are the words that the statement was made from; they say the same without naming who speaks."""
    named = names((statement, quoted))
    words = telling(_MARKUP.sub(" ", quoted) or statement) - _EMPTY - {name.lstrip("#") for name in named} - named
    values = frozenset(word for word in words if word in _DAYS or any(character.isdigit() for character in word))
    stems = frozenset(word if word in values else _ENDING.sub("", word) for word in words)
    return Wording(stems, named, values, _DENIES.search(statement) is not None)


def names(texts: Iterable[str]) -> frozenset[str]:
    """The names of things in these texts, each in one form."""
    found = (match[0].lower().rstrip(".,;:!?)") for text in texts for match in _NAME.finditer(text))
    return frozenset(re.sub(r"^pr ?#?", "#", name) for name in found)


def shared(one: Wording, two: Wording) -> int:
    """How much two have in common of what they are about."""
    return len(one.stems & two.stems) + _NAMED * len(one.names & two.names)


def agree(one: Wording, two: Wording) -> bool:
    """Whether neither gives a name or a value that the other does not leave room for."""
    if one.names and two.names and not one.names & two.names:
        return False
    return one.denies == two.denies and (one.values <= two.values or two.values <= one.values)


def conflict(one: Wording, two: Wording) -> bool:
    """Whether they say different things of one matter: other values for the same, or yes and no."""
    if one.names != two.names or fuzz.ratio(one.skeleton, two.skeleton) < _ALIKE:
        return False
    if len((one.stems & two.stems) - one.values) + len(one.names) < 2:
        return False
    if one.denies != two.denies:
        return one.values <= two.values or two.values <= one.values
    return bool(one.values - two.values) and bool(two.values - one.values)


_ALIKE = 90.0
"""Ratio from which two skeletons are one."""


def telling(text: str) -> set[str]:
    """The words of a text that say what it is about."""
    words = (word.strip(".,:;!?()[]\"'`*_") for word in text.lower().split())
    return {word for word in words if len(word) > 2 and word not in COMMON}
