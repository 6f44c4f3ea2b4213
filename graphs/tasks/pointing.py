"""Pointing: words below a briefing -> of which of its entries they ask why they are there.

In: a question bare of what leads up to it, and the entries as they are told, in order. Out: the places of those meant,
in that order; None where it asks no such thing. Only whole questions are heard, and an entry is meant by its number or
by most of the words that call it.
"""

import re
from collections.abc import Sequence

from graphs.tasks.stems import stems_of

MOST = 5
"""Entries that words may mean at once."""
_TELL = r"(?:tell|telling|told|show|showing|shown|give|giving|bring|bringing|remind|reminding)"
_HERE = r"(?:in )?(?:here|there|(?:this|that|my|the|today's) (?:briefing|review|list))"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"why (?:did|do|have|are|were|would) you {_TELL} (?:me )?(?:about |of |up )?(?P<what>.+?)",
        r"why (?:am|was) i (?:told|seeing|shown|getting|given)(?: about| of)? (?P<what>.+?)",
        rf"why (?:is|are|was|were) (?P<what>.+?) {_HERE}",
        rf"how come (?P<what>.+?) (?:is|are|was|were) {_HERE}",
        r"why (?:is|are|was|were) (?P<what>this|that|these|those|it) (?:relevant|important)(?: (?:for|to) me)?",
        rf"what (?:is|are) (?P<what>.+?) doing {_HERE}",
        r"why (?P<what>this|that|this one|that one|the .+ one)",
    )
)
_ALL = re.compile(
    r"(?:all |any |everything|each )?(?:of )?"
    r"(?:this|that|these|those|it|them|(?:this|that|my|the) (?:briefing|review|list))?",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_COUNTED = re.compile(
    rf"(?:the )?(?:number |no\.? )?(?:({'|'.join(_ORDINALS)}|last)|(\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?: (?:one|item|entry|line|point|thing))?",
    re.IGNORECASE,
)
_HOLLOW = frozenset(
    stem for word in "one thing item entry line point part matter stuff".split() for stem in stems_of(word)
)
_ENOUGH = 0.6
"""Of the words that call an entry so many are in it."""


def what(words: str) -> str | None:
    """What is asked about: empty for all of it. None: it asks for no reasons."""
    for pattern in _ASKED:
        if match := pattern.fullmatch(words.replace("’", "'")):
            named = re.sub(r"(?: (?:here|today|this morning))+$", "", match["what"].strip(), flags=re.IGNORECASE)
            return "" if _ALL.fullmatch(named) else named
    return None


def among(named: str, told: Sequence[str]) -> list[int]:
    """The places of the entries that are called so; none where nothing is."""
    if not named:
        return [*range(len(told))]
    if counted := _COUNTED.fullmatch(named):
        return _counted(counted, len(told))
    matter = {*stems_of(named)} - _HOLLOW
    share = [len(matter & {*stems_of(each)}) / len(matter) if matter else 0.0 for each in told]
    best = max(share, default=0.0)
    return [place for place, each in enumerate(share) if each == best >= _ENOUGH][:MOST]


def _counted(match: re.Match[str], many: int) -> list[int]:
    word = (match[1] or "").lower()
    place = many - 1 if word == "last" else _ORDINALS.index(word) if word else int(match[2]) - 1
    return [place] if 0 <= place < many else []
