"""The last messages of a channel, as far as later ones may be tied to them: turns, talks, and a window of both."""

import math
import re
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from memory.models.ids import ConversationId
from memory.models.messages import Message

WINDOW = 96
"""How many top-level messages a new one may look back at."""

COMMON = frozenset(
    """
a about all also am an and any anyone are as at be been but by can can't could did do does doing don don't for from
get go good got had has have he her here hey hi him his how i i'll i'm if im in into is it it's its just know let like
lol make me more my need no not now of ok okay on one or our out really see she should so some than thanks that that's
the their them then there they thing think this to too try up use using want was way we well were what when where
which who why will with work would yeah yes you your
""".split()
)
"""Words that tie no two messages together."""

_WORD = re.compile(r"[^\W_][\w\-./]{1,40}[^\W_]|[^\W_]{2,3}")
_TAG = re.compile(r"<[^<>\n]{1,300}>")
_CALL = r"\W{0,3}(?:<@[^<>]{1,80}>\W{0,3}|[^\s:,<>]{2,40}[:,]\s{0,3})?"
_STARTS = re.compile(r"\s{0,3}(?:<@[^<>]{1,80}>|@?[^\s:,<>]{2,40}\s{0,2}[:,])")
_GREETS = re.compile(
    _CALL + r"(?:hi|hello|hey|howdy|yo|greetings|good (?:morning|evening|afternoon)|morning|moin)\b", re.IGNORECASE
)
_SEEKS = re.compile(
    r"\b(?:any(?:one|body)|some(?:one|body)|guys|folks|everyone|all|does .{1,20} know|heads up|fyi|psa|reminder|"
    r"unrelated|quick question|is there a|how (?:do|can|to)|what(?:'s| is) the)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thank|thx|ty|cheers|got it|gotcha|makes sense|that work(?:s|ed)|awesome|perfect)\b",
    re.IGNORECASE,
)
_WONDERS = re.compile(
    _CALL + r"(?:what|how|why|where|when|who|which|is|are|can|could|does|do|did|has|have|should|will|would)\b",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    _CALL + r"(?:yes|yep|yeah|yup|no|nope|nah|ok|okay|sure|right|true|ah|oh|hmm|hm|well|lol|haha|agreed|same|exactly|"
    r"indeed|nice|cool|great|it|that|that's|and|but|so|or|because|also|then|sorry|maybe|i think|i see|you|you're|try|"
    r"this|they|he|she)\b",
    re.IGNORECASE,
)


def words_of(text: str) -> frozenset[str]:
    """The words by which a message may be tied to others."""
    plain = _TAG.sub(" ", text[:1000]).lower()
    return frozenset(word for word in _WORD.findall(plain) if word not in COMMON)


@dataclass(slots=True, eq=False)
class Turn:
    """What later messages may tie to in one top-level message."""

    name: str
    """Its id at the source: what replies in its thread call it."""
    author: int | None
    at: float
    mentions: tuple[int, ...]
    words: dict[str, float]
    """With how rare each is; of length 1 as a vector."""
    cues: tuple[float, ...]
    starts: bool
    dangles: bool
    length: float
    place: int = 0
    talk: "Talk | None" = None
    switched: int = 0
    quick: int = 0
    replies: int = 0


ASKS, WONDERS, THANKS, GREETS, ANSWERS, SEEKS, LOWER, LENGTH, CODE, LINK, BOT = range(11)


def turn_of(message: Message, rarity: Mapping[str, float], rarest: float) -> Turn:
    """Reads a message."""
    text = message.text[:1000]
    words = {word: rarity.get(word, rarest) for word in words_of(text)}
    norm = math.sqrt(sum(weight * weight for weight in words.values())) or 1.0
    length = math.log1p(len(text))
    cues = (
        float("?" in text),
        float(_WONDERS.match(text) is not None),
        float(_THANKS.search(text) is not None),
        float(_GREETS.match(text) is not None),
        float(_ANSWERS.match(text) is not None),
        float(_SEEKS.search(text) is not None),
        float(text[:1].islower()),
        length,
        float("`" in text or "CODE" in text),
        float("http" in text or "LINK" in text),
        float(message.kind == "bot"),
    )
    return Turn(
        message.external_ts,
        message.author_id.int if message.author_id else None,
        message.posted_at.timestamp(),
        tuple(person.int for person in message.mentions),
        {word: weight / norm for word, weight in words.items()},
        cues,
        _STARTS.match(text) is not None,
        text[-1:] in (":", ",", ";") or text.endswith("..."),
        length,
    )


@dataclass(slots=True, eq=False)
class Talk:
    """The turns of one conversation that are still in the window."""

    conversation: ConversationId
    turns: deque[Turn] = field(default_factory=deque)
    last_by: dict[int | None, Turn] = field(default_factory=dict)
    last_naming: dict[int, Turn] = field(default_factory=dict)
    count_by: Counter[int | None] = field(default_factory=Counter)
    named: Counter[int] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)

    def add(self, turn: Turn) -> None:
        self.turns.append(turn)
        self.last_by[turn.author] = turn
        self.count_by[turn.author] += 1
        for person in turn.mentions:
            self.last_naming[person] = turn
            self.named[person] += 1
        self.words.update(turn.words.keys())

    def drop_first(self) -> None:
        turn = self.turns.popleft()
        _lower(self.count_by, turn.author)
        if self.last_by[turn.author] is turn:
            del self.last_by[turn.author]
        for person in turn.mentions:
            _lower(self.named, person)
            if self.last_naming.get(person) is turn:
                del self.last_naming[person]
        for word in turn.words:
            self.words[word] -= 1
            if not self.words[word]:
                del self.words[word]


def _lower(counter: Counter[Any], key: object) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


@dataclass(slots=True)
class Window:
    """The last turns of a container, grouped by conversation, by author and by word."""

    turns: deque[Turn] = field(default_factory=deque)
    times: list[float] = field(default_factory=list)
    talks: dict[ConversationId, Talk] = field(default_factory=dict)
    whole: Talk = field(default_factory=lambda: Talk(ConversationId(UUID(int=0))))
    """All turns as if they were one conversation: who spoke and who was named last, anywhere."""
    by_word: dict[str, list[Turn]] = field(default_factory=dict)
    by_name: dict[str, Turn] = field(default_factory=dict)
    pairs: Counter[tuple[int | None, int]] = field(default_factory=Counter)
    switched: int = 0
    quick: int = 0
    naming: int = 0
    replied: int = 0
    placed: int = 0

    def add(self, turn: Turn, conversation: ConversationId) -> None:
        if len(self.turns) == WINDOW:
            self._drop()
        talk = self.talks.get(conversation)
        if talk is None:
            talk = self.talks[conversation] = Talk(conversation)
        self.placed += 1
        turn.place, turn.talk = self.placed, talk
        if self.turns:
            last = self.turns[-1]
            turn.switched, turn.quick = int(last.talk is not talk), int(turn.at - last.at <= 120)
        self.switched += turn.switched
        self.quick += turn.quick
        self.naming += bool(turn.mentions)
        self.turns.append(turn)
        self.by_name[turn.name] = turn
        self.times.append(turn.at)
        talk.add(turn)
        self.whole.add(turn)
        for word in turn.words:
            self.by_word.setdefault(word, []).append(turn)
        for person in turn.mentions:
            self.pairs[turn.author, person] += 1

    def _drop(self) -> None:
        turn = self.turns.popleft()
        del self.times[0]
        if self.by_name.get(turn.name) is turn:
            del self.by_name[turn.name]
        talk = turn.talk
        assert talk is not None  # noqa: S101
        talk.drop_first()
        if not talk.turns:
            del self.talks[talk.conversation]
        self.whole.drop_first()
        for word in turn.words:
            standing = self.by_word[word]
            if len(standing) == 1:
                del self.by_word[word]
            else:
                del standing[0]
        for person in turn.mentions:
            self.pairs[turn.author, person] -= 1
            if not self.pairs[turn.author, person]:
                del self.pairs[turn.author, person]
        self.naming -= bool(turn.mentions)
        self.replied -= bool(turn.replies)
        self.switched -= self.turns[0].switched
        self.quick -= self.turns[0].quick
        self.turns[0].switched = self.turns[0].quick = 0

    def answer(self, name: str) -> None:
        """A reply came in the thread of the turn of that name."""
        turn = self.by_name.get(name)
        if turn is not None:
            self.replied += not turn.replies
            turn.replies += 1
