"""Answer: a query plan and what was found for it -> short sentences, each tied to the messages it rests on.

In: the plan, the messages and facts that the viewer may read. Out: at most five sentences and five sources, or "I found
nothing about …" with what was searched. Facts that fit go before messages. It says what stands in the evidence and
never guesses: what covers too little of the question is not shown. Check: every sentence has a source that was given.

A model may write the sentences instead (`replying`), from the same facts and messages.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime

from graphs import days, engines, sentences
from graphs.pieces import Share
from graphs.ports import Context
from graphs.sentences import Voice
from graphs.tasks import replying
from graphs.tasks.replying import Matter, Minuted
from graphs.tasks.understand import QueryPlan
from graphs.wording import clause, readable
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.facts import EngineName, Fact, FactKind
from memory.models.ids import ContentId, MessageId, PersonId, TeamId

VERSION = "rules-1"
MOST = 5
_MOST_FACTS = 10
_COVERED = 0.5
"""The share of the question's words that a source must hold."""

_PLURAL: dict[FactKind, str] = {
    "decision": "decisions",
    "commitment": "promises",
    "question": "questions",
    "blocker": "blockers",
    "update": "updates",
}


class Hit(Model):
    """A message that the search found; `rank` as the store gave it, higher is better."""

    message_id: MessageId
    text: str
    author_id: PersonId | None = None
    container: str = ""
    posted_at: datetime
    rank: float = 0.0


class Given(Model):
    """`names` are of everybody in it; `asker` becomes "you" in private and stays unset in a channel.

    `question` is what was asked; `cited` are the messages that facts rest on and the search did not find.
    """

    question: str = ""
    plan: QueryPlan
    found: tuple[Hit, ...]
    cited: tuple[Hit, ...] = ()
    facts: tuple[Fact, ...] = ()
    names: Mapping[PersonId, str]
    team: TeamId
    tz: str = "UTC"
    today: date
    asker: PersonId | None = None


class Sentence(Model):
    text: str
    message_ids: tuple[MessageId, ...]


class Found(Model):
    """`text` is all sentences, one a line; without sentences it says that nothing was found.

    `seen` is what a model had before it when it wrote them: any of its words may be in them.
    """

    text: str
    sentences: tuple[Sentence, ...] = ()
    engine: EngineName = "rules"
    seen: tuple[MessageId, ...] = ()

    @property
    def message_ids(self) -> tuple[MessageId, ...]:
        return tuple(dict.fromkeys(m for s in self.sentences for m in s.message_ids))


class UnsourcedAnswer(ValueError):
    """A sentence of an answer rests on nothing that was found, or there are too many sources."""


async def run(
    given: Given, context: Context, viewer: Viewer, wordings: Mapping[MessageId, ContentId], *origins: ContentId
) -> Found:
    """`wordings` are the texts of the messages given, `origins` what the answer rests on besides."""
    found = rules(given)
    check(given, found)
    if not (given.found or given.facts):
        return found
    asked = matter(given)
    seen = asked.seen
    shown = (wordings[each] for each in seen if each in wordings)
    made = await engines.ask(replying.ENGINE, [Share(asked, (*origins, *shown))], context, viewer)
    if (told := made.by_model.get(0)) is None:
        return found
    said = tuple(Sentence(text=each.text, message_ids=each.message_ids) for each in told)
    text = "\n".join(each.text for each in said) or nothing(given.plan, given.names)
    replied = Found(text=text, sentences=said, engine="model", seen=seen)
    check(given, replied)
    return replied


def matter(given: Given) -> Matter:
    """What a model is shown: the facts that fit, and the messages, best first."""
    voice = Voice(team=given.team, names=given.names, today=given.today, tz=given.tz, reader=given.asker)
    hits = sorted(given.found, key=lambda hit: (-hit.rank, str(hit.message_id)))
    return replying.matter(
        question=clause(readable(given.question, given.names, given.team), replying.SHOWN),
        today=days.calendar_day(given.today, given.today),
        you=given.names.get(given.asker, "") if given.asker else "",
        facts=[_minuted(fact, voice) for fact in _fitting(given)[:_MOST_FACTS]],
        found=[_shown(hit, voice) for hit in (*hits, *given.cited)],
        names=tuple(given.names.values()),
    )


def _minuted(fact: Fact, voice: Voice) -> Minuted:
    people = [voice.names[each] for each in (fact.actor_id, fact.counterparty_id) if each and each in voice.names]
    return Minuted(
        sentence=sentences.of_fact(fact, voice),
        message_ids=frozenset(each.message_id for each in fact.evidence),
        known=(*people, *sentences.dates_in(fact, voice)),
        ended=sentences.ending(fact),
        proposed=fact.status == "proposed",
    )


def _shown(hit: Hit, voice: Voice) -> replying.Found:
    day = days.on(days.local_day(hit.posted_at, voice.tz), voice.today)
    author = voice.names.get(hit.author_id, "") if hit.author_id else ""
    return replying.Found(
        message_id=hit.message_id,
        by=author or "somebody",
        where=f"#{hit.container}" if hit.container else "",
        on=day,
        text=clause(readable(hit.text, voice.names, voice.team), replying.SHOWN),
        known=tuple(filter(None, (author, hit.container, day))),
    )


def rules(given: Given) -> Found:
    voice = Voice(team=given.team, names=given.names, today=given.today, tz=given.tz, reader=given.asker)
    told = _within([*_of_facts(given, voice), *_of_messages(given, voice)])
    if not told:
        return Found(text=nothing(given.plan, given.names))
    return Found(text="\n".join(s.text for s in told), sentences=tuple(told))


def check(given: Given, found: Found) -> None:
    """Raises `UnsourcedAnswer` unless every sentence rests on what was given, with at most five sources."""
    known = {h.message_id for h in (*given.found, *given.cited)}
    known |= {e.message_id for f in given.facts for e in f.evidence}
    bare = [s.text for s in found.sentences if not s.message_ids or not {*s.message_ids} <= known]
    if bare or len(found.message_ids) > MOST:
        raise UnsourcedAnswer(f"{len(bare)} sentences without source, {len(found.message_ids)} sources.")


def nothing(plan: QueryPlan, names: Mapping[PersonId, str]) -> str:
    """That nothing was found, and what was searched for."""
    kinds = ", ".join(_PLURAL[k] for k in plan.kinds)
    people = ", ".join(names[p] for p in plan.person_ids if p in names)
    about = f"“{' '.join(plan.terms)}”" if plan.terms else kinds or "that"
    searched = [f"{kinds} and messages" if kinds else "decisions, promises, questions, blockers, updates and messages"]
    searched += [f"of {people}"] if people else []
    searched += [f"from {plan.span}"] if plan.span else []
    return f"I found nothing about {about}. I searched {' '.join(searched)} that may be read here."


def _fitting(given: Given) -> list[Fact]:
    """The facts that fit the plan, best first."""
    scored = [(score, f) for f in given.facts if f.evidence and (score := _fit(f, given.plan)) > 0]
    scored.sort(key=lambda pair: (-pair[0], -pair[1].valid_from.timestamp(), str(pair[1].fact_id)))
    return [fact for _, fact in scored]


def _of_facts(given: Given, voice: Voice) -> list[Sentence]:
    return [
        Sentence(
            text=sentences.of_fact(f, voice), message_ids=tuple(dict.fromkeys(e.message_id for e in f.evidence))[:2]
        )
        for f in _fitting(given)
    ]


def _fit(fact: Fact, plan: QueryPlan) -> float:
    """How well a fact fits the plan; 0 when it is not what was asked for."""
    if plan.kinds and fact.kind not in plan.kinds:
        return 0
    if not _in_span(fact.valid_from, plan) or not _of_people(fact, plan):
        return 0
    cover = covered(fact.statement, plan.terms)
    if plan.terms and cover < _COVERED:
        return 0
    if not plan.terms and not plan.kinds and not plan.span:
        return 0
    still = 0.2 if fact.status in {"open", "raised", "decided", "proposed"} else 0.0
    return 1 + cover + still + min(max(fact.log_odds, -2), 2) / 20


def _of_people(fact: Fact, plan: QueryPlan) -> bool:
    if not plan.person_ids:
        return True
    meant = {*plan.person_ids}
    if plan.direction == "by":
        return fact.actor_id in meant
    if plan.direction == "to":
        return fact.counterparty_id in meant and (len(meant) == 1 or fact.actor_id in meant)
    involved = {fact.actor_id, fact.counterparty_id}
    return meant <= involved if fact.kind == "commitment" else bool(meant & involved)


def _of_messages(given: Given, voice: Voice) -> list[Sentence]:
    """Messages in their own words. A question for the state of things (what do I owe?) is not answered by mere talk."""
    plan = given.plan
    if not plan.terms:
        return []
    fitting = [(covered(h.text, plan.terms), h) for h in given.found if _in_span(h.posted_at, plan)]
    asked_of = {p for p in plan.person_ids if p != given.asker}
    best = sorted(
        ((cover, h) for cover, h in fitting if cover >= _COVERED and voice.plain(h.text)),
        key=lambda p: (
            p[1].author_id not in asked_of,
            -p[0],
            -p[1].rank,
            -p[1].posted_at.timestamp(),
            str(p[1].message_id),
        ),
    )
    return [Sentence(text=_said(h, voice), message_ids=(h.message_id,)) for _, h in best]


def _said(hit: Hit, voice: Voice) -> str:
    opening = f"{voice.name(hit.author_id)} wrote" + (f" in #{hit.container}" if hit.container else "")
    return sentences.quoted(opening, days.local_day(hit.posted_at, voice.tz), hit.text, voice)


def _within(told: list[Sentence]) -> list[Sentence]:
    """The first five, of five sources at most, no source twice: a message quoted after its fact says nothing new."""
    kept: list[Sentence] = []
    used: set[MessageId] = set()
    for one in told:
        if len(kept) < MOST and not used & {*one.message_ids} and len(used | {*one.message_ids}) <= MOST:
            kept.append(one)
            used |= {*one.message_ids}
    return kept


def _in_span(at: datetime, plan: QueryPlan) -> bool:
    return not (plan.since and at < plan.since) and not (plan.until and at >= plan.until)


def covered(text: str, terms: tuple[str, ...]) -> float:
    """The share of the terms that the text holds, up to their endings."""
    if not terms:
        return 0
    words = set(re.findall(r"[^\W_]+", text.lower()))
    stems = {stem(word) for word in words}
    return sum(term in words or stem(term) in stems for term in terms) / len(terms)


def stem(word: str) -> str:
    """A word without its commonest English endings; crude, and the same on both sides."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
