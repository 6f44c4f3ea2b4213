"""The last messages of a channel, as far as later ones may be tied to them: turns, talks, and a window of both."""

import math
import re
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from graphs.tasks.openings import opens
from graphs.tasks.stems import stem_of
from memory.models.ids import ConversationId
from memory.models.messages import Message

WINDOW = 96
"""How many top-level messages a new one may look back at."""
REPLIES = 200
"""How many replies in threads, at most, since the first of them."""

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
_PART = re.compile(r"[^\W_]{3,40}")
_LINK = re.compile(r"<(?:https?://[^<>|\s]{0,250}?((?:/[\w.#-]{1,60}){0,2})/?(?:\|([^<>]{1,200}))?|#\w+\|([^<>]{1,80}))>")
_TAG = re.compile(r"<[^<>\n]{1,300}>|:[a-z0-9_+\-]{2,40}:")
_CALL = r"\W{0,3}(?:<@[^<>]{1,80}>\W{0,3}|[^\s:,<>]{2,40}[:,]\s{0,3})?"
_STARTS = re.compile(r"\s{0,3}(?:<@[^<>]{1,80}>|@?[^\s:,<>]{2,40}\s{0,2}[:,])")
_NAMES = re.compile(r"[^\W\d_]{2,20}")
_SIGN = r"(?::[a-z0-9_+\-]{2,40}:|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]|\s|[!.,)])"


def _begins(words: str) -> re.Pattern[str]:
    return re.compile(_CALL + rf"(?:{words})(?![\w'’])", re.IGNORECASE)


def _holds(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’])(?:{words})(?![\w'’])", re.IGNORECASE)


_GREETS = _begins(r"hi|hello|hey|howdy|yo|greetings|good (?:morning|evening|afternoon)|mornin[g']?|morgen|moin|hola|bom dia|hallo|oi|ciao")
_SEEKS = _holds(
    r"any(?:one|body)|some(?:one|body)|guys|folks|everyone|all|does .{1,20} know|heads up|fyi|psa|reminder|"
    r"unrelated|quick question|is there a|how (?:do|can|to)|what(?:'s| is) the"
)
_THANKS = _holds(r"thanks|thank you|thank|thx|tx|ty|cheers|got it|gotcha|makes sense|that work(?:s|ed)|awesome|perfect|ta|obrigad[oa]|gracias|danke")
_WONDERS = _begins(
    r"what|how|why|where|when|who|who's|what's|which|is|are|can|could|does|do|did|has|have|should|will|would|shall"
)
_ANSWERS = _begins(
    r"yes|yep|yeah|yup|no|nope|nah|ok|okay|sure|right|true|ah|oh|hmm|hm|well|lol|haha|agreed|same|exactly|"
    r"indeed|nice|cool|great|it|that|that's|and|but|so|or|because|also|then|sorry|maybe|i think|i see|you|you're|try|"
    r"this|they|he|she"
)
_AGREES = _begins(
    r"yes|yep|yeah|yup|ya|ja|si|sim|no|nope|nah|ok|okay|k|sure|right|true|agreed?|exactly|indeed|fine|fair(?: enough| point)?|"
    r"deal|done|good|great|nice|cool|perfect|lovely|works|noted|understood|received|ack|will do|on it|mine|me|same|\+1|"
    r"👍|sounds|makes sense|not yet|of course|absolutely|please|np|no problem|no worries|lgtm|approved"
)
_GOES_ON = _begins(
    r"and|but|so|or|because|cause|also|plus|then|which|though|still|except|otherwise|anyway|ah|oh|hm+|hmm+|well|wait|"
    r"actually|sorry|maybe|same|too|either|meaning|i mean|like|as in|in that case|\.\.\.|…"
)
_POINTS = _begins(
    r"it|it's|its|that|that's|thats|this|this is|these|those|they|they're|he|he's|she|she's|them|one|both|neither|"
    r"which one|what about|how about|why not|then|there|you|you're|your"
)
_FRESH = _begins(
    r"fyi|psa|heads[- ]?up|reminder|unrelated|separate(?:ly)?|(?:an)?other (?:thing|one|topic)|new topic|different (?:topic|thing)|"
    r"random|quick (?:one|q|question)|question|dumb question|stupid question|small (?:thing|one)|one (?:more )?thing|"
    r"morning(?: all)?|good morning|standup|stand-up|handover|retro|demo|lunch|weekly|status|for (?:those|the record|info|awareness)|"
    r"does any(?:one|body)|has any(?:one|body)|any(?:one|body)|can (?:any|some)(?:one|body)|could (?:any|some)(?:one|body)|"
    r"who(?:'s| is)|all|team|folks|everyone|everybody|hi all|hey all|next|btw|by the way|on another note|also unrelated|psst|announcement|"
    r"change of plan|news|update|today|tomorrow|tonight|this week|next week"
)
_RESUMES = _holds(
    r"re|about the|following up|follow-up|as promised|back to|update on|update:|any news|any update|still|again|"
    r"finally|for the record|done|merged|fixed|shipped|deployed|landed|sent|uploaded|it's up|is up|is out|is in|resolved"
)
_TAKES = _holds(
    r"on it|mine|will do|can do|i['’]ll|ill|we['’]ll|i (?:will|shall|can|do|take|look|check|make|send|write|ask|add|put|try|run|fix|"
    r"go|bring|call|test|change|start)|will (?:send|do|check|look|ask|try|write|post|share|update|let)|let me|leave it (?:with|to) me|"
    r"me(?=\W*\Z)|(?:looking|checking|asking|fixing|writing|uploading|running|starting|sending|calling|working|going|trying|testing|"
    r"rolling|reverting|restarting|merging|deploying|building|reviewing|reading|adding|moving|booking|ordering|filing)|"
    r"by (?:mon|tues?|wed|thu|fri|eod|noon|tomorrow|tmrw|lunch|end of)\w*|within the hour|in \d+ ?(?:min|h)\w*|after lunch|"
    r"(?:this|tomorrow|tmrw) (?:afternoon|morning|evening)"
)
_REPORTS = re.compile(
    _CALL + r"(?:(?:all|just|ok|and|so|also|it['’]?s|now|finally|that['’]?s)[\s,]+){0,2}(?:\w{2,}ed|done|sent|built|bought|found|made|ran|took|told|"
    r"spoke|wrote|put|went|got|back|live|up|out|in|green|ready|here(?:['’]s| is| are| you go))(?![\w'’-])"
    r"|(?:\bis|\bare|['’]s|['’]re) (?:now )?(?:back|up|in|out|live|ready|done|green|merged|fixed|through|over|off|on|clean|down|gone|\w{3,}ed)\b"
    r"|✅|:white_check_mark:|:done:",
    re.IGNORECASE,
)
_LAUGHS = re.compile(
    r"(?<!\w)(?:lol|lmao|rofl|ha(?:ha)+h?|he(?:he)+|k{3,}|jaja\w*|xd|:\))(?!\w)|:(?:joy|rofl|laughing|sweat_smile|see_no_evil|sob|"
    r"grimacing)\w*:|[\U0001f602\U0001f923\U0001f605\U0001f648\U0001f62d]",
    re.IGNORECASE,
)
_CALLS_ALL = re.compile(r"<!(?:here|channel|everyone)|@(?:here|channel|all|everyone)\b", re.IGNORECASE)
_SIGN_ONLY = re.compile(rf"{_SIGN}+\Z")
_CLOSES = re.compile(
    rf"(?:<@[^<>]{{1,80}}>|{_SIGN})*(?:ok(?:ay)?|k|thanks?|thank you|thx|ty|ta|cheers|great|perfect|nice|cool|lovely|good|sure|yes|yep|yeah|"
    rf"will do|on it|noted|done|got it|gotcha|understood|received|ack|agreed|deal|fine|works|sounds good|np|no problem|"
    rf"no worries|lol|haha+|same|sorry|\+1|right|true|fair(?: enough)?|many|so much|a lot|all|both|then|{_SIGN})+\Z",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"(?=.*\d)(?:.*[^\W\d_].*|\d{3,}.*)\Z")


_WHOM, _WHEN, _MANY, _WHERE, _WHETHER = 1, 2, 4, 8, 16
_ASKED = {
    _WHOM: _holds(r"who|who's|whose|anyone|anybody|someone|somebody|takers|volunteers?"),
    _WHEN: _holds(r"when|what time|which day|how (?:long|soon)|by when|eta|until when"),
    _MANY: _holds(r"how (?:many|much|big|large|far|often|bad|late|old|long)|what (?:number|version|percentage)|which (?:version|one)"),
    _WHERE: _holds(r"where|which (?:channel|repo|page|doc|file|table|branch)|link"),
    _WHETHER: _begins(r"is|are|can|could|does|do|did|has|have|should|will|would|shall|may|was|were|any"),
}
"""What is asked for, and what a message gives, as bits."""
_GIVES = {
    _WHOM: re.compile(_CALL + r"(?:me|mine|i|i'll|i’ll|i've|us|we|on it|not me|nobody|<@)|<@", re.IGNORECASE),
    _WHEN: _holds(
        r"\d{1,2}:\d\d|\d{1,2} ?(?:am|pm|utc|h|min|mins|minutes|hours?|days?|weeks?)|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day)?|"
        r"today|tomorrow|tmrw|tonight|yesterday|now|soon|eod|noon|morning|afternoon|evening|next week|this week|after|before|until|since"
    ),
    _MANY: re.compile(r"\d"),
    _WHERE: re.compile(r"https?://|<#|`|#\w|(?<!\w)(?:in|under|at|on) (?:the|my|our)\b", re.IGNORECASE),
    _WHETHER: _begins(r"yes|yep|yeah|yup|ya|ja|si|sim|no|nope|nah|ok|okay|sure|not|never|of course|think so|should be|it is|it does|done"),
}


def _bits(patterns: Mapping[int, re.Pattern[str]], text: str) -> int:
    return sum(bit for bit, pattern in patterns.items() if pattern.search(text))


def words_of(text: str) -> frozenset[str]:
    """The words by which a message may be tied to others: stems, and names of things whole and in parts."""
    plain = _TAG.sub(" ", _LINK.sub(_label, text[:1000])).lower()
    found = set[str]()
    for word in _WORD.findall(plain):
        if word in COMMON:
            continue
        if word.isalpha():
            found.add(stem_of(word))
        else:
            found.add(word)
            found.update(stem_of(part) for part in _PART.findall(word) if part not in COMMON)
    return frozenset(found)


def _lead(text: str) -> str:
    plain = _TAG.sub(" ", _LINK.sub(_label, text[:120])).lower()
    for match in islice(_WORD.finditer(plain), 8):
        if match[0] not in COMMON:
            return stem_of(match[0]) if match[0].isalpha() else match[0]
    return ""


def _label(link: re.Match[str]) -> str:
    return f" {link[2] or link[3] or ''} {(link[1] or '').replace('/', ' ')} "


@dataclass(frozen=True, slots=True)
class Reading:
    """What it takes to read a message: how rare words are, and who is called what."""

    rarity: Mapping[str, float]
    rarest: float
    openings: Mapping[str, float] = field(default_factory=dict)
    """What wordings tell of opening a conversation (`openings`)."""
    called: Mapping[str, int] = field(default_factory=dict)
    """First names in lower case, each of one person."""


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
    length: float
    place: int = 0
    talk: "Talk | None" = None
    switched: int = 0
    quick: int = 0
    replies: int = 0
    gap: int = 0
    """Thousandths of the logarithm of the seconds since the turn before it; and before it in its talk, or -1.

    Whole numbers, so that sums come out the same in whatever order they are added up."""
    talk_gap: int = -1


CUES = tuple(
    """
    asks wonders thanks greets answers seeks lower length code link bot
    ends_asking agrees goes_on points fresh resumes takes laughs calls_all sign_only closes lines first_person reports wording
    """.split()
)
ASKS, WONDERS, THANKS, GREETS, ANSWERS, SEEKS, LOWER, LENGTH, CODE, LINK, BOT = range(11)
AGREES, GOES_ON, POINTS, FRESH, RESUMES, TAKES, LAUGHS = range(12, 19)
CLOSES, REPORTS, WORDING = CUES.index("closes"), CUES.index("reports"), CUES.index("wording")


def turn_of(message: Message, reading: Reading) -> Turn:
    """Reads a message."""
    text = message.text[:1000]
    rarity, rarest = reading.rarity, reading.rarest
    words = {word: rarity.get(word, rarest) for word in sorted(words_of(text))}
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
        float(text.rstrip()[-1:] == "?"),
        float(_AGREES.match(text) is not None),
        float(_GOES_ON.match(text) is not None),
        float(_POINTS.match(text) is not None),
        float(_FRESH.match(text) is not None),
        float(_RESUMES.search(text) is not None),
        float(_TAKES.search(text) is not None),
        float(_LAUGHS.search(text) is not None),
        float(_CALLS_ALL.search(text) is not None),
        float(_SIGN_ONLY.match(text) is not None),
        float(len(text) < 60 and _CLOSES.match(text) is not None),
        float(min(text.count("\n"), 9)),
        float(text[:2] in {"I ", "i "} or text[:2] in {"I'", "i'"}),
        float(_REPORTS.search(text) is not None),
        opens(text, reading.openings),
    )
    author = message.author_id.int if message.author_id else None
    return Turn(
        message.external_ts,
        author,
        message.posted_at.timestamp(),
        _mentions(message, text, author, reading.called),
        {word: weight / norm for word, weight in words.items()},
        frozenset(word for word in words if _ENTITY.match(word)),
        cues,
        _bits(_ASKED, text) if "?" in text or cues[WONDERS] else 0,
        _bits(_GIVES, text),
        _lead(text),
        _STARTS.match(text) is not None,
        text[-1:] in (":", ",", ";") or text.endswith("..."),
        length,
    )


def _mentions(message: Message, text: str, author: int | None, called: Mapping[str, int]) -> tuple[int, ...]:
    """Whom it names, by mention or by first name."""
    named = [person.int for person in message.mentions]
    if called:
        found = (called.get(word) for word in _NAMES.findall(_TAG.sub(" ", text).lower()))
        named += [person for person in found if person is not None and person != author]
    return tuple(dict.fromkeys(named))


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
    replied_by: Counter[int | None] = field(default_factory=Counter)
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
        self.replied_by[turn.author] += 1
        self._learn(turn)

    def drop_first_reply(self) -> None:
        turn = self.replies.popleft()
        _lower(self.replied_by, turn.author)
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
            talk = self.talks[conversation] = Talk(conversation)
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
        parent = self.by_name.get(name)
        if parent is not None:
            self.replied += not parent.replies
            parent.replies += 1
        talk = turn.talk = self.talks.get(conversation)
        turn.place = self.placed
        if len(self.replies) == REPLIES:
            self._drop_reply()
        self.replies.append(turn)
        if talk is not None:
            talk.add_reply(turn)
            self._list_words(turn)

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
