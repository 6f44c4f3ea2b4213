"""What ties a message to each conversation it may continue: a row of numbers for each, and one for opening its own.

Rows are worked out from the last `WINDOW` top-level messages only, kept up to date as each is remembered; so they cost
the same however long the channel is, and come out the same wherever a batch begins. They name nobody and no channel:
what a channel is like (busy or quiet, interleaved or not) is read off the same messages.
"""

import math
import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from memory.models.ids import ConversationId
from memory.models.messages import Message

WINDOW = 96
"""How many top-level messages a new one may look back at."""

NEVER = 16.0
"""Stands for the logarithm of a time that never was."""

ABOUT_MESSAGE = tuple(
    """
    gap quick_share switching naming talks_share replied open_talks busy lively voices pace
    own_gap own_turns own_share own_talks has_names starts names_known names_gap called_gap called_turns owed
    asks wonders thanks greets answers seeks lower length code link bot dangles best_match words
    """.split()
)
"""The columns that all rows of a message share."""
ABOUT_TIE = tuple(
    """
    opens since turns order size span people talk_pace rel_pace rel_gap
    mine my_share my_since my_turns my_last is_mine run mine_order
    named named_since named_turns named_last is_named first_named named_elsewhere
    calls_me calls_since calls_turns calls_last last_calls_me last_calls_other calls_owed
    match match_last match_all rarest match_lead same_named talked
    last_asks last_wonders last_thanks last_greets last_answers last_length last_code last_link last_bot last_starts
    last_replies opener_asks opener_mine opener_since alone only_two size_share
    """.split()
)
"""The columns that differ from row to row."""

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


_ELSEWHERE = 8
"""Talks looked at besides the latest dozen."""


def rows(window: Window, now: Turn) -> tuple[list[float], list[tuple[Talk, list[float]]]]:
    """The columns about the message, and one row for each conversation that it may continue, the latest first."""
    turns, whole, author, at = window.turns, window.whole, now.author, now.at
    place = window.placed + 1
    seen = len(turns)
    matches, rarest = _matches(window, now)
    last = turns[-1] if turns else None
    gap = _log(at - last.at) if last else NEVER
    mean_gap = max(at - turns[0].at, 0.0) / seen + 5 if turns else 5.0
    own = whole.last_by.get(author)
    called = whole.last_naming.get(author) if author is not None else None
    if called is not None and called.author == author:
        called = None
    owed = called is not None and (own is None or own.place < called.place)
    known = [person for person in now.mentions if person in whole.last_by]
    spoke = [whole.last_by[person] for person in known]
    first = whole.last_by.get(now.mentions[0]) if now.mentions and now.starts else None
    talks = _candidates(window, now, matches)
    busy = seen - bisect_left(window.times, at - 300)
    lively = seen - bisect_left(window.times, at - 3600)
    best = max(matches.values(), default=0.0)
    own_talks = sum(author in talk.count_by for talk in talks)
    about = [
        gap,
        window.quick / (seen or 1),
        window.switched / (seen or 1),
        window.naming / (seen or 1),
        len(window.talks) / (seen or 1),
        window.replied / (seen or 1),
        float(sum(talk.turns[-1].at > at - 600 for talk in talks)),
        float(busy),
        float(lively),
        float(len(whole.count_by)),
        math.log(mean_gap),
        _log(at - own.at) if own else NEVER,
        float(place - own.place) if own else 99.0,
        whole.count_by[author] / seen if own else 0.0,
        float(own_talks),
        float(len(now.mentions)),
        float(now.starts),
        float(len(known)),
        _log(at - max(turn.at for turn in spoke)) if spoke else NEVER,
        _log(at - called.at) if called else NEVER,
        float(place - called.place) if called else 99.0,
        float(owed),
        *now.cues,
        float(last is not None and last.author == author and last.dangles),
        best,
        float(len(now.words)),
    ]
    latest_named = max((turn.place for turn in spoke), default=0)
    second = sorted(matches.values())[-2] if len(matches) > 1 else 0.0
    mine_order = 0
    found = []
    for order, talk in enumerate(talks):
        end, begin, size = talk.turns[-1], talk.turns[0], len(talk.turns)
        since = at - end.at
        span = max(end.at - begin.at, 0.0)
        pace = span / size + 5
        mine = talk.count_by.get(author, 0)
        my_last = talk.last_by.get(author)
        named = [talk.last_by[person] for person in known if person in talk.last_by]
        named_at = max(named, key=_place) if named else None
        calls = talk.last_naming.get(author) if author is not None else None
        if calls is not None and calls.author == author:
            calls = None
        match = matches.get(talk, 0.0)
        is_mine = own is not None and own.talk is talk
        found.append(
            (
                talk,
                [
                    0.0,
                    _log(since),
                    float(place - end.place),
                    float(order),
                    float(size),
                    _log(span),
                    float(len(talk.count_by)),
                    math.log(pace),
                    _log(since / pace),
                    _log(since / mean_gap),
                    float(mine),
                    mine / size,
                    _log(at - my_last.at) if my_last else NEVER,
                    float(place - my_last.place) if my_last else 99.0,
                    float(end.author == author),
                    float(is_mine),
                    float(is_mine and last is own),
                    float(mine_order) if mine else 9.0,
                    float(len(named)),
                    _log(at - named_at.at) if named_at else NEVER,
                    float(place - named_at.place) if named_at else 99.0,
                    float(end.author in now.mentions),
                    float(named_at is not None and named_at.place == latest_named),
                    float(first is not None and first.talk is talk),
                    float(len(known) - len(named)),
                    float(talk.named.get(author, 0)) if author is not None else 0.0,
                    _log(at - calls.at) if calls else NEVER,
                    float(place - calls.place) if calls else 99.0,
                    float(calls is not None and calls is called),
                    float(calls is end),
                    float(bool(end.mentions) and author not in end.mentions),
                    float(calls is not None and (my_last is None or my_last.place < calls.place)),
                    match,
                    _match(now, end),
                    _match_all(now, talk),
                    rarest.get(talk, 0.0),
                    match - (second if match == best else best),
                    float(sum(person in talk.named for person in now.mentions)),
                    float(window.pairs[author, end.author] + window.pairs[end.author, author])
                    if author is not None and end.author is not None and end.author != author
                    else 0.0,
                    end.cues[ASKS],
                    end.cues[WONDERS],
                    end.cues[THANKS],
                    end.cues[GREETS],
                    end.cues[ANSWERS],
                    end.length,
                    end.cues[CODE],
                    end.cues[LINK],
                    end.cues[BOT],
                    float(end.starts),
                    float(end.replies),
                    begin.cues[ASKS],
                    float(begin.author == author),
                    _log(at - begin.at),
                    float(len(talk.count_by) == 1),
                    float(len(talk.count_by) == 2),
                    size / seen,
                ],
            )
        )
        mine_order += bool(mine)
    return about, found


def pace(about: list[float]) -> float:
    """Mean seconds between the turns of the window, from the columns about a message."""
    return math.exp(about[_PACE])


_PACE = ABOUT_MESSAGE.index("pace")
OPENING = [1.0, *[-1.0] * (len(ABOUT_TIE) - 1)]
"""The row that stands for opening a conversation."""


def _candidates(window: Window, now: Turn, matches: Mapping[Talk, float]) -> list[Talk]:
    """The latest dozen, and a few more that the message has to do with."""
    talks = sorted(window.talks.values(), key=_last_place, reverse=True)
    if len(talks) <= 12:
        return talks
    author, mentions = now.author, now.mentions
    more = [
        talk
        for talk in talks[12:]
        if author in talk.count_by
        or author in talk.last_naming
        or any(person in talk.count_by for person in mentions)
        or matches.get(talk, 0.0) > 0.25
    ]
    return talks[:12] + more[:_ELSEWHERE]


def _matches(window: Window, now: Turn) -> tuple[dict[Talk, float], dict[Talk, float]]:
    """For each conversation, how like the likest of its turns is in words, and the weight of the rarest word shared."""
    alike: dict[Turn, float] = {}
    rarest: dict[Talk, float] = {}
    for word, weight in now.words.items():
        for turn in window.by_word.get(word, ()):
            alike[turn] = alike.get(turn, 0.0) + weight * turn.words[word]
            talk = turn.talk
            if talk is not None and rarest.get(talk, 0.0) < weight:
                rarest[talk] = weight
    best: dict[Talk, float] = {}
    for turn, match in alike.items():
        talk = turn.talk
        if talk is not None and best.get(talk, 0.0) < match:
            best[talk] = match
    return best, rarest


def _match(one: Turn, other: Turn) -> float:
    return sum([weight * other.words[word] for word, weight in one.words.items() if word in other.words])


def _match_all(now: Turn, talk: Talk) -> float:
    """The share of the message's words, by weight, that stand anywhere in the conversation."""
    return sum([weight * weight for word, weight in now.words.items() if word in talk.words])


def _log(seconds: float) -> float:
    return math.log1p(seconds) if seconds > 0 else 0.0


def _place(turn: Turn) -> int:
    return turn.place


def _last_place(talk: Talk) -> int:
    return talk.turns[-1].place
