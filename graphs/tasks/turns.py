"""The last messages of a channel, as far as later ones may be tied to them: turns, talks, and a window of both."""

import math
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphs.tasks.wording import TAKES
from memory.models.ids import ConversationId

WINDOW = 96
"""How many top-level messages a new one may look back at."""
REPLIES = 200
"""How many replies in threads, at most, since the first of them."""


@dataclass(slots=True, eq=False)
class Turn:
    """What later messages may tie to in one message."""

    name: str
    """Its id at the source: what replies in its thread call it."""
    author: int | None
    at: float
    mentions: tuple[int, ...]
    words: dict[str, float]
    """With how rare each is; of length 1 as a vector."""
    entities: frozenset[str]
    cues: tuple[float, ...]
    asked: int
    gives: int
    lead: str
    """The first word that tells something."""
    starts: bool
    dangles: bool
    """Whether its sentence goes on in the next message."""
    place: int = 0
    talk: "Talk | None" = None
    conversation: ConversationId | None = None
    """Of a reply: where it belongs, whether or not anything else of that is in the window."""
    switched: int = 0
    quick: int = 0
    replies: int = 0
    gap: int = 0
    """Thousandths of the logarithm of the seconds since the turn before it; and before it in its talk, or -1.

    Whole numbers, so that sums come out the same in whatever order they are added up."""
    talk_gap: int = -1


@dataclass(slots=True, eq=False)
class Talk:
    """The turns of one conversation that are still in the window."""

    conversation: ConversationId
    turns: deque[Turn] = field(default_factory=deque)
    replies: deque[Turn] = field(default_factory=deque)
    last_by: dict[int | None, Turn] = field(default_factory=dict)
    last_naming: dict[int, Turn] = field(default_factory=dict)
    count_by: Counter[int | None] = field(default_factory=Counter)
    named: Counter[int] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    taken_by: dict[int | None, Turn] = field(default_factory=dict)
    """The last turn or reply of each that took something on."""

    def add(self, turn: Turn) -> None:
        self.turns.append(turn)
        self.last_by[turn.author] = turn
        self.count_by[turn.author] += 1
        for person in turn.mentions:
            self.last_naming[person] = turn
            self.named[person] += 1
        self._learn(turn)

    def drop_first(self) -> None:
        turn = self.turns.popleft()
        _lower(self.count_by, turn.author)
        if self.last_by[turn.author] is turn:
            del self.last_by[turn.author]
        for person in turn.mentions:
            _lower(self.named, person)
            if self.last_naming.get(person) is turn:
                del self.last_naming[person]
        self._forget(turn)

    def add_reply(self, turn: Turn) -> None:
        self.replies.append(turn)
        self._learn(turn)

    def drop_first_reply(self) -> None:
        turn = self.replies.popleft()
        self._forget(turn)

    def _learn(self, turn: Turn) -> None:
        self.words.update(turn.words.keys())
        if turn.cues[TAKES]:
            self.taken_by[turn.author] = turn

    def _forget(self, turn: Turn) -> None:
        if self.taken_by.get(turn.author) is turn:
            del self.taken_by[turn.author]
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
    replies: deque[Turn] = field(default_factory=deque)
    """What was said in threads since the first of the turns."""
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
    gaps: int = 0
    talk_gaps: int = 0
    talk_gaps_many: int = 0

    def add(self, turn: Turn, conversation: ConversationId) -> None:
        if len(self.turns) == WINDOW:
            self._drop()
        talk = self.talks.get(conversation)
        if talk is None:
            talk = self._open(conversation)
        self.placed += 1
        turn.place, turn.talk = self.placed, talk
        if self.turns:
            last = self.turns[-1]
            turn.switched, turn.quick = int(last.talk is not talk), int(turn.at - last.at <= 120)
            turn.gap = _log(turn.at - last.at)
        if talk.turns:
            turn.talk_gap = _log(turn.at - talk.turns[-1].at)
            self.talk_gaps += turn.talk_gap
            self.talk_gaps_many += 1
        self.gaps += turn.gap
        self.switched += turn.switched
        self.quick += turn.quick
        self.naming += bool(turn.mentions)
        self.turns.append(turn)
        self.by_name[turn.name] = turn
        self.times.append(turn.at)
        talk.add(turn)
        self.whole.add(turn)
        self._list_words(turn)
        for person in turn.mentions:
            self.pairs[turn.author, person] += 1

    def answer(self, name: str, turn: Turn, conversation: ConversationId) -> None:
        """A reply came in the thread of the turn of that name, in that conversation."""
        if not self.turns:
            return
        turn.conversation = conversation
        parent = self.by_name.get(name)
        if parent is not None:
            self.replied += not parent.replies
            parent.replies += 1
        turn.place = self.placed
        if len(self.replies) == REPLIES:
            self._drop_reply()
        self.replies.append(turn)
        talk = self.talks.get(conversation)
        if talk is not None:
            self._heard_in(talk, turn)

    def _open(self, conversation: ConversationId) -> Talk:
        """Where a window begins amid a conversation, a reply in it may come before its first turn."""
        talk = self.talks[conversation] = Talk(conversation)
        for reply in self.replies:
            if reply.conversation == conversation:
                self._heard_in(talk, reply)
        return talk

    def _heard_in(self, talk: Talk, reply: Turn) -> None:
        reply.talk = talk
        talk.add_reply(reply)
        self._list_words(reply)

    def _list_words(self, turn: Turn) -> None:
        for word in turn.words:
            self.by_word.setdefault(word, []).append(turn)

    def _unlist_words(self, turn: Turn) -> None:
        for word in turn.words:
            standing = self.by_word[word]
            if len(standing) == 1:
                del self.by_word[word]
            else:
                standing.remove(turn)

    def _drop(self) -> None:
        turn = self.turns.popleft()
        del self.times[0]
        if self.by_name.get(turn.name) is turn:
            del self.by_name[turn.name]
        talk = turn.talk
        assert talk is not None  # noqa: S101
        talk.drop_first()
        self.whole.drop_first()
        self._unlist_words(turn)
        for person in turn.mentions:
            self.pairs[turn.author, person] -= 1
            if not self.pairs[turn.author, person]:
                del self.pairs[turn.author, person]
        self.naming -= bool(turn.mentions)
        self.replied -= bool(turn.replies)
        first = self.turns[0]
        self.switched -= first.switched
        self.quick -= first.quick
        self.gaps -= first.gap
        first.switched = first.quick = 0
        first.gap = 0
        self._begin_talk(talk)
        while self.replies and self.replies[0].place < first.place:
            self._drop_reply()

    def _begin_talk(self, talk: Talk) -> None:
        """After its first turn was dropped: the next is its first, or the talk is over."""
        if talk.turns:
            self.talk_gaps -= talk.turns[0].talk_gap
            self.talk_gaps_many -= 1
            talk.turns[0].talk_gap = -1
            return
        del self.talks[talk.conversation]
        for reply in talk.replies:
            self._unlist_words(reply)
            reply.talk = None

    def _drop_reply(self) -> None:
        reply = self.replies.popleft()
        if reply.talk is not None:
            reply.talk.drop_first_reply()
            self._unlist_words(reply)


def _log(seconds: float) -> int:
    return round(1000 * math.log1p(seconds)) if seconds > 0 else 0
