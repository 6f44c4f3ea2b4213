"""Verify: a text and what it rests on -> the text without the sentences that the evidence does not carry.

A sentence is carried when every name and every number in it stands in the evidence, or is known of it (its people,
its place, its dates). Runs on both engines' output, on items and answers alike.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pydantic import SkipValidation

from graphs.ports import Context
from memory.models.base import Model
from memory.models.briefings import Item
from memory.models.ids import ItemId, MessageId

VERSION = "rules-1"

_SENTENCE = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][”\"')]))\s+(?=[“\"'(]?[A-Z0-9#@])")
_TOKEN = re.compile(r"[^\W_]+(?:[.,:/'’_\-][^\W_]+)*")
_OURS = frozenset(
    "i i'm i'll you your the a an somebody nothing no not it they we this that there what who when where why how "
    "in on at by to of and or but if is are was were done since today yesterday tomorrow".split()
)


class Given(Model):
    """`known` is true of this text without evidence; `names` are everybody's, so that a wrong one is recognised."""

    text: str
    evidence: tuple[str, ...]
    known: tuple[str, ...] = ()
    names: SkipValidation[tuple[str, ...]] = ()


class Found(Model):
    text: str
    dropped: tuple[str, ...] = ()


class ItemsGiven(Model):
    """The items of a briefing, the words of their messages, and what each may say beyond them."""

    items: tuple[Item, ...]
    evidence: Mapping[MessageId, str]
    known: Mapping[ItemId, tuple[str, ...]]
    names: SkipValidation[tuple[str, ...]] = ()


class ItemsFound(Model):
    items: tuple[Item, ...]
    dropped: tuple[str, ...] = ()


class UncarriedSentence(ValueError):
    """A sentence says a name or number that its evidence does not: drop it."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    found = rules(given)
    check(given, found)
    return found


def rules(given: Given) -> Found:
    carried = _tokens((*given.evidence, *given.known))
    people = _called(given.names)
    kept: list[str] = []
    dropped: list[str] = []
    for sentence in split(given.text):
        (dropped if _strange(sentence, carried, people) else kept).append(sentence)
    return Found(text=" ".join(kept), dropped=tuple(dropped))


def items(given: ItemsGiven) -> ItemsFound:
    """Keeps the items that have a source, with the sentences that their sources carry."""
    kept: list[Item] = []
    dropped: list[str] = []
    for item in given.items:
        sources = tuple(s for s in item.sources if s.message_id in given.evidence)
        texts = tuple(given.evidence[s.message_id] for s in sources)
        found = rules(Given(text=item.text, evidence=texts, known=given.known.get(item.item_id, ()), names=given.names))
        dropped += found.dropped if sources else [item.text]
        if sources and found.text:
            kept.append(item.model_copy(update={"text": found.text, "sources": sources}))
    return ItemsFound(items=tuple(kept), dropped=tuple(dropped))


def check(given: Given, found: Found) -> None:
    """Raises `UncarriedSentence` unless all that is left is carried, and nothing was added."""
    carried, people = _tokens((*given.evidence, *given.known)), _called(given.names)
    given_sentences = split(given.text)
    for sentence in split(found.text):
        if _strange(sentence, carried, people) or not any(sentence in one for one in given_sentences):
            raise UncarriedSentence(sentence)


def split(text: str) -> list[str]:
    """Sentences, as far as punctuation tells them."""
    return [s for s in (part.strip() for part in _SENTENCE.split(text)) if s]


def _strange(sentence: str, carried: frozenset[str], people: frozenset[str]) -> list[str]:
    """The names and numbers that nothing carries. A sentence's first word is a name only if somebody is called so."""
    found = []
    for at, match in enumerate(_TOKEN.finditer(sentence)):
        token = _bare(match[0])
        is_number = any(c.isdigit() for c in token)
        is_name = match[0][0].isupper() and (at > 0 or token in people)
        if (is_number or is_name) and token not in carried and token not in _OURS:
            found.append(token)
    return found


def _tokens(texts: Iterable[str]) -> frozenset[str]:
    """Each word as it stands, and in its parts: `INC-412` carries `412`."""
    words = {_bare(m[0]) for text in texts for m in _TOKEN.finditer(text)}
    return frozenset(words | {part for word in words for part in re.split(r"[.,:/'’_\-]", word) if part})


@lru_cache(maxsize=4)
def _called(names: tuple[str, ...]) -> frozenset[str]:
    """The words that people's names are made of: of thousands, the same for every sentence."""
    return _tokens(names)


def _bare(token: str) -> str:
    return re.sub(r"['’]s$", "", token.casefold())
