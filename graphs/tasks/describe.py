"""Describe: one conversation -> what it is about, one sentence of what was said, and who took which part in it.

Contract: the gist quotes the conversation: whoever it names takes part or is named there, and each of its numbers
occurs there; it has at most `GIST` characters. The topic is made of the conversation's own words.

A model may word both (`minutes`); who took which part is told by rules.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from graphs.tasks import cues, lexicon
from graphs.tasks.segment import COMMON
from graphs.tasks.speech import Utterance, hear, points
from graphs.wording import clause, readable
from memory.models.conversations import Participant, ParticipantRole
from memory.models.facts import EngineName
from memory.models.ids import PersonId
from memory.models.messages import Message

VERSION = "rules-2"
GIST = 200
TOPIC = 60
_LOOKED_AT = 60
"""Messages of a long conversation that its topic is drawn from; a channel's monologue costs no more than a talk."""

_TOKEN = re.compile(r"[^\W_][\w\-./#'’]{0,40}[^\W_]|[^\W_]")
_PART = re.compile(r"[,;:!?()\"“”\n]|\.(?:\s|$)|\s[\-–—]\s")
_DETERMINERS = frozenset(
    "the a an my our your this that these those his her its their another no any some every each".split()
)
_NUMBER = re.compile(r"\d+")
FUNCTION_WORDS = COMMON | frozenset(
    """
    he's she's what's who's how's there's we're they're you've we've they've we'll you'll they'll that'll it'll
    ain't gonna wanna didn't doesn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't haven't
    hasn't i've i'd you'd we'd they'd let's after before since until during without within about above below
    over under between through onto upon per via because while where which here there again still already also
    maybe probably actually basically perhaps yet ever never always right wrong yes yep yup nope sure cool nice
    great hello please pls sorry guys folks each every both either neither something anything everything nothing
    someone everyone somebody everybody anybody nobody these those such same other another much many few lot
    lots kind sort bit quite very too only even though although however else instead may might must shall off
    down around across against among upto whether whose whom than as am been being having does done doing went
    gone got gotten getting it'd there'd y'all dont cant wont isnt thats whats im ive dunno gotta btw fyi imo
    tbh afaik iirc ty thx np ah oh hmm hm huh haha ok okay wow
    """.split()  # a list of words reads best as words
)
_SAYS_LITTLE = frozenset(
    """
    one ones thing things stuff time times today tomorrow tonight yesterday morning mornings afternoon evening
    night day days week weeks month months hour hours minute minutes min mins second seconds monday tuesday
    wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun first last next old
    way ways people somebody person team everybody half couple rest end part place case point idea question
    reason problem fact
    """.split()
)
"""Nouns that say nothing of what a conversation is about when they stand alone."""
_WHEN = frozenset(
    "today tomorrow tonight yesterday tmrw monday tuesday wednesday thursday friday saturday sunday".split()
)
_DATE = re.compile(r"\d{1,2}(?:st|nd|rd|th|am|pm|h|d|m|min)?|\d{1,2}[:/.]\d{1,2}")


@dataclass(frozen=True, slots=True)
class Given:
    """The messages of one conversation, oldest first, and the names of the people in it."""

    messages: tuple[Message, ...]
    names: Mapping[PersonId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    topic: str
    gist: str
    participants: tuple[Participant, ...]
    engine: EngineName = "rules"


@dataclass(frozen=True, slots=True)
class Wording:
    """Topic and gist as a model words them; None what could not be taken."""

    topic: str | None
    gist: str | None


class UnfoundedGist(ValueError):
    """The gist says what the conversation does not: quote it instead."""


def made(given: Given, wording: Wording | None = None) -> Found:
    """Describes one conversation, in a model's words where those pass the check."""
    found = rules(given)
    if wording is not None and (wording.topic or wording.gist):
        worded = replace(found, topic=wording.topic or found.topic, gist=wording.gist or found.gist, engine="model")
        try:
            check(given, worded)
        except UnfoundedGist:
            worded = found
        found = worded
    check(given, found)
    return found


def rules(given: Given) -> Found:
    """The words that stand out, the message that carries most of them, and what people's sentences do."""
    human = [message for message in given.messages if message.kind == "human"]
    told = [hear(message, place) for place, message in enumerate(human or given.messages)]
    plain = [readable(each.message.text, given.names, each.message.team_id) for each in told[:_LOOKED_AT]]
    weights = _weights(told, plain)
    return Found(_topic(plain, weights), _gist(told, plain, weights, given.names), tuple(_participants(told)))


def check(given: Given, found: Found) -> None:
    """Raises `UnfoundedGist` when the gist names or counts what the conversation does not."""
    said = " ".join(readable(message.text, given.names, message.team_id) for message in given.messages)
    there = {message.author_id for message in given.messages}
    there.update(person for message in given.messages for person in message.mentions)
    speakers = " ".join(given.names.get(person, "") for person in there if person is not None)
    if len(found.gist) > GIST:
        raise UnfoundedGist(f"The gist has {len(found.gist)} characters, {GIST} are allowed.")
    for number in _NUMBER.findall(found.gist):
        if number not in said and number not in speakers:
            raise UnfoundedGist(f"The gist says {number}, the conversation does not.")
    for person, name in given.names.items():
        if name and name in found.gist and person not in there and name not in said and name not in speakers:
            raise UnfoundedGist("The gist names somebody who is not in the conversation.")


def _weights(told: Sequence[Utterance], plain: Sequence[str]) -> Counter[str]:
    """How much each word stands for the conversation: in how many messages, of how many people, how early, how rare."""
    weights: Counter[str] = Counter()
    people: dict[str, set[PersonId | None]] = {}
    for each, text in zip(told, plain, strict=False):
        for word in {token.lower() for token in _TOKEN.findall(text[:600])}:
            if len(word) < 3 or word in FUNCTION_WORDS or word.isdigit():
                continue
            people.setdefault(word, set()).add(each.message.author_id)
            weights[word] += 2 if each.place == 0 else 1
    for word, speakers in people.items():
        weights[word] += len(speakers) - 1
        if any(not character.isalpha() for character in word):
            weights[word] += 1  # INC-412, api-v2, 1.89: names of things
    return weights


def _topic(plain: Sequence[str], weights: Counter[str]) -> str:
    """The noun phrase whose words weigh most, as it was written."""
    best, best_weight = "", 0.0
    for place, text in enumerate(plain[:12]):
        for nth, phrase in enumerate(noun_phrases(text[:300])):
            words = [word.lower() for word in phrase.words]
            # A longer phrase says more, but each further word must earn its place.
            weight = sum(weights[word] for word in words) / len(words) ** 0.5
            weight *= 1.5 if phrase.named else 1.0
            weight *= 1.0 + 1.5 / (1 + nth) / (1 + place)  # what it is about is said first
            if all(word in _SAYS_LITTLE or _DATE.fullmatch(word) for word in words):
                weight *= 0.2
            if weight > best_weight and len(" ".join(phrase.words)) <= TOPIC:
                best, best_weight = " ".join(phrase.words), weight
    return best or clause(next(filter(None, plain), "") or "a short exchange", TOPIC)


@dataclass(frozen=True, slots=True)
class NounPhrase:
    words: tuple[str, ...]
    named: bool
    """After an article or the like: surely a noun phrase."""


def noun_phrases(text: str) -> Iterator[NounPhrase]:
    """Runs of up to four words that end in a noun: what follows an article, and what is neither verb nor modifier."""
    verbs, modifiers = _word_classes()
    for part in _PART.split(text):
        run: list[str] = []
        named = False
        for token in [*_TOKEN.findall(part), ""]:
            word = token.lower()
            opens = word in _DETERMINERS
            inside = bool(word) and word not in FUNCTION_WORDS and not opens and "'" not in word
            if inside and _is_verbal(word, verbs) and not (named and not run):
                inside = False
            if inside:
                run.append(token)
                continue
            while run and (run[-1].lower() in modifiers | _WHEN or run[-1].lower().endswith("ly") or run[-1].isdigit()):
                run.pop()
            while run and run[0].lower() in _WHEN:
                run.pop(0)
            if run:
                yield NounPhrase(tuple(run[-4:]), named and len(run) <= 4)
            run, named = [], opens


def _is_verbal(word: str, verbs: frozenset[str]) -> bool:
    return word in verbs or (len(word) > 5 and word.isalpha() and word.endswith("ed"))


@cache
def _word_classes() -> tuple[frozenset[str], frozenset[str]]:
    """Verbs, and words that modify nouns: shipped lists (bot/training/phrases.py)."""
    body = json.loads(files("graphs.tasks").joinpath("weights", "phrases.json").read_text("utf-8"))
    return frozenset(body["verbs"].split()), frozenset(body["modifiers"].split())


def _gist(told: Sequence[Utterance], plain: Sequence[str], weights: Counter[str], names: Mapping[PersonId, str]) -> str:
    """The message that tells most, with its speaker."""
    ranked = sorted(
        ((_telling(each, text, weights), -each.place, each, text) for each, text in zip(told, plain, strict=False)),
        key=lambda row: row[:2],
        reverse=True,
    )
    if not ranked or not ranked[0][3]:
        return ""
    _, _, each, text = ranked[0]
    name = names.get(each.message.author_id, "") if each.message.author_id else ""
    return clause(f"{name}: {text}" if name else text, GIST)


def _telling(each: Utterance, text: str, weights: Counter[str]) -> float:
    if not text:
        return -1.0
    words = {token.lower() for token in _TOKEN.findall(text[:300])}
    salient = sum(sorted((weights[word] for word in words), reverse=True)[:6])
    worth = salient / 3 + points(each.words, cues.NEWS) + 1.5 * points(each.words, cues.DECISIONS)
    if each.place == 0:
        worth += 1.0
    return worth * 0.5 if each.joking or len(text) < 15 else worth


def _participants(told: Sequence[Utterance]) -> Iterable[Participant]:
    roles: dict[PersonId, dict[ParticipantRole, None]] = {}
    asker: PersonId | None = None
    for each in told:
        author = each.message.author_id
        if author is None:
            continue
        own = roles.setdefault(author, {})
        asks = any(part.asks for part in each.clauses)
        if asker is not None and asker != author and not asks:
            own["answered"] = None
        if asks:
            own["asked"] = None
            asker = author
        if any(_commits(part.words) for part in each.clauses):
            own["promised"] = None
        if any(points(part.words, cues.DECISIONS) >= 1.3 and not part.asks for part in each.clauses):
            own["decided"] = None
        for person in each.message.mentions:
            roles.setdefault(person, {})
    for person, taken in roles.items():
        yield Participant(person_id=person, roles=tuple(taken) or ("informed",))


def _commits(words: str) -> bool:
    if lexicon.HEDGES.search(words) or lexicon.NEGATED_PROMISE.search(words):
        return False
    return points(words, cues.PROMISES) >= 1.3
