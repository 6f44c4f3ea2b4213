"""Segment: new messages of one container -> the conversation each belongs to.

Contract: every new message is placed exactly once, and conversations are named by their first message. Messages are
placed one by one, in the order given; each looks back at the last `WINDOW` top-level messages only. So placing in
batches equals placing in one go, as long as `before` holds that many top-level messages and, for replies, the parents
of their threads; and the cost of a message does not grow with the channel.
"""

import math
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime

from graphs.ports import Context
from memory.models.ids import ConversationId, MessageId, PersonId, conversation_id, message_id
from memory.models.messages import Message, PlacedMessage

VERSION = "rules-1"
WINDOW = 48
"""How many top-level messages a new one may look back at."""

# Points for joining, against zero for opening a conversation. Set by hand; the weight of time was tuned on data whose
# licence allows it (IRC of CC BY 4.0, Gitter of MIT, an invented week), NEAR and OWN checked against developer chat.
NEAR = 3.5
PER_MINUTE = 1.7
PER_TURN = 0.25
OWN = 1.4
OWN_PER_MINUTE = 0.2
ADDRESSED = 5.0
CALLED = 1.8
OVERLAP = 5.0
ANSWERS = 1.3
ELSEWHERE = 2.0
REPLIES = 0.6
SEEKS = 0.7
GREETS = 0.8
BOT = 2.0
ASKS = 0.5
LOWERCASE = 0.25

_WORD = re.compile(r"[^\W_][\w\-./]{1,40}[^\W_]|[^\W_]{2,3}")
_TAG = re.compile(r"<[^<>\n]{1,300}>")
_GREETS = re.compile(r"\W{0,3}(?:hi|hello|hey|howdy|good (?:morning|evening|afternoon)|morning|moin)\b", re.IGNORECASE)
_SEEKS = re.compile(
    r"\b(?:any(?:one|body)|some(?:one|body)|does .{1,20} know|heads up|fyi|psa|reminder|unrelated)\b", re.IGNORECASE
)
_REPLIES = re.compile(
    r"\W{0,3}(?:yes|yep|yeah|yup|no|nope|nah|ok|okay|sure|right|true|ah|oh|hmm|well|thanks|thank|thx|ty|cheers|lol|haha|"
    r"agreed|same|exactly|indeed|nice|cool|great|perfect|awesome|it|that|that's|and|but|so|or|because|also|then|"
    r"sorry|maybe|i think|i see|got it|makes sense|you can|you could|you're|try|this)\b",
    re.IGNORECASE,
)
_COMMON = """
a about all also am an and any anyone are as at be been but by can can't could did do does doing don don't for from
get go good got had has have he her here hey hi him his how i i'll i'm if im in into is it it's its just know let like
lol make me more my need no not now of ok okay on one or our out really see she should so some than thanks that that's
the their them then there they thing think this to too try up use using want was way we well were what when where
which who why will with work would yeah yes you your
"""
COMMON = frozenset(_COMMON.split())
"""Words that tie no two messages together."""


@dataclass(frozen=True, slots=True)
class Given:
    """Messages of one container, oldest first: `before` is placed already, `new` is not."""

    before: tuple[PlacedMessage, ...]
    new: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Found:
    placements: tuple[tuple[MessageId, ConversationId], ...]


class MisplacedMessage(ValueError):
    """A message stands in no conversation, or in two: place each new message exactly once."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    """Places every new message."""
    found = rules(given)
    check(given, found)
    return found


def check(given: Given, found: Found) -> None:
    """Raises `MisplacedMessage` unless every new message is placed exactly once."""
    wanted = Counter(message.message_id for message in given.new)
    placed = Counter(message for message, _ in found.placements)
    if wanted != placed:
        strays = sorted(str(message) for message in (wanted - placed) + (placed - wanted))
        raise MisplacedMessage(f"{len(strays)} messages are not placed exactly once, e.g. {strays[0]}.")


def rules(given: Given) -> Found:
    """Each message joins the recent conversation it is nearest to, or opens its own."""
    channel = _Channel()
    for placed in given.before:
        if placed.conversation_id is not None:
            channel.remember(placed.message, placed.conversation_id)
    placements = []
    for message in given.new:
        conversation = channel.place(message)
        channel.remember(message, conversation)
        placements.append((message.message_id, conversation))
    return Found(tuple(placements))


@dataclass(frozen=True, slots=True)
class _Turn:
    """What later messages may tie to in one top-level message."""

    conversation: ConversationId
    author: PersonId | None
    at: datetime
    mentions: frozenset[PersonId]
    words: frozenset[str]
    asks: bool


@dataclass(slots=True)
class _Tie:
    """What ties a message to one conversation: minutes since its last turn, and since those that matter more."""

    minutes: float
    turns_since: int
    last: _Turn
    own: float | None = None
    addressed: bool = False
    called: bool = False
    overlap: float = 0.0


@dataclass(slots=True)
class _Channel:
    """The last turns of a container, and the conversation of every thread seen."""

    turns: deque[_Turn] = field(default_factory=lambda: deque(maxlen=WINDOW))
    spread: Counter[str] = field(default_factory=Counter)
    """In how many of the turns a word stands."""
    threads: dict[str, ConversationId] = field(default_factory=dict)

    def remember(self, message: Message, conversation: ConversationId) -> None:
        self.threads.setdefault(message.thread_ts or message.external_ts, conversation)
        if message.kind == "notice" or _is_reply(message):
            return
        turn = _Turn(
            conversation,
            message.author_id,
            message.posted_at,
            frozenset(message.mentions),
            _words(message.text),
            "?" in message.text,
        )
        if len(self.turns) == WINDOW:
            self.spread.subtract(self.turns[0].words)
        self.turns.append(turn)
        self.spread.update(turn.words)

    def place(self, message: Message) -> ConversationId:
        own = conversation_id(message.message_id)
        if message.kind == "notice":
            return own
        if _is_reply(message):
            parent = message_id(message.container_id, message.thread_ts or "")
            return self.threads.get(message.thread_ts or "", conversation_id(parent))
        ties = self.ties(message)
        lean = _lean(message)
        best, best_score = own, 0.0
        addressed = any(tie.addressed for tie in ties.values())
        for conversation, tie in ties.items():
            score = _strength(tie, message) + lean
            if addressed and not tie.addressed:
                score -= ELSEWHERE
            if score > best_score:
                best, best_score = conversation, score
        return best

    def ties(self, message: Message) -> dict[ConversationId, _Tie]:
        """One tie for each conversation among the recent turns, the latest first."""
        words = _words(message.text)
        author, mentions = message.author_id, frozenset(message.mentions)
        ties: dict[ConversationId, _Tie] = {}
        spoken: set[PersonId | None] = set()
        norm = sum(self.rarity(word) for word in words) or 1.0
        for rank, turn in enumerate(reversed(self.turns)):
            minutes = max((message.posted_at - turn.at).total_seconds() / 60, 0.0)
            tie = ties.get(turn.conversation)
            if tie is None:
                tie = ties[turn.conversation] = _Tie(minutes, rank, turn)
            if turn.author == author:
                if tie.own is None and author not in spoken:
                    tie.own = minutes
            elif turn.author not in spoken:
                tie.addressed |= turn.author in mentions
                tie.called |= author in turn.mentions
            spoken.add(turn.author)
            shared = words & turn.words
            if shared:
                tie.overlap = max(tie.overlap, sum(self.rarity(word) for word in shared) / (norm + 8))
        return ties

    def rarity(self, word: str) -> float:
        return math.log((WINDOW + 2) / (self.spread[word] + 1))


def _strength(tie: _Tie, message: Message) -> float:
    """How much speaks for the conversation, before the message's own leaning; above zero it is joined."""
    score = NEAR - PER_MINUTE * math.log1p(tie.minutes) - PER_TURN * math.log1p(tie.turns_since)
    if tie.own is not None:
        score += max(OWN - OWN_PER_MINUTE * math.log1p(tie.own), 0)
    if tie.addressed:
        score += ADDRESSED
    if tie.called:
        score += CALLED
    if tie.last.asks and tie.last.author != message.author_id and "?" not in message.text:
        score += ANSWERS
    return score + OVERLAP * tie.overlap


def _lean(message: Message) -> float:
    """Whether the message sounds like going on (above zero) or like opening something."""
    text = message.text[:400]
    lean = 0.0
    if _REPLIES.match(text):
        lean += REPLIES
    elif "?" in text:
        lean -= ASKS
    if _GREETS.match(text):
        lean -= GREETS
    if _SEEKS.search(text):
        lean -= SEEKS
    if text[:1].islower():
        lean += LOWERCASE
    if message.kind == "bot":
        lean -= BOT
    return lean


def _is_reply(message: Message) -> bool:
    return message.thread_ts is not None and message.thread_ts != message.external_ts


def _words(text: str) -> frozenset[str]:
    plain = _TAG.sub(" ", text[:1000]).lower()
    return frozenset(word for word in _WORD.findall(plain) if word not in COMMON)
