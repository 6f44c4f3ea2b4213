"""Follow: a question and what was talked of before it -> what it asks, said in full.

In: the question with its own plan, and the earlier turns of its thread. Out: a Reading: a question of its own; one that
carries an earlier plan with something of it replaced ("and Ben?", "what about last week?"); more of the same; or who
said it, when, until when, in which words and how it stands now, of what was told last. Check: only what was meant
before or is meant now is in the plan, and only a question of its own has no turn that it follows.

What is not clearly a follow-up is a question of its own: two questions in one thread need not belong together.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from graphs import days
from graphs.tasks import dues, parties
from graphs.tasks.dues import Due
from graphs.tasks.followups import Kind, asked_of_it
from graphs.tasks.understand import QueryPlan
from graphs.wording import MENTION
from memory.models.base import Model
from memory.models.ids import AnswerId, PersonId

VERSION = "rules-1"
MOST_TERMS = 12

SEARCHED: frozenset[Kind] = frozenset({"new", "changed", "more"})
"""What is looked for; the others ask of what was told already."""
READ_ALOUD: frozenset[Kind] = frozenset({"reasons", "understood"})
"""What is answered in words of the question that it follows."""
_SHORT_TEXT = 300
"""Characters of what is said to somebody by name, without a comma."""
_SHORT = 4
"""Words of a follow-up that is nothing but a name or a time."""

_LEAD = re.compile(
    r"^(?:(?:ok|okay|so|and|but|or|also|then|hm+|thanks|thank you|right|sorry|please|hey|hi|daybook)\b[\s,.!:–-]*)+",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"^(?:(?:ok|okay|so|but|also|hm+|daybook)\b[\s,.:–-]*)*"
    r"(?:(?:and\s+)?(?:what about|how about|what of|(?:the )?same (?:for|about|with))\b|and\b|or\b)\s*(.*)$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"^(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|did|does|do|has|have|had|can|could|will|would|"
    r"should|tell|remind|show|list|give|i|we)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:(he|she|him)|(his|her|hers))\b", re.IGNORECASE)
_TOPIC = re.compile(
    r"\b(?:it|that|this|those|these|them)"
    r"(?: (?:done|yet|now|still|already|due|fixed|over|about|happen|ready|out|open|closed|decided|settled|cost|work|"
    r"start|end|mean|need|take|go|happening|owned|affect))*\s*$"
    r"|^(?:is|was|are|were|did|does|has|have|had|will|would|can|could|should)\s+(?:it|that|this|they|those|these)\b"
    r"|^(?:what|who|when|where|why|how)\s+(?:is|was|did|does|has|have|will|would)\s+(?:it|that|this)\b(?!\s+\w+\s+\w+\s+\w)",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:what|who|anything|anyone|anybody|which|any) (?:else|other|others)\b", re.IGNORECASE)
_ASKING = re.compile(
    r"\?|^(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|did|does|do|has|have|tell me|remind me|"
    r"show me|list|since when|catch me up|summari[sz]e|recap|prep(?:are)? me)\b",
    re.IGNORECASE,
)
_TO_ALL = re.compile(
    r"<!(?:here|channel|everyone)|\b(?:any|some|every)(?:one|body)\b|\b(?:team|folks|guys|you all|y'all)\b",
    re.IGNORECASE,
)
_VOCATIVE = re.compile(
    r"^\W*(?:(?:hey|hi|hello|ok|okay|thanks)[\s,]+)*((?:[^\W\d_]|['-])+(?: (?:[^\W\d_]|['-])+)?)\s*[,:–-]\s"
    r"|,\s*((?:[^\W\d_]|['-])+)\s*[?!.…]*\s*$",
    re.IGNORECASE,
)
_YOU = re.compile(r"(?<![\w'])(?:you|your|yours|u)(?![\w'])", re.IGNORECASE)
_ENDS = re.compile(
    r"\A\W*((?:[^\W\d_]|['-])+)\b(?!\s+(?:you|i|we|they|he|she|it)\b)|(?<!about)(?<!of)(?<!to)(?<!from)(?<!with)(?<!by)(?<!for)(?<!and)(?<!is)(?<!was)"
    r"\s((?:[^\W\d_]|['-])+)\W*\Z",
    re.IGNORECASE,
)
"""How a text begins and ends, where that is not what somebody else is said about."""
_CALLED = re.compile(r"^\s*(?:(?:hey|hi|ok|okay)[\s,]+)?@?daybook\b", re.IGNORECASE)


class Earlier(Model):
    """A turn of the thread: its question in full, with its plan. `told`: something was found for it.

    `people` are those that the answer told of, in order, as far as they may still be read of.
    """

    answer_id: AnswerId
    kind: Kind = "new"
    question: str
    plan: QueryPlan
    told: bool = True
    people: tuple[PersonId, ...] = ()


class Given(Model):
    """`text` is the question without mentions of Daybook; `earlier` has the latest last; `names` are everybody's.

    `today` is the asker's.
    """

    text: str
    plan: QueryPlan
    today: date
    asker: PersonId
    earlier: tuple[Earlier, ...] = ()
    names: Mapping[PersonId, str] = {}


class Reading(Model):
    """What is asked. `question` says it in full, `of` names the turn that it follows, if it follows one."""

    kind: Kind = "new"
    question: str
    plan: QueryPlan
    of: AnswerId | None = None


class UnfoundedReading(ValueError):
    """A reading has a word or a person that was never meant, or follows nothing although it says so."""


def rules(given: Given) -> Reading:
    alone = Reading(question=given.text, plan=given.plan)
    if not given.earlier:
        return alone
    last = next((each for each in reversed(given.earlier) if each.told), given.earlier[-1])
    base = next((each for each in reversed(given.earlier) if each.kind in SEARCHED), None)
    kind = asked_of_it(bare(given.text))
    if kind and kind != "more":
        # How it was read is asked the more where nothing was found.
        meant = given.earlier[-1] if kind == "understood" else last
        return Reading(kind=kind, question=meant.question, plan=meant.plan, of=meant.answer_id)
    if base is None:
        return alone
    if kind:
        return Reading(kind=kind, question=base.question, plan=base.plan, of=base.answer_id)
    found = _replaced(given, base) or _resolved(given, base) or alone
    if _ELSE.search(given.text) and _is_alike(found.plan, base.plan):
        return found.model_copy(update={"kind": "more", "of": base.answer_id})
    return found


def check(given: Given, found: Reading) -> None:
    """Raises `UnfoundedReading` unless everything in the plan was meant before or is meant now."""
    plans = [given.plan, *(each.plan for each in given.earlier)]
    told = {person for each in given.earlier for person in each.people}
    people = told.union(*({*plan.person_ids} for plan in plans), {given.asker})
    terms = {term for plan in plans for term in plan.terms}
    known = {each.answer_id for each in given.earlier}
    strange = {*found.plan.person_ids} - people or {*found.plan.terms} - terms
    follows = found.of in known if found.kind != "new" else found.of is None
    if strange or not follows:
        raise UnfoundedReading(f"{found.kind}, of a known turn: {found.of in known}, strange: {len(strange or ())}.")


def bare(text: str) -> str:
    """The question without what leads up to it and without its last stop."""
    plain = " ".join(text.replace("’", "'").split())
    return _LEAD.sub("", plain).rstrip(" ?!.…,:")


def is_for_daybook(text: str) -> bool:
    """Whether what its asker writes next in a thread is one more question, by its words and not to other people."""
    if MENTION.search(text) or _TO_ALL.search(text):
        return False
    return bool(asked_of_it(bare(text)) or _ASKING.search(bare(text)) or text.rstrip().endswith("?"))


def spoken_to(text: str) -> frozenset[str]:
    """What may be the name of somebody whom the text speaks to: it stands before a comma or behind the last one.

    Where the text says “you”, at its beginning or end, too.
    """
    ends = _ENDS.finditer(text[:_SHORT_TEXT]) if _YOU.search(text) else ()
    found = (*_VOCATIVE.finditer(text), *ends)
    return frozenset(name.casefold() for match in found for name in match.groups() if name)


def calls_daybook(text: str) -> bool:
    """Whether somebody speaks to it by name."""
    return bool(_CALLED.match(text))


def _replaced(given: Given, base: Earlier) -> Reading | None:
    """The earlier plan with the people, the days, the kind or the matter that the follow-up names instead."""
    plain = " ".join(given.text.replace("’", "'").split()).rstrip(" ?!.…,:")
    cue = _CUE.match(plain)
    rest = cue[1].strip() if cue else plain
    own = _past(given)
    due = _due_instead(given, base.plan, rest)
    if due and not own.due:  # its day is none on which something was said
        said = {"since": None, "until": None, "span": "", "terms": _other_than(due.words, own.terms)}
        own = own.model_copy(update=said)
    dated = own.span or own.occasion
    narrower = own.person_ids or dated or own.place or due
    short = len(rest.split()) <= _SHORT and not own.terms and not own.kinds and narrower
    if not rest or _SENTENCE.match(rest) or own.form != "answer" or not (cue or short):
        return None
    if not (narrower or own.terms or own.kinds):
        return None
    before = base.plan
    fresh = own.terms and not before.terms  # a matter, after everything of those days
    people = _people_instead(given, base) if own.person_ids else before.person_ids
    plan = before.model_copy(
        update={
            "terms": own.terms or before.terms,
            "kinds": own.kinds or before.kinds,
            "person_ids": people,
            "owner": before.owner if not before.owner or before.owner in people else own.person_ids[0],
            "called": tuple(dict.fromkeys((*before.called, *own.called))),
            "since": own.since if dated else before.since,
            "until": own.until if dated else before.until,
            "span": own.span if dated else before.span,
            "due": due or (None if fresh else before.due),
            "occasion": own.occasion if dated else before.occasion,
            "place": own.place or before.place,
            "bounds": tuple(dict.fromkeys((*before.bounds, *own.bounds))),
        }
    )
    if due and _is_of_doings(before):
        plan = plan.model_copy(update={"kinds": ("commitment",), "form": "answer", "still_open": True})
    gone = [before.span] if dated and before.span not in map(str.lower, before.bounds) else []
    gone += [before.due.words] if (due or fresh) and before.due else []
    gone += [given.names.get(person, "") for person in before.person_ids if person not in people]
    gone += before.terms if own.terms else ()
    kept = _without(base.question, gone).rstrip(" ?!.")
    return Reading(kind="changed", question=f"{kept} {rest}?", plan=plan, of=base.answer_id)


def _past(given: Given) -> QueryPlan:
    """The plan with the days that the text names taken as past ones: “and today?” asks of what was said today."""
    own = given.plan
    span = days.span_in(f"was said {given.text}", given.today)
    if own.span or span is None:
        return own
    since, until = (days.midnight(day, own.tz) if day else None for day in span[:2])
    update = {"since": since, "until": until, "span": span[2].lower(), "terms": _other_than(span[2], own.terms)}
    return own.model_copy(update=update)


def _due_instead(given: Given, before: QueryPlan, rest: str) -> Due | None:
    """The days by which something is due that are named instead, where the question before asked what was promised.

    After what somebody does, days to come are those too.
    """
    if "commitment" in before.kinds:
        return given.plan.due or dues.also(rest, before.due, given.today, still_open=before.still_open)
    coming = dues.also(rest, None, given.today, still_open=True) if _is_of_doings(before) else None
    return coming if coming and coming.since and coming.since > given.today else None


def _is_of_doings(plan: QueryPlan) -> bool:
    return plan.form == "catch_up" and not plan.terms and not plan.kinds


def _other_than(words: str, terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(term for term in terms if term not in re.findall(r"[^\W_]+", words.lower()))


def _is_alike(plan: QueryPlan, before: QueryPlan) -> bool:
    """Whether both look for the same sort of thing, so that one may have more of it than the other told."""
    if plan.terms:
        return bool({*plan.terms} & {*before.terms})
    return not plan.kinds or {*plan.kinds} <= {*before.kinds}


def _people_instead(given: Given, base: Earlier) -> tuple[PersonId, ...]:
    """Who takes the place of those meant before; the asker stays where somebody else was meant beside them."""
    before, named = base.plan.person_ids, given.plan.person_ids
    stays = given.asker in before and len(before) > 1 and given.asker not in named
    return (*named, given.asker) if stays else named


def _resolved(given: Given, base: Earlier) -> Reading | None:
    """The question with what its pronouns stand for: the person told of, the matter talked of."""
    text, plan = given.text, given.plan
    others = [person for person in plan.person_ids if person != given.asker]
    someone = _person_meant(given, base) if not others and _PERSON.search(text) else None
    if someone:
        name = given.names.get(someone, "")
        text = _PERSON.sub(lambda match: name if match[1] else f"{name}'s", text) if name else text
        does = _PERSON.fullmatch(parties.doer(given.text)) is not None
        update = {"person_ids": (*plan.person_ids, someone), "owner": someone if does else plan.owner}
        plan = plan.model_copy(update=update)
    carried = base.plan
    if len(plan.terms) <= 1 and carried.terms and (_TOPIC.search(bare(given.text)) or (someone and not plan.terms)):
        terms = tuple(dict.fromkeys((*plan.terms, *carried.terms)))[:MOST_TERMS]
        plan = plan.model_copy(update={"terms": terms})
        text = f"{text.rstrip(' ?!.')} – {' '.join(carried.terms)}?"
    if plan == given.plan:
        return None
    return Reading(kind="changed", question=text, plan=plan, of=base.answer_id)


def _person_meant(given: Given, base: Earlier) -> PersonId | None:
    """Whom "he" or "she" is: the one person asked about, else the first that was told of last."""
    meant = [person for person in base.plan.person_ids if person != given.asker]
    if len(meant) == 1:
        return meant[0]
    told = [person for each in reversed(given.earlier) for person in each.people if person != given.asker]
    return told[0] if told else None


def _without(text: str, gone: Iterable[str]) -> str:
    """The text without these words: names in whole or in part, days, matters."""
    parts = {part for each in gone if each for part in (each, *each.split())}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"(?<!\w)@?{re.escape(part)}(?:['’]s)?(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split())
