"""Bounds: what a question names to be looked within: an occasion to count from (“since the payments incident”), or a
channel (“in #design”). Only words are read here; which occasion and which channel that is, depends on who reads.
"""

import re
from datetime import datetime
from typing import Literal

from graphs import days
from memory.models.base import Model
from memory.models.ids import ContainerId, MessageId, PersonId

Kind = Literal["incident", "rollback", "release", "freeze", "decision", "meeting"]
NOUNS: dict[Kind, str] = {
    "incident": r"incidents?|outages?|downtime|crash(?:es)?|disruptions?|failures?|sev-?[0-3]|p[01]",
    "rollback": r"roll-?backs?|reverts?",
    "release": r"releases?|roll-?outs?|deploy(?:ment|s)?|launch(?:es)?|go-?live|cut-?over|migrations?|upgrades?",
    "freeze": r"(?:code[- ])?freezes?",
    "decision": r"decisions?",
    "meeting": (
        r"meetings?|calls?|1:1s?|one[- ]on[- ]ones?|syncs?|stand-?ups?|retros?|retrospectives?|demos?|kick-?offs?|"
        r"off-?sites?|all-?hands|town ?halls?|workshops?|reviews?|plannings?|interviews?"
    ),
}
_VERBS: dict[Kind, str] = {
    "incident": r"went down|crashed|broke(?: down)?|failed|was down",
    "rollback": r"was rolled back|was reverted",
    "release": (
        r"shipped|launched|went live"
        r"|(?:was|were|got) (?:shipped|released|launched|deployed|rolled out|migrated|upgraded)"
    ),
    "freeze": r"was frozen",
}
_DONE: dict[Kind, str] = {
    "rollback": r"rolled back|reverted",
    "release": r"shipped|released|launched|deployed|rolled out|migrated|upgraded",
    "decision": r"decided (?:on|about)|agreed (?:on|about)",
}
_WORD = r"[\w.'’-]+"
_BOUND = r"\b(?P<bound>ever since|since|after|before|until|till|up to)\s+"
_NOUN = re.compile(
    rf"{_BOUND}(?:the|our|my|this|that|last|yesterday['’]s)\s+(?P<name>(?:{_WORD}\s+){{0,4}}?"
    rf"(?P<noun>{'|'.join(NOUNS.values())})"
    rf"(?:\s+(?:with|of|for)\s+(?:the\s+)?(?:<@\w+(?:\|[^<>]*)?>|{_WORD})(?:\s+(?-i:[A-Z]{_WORD}))?)?)(?![\w-])",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    rf"{_BOUND}(?P<name>(?:(?!we\b|i\b|you\b){_WORD}\s+){{1,4}}?(?P<noun>{'|'.join(_VERBS.values())}))(?![\w-])",
    re.IGNORECASE,
)
_WE = re.compile(
    rf"{_BOUND}(?P<name>we\s+(?:have\s+)?(?P<noun>{'|'.join(_DONE.values())})\s+(?:{_WORD})(?:\s+{_WORD}){{0,2}})"
    r"(?=\s*(?:[?.!,]|$))",
    re.IGNORECASE,
)
_CHANNEL = re.compile(
    r"\b(?:in|on|at|from|of|with|inside)\s+(?:the\s+)?(?:channel\s+)?"
    r"(?:<#(?P<id>[A-Z0-9]{2,20})(?:\|(?P<label>[^<>]{0,80}))?>|#(?P<name>[a-z_][\w-]{0,79}))(?:\s+channel\b)?",
    re.IGNORECASE,
)
_PREPARE = re.compile(r"\b(?:prepare|brief|prep) me\b", re.IGNORECASE)
_MENTIONED = re.compile(r"<@(\w+)(?:\|[^<>]*)?>")
_NO_WORDS = frozenset(
    "the a an our my this that last of with for on about was were got we have is it team week weeks month day today "
    "yesterday morning afternoon night big recent latest next".split()
)
LONGEST = 80


class Occasion(Model):
    """Something that happened once, and by which a question dates. `name` is as asked, `words` are what tell it from
    others of its kind.

    `at` and `message_id` say when it was and what tells so, once it was looked up; `day_only`: the hour is not known.
    """

    bound: Literal["since", "before"]
    kind: Kind
    name: str
    words: tuple[str, ...] = ()
    person_ids: tuple[PersonId, ...] = ()
    is_clause: bool = False
    """It is named by what happened: “checkout went down”."""
    at: datetime | None = None
    day_only: bool = False
    message_id: MessageId | None = None


class Place(Model):
    """A channel as a question names it: by its id, or by what it is called. `container_id` once it was looked up."""

    external_id: str = ""
    name: str = ""
    container_id: ContainerId | None = None

    @property
    def shown(self) -> str:
        """As whoever asked calls it."""
        return f"#{self.name}" if self.name else "that channel"


class Bounds(Model):
    """`spans` are the words of a question that name its bounds; `rest` is the question without them."""

    occasion: Occasion | None = None
    place: Place | None = None
    spans: tuple[str, ...] = ()
    rest: str


def read(text: str) -> Bounds:
    """What bounds the question names."""
    rest, spans = " ".join(text.split()), list[str]()
    place = None
    if match := _CHANNEL.search(rest):
        label = (match["label"] or match["name"] or "").strip().lower()
        place = Place(external_id=(match["id"] or "").upper(), name=label)
        rest, span = _cut(rest, match)
        spans.append(span)
    occasion = None
    if found := _occasion(rest):
        occasion, match = found
        rest, span = _cut(rest, match)
        spans.append(span)
    return Bounds(occasion=occasion, place=place, spans=tuple(spans), rest=rest)


def _occasion(text: str) -> tuple[Occasion, re.Match[str]] | None:
    for pattern, kinds in ((_NOUN, NOUNS), (_CLAUSE, _VERBS), (_WE, _DONE)):
        match = pattern.search(text)
        if match is None:
            continue
        since = match["bound"].lower() in {"since", "ever since", "after"}
        kind = next(each for each, words in kinds.items() if re.fullmatch(words, match["noun"], re.IGNORECASE))
        if match["bound"].lower() not in {"since", "ever since"} and not _looks_back(text):
            continue
        called = " ".join(match["name"].split())
        found = Occasion(
            bound="since" if since else "before",
            kind=kind,
            name=called[:LONGEST],
            words=_telling(called, match["noun"]),
            is_clause=pattern is not _NOUN,
        )
        return found, match
    return None


def _looks_back(text: str) -> bool:
    """Whether it asks of what was so by then; “prepare me before the call with Ben” does not."""
    return days.asks_of_the_past(text) and not _PREPARE.search(text)


def _telling(name: str, noun: str) -> tuple[str, ...]:
    """The lower-case words that tell this one from others of its kind."""
    plain = _MENTIONED.sub(" ", re.sub(re.escape(noun), " ", name, count=1, flags=re.IGNORECASE))
    words = re.findall(r"[^\W_]+", plain.lower())
    return tuple(dict.fromkeys(word for word in words if word not in _NO_WORDS and (len(word) > 1 or word.isdigit())))


def _cut(text: str, match: re.Match[str]) -> tuple[str, str]:
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    rest = re.sub(r"\s+([?.!,])", r"\1", " ".join(rest.split()))
    return rest.strip(" ,"), match[0]
