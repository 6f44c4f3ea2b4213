"""Amend: a sentence that follows on something told -> which fact it says is otherwise, and how.

In: the sentence, who wrote it and when, everybody whom it can name, and the facts that were told before it, as far as
its reader may read them. Out: an Amendment: the one change that it asks for; or the few that it may mean, to be asked
back; or no more than that something is wrong. None: it corrects nothing. Check: it speaks of facts and people that were
given, of no day that is over, and of no status that a fact of that kind cannot have.

Nothing is changed by it: whoever wrote it is shown what would be, and says so.
"""

import re
from datetime import date, datetime
from typing import Literal

from graphs import proposing
from graphs.proposing import UNTRUE, Said
from graphs.tasks import dates, dues, objecting
from graphs.tasks.objecting import Objection, Says
from graphs.tasks.stems import stems_of
from graphs.wording import MENTION
from memory.corrections import UnfitCorrection
from memory.models.base import Model
from memory.models.facts import Fact, FactKind, FactStatus
from memory.models.ids import FactId, PersonId, person_id
from memory.models.people import Person

VERSION = "rules-1"
MOST = 5
"""Changes that are asked back at once."""

Trouble = Literal["", "untold", "strange", "past", "same", "unfit"]
"""Why it says no change: nothing was told that it could be about; it names nobody known, or a day that is over; it is
so already; or no fact that was told can be so."""
_STATUS: dict[Says, dict[FactKind, FactStatus]] = {
    "ended": {"commitment": "done", "question": "answered", "blocker": "cleared", "decision": "decided"},
    "dropped": {"commitment": "dropped", "decision": "reversed"},
    "begun": {"commitment": "open", "question": "open", "blocker": "raised"},
    "proposed": {"decision": "proposed"},
    "decided": {"decision": "decided"},
    "reversed": {"decision": "reversed"},
}
_ME = frozenset({"i", "me", "mine", "my", "myself"})
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ORDINAL = re.compile(rf"\b(?:({'|'.join(_ORDINALS)}|last)|([1-9])(?:st|nd|rd|th)?)\b", re.IGNORECASE)
_BOUND = re.compile(r"\W*(?:(?:ok|okay|so|and|or)\b\W*)?(?:due|by|for|until)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:yesterday|last (?:week|month|\w+day)|\w+ ago)\b", re.IGNORECASE)
_KINDS: dict[FactKind, re.Pattern[str]] = {
    "commitment": re.compile(
        r"\b(?:promises?|commitments?|tasks?|to-?dos?|promised|owns?|has|have|does|do(?:ing)?|takes?|took|taking|"
        r"handl\w+|picked up)\b",
        re.IGNORECASE,
    ),
    "decision": re.compile(r"\b(?:decisions?|decided|agreed)\b", re.IGNORECASE),
    "question": re.compile(r"\b(?:questions?|asked)\b", re.IGNORECASE),
    "blocker": re.compile(r"\b(?:blockers?|blocked)\b", re.IGNORECASE),
    "update": re.compile(r"\b(?:updates?|news|reported)\b", re.IGNORECASE),
}
_HOLLOW = frozenset(
    stem
    for word in "one thing item point owner date day deadline person name promise commitment task decision question "
    "blocker update decided promised agreed asked first second third fourth fifth last number other bit part "
    "line whole".split()
    for stem in stems_of(word)
)
"""Stems of words that tell one matter from another no more than "that" does."""


class Given(Model):
    """`told` are the facts that were told, in groups: what was told last comes first, and `question` was asked for it.

    `asked_last` is the question right before it, in full, whatever was told for it; `people` are everybody.
    """

    text: str
    author: Person
    people: tuple[Person, ...]
    told: tuple[tuple[Fact, ...], ...] = ()
    question: str = ""
    asked_last: str = ""
    said_at: datetime


class Amendment(Model):
    """One in `options`: the change that is asked for. Several: one of them is. None: only that something is wrong.

    `fact_ids` are the facts that it may be about. `more`: it says another thing besides, which is not in here.
    """

    options: tuple[Said, ...] = ()
    fact_ids: tuple[FactId, ...] = ()
    trouble: Trouble = ""
    more: bool = False


class UnfoundedAmendment(ValueError):
    """An amendment speaks of a fact, a person or a day that it was not given."""


def rules(given: Given) -> Amendment | None:
    said = objecting.read(given.text)
    if said is None or _is_about_somebody(said, given) or _narrows(said, given):
        return None
    owners, day = _value(said, given)
    if said.says in {"is", "owner", "day"} and not owners and day is None:
        return _valueless(said, given)
    meant = _meant(said, given)
    if not meant:
        return None if said.about or not said.firm else Amendment(trouble="untold")
    if said.says == "wrong":
        return Amendment(fact_ids=_ids(meant))
    return _options(said, meant, owners, day, given.author.person_id, given.said_at)


def check(given: Given, found: Amendment) -> None:
    """Raises `UnfoundedAmendment` unless all that it speaks of was given."""
    facts = {fact.fact_id: fact for group in given.told for fact in group}
    people = {person.person_id for person in given.people}
    today = dates.local_day(given.said_at, given.author.tz)
    for each in found.options:
        fits = each.fact_id in facts and (each.owner is None or each.owner in people)
        if not fits or (each.day is not None and each.day < today):
            raise UnfoundedAmendment(f"A change of {each.fact_id} speaks of somebody, or of a day, that was not given.")
        proposing.after(facts[each.fact_id], each, {}, given.said_at)
    if not {*found.fact_ids} <= facts.keys() or len(found.options) > MOST:
        raise UnfoundedAmendment("It is about facts that were not told.")


def is_one(text: str, author: Person, people: tuple[Person, ...], said_at: datetime) -> bool:
    """Whether a sentence corrects what was told just before it, by its words: it denies that, and names no matter."""
    said = objecting.read(text)
    if said is None or not said.firm or said.about:
        return False
    given = Given(text=text, author=author, people=people, said_at=said_at)
    owners, day = _value(said, given)
    return said.says not in {"is", "owner", "day"} or bool(owners) or day is not None


def _options(
    said: Objection, meant: list[Fact], owners: list[PersonId], day: date | None, by: PersonId, now: datetime
) -> Amendment:
    """Every way in which it can be meant, of those that change something."""
    options, unfit = list[Said](), 0
    for fact in meant:
        for how, owner in _ways(said, fact, owners, day):
            option = Said(by_id=by, fact_id=fact.fact_id, how=how, owner=owner, day=day if how == "day" else None)
            try:
                after = proposing.after(fact, option, {}, now)
            except UnfitCorrection:
                unfit += 1
                continue
            if after is None or proposing.reads(after) != proposing.reads(fact):
                options.append(option)
    if len(options) > MOST:
        return Amendment(fact_ids=_ids(meant), more=said.more)
    fits = any(True for fact in meant for _ in _ways(said, fact, owners, day)) and not (unfit and not options)
    trouble: Trouble = "" if options else "same" if fits else "unfit"
    return Amendment(options=tuple(options), fact_ids=_ids(meant), trouble=trouble, more=said.more)


def _ways(said: Objection, fact: Fact, owners: list[PersonId], day: date | None) -> list[tuple[str, PersonId | None]]:
    """How a fact of this kind can be, by what is said."""
    if said.says == "untrue":
        return [(UNTRUE, None)]
    if status := _STATUS.get(said.says, {}).get(fact.kind):
        return [(status, None)]
    if said.says in {"is", "owner", "day"}:
        return [("day", None)] if day and fact.kind == "commitment" else [("owner", each) for each in owners]
    return []


def _value(said: Objection, given: Given) -> tuple[list[PersonId], date | None]:
    """Whom or which day it names: a day, if it can be one."""
    if said.says in {"is", "day"} and (day := dates.alone(said.value, given.said_at, given.author.tz)):
        return [], day
    return (_called(said.value, given) if said.says in {"is", "owner"} else []), None


def _valueless(said: Objection, given: Given) -> Amendment | None:
    """It says what it is, and that is neither a day to come nor anybody known."""
    known = _meant(said, given)
    if not known or not (said.firm or said.says == "day"):
        return None
    if said.says != "owner" and (dates.speaks_of_days(said.value) or _PAST.search(said.value)):
        return Amendment(fact_ids=_ids(known), trouble="past")
    named = said.says == "owner" or said.value.lstrip("@")[:1].isupper() or MENTION.fullmatch(said.value)
    return Amendment(fact_ids=_ids(known), trouble="strange") if named else None


def _meant(said: Objection, given: Given) -> list[Fact]:
    """The facts that it can be about, as they were told."""
    matter = {*stems_of(MENTION.sub(" ", said.about))} - _HOLLOW
    groups = [group for group in given.told if group]
    if not groups:
        return []
    if matter:
        every = {fact.fact_id: fact for group in groups for fact in group}
        share = {key: _share(matter, fact, given) for key, fact in every.items()}
        best = max(share.values())
        meant = [fact for key, fact in every.items() if share[key] == best >= 0.5]
    else:
        meant = _counted(said.about, groups[0]) or [*groups[0]]
    for pattern in (_of_kind(said, meant), _instead(said, meant, given), _done_by(said, meant, given)):
        meant = pattern or meant
    meant = [fact for fact in meant if _fits(said, fact, given)] or meant
    return meant if matter or _counted(said.about, groups[0]) else _asked_for(meant, given)


def _asked_for(meant: list[Fact], given: Given) -> list[Fact]:
    """The one that is most about what was asked, if one is: others were told beside it."""
    matter = {*stems_of(MENTION.sub(" ", given.question))} - _HOLLOW
    share = [_share(matter, fact, given) if matter else 0.0 for fact in meant]
    best = [fact for fact, each in zip(meant, share, strict=True) if each == max(share) >= 0.5]
    return best if len(best) == 1 else meant


def _share(matter: set[str], fact: Fact, given: Given) -> float:
    """How much of what it is called is in the fact, or in the names of those whom it is between."""
    names = {person.person_id: person.name for person in given.people}
    who = " ".join(names.get(each, "") for each in (fact.actor_id, fact.counterparty_id) if each)
    return len(matter & {*stems_of(f"{fact.statement} {who}")}) / len(matter)


def _counted(about: str, group: tuple[Fact, ...]) -> list[Fact]:
    """The one that a number names among those told last."""
    match = _ORDINAL.search(about)
    if match is None:
        return []
    word = (match[1] or "").lower()
    place = len(group) - 1 if word == "last" else _ORDINALS.index(word) if word else int(match[2]) - 1
    return [*group[place : place + 1]]


def _of_kind(said: Objection, meant: list[Fact]) -> list[Fact]:
    kinds = {kind for kind, pattern in _KINDS.items() if pattern.search(f"{said.about} {said.verb}")}
    return [fact for fact in meant if fact.kind in kinds]


def _instead(said: Objection, meant: list[Fact], given: Given) -> list[Fact]:
    """Those that are as it is not: of that person, or due on that day."""
    if not said.instead:
        return []
    people = _called(said.instead.removesuffix("'s"), given)
    day = dates.alone(said.instead, given.said_at, given.author.tz)
    return [fact for fact in meant if fact.actor_id in people or (day is not None and fact.due == day)]


def _done_by(said: Objection, meant: list[Fact], given: Given) -> list[Fact]:
    people = _called(said.who, given) if said.who else []
    return [fact for fact in meant if fact.actor_id in people]


def _fits(said: Objection, fact: Fact, given: Given) -> bool:
    owners, day = _value(said, given)
    return said.says == "wrong" or bool(_ways(said, fact, owners, day))


def _called(words: str, given: Given) -> list[PersonId]:
    """Everybody whom these words call."""
    if words.lower() in _ME:
        return [given.author.person_id]
    known = {person.person_id: person for person in given.people if person.role != "bot" and not person.deactivated}
    if mention := MENTION.fullmatch(words):
        who = person_id(given.author.team_id, given.author.source, mention[1])
        return [who] if who in known else []
    call = words.removeprefix("@").casefold()
    if not call:
        return []
    whole = [key for key, each in known.items() if call in {each.real_name.casefold(), each.handle.casefold()}]
    return whole or [key for key, each in known.items() if call in each.real_name.casefold().split()]


def _is_about_somebody(said: Objection, given: Given) -> bool:
    """Whether what it is about is a person: that somebody is wrong or done says nothing of a fact."""
    return bool(said.about) and bool(_called(said.about, given))


def _narrows(said: Objection, given: Given) -> bool:
    """Whether it rather bounds what was asked: “by Friday”, after “what do I owe?”."""
    is_bare = said.says == "day" and not said.firm and not said.about and _BOUND.match(given.text)
    return bool(is_bare) and dues.asks_what_is_due(given.asked_last)


def _ids(facts: list[Fact]) -> tuple[FactId, ...]:
    return tuple(fact.fact_id for fact in facts)
