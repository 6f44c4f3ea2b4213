"""What a question is after: how telling each of its words is, what may stand for them, and the form of its answer."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphs.tasks import asked, kinds
from graphs.tasks.rarity import rarity_of
from graphs.tasks.retrieve import Counted
from graphs.tasks.stems import stem_of, telling, words_of
from graphs.tasks.understand import QueryPlan
from memory.models.ids import PersonId

# Chosen on dev-lumenpay and the weeks cairn and brightwater (docs/models/answer.md).
ALIKE, KIND = 0.6, 0.3
"""How much of a word is there when only another for it is."""
FRAME = 0.4
COMMON = 1.5
"""The power of a word's rarity in chat at large by which what it tells is lessened."""

_DAYS: Mapping[str, str] = MappingProxyType(
    {
        "monday": "mon",
        "tuesday": "tue tues",
        "wednesday": "wed weds",
        "thursday": "thu thur thurs",
        "friday": "fri",
        "saturday": "sat weekend",
        "sunday": "sun weekend",
        "weekend": "saturday sunday sat sun",
    }
)
_ORDINAL = re.compile(r"\b(\d{1,4})(?:st|nd|rd|th)\b", re.IGNORECASE)
_FORMAL = frozenset("promise promised decide decided agree agreed happen happened happens get got need work".split())
"""Words that ask for a kind of fact or for nothing in particular: half as telling."""
_FOCUS = re.compile(
    r"\b(?:which|what|how many|how much)\s+(?:(?:kind|sort|type) of |of the |new |other )?(\w+)", re.IGNORECASE
)

_WHEN = re.compile(
    r"\bwhen\b|\bwhat (?:day|date|time)\b|\bwhich (?:day|date|week|month)\b|\bhow (?:long|soon)\b|\bdate\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|long|far|large|big|old|often|high|fast)\b"
    r"|\bwhat (?:does|do|did|will|would) .{1,40}\b(?:cost|pay|earn|charge)\b"
    r"|\b(?:price|rate|costs?|pay|fee|salary|number|forecast|gain|size|p\d\d|percent|budget)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho(?:m|se|'s)?\b|\bwhich (?:person|engineer|manager|team)\b", re.IGNORECASE)
_WHY = re.compile(r"\bwhy\b|\bwhat (?:caused|is wrong|went wrong)\b|\breason\b|\bcause[ds]?\b", re.IGNORECASE)
_WHETHER = re.compile(
    r"^\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|may|will|would|should|am)\b", re.IGNORECASE
)

_TIME = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b"
    r"|\b\d{1,2}(?::\d\d|(?:st|nd|rd|th)\b)|\b(?:tomorrow|today|tonight|noon|eod|morning|evening)\b"
    r"|\bnext (?:week|month|year|quarter)\b|\bq[1-4]\b|\b\d+ (?:days?|weeks?|months?|minutes?|min|hours?|h)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|thirty|half|nobody|"
    r"none|no)\b",
    re.IGNORECASE,
)
_GROUND = re.compile(
    r"\b(?:because|since|due to|so that|reason|cause[ds]?|turns? out|found|that's why|as|it's|was)\b", re.IGNORECASE
)
_VERDICT = re.compile(
    r"^\W*(?:yes|no|yep|nope|yeah|not|never|sure|agreed|ok|correct|it (?:does|is|was)|don't|"
    r"we (?:are not|don't|will))\b",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"\b(?:i|me|mine|i'll|i'm|my)\b", re.IGNORECASE)
VERDICT = 0.7
UNKNOWN_FORM = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question; `telling` is how much a text tells that holds it."""

    word: str
    stem: str
    telling: float
    alike: frozenset[str]
    kinds: frozenset[str]


class Sought:
    """A question as the messages are held against it."""

    def __init__(self, question: str, plan: QueryPlan, names: Mapping[PersonId, str], counted: Counted) -> None:
        spoken = plan.model_copy(update={"span": _ORDINAL.sub(r"\1", plan.span)})
        self.words = _words(_ORDINAL.sub(r"\1", question), spoken, names, counted)
        self._whole = math.fsum(each.telling for each in self.words) or 1.0
        focus = _FOCUS.search(question)
        self.focus = next((n for n, w in enumerate(self.words) if focus and w.word == focus[1].lower()), None)
        self._when, self._number = bool(_WHEN.search(question)), bool(_NUMBER.search(question))
        self._who, self._why = bool(_WHO.search(question)), bool(_WHY.search(question))
        self._whether = bool(_WHETHER.search(question))
        self._called = frozenset(first for name in names.values() if len(first := name.partition(" ")[0].lower()) > 2)
        self._terms = frozenset(map(stem_of, plan.terms))
        self._levels: dict[str, tuple[float, ...]] = {}

    def levels(self, text: str) -> tuple[float, ...]:
        """How much of each word stands in a text, from 0 to 1."""
        found = self._levels.get(text)
        if found is None:
            stems = {stem_of(word) for word in words_of(_ORDINAL.sub(r"\1", text))}
            found = self._levels[text] = tuple(_level(each, stems) for each in self.words)
        return found

    def cover(self, levels: tuple[float, ...]) -> float:
        """The share of the question that is there, by what its words tell."""
        return sum(each.telling * level for each, level in zip(self.words, levels, strict=True)) / self._whole

    def is_all_in(self, text: str) -> bool:
        """Whether a text holds every word that is looked for, be it in another form."""
        return bool(self._terms) and self._terms <= {stem_of(word) for word in words_of(text)}

    def fits(self, text: str, *, names_somebody: bool) -> float:
        """How far a text has the form of an answer: a time to `when`, somebody to `who`; 0.5 where no form is asked."""
        if not (self._when or self._number or self._who or self._why or self._whether):
            return UNKNOWN_FORM
        if self._when and _TIME.search(text):
            return 1.0
        if self._number and _AMOUNT.search(text):
            return 1.0
        if self._who and (names_somebody or _SPEAKER.search(text) or self._names(text)):
            return 1.0
        if self._why and _GROUND.search(text):
            return 1.0
        return VERDICT if self._whether and _VERDICT.search(text) else 0.0

    def _names(self, text: str) -> bool:
        return not self._called.isdisjoint(words_of(text))


def _level(word: Word, stems: set[str]) -> float:
    if word.stem in stems:
        return 1.0
    if not word.alike.isdisjoint(stems):
        return ALIKE
    return 0.0 if word.kinds.isdisjoint(stems) else KIND


def _words(question: str, plan: QueryPlan, names: Mapping[PersonId, str], counted: Counted) -> tuple[Word, ...]:
    found = []
    for each in asked.wanted_in(question, plan, names):
        if each.role not in {"word", "frame"}:
            continue
        (word,), (stem,) = each.words, each.stems
        held = min(counted.holding.get(word, 0), counted.messages)
        rare = math.log(1 + (max(counted.messages, 1) - held + 0.5) / (held + 0.5)) * rarity_of(stem) ** COMMON
        rare *= (FRAME if each.role == "frame" else 1.0) * (0.5 if word in _FORMAL else 1.0)
        others = {telling(other) for other in kinds.alike(stem)} | {stem_of(day) for day in _DAYS.get(word, "").split()}
        members = {telling(other) for other in kinds.named_by(stem)}
        found.append(Word(word, stem, rare, frozenset(others - {"", stem}), frozenset(members - {"", stem})))
    return tuple(found)
