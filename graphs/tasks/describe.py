"""Describe: one conversation -> what it is about, one sentence of what was said, and who took which part in it.

Contract: the gist quotes the conversation: whoever it names takes part or is named there, and each of its numbers
occurs there; it has at most `GIST` characters. The topic is made of the conversation's own words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graphs.ports import Context
from graphs.tasks import cues, lexicon
from graphs.tasks.segment import COMMON
from graphs.tasks.speech import Utterance, hear, points
from graphs.wording import clause, readable
from memory.models.conversations import Participant, ParticipantRole
from memory.models.ids import PersonId
from memory.models.messages import Message

VERSION = "rules-1"
GIST = 200
TOPIC = 60
_LOOKED_AT = 60
"""Messages of a long conversation that its topic is drawn from; a channel's monologue costs no more than a talk."""

_TOKEN = re.compile(r"[^\W_][\w\-./#]{0,40}[^\W_]|[^\W_]")
_NUMBER = re.compile(r"\d+")
_EMPTY = frozenset(
    """
    one ones thing things something anything everything someone anyone time today tomorrow tonight yesterday morning day
    week month monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun guys team folks
    hello please pls sorry maybe probably actually basically still also already again back going want wants needs need
    getting looking look looks looking makes made doing done said says tell told give gave take took come came put set
    yes yep nope sure cool nice great thanks lot lots kind sort bit quite very much many few first last next new old
    same other another each every both either ever never always right wrong here there where which while because though
    didn't doesn't isn't aren't wasn't won't wouldn't couldn't shouldn't i've i'd you'd we'd they'd he's she's let's
    what's who's how's there's we're they're you've we've they've we'll you'll they'll that'll it'll ain't gonna wanna
    after before since until during without within about above below over under between through into onto upon per via
    """.split()  # a list of words reads best as words
)


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


class UnfoundedGist(ValueError):
    """The gist says what the conversation does not: quote it instead."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    """Describes one conversation."""
    found = rules(given)
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
    """How much each word stands for the conversation: in how many messages, of how many people, how early."""
    weights: Counter[str] = Counter()
    people: dict[str, set[PersonId | None]] = {}
    for each, text in zip(told, plain, strict=False):
        for word in {token.lower() for token in _TOKEN.findall(text[:600])}:
            if len(word) < 3 or word in COMMON or word in _EMPTY or word.isdigit():
                continue
            people.setdefault(word, set()).add(each.message.author_id)
            weights[word] += 2 if each.place == 0 else 1
    for word, speakers in people.items():
        weights[word] += len(speakers) - 1
        if any(not character.isalpha() for character in word):
            weights[word] += 1  # INC-412, api-v2, 1.89: names of things
    return weights


def _topic(plain: Sequence[str], weights: Counter[str]) -> str:
    """The one to three neighbouring words that weigh most, as they were written."""
    best, best_weight = "", 0.0
    for text in plain[:12]:
        run: list[str] = []
        for token in [*_TOKEN.findall(text[:300]), ""]:
            if token and weights[token.lower()] > 0:
                run = [*run[-2:], token]
                # A longer phrase says more, but each further word must earn its place.
                weight = sum(weights[word.lower()] for word in run) / len(run) ** 0.6
                if weight > best_weight and len(" ".join(run)) <= TOPIC:
                    best, best_weight = " ".join(run), weight
            else:
                run = []
    return best or clause(next(filter(None, plain), "") or "a short exchange", TOPIC)


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
