"""Whether a later remark ends a matter that was left open: the columns of such a pair, and trained weights for them.

What the remark says counts by itself (`own`), and so does what it has to do with the matter (`PAIR`); the sum are
log-odds. Within one conversation more is known of the pair than across conversations.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from operator import mul
from typing import Any

from graphs.tasks import likeness
from graphs.tasks.forest import UnfitWeights
from graphs.tasks.rarity import rarity_of
from graphs.tasks.saying import OWN, Said
from graphs.tasks.stems import stems_of
from memory.models.ids import PersonId

_OWN = tuple(name for name in OWN if not name.startswith("top_") and name != "due")
"""What is the same wherever and by whomever the remark is heard."""
_OWN_AT = tuple(OWN.index(name) for name in _OWN)
PAIR = (
    "by_actor",
    "by_counterparty",
    "by_another",
    "gap",
    "same_day",
    "shared",
    "shared_rare",
    "shared_share",
    "names",
    "due_passed",
    "due_today",
    "names_actor",
    "names_counterparty",
    "same_conversation",
    "distance",
    "next",
    "first_by_author",
    "same_thread",
    "actor_between",
    "thanked",
    "agreed",
)
COLUMNS = (*_OWN, *PAIR)
_ALONE = (0.0,) * 8
ENDS = ("commitment", "question", "blocker", "decision")
"""The kinds that something may end."""
_KEPT = 800
"""Characters of a text whose words are compared."""


@dataclass(frozen=True, slots=True)
class Words:
    """The stems of a text, and the names of things in it."""

    stems: frozenset[str]
    names: frozenset[str]


def words_of(text: str) -> Words:
    text = text[:_KEPT]
    stems = (_PRESENT.get(stem, stem) for stem in stems_of(_TAG.sub(" ", text)))
    return Words(frozenset(stems), likeness.names([text]))


_TAG = re.compile(r"<[@#!][^<>]{0,200}>")
_PRESENT = {
    past: present
    for present, *pasts in (
        line.split()
        for line in """
        send sent; write wrote written; make made; take took taken; give gave given; find found; tell told;
        get got gotten; build built; buy bought; bring brought; speak spoke spoken; talk call; meet met; run ran;
        see saw seen; hear heard; read; pay paid; sell sold; hold held; leave left; put; set; cut; do did done;
        go went gone; come came; keep kept; draw drew drawn; choose chose chosen; break broke broken;
        begin began begun; fix repair; know knew known; show shown; drop dropp; ship; sign; teach taught;
        think thought; win won; lose lost; catch caught; fall fell fallen; fly flew; drive drove driven;
        ride rode ridden; rise rose risen; forget forgot forgotten; hide hid hidden; feel felt; let
        """.split(";")
    )
    for past in pasts
}
"""What becomes of a verb whose past has another stem, and the few words that say about the same."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What was left open, by whom and to whom, since when and until when."""

    kind: str
    actor: PersonId | None
    counterparty: PersonId | None
    words: Words
    due: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """Words that may end something: who said them, when, of what, and whom they name."""

    author: PersonId | None
    at: datetime
    words: Words
    mentions: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a remark and its tie to a matter weigh; `enough` are the log-odds from which it ends the matter."""

    bias: float
    own: tuple[float, ...]
    pair: tuple[float, ...]
    enough: float
    least: float
    """What a remark must be worth by itself to be looked at in another conversation."""


def own(said: Said) -> tuple[float, ...]:
    """The columns of a remark that it has wherever it stands."""
    return tuple(said.own[at] for at in _OWN_AT)


def worth(kind: str, columns: Sequence[float]) -> float:
    """What a remark of these columns adds by itself to the odds that it ends something of the kind."""
    return math.fsum(map(mul, trained()[kind].own, columns))


def least(kind: str) -> float:
    return trained()[kind].least


def drops(columns: Sequence[float]) -> bool:
    """Whether a remark that ends a promise rather gives it up than keeps it."""
    weighing = trained()["dropped"]
    return weighing.bias + math.fsum(map(mul, weighing.own, columns)) > weighing.enough


def odds(matter: Matter, remark: Remark, own_worth: float, within: Sequence[float] = ()) -> float:
    """Log-odds, above what is enough, that the remark ends the matter. `within`: the columns within a conversation."""
    weighing = trained()[matter.kind]
    tied = math.fsum(map(mul, weighing.pair, pair(matter, remark, within)))
    return weighing.bias + own_worth + tied - weighing.enough


def pair(matter: Matter, remark: Remark, within: Sequence[float] = ()) -> tuple[float, ...]:
    """The columns `PAIR`."""
    shared = matter.words.stems & remark.words.stems
    rare = sum(rarity_of(stem) for stem in sorted(shared))
    whole = sum(rarity_of(stem) for stem in sorted(matter.words.stems))
    by_actor, by_counterparty = remark.author == matter.actor, remark.author == matter.counterparty
    day, due = remark.at.date(), matter.due
    return (
        float(by_actor),
        float(by_counterparty),
        float(not by_actor and not by_counterparty),
        math.log1p(max((remark.at - matter.at).total_seconds(), 0.0)),
        float(day == matter.at.date()),
        float(len(shared)),
        rare,
        rare / (whole + 0.5),
        float(len(matter.words.names & remark.words.names)),
        float(due is not None and day > due),
        float(due is not None and day == due),
        float(matter.actor in remark.mentions),
        float(matter.counterparty in remark.mentions),
        *(within or _ALONE),
    )


@cache
def trained() -> Mapping[str, Weighing]:
    """The weights that ship with the package; read once."""
    return weighings(json.loads(files("graphs.tasks").joinpath("weights", "settling.json").read_text("utf-8")))


def weighings(body: Mapping[str, Any]) -> Mapping[str, Weighing]:
    """Weights as training wrote them."""
    if body["columns"] != list(COLUMNS):
        raise UnfitWeights("settling.json was trained on other columns: run `python -m bot.training.extract`.")
    return {
        name: Weighing(each["bias"], tuple(each["own"]), tuple(each["pair"]), each["enough"], each["least"])
        for name, each in body["kinds"].items()
    }
