"""What can be told of a message where it stands: the columns by which the trained forests notice facts.

A column is about the message itself, about what was said right before it, about its conversation so far, or about the
few messages that follow: an answer shows that somebody asked.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphs.tasks.acts import ACTS
from graphs.tasks.saying import OWN, Said
from memory.models.ids import PersonId

BACK = 8
"""Messages that a reply may look back over."""
AHEAD = 6
"""Messages after it that may show what a message was."""
NEVER = -9.0
"""The score of what was not said."""

_ECHOED = ("request", "question", "proposed", "decided", "commitment", "blocker", "update", "done", "quiet")
PLACE = (
    "place",
    "replies_in_thread",
    "gap",
    "same_author",
    "by_opener",
    "spoke_before",
    "people",
    "lead",
)
BEFORE = (
    *(f"before_{act}" for act in _ECHOED),
    "before_distance",
    "before_gap",
    "before_names_me",
    "before_names_others",
    "before_asks",
    "before_words",
    "before_thanks",
    "before_lead",
    "asked_request",
    "asked_distance",
    "asked_names_me",
    "offered",
    "own_commitment",
    "own_question",
)
SO_FAR = (
    *(f"so_far_{act}" for act in ("commitment", "decided", "proposed", "question", "blocker", "update")),
    "so_far_quiet",
    "so_far_chatter",
    "opener_question",
    "opener_update",
    "opener_quiet",
)
AFTER = (
    "left",
    "reply",
    "reply_distance",
    "reply_gap",
    *(f"reply_{act}" for act in ("commitment", "question", "answer", "decided", "quiet")),
    *(f"reply_{flag}" for flag in ("accepts", "agrees", "thanks", "ends_asking", "words", "laughs", "sign")),
    *(f"replies_{flag}" for flag in ("answer", "thanks", "accepts", "agrees")),
    "goes_on",
    "own_next_question",
    "own_next_commitment",
    "reply_names_me",
)
COLUMNS = (*OWN, *PLACE, *BEFORE, *SO_FAR, *AFTER)
_ASKS, _WORDS, _THANKS, _CHATTER, _ACCEPTS, _AGREES, _SHALL_WE, _PROPOSES = (
    OWN.index(name) for name in ("asks", "words", "thanks", "chatter", "accepts", "agrees", "shall_we", "proposes")
)
_COMMITMENT, _QUESTION, _UPDATE, _REQUEST, _ANSWER, _QUIET = (
    ACTS.index(act) for act in ("commitment", "question", "update", "request", "answer", "quiet")
)
_ECHOES = tuple(ACTS.index(act) for act in _ECHOED)
_REPLIED = tuple(ACTS.index(act) for act in ("commitment", "question", "answer", "decided", "quiet"))
_REPLY_FLAGS = tuple(
    OWN.index(flag) for flag in ("accepts", "agrees", "thanks", "ends_asking", "words", "laughs", "sign")
)
_NOBODY_BEFORE = (*(0.0 for _ in _ECHOES), 0.0, 14.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
_NO_REPLY = [0.0] * (3 + len(_REPLIED) + len(_REPLY_FLAGS)) + [NEVER, 0.0, 0.0, 0.0]


def rows(told: Sequence[Said], leads: frozenset[PersonId] = frozenset()) -> list[list[float]]:
    """A row of `COLUMNS` for each message of a conversation, oldest first."""
    so_far = _SoFar()
    found = []
    for at, each in enumerate(told):
        place = _place(told, at, so_far.authors, leads)
        before = _before(told, at, leads)
        found.append([*each.own, *place, *before, *so_far.with_(each), *_after(told, at)])
    return found


def _place(
    told: Sequence[Said], at: int, authors: Mapping[PersonId | None, int], leads: frozenset[PersonId]
) -> list[float]:
    here = told[at].message
    before = told[at - 1].message if at else None
    gap = (here.posted_at - before.posted_at).total_seconds() if before else 1e6
    return [
        float(min(at, 20)),
        float(here.thread_ts is not None),
        math.log1p(max(gap, 0.0)),
        float(before is not None and before.author_id == here.author_id),
        float(told[0].message.author_id == here.author_id),
        float(here.author_id in authors),
        float(len(authors) + (here.author_id not in authors)),
        float(here.author_id in leads),
    ]


def _before(told: Sequence[Said], at: int, leads: frozenset[PersonId]) -> list[float]:
    here = told[at].message
    other = own = None
    distance = 0
    for back in range(at - 1, max(at - 1 - BACK, -1), -1):
        each = told[back]
        if each.message.author_id == here.author_id:
            own = own or each
        elif other is None:
            other, distance = each, at - back
    asked, asked_distance = asked_before(told, at)
    if other is None:
        found = [*_NOBODY_BEFORE]
    else:
        message = other.message
        found = [
            *(other.acts[act] for act in _ECHOES),
            float(distance),
            math.log1p(max((here.posted_at - message.posted_at).total_seconds(), 0.0)),
            float(here.author_id in message.mentions),
            float(bool(message.mentions) and here.author_id not in message.mentions),
            other.own[_ASKS],
            other.own[_WORDS],
            other.own[_THANKS],
            float(message.author_id in leads),
        ]
    return [
        *found,
        asked.acts[_REQUEST] if asked else NEVER,
        float(asked_distance),
        float(asked is not None and here.author_id in asked.message.mentions),
        max((each.own[_SHALL_WE] + each.own[_PROPOSES] for each in told[max(at - 3, 0) : at]), default=0.0),
        own.acts[_COMMITMENT] if own else NEVER,
        own.acts[_QUESTION] if own else NEVER,
    ]


def asked_before(told: Sequence[Said], at: int) -> tuple[Said | None, int]:
    """The likeliest request of others, of the last few messages, that this author may answer; and how far back."""
    author = told[at].message.author_id
    best, distance = None, 0
    for back in range(at - 1, max(at - 1 - BACK, -1), -1):
        each = told[back]
        message = each.message
        if message.author_id == author or (message.mentions and author not in message.mentions):
            continue
        if best is None or each.acts[_REQUEST] > best.acts[_REQUEST]:
            best, distance = each, at - back
    return best, distance


@dataclass(slots=True)
class _SoFar:
    """What a conversation has held until now."""

    opener: Said | None = None
    scores: list[float] = field(default_factory=lambda: [NEVER] * _REQUEST)
    authors: dict[PersonId | None, int] = field(default_factory=dict)
    quiet: float = 0.0
    chatter: float = 0.0
    many: int = 0

    def with_(self, said: Said) -> list[float]:
        """The columns of a message; it counts from then on."""
        self.opener = self.opener or said
        self.quiet += said.acts[_QUIET]
        self.chatter += said.own[_CHATTER]
        self.many += 1
        opened = self.opener.acts
        found = [
            *self.scores,
            self.quiet / self.many,
            self.chatter / self.many,
            opened[_QUESTION],
            opened[_UPDATE],
            opened[_QUIET],
        ]
        self.scores = [max(pair) for pair in zip(self.scores, said.acts, strict=False)]
        self.authors[said.message.author_id] = self.authors.get(said.message.author_id, 0) + 1
        return found


def _after(told: Sequence[Said], at: int) -> list[float]:
    here = told[at].message
    following = told[at + 1 : at + 1 + AHEAD]
    others = [each for each in following if each.message.author_id != here.author_id]
    own = next((each for each in following if each.message.author_id == here.author_id), None)
    found = [float(min(len(told) - at - 1, 10))]
    if others:
        reply = others[0]
        gap = (reply.message.posted_at - here.posted_at).total_seconds()
        found += [1.0, float(following.index(reply) + 1), math.log1p(max(gap, 0.0))]
        found += [reply.acts[act] for act in _REPLIED]
        found += [reply.own[flag] for flag in _REPLY_FLAGS]
        found += [max(each.acts[_ANSWER] for each in others)]
        found += [max(each.own[flag] for each in others) for flag in (_THANKS, _ACCEPTS, _AGREES)]
    else:
        found += _NO_REPLY
    return [
        *found,
        float(own is not None and own is following[0]),
        own.acts[_QUESTION] if own else NEVER,
        own.acts[_COMMITMENT] if own else NEVER,
        float(any(here.author_id in each.message.mentions for each in others)),
    ]
