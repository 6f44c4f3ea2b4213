"""Understand: a question -> a query plan: words to search for, kinds of fact wanted, people meant, and the days.

In: the question as written, who asks, and whom it can mean. Out: a QueryPlan; plain lower-case words, from which the
store builds its query. Check: words hold letters and digits only, people were given, and the days are in order.

A model may read the question instead (`interpreting`); what it makes of it passes the same check.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from graphs import days, engines
from graphs.pieces import Share
from graphs.ports import Context
from graphs.tasks import bounds, dues, forms, interpreting, parties
from graphs.tasks.bounds import Bounds, Occasion, Place
from graphs.tasks.dues import Due
from graphs.tasks.forms import Form, Here
from graphs.tasks.interpreting import Interpreted
from graphs.wording import MENTION, readable
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.facts import FactKind
from memory.models.ids import ContentId, PersonId, person_id
from memory.models.people import Person

VERSION = "rules-7"
MOST_TERMS = 12
_MOST_PEOPLE = 30
_TELLING = 3
"""Digits of a number that may be looked for by itself."""

_WORD = re.compile(r"[^\W_]+(?:[.\-'’][^\W_]+)*")
_KINDS: dict[FactKind, re.Pattern[str]] = {
    "decision": re.compile(
        r"\b(deci(?:de|ded|sion|sions)|agree|agreed|settled?|chose|chosen|conclu\w+)\b", re.IGNORECASE
    ),
    "commitment": re.compile(
        r"\b(promis\w+|commit(?:ted|ment|ments)?|owes?|owed|owing|(?:over)?due|deadlines?|deliver\w*|to-?dos?"
        r"|action items?)\b",
        re.IGNORECASE,
    ),
    "question": re.compile(
        r"\b(questions?|unanswered|asked|asks|asking|waiting (?:for|on) me|(?<=did )(?:[^\W_]+ ){1,2}ask)\b",
        re.IGNORECASE,
    ),
    "blocker": re.compile(r"\b(block(?:s|ed|er|ers|ing)?|stuck|held up|waiting (?:on|for)(?! me\b))\b", re.IGNORECASE),
    "update": re.compile(
        r"\b(updates?|news|shipped|released|what(?:'|’)?s new|happened|went out)\b",
        re.IGNORECASE,
    ),
}
_OPEN: tuple[FactKind, ...] = ("commitment", "question", "blocker")
_EMPTY = frozenset(
    "a about after again ago all also am an and answer answered answers any anybody anyone anything are as ask asked "
    "asking at be been before being but by can could daybook deal did do does doing done else ever everybody "
    "everyone everything find for from get give got had has have he hello her hey hi him his how i if in into is it "
    "its just kind know last let like list look made make many me mine more most much my myself name need new no not "
    "of off ok okay on one open or our out over past please previous really remind replied replies reply respond "
    "responded response said say says search see she should show since so some somebody someone something still "
    "taken tell than thank thanks that the their them then there these they thing things think this those to told "
    "too up us waiting want was we were what when where which while who whom whose why will with would you your "
    "what's who's where's when's how's that's there's it's i'm i've i'd i'll whats whos wheres whens hows thats "
    "theres ive im didnt dont doesnt isnt didn't don't doesn't today yesterday tomorrow week month day days "
    "weeks morning monday tuesday wednesday thursday friday saturday sunday".split()
)


class Given(Model):
    """`asked_at` in UTC; days are counted in the asker's zone. `bot_id` is Daybook's own id in the source."""

    text: str
    asker: Person
    people: tuple[Person, ...] = ()
    asked_at: datetime
    bot_id: str = ""


class QueryPlan(Model):
    """What to look for. `since` and `until` (exclusive) are UTC; `span` names them as the question did, and `tz` is the
    zone in which days are counted.

    `form` is what is wanted, `here` says that it is about where it is asked. `called` are the lower-case words by which
    the question calls people: no words to search for. `direction` says whether the people meant are those who owe,
    decide, ask (`by`), or those to whom (`to`); `owner` is the one who does, where others are named too. `still_open`:
    what has ended is not meant. `due` bounds the days by which it is due, as `since` and `until` those on which it was
    said. `occasion` and `place` bound it, and `bounds` are the words that name these: no words
    to search for.
    """

    terms: tuple[str, ...] = ()
    kinds: tuple[FactKind, ...] = ()
    person_ids: tuple[PersonId, ...] = ()
    called: tuple[str, ...] = ()
    form: Form = "answer"
    here: Here | None = None
    direction: Literal["by", "to"] | None = None
    owner: PersonId | None = None
    still_open: bool = False
    since: datetime | None = None
    until: datetime | None = None
    span: str = ""
    tz: str = "UTC"
    due: Due | None = None
    occasion: Occasion | None = None
    place: Place | None = None
    bounds: tuple[str, ...] = ()


class UnsearchablePlan(ValueError):
    """A plan has a word that is not plain, a person nobody knows, or days that end before they begin."""


async def run(given: Given, context: Context, viewer: Viewer, rests_on: tuple[ContentId, ...] = ()) -> QueryPlan:
    """`rests_on`: the words of the question, as they are kept for its viewer."""
    found = rules(given)
    if context.model is not None:
        named = bounds.read(given.text)
        rest = given.model_copy(update={"text": named.rest})
        made = await engines.ask(interpreting.ENGINE, [Share(question(rest), rests_on)], context, viewer)
        if read := made.by_model.get(0):
            plan = _bounded(given, named, planned(rest, read))
            try:
                check(given, plan)
            except UnsearchablePlan:
                plan = found
            found = plan
    check(given, found)
    return found


def question(given: Given) -> interpreting.Question:
    """What a model is shown of it: the words as people read them, and whom it can mean."""
    names = {person.person_id: person.name for person in given.people}
    text = readable(_without_bot(given), names, given.asker.team_id, given.asker.source)
    said = {word.casefold() for word in re.findall(r"[^\W_]+", text)}
    called = [p for p in given.people if {part.casefold() for part in (*p.name.split(), p.handle)} & said]
    mentioned = [p for key in _mentioned(given) for p in given.people if p.person_id == key]
    meant = {p.person_id: p.name for p in (given.asker, *mentioned, *called[:_MOST_PEOPLE])}
    return interpreting.Question(
        text=text,
        words=frozenset(_plain_words(text)) - _EMPTY,
        people={f"u{number}": each for number, each in enumerate(meant.items(), start=1)},
        today=days.local_day(given.asked_at, given.asker.tz),
    )


def planned(given: Given, read: Interpreted) -> QueryPlan:
    """The plan that a model's reading comes to; by which day something is due is read by rules."""
    zone = given.asker.tz
    text = _spoken(given)
    due = _due(text, " ".join(read.words), days.local_day(given.asked_at, zone))
    by = due.words.lower() if due else ""
    if due and (read.span in by or by in read.span):
        read = replace(read, since=None, until=None, span="")
    return QueryPlan(
        terms=tuple(word for word in read.words if word not in _plain_words(by))[:MOST_TERMS],
        kinds=read.kinds,
        person_ids=read.people,
        called=_named(text, given.people)[1],
        form=forms.form_of(text),
        here=forms.place_in(text),
        direction=read.direction,
        still_open=forms.is_open_still(text, due=due is not None),
        since=days.midnight(read.since, zone) if read.since else None,
        until=days.midnight(read.until + timedelta(days=1), zone) if read.until else None,
        span=read.span,
        tz=zone,
        due=due,
    )


def rules(given: Given) -> QueryPlan:
    named = bounds.read(given.text)
    return _bounded(given, named, _planned_by_rules(given.model_copy(update={"text": named.rest})))


def _planned_by_rules(given: Given) -> QueryPlan:
    people = _mentioned(given)
    text = _spoken(given)
    named, called, rest = _named(text, given.people)
    form = forms.form_of(text)
    asker = [given.asker.person_id] if parties.speaks_of_me(text) and form in {"answer", "history", "needed"} else []
    everybody = dict.fromkeys([*people, *named, *asker])
    of_nobody = form == "needed" and not everybody
    form = "answer" if of_nobody else form
    everybody = dict.fromkeys(asker) if asker and parties.answers_me(text) else everybody
    today = days.local_day(given.asked_at, given.asker.tz)
    due = _due(text, rest, today)
    span = days.span_in(text.replace(due.words, " ") if due else text, today)
    for words in (due.words if due else "", span[2] if span else ""):
        rest = rest.replace(words, " ") if words else rest
    terms = _terms(rest if of_nobody else forms.without_form(rest))
    kinds = _kinds(text, form)
    if (people or named) and not (terms or kinds) and forms.asks_who_it_is(text):
        form = "catch_up"  # nobody is described but by what they have been doing
    return QueryPlan(
        terms=terms,
        kinds=kinds,
        person_ids=tuple(everybody),
        called=called,
        form=form,
        here=forms.place_in(text),
        direction=_direction(text, given) if form != "needed" else None,
        owner=given.asker.person_id if form == "needed" and asker and (people or named) else _owner(given),
        still_open=forms.is_open_still(text, due=due is not None),
        since=days.midnight(span[0], given.asker.tz) if span and span[0] else None,
        until=days.midnight(span[1], given.asker.tz) if span and span[1] else None,
        span=span[2].lower() if span else "",
        tz=given.asker.tz,
        due=due,
    )


def _kinds(text: str, form: Form) -> tuple[FactKind, ...]:
    """What kinds of fact are asked for; none where any will do."""
    if form == "needed":
        return _OPEN
    named = forms.without_form(text) if form == "catch_up" else text
    found = tuple(kind for kind, pattern in _KINDS.items() if pattern.search(named))
    return found or (_OPEN if forms.asks_what_is_open(text) else ())


def _due(text: str, rest: str, today: date) -> Due | None:
    """By when it is due; that limits nothing where one promise is asked for: “who promised the audit by Friday?”."""
    due = dues.read(text, today)
    if due is None or dues.asks_what_is_due(text):
        return due
    return None if _terms(forms.without_form(rest.replace(due.words, " "))) else due


def _bounded(given: Given, named: Bounds, plan: QueryPlan) -> QueryPlan:
    """The plan of the question without its bounds, with them; people are named in an occasion, too."""
    occasion = named.occasion
    if occasion is not None:
        about = given.model_copy(update={"text": occasion.name})
        called, words, _ = _named(_spoken(about), given.people)
        occasion = occasion.model_copy(
            update={
                "person_ids": tuple(dict.fromkeys((*_mentioned(about), *called))),
                "words": tuple(each for each in occasion.words if each not in words),
            }
        )
    span = plan.span or (named.spans[-1].lower() if occasion else "")
    update = {"occasion": occasion, "place": named.place, "bounds": named.spans, "span": span}
    return plan.model_copy(update=update)


def check(given: Given, found: QueryPlan) -> None:
    """Raises `UnsearchablePlan` unless the store can take every word, person and day as they are."""
    people = {given.asker.person_id, *(p.person_id for p in given.people)}
    words = [t for t in found.terms if t != t.lower() or not re.fullmatch(r"[^\W_]+", t)]
    backwards = found.since is not None and found.until is not None and found.since >= found.until
    if words or backwards or not {*found.person_ids, *filter(None, [found.owner])} <= people:
        raise UnsearchablePlan(f"Words {words}, days in order: {not backwards}.")


def _mentioned(given: Given) -> list[PersonId]:
    """The people mentioned as such, in order, without Daybook itself and without strangers."""
    known = {p.person_id for p in given.people}
    ids = [m[1] for m in MENTION.finditer(given.text) if m[1] != given.bot_id]
    found = [person_id(given.asker.team_id, given.asker.source, i) for i in ids]
    return [p for p in found if p in known]


def _without_bot(given: Given) -> str:
    return MENTION.sub(lambda m: " " if m[1] == given.bot_id else m[0], given.text)


def _plain_words(text: str) -> list[str]:
    """The words as the store takes them: lower case, letters and digits."""
    words = [match[0].lower().replace("’", "'") for match in _WORD.finditer(text)]
    return [part for word in words for part in re.split(r"[.\-']", word) if len(part) > 1 or part.isdigit()]


def _spoken(given: Given) -> str:
    """The question in plain words, without the mentions: those are people, not words to search for."""
    nobody: Mapping[PersonId, str] = {}
    return readable(MENTION.sub(" ", given.text), nobody, given.asker.team_id, given.asker.source)


def _named(text: str, people: tuple[Person, ...]) -> tuple[list[PersonId], tuple[str, ...], str]:
    """The people called by full name, handle or a first name that only one of them has; the words that call them; and
    the text without these. What bots are called are words like others: a bot often bears the name of what it tells of.
    """
    calls: dict[str, set[PersonId]] = {}
    for person in people:
        if person.role == "bot":
            continue
        for call in {person.real_name, person.handle, *person.real_name.split()[:1]}:
            if len(call) > 1:
                calls.setdefault(call.casefold(), set()).add(person.person_id)
    found: list[PersonId] = []
    words: list[str] = []
    folded = text.casefold()
    for call in sorted((each for each in calls if each in folded), key=lambda c: (-len(c), c)):
        pattern = re.compile(rf"(?<!\w)@?{re.escape(call)}(?:['’]s)?(?!\w)", re.IGNORECASE)
        if len(calls[call]) == 1 and call not in _EMPTY and pattern.search(text):
            found += calls[call]
            words += _plain_words(call)
            text = pattern.sub(" ", text)
    return found, tuple(dict.fromkeys(words)), text


def _terms(text: str) -> tuple[str, ...]:
    """What is left to search for: the question's own words, without those that ask."""
    said = (match[0].lower().replace("’", "'") for match in _WORD.finditer(text))
    kinds = _KINDS.values()
    words = [each for each in said if each not in _EMPTY and not any(kind.fullmatch(each) for kind in kinds)]
    if all(each.isdigit() and len(each) < _TELLING for each in words):
        return ()
    parts = (part for word in words for part in re.split(r"[.\-']", word) if len(part) > 1 or part.isdigit())
    return tuple(each for each in dict.fromkeys(parts) if each not in _EMPTY)[:MOST_TERMS]


def _owner(given: Given) -> PersonId | None:
    """Who does what is asked of, as Ben in “what did Ben promise Chiyo?”."""
    called = _called(given, parties.doer(given.text))
    return called[0] if len(called) == 1 else None


def _called(given: Given, words: str) -> list[PersonId]:
    """Whom these words of the question call."""
    about = given.model_copy(update={"text": words})
    return [*_mentioned(about), *_named(_spoken(about), given.people)[0]]


def _direction(text: str, given: Given) -> Literal["by", "to"] | None:
    whom = parties.whom(given.text)
    return parties.direction(text, goes_to_somebody=bool(whom and _called(given, whom)))
