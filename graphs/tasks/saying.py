"""A message, and what its words alone tell: the same wherever it stands and whoever hears it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from graphs.tasks import cues, dates, lexicon
from graphs.tasks.acts import ACTS
from graphs.tasks.speech import Clause, Utterance
from memory.models.messages import Message

_FAMILIES = {
    "takes": lexicon.TAKES.search,
    "will": lexicon.WILL.search,
    "under_way": lexicon.UNDER_WAY.search,
    "later_on": lexicon.LATER_ON.search,
    "settles_on": lexicon.SETTLES_ON.search,
    "refrains": lexicon.REFRAINS.search,
    "moves": lexicon.MOVES.search,
    "rules_from_now": lexicon.FROM_NOW_ON.search,
    "permits": lexicon.PERMITS.search,
    "weighs": lexicon.WEIGHS.search,
    "wants_done": lexicon.WANTS_DONE.search,
    "wants_to_know": lexicon.WANTS_TO_KNOW.search,
    "stuck": lexicon.STUCK.search,
    "waits": lexicon.WAITS.search,
    "broke": lexicon.BROKE.search,
    "slipped": lexicon.SLIPPED.search,
    "people_news": lexicon.PEOPLE_NEWS.search,
    "money": lexicon.MONEY.search,
    "announces": lexicon.ANNOUNCES.search,
    "somebody_should": lexicon.SOMEBODY_SHOULD.search,
    "imagines": lexicon.IMAGINES.search,
    "offers": lexicon.OFFERS.search,
    "recalls": lexicon.RECALLS.search,
    "reports_others": lexicon.REPORTS_OTHERS.search,
    "private_life": lexicon.PRIVATE_LIFE.search,
    "laughs": lexicon.LAUGHS.search,
}
_CUES = {
    "promises": cues.PROMISES,
    "requests": cues.REQUESTS,
    "decisions": cues.DECISIONS,
    "blockers": cues.BLOCKERS,
    "news": cues.NEWS,
}
_SIGNS = {
    "hedges": lexicon.HEDGES.search,
    "no_promise": lexicon.NEGATED_PROMISE.search,
    "chatter": lexicon.CHATTER.search,
    "finished": lexicon.FINISHED.search,
    "drops": lexicon.DROPS.search,
    "clears": lexicon.CLEARS.search,
    "reverses": lexicon.REVERSES.search,
    "not_blocked": lexicon.NOT_BLOCKED.search,
    "proposes": lexicon.PROPOSALS.search,
    "shall_we": lexicon.SHALL_WE.search,
    "to_anybody": lexicon.TO_ANYBODY.search,
    "rhetorical": lexicon.RHETORICAL.search,
    "sign": lexicon.SIGNS.search,
    "i": re.compile(r"(?<!\w)(?:i|i'm|i'll|i've|i'd|my|me|mine)(?!\w)").search,
    "we": re.compile(r"(?<!\w)(?:we|we're|we'll|we've|our|us|let's)(?!\w)").search,
    "you": re.compile(r"(?<!\w)(?:you|your|you're|u|y'all)(?!\w)").search,
    "they": re.compile(r"(?<!\w)(?:they|he|she|their|them|his|her)(?!\w)").search,
    "past": re.compile(
        r"\w{2}ed(?!\w)|(?<!\w)(?:was|were|did|had|got|went|came|said|told|sent|found|took|made)(?!\w)"
    ).search,
    "number": re.compile(r"\d").search,
    "thanks": re.compile(
        r"(?<!\w)(?:thanks?|thx|ty|cheers|thank you|tysm|appreciated?)(?!\w)|:pray:|:thanks:|🙏"
    ).search,
    "shout": re.compile(r"!").search,
    "link": re.compile(r"(?<!\w)x(?= |\Z)").search,
}
_OPENS = {
    "accepts": lexicon.ACCEPTS.match,
    "agrees": lexicon.AGREES.match,
    "refuses": lexicon.REFUSES.match,
    "wonders": lexicon.INTERROGATIVE.match,
    "no_answer": lexicon.NO_ANSWER.match,
}
OWN = (
    *(f"is_{act}" for act in ACTS),
    *(f"top_{act}" for act in ACTS),
    *(f"cue_{name}" for name in _CUES),
    *(f"cue_{name}_{number}" for name, each in _CUES.items() for number in range(len(each))),
    *_FAMILIES,
    *_SIGNS,
    *_OPENS,
    "joking",
    "due",
    "asks",
    "ends_asking",
    "wonders_anywhere",
    "words",
    "clauses",
    "mentions",
    "starts_naming",
    "lower",
)
"""The columns of a message that its words fill."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message with what its words alone tell: scores per act, for all of it and for each clause."""

    utterance: Utterance
    acts: tuple[float, ...]
    by_clause: tuple[Sequence[float], ...]
    own: tuple[float, ...]

    @property
    def message(self) -> Message:
        return self.utterance.message

    @property
    def place(self) -> int:
        return self.utterance.place

    @property
    def words(self) -> str:
        return self.utterance.words

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.utterance.clauses


def said(
    utterance: Utterance, acts: Sequence[float], by_clause: Sequence[Sequence[float]], plain: Sequence[float]
) -> Said:
    """A message with what its words tell: the scores of its acts, and its `plain` columns."""
    top = [max((each[act] for each in by_clause), default=0.0) for act in range(len(ACTS))]
    return Said(utterance, tuple(acts), tuple(by_clause), (*acts, *top, *plain))


def plain(utterance: Utterance, zone: str) -> tuple[float, ...]:
    """The columns that need no training: what is found in the words."""
    words = utterance.words
    clauses = utterance.clauses
    first = clauses[0].words if clauses else ""
    message = utterance.message
    due = dates.due(words, message.posted_at, zone) if words else None
    far = due is not None and due > dates.local_day(message.posted_at, zone)
    cued = [[float(cue.pattern.search(words) is not None) for cue in each] for each in _CUES.values()]
    return (
        *(sum(map(mul, found, [cue.points for cue in each])) for found, each in zip(cued, _CUES.values(), strict=True)),
        *(flag for found in cued for flag in found),
        *(float(family(words) is not None) for family in _FAMILIES.values()),
        *(float(sign(words) is not None) for sign in _SIGNS.values()),
        *(float(opens(first) is not None) for opens in _OPENS.values()),
        float(utterance.joking),
        float(due is not None) + float(far),
        float(any(each.asks for each in clauses)),
        float(bool(clauses) and clauses[-1].asks),
        float(any(lexicon.INTERROGATIVE.match(each.words) is not None for each in clauses)),
        float(len(words.split())),
        float(len(clauses)),
        float(len(message.mentions)),
        float(first.startswith("<@")),
        float(message.text[:1].islower()),
    )
