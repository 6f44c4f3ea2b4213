"""Answer: a query plan and what was found for it -> short sentences, each tied to the messages it rests on.

In: the plan, the messages and facts that the viewer may read. Out: at most five sentences and five sources, or "I found
nothing about …" with what was searched. A message is told by the fact that rests on it, else quoted, with the question
that it answers. It says what stands in the evidence and never guesses: what does not answer is not shown, and what may
not is called so. Check: every sentence has a source that was given.

A model may write the sentences instead (`replying`), from the same facts and messages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from graphs import days, engines, sentences
from graphs.pieces import Share
from graphs.ports import Context
from graphs.sentences import Voice
from graphs.tasks import fits, replying, unfound
from graphs.tasks.quoting import passage, worth
from graphs.tasks.replying import Matter, Minuted
from graphs.tasks.retrieve import Counted
from graphs.tasks.sought import Sought
from graphs.tasks.understand import QueryPlan
from graphs.tasks.weigh import DOUBT
from graphs.wording import clause, readable
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.facts import ENDED, EngineName, Fact, FactKind
from memory.models.ids import ContentId, MessageId, PersonId, TeamId

VERSION = "rules-2"
MOST = 5
_MOST_FACTS = 10
_BEHIND = 3.0
"""What scores so much less than the best message is left out."""
_WHO = 3
"""People who are named as knowing of something."""
_DOUBT = "Closest to it: "
_SHORT = 60
"""An answer with fewer characters is quoted with the question it answers."""


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

    `question` is what was asked; `cited` are the messages that facts rest on and the search did not find; `about` says
    which question a message answers. `sure`: by how much what was found is enough; below 0 it is not, and None stands
    for a question of the state of things, which its facts answer, and the messages that are `waiting` for those who are
    meant. What ended after `asked_at` was open then.
    """

    question: str = ""
    plan: QueryPlan
    found: tuple[Hit, ...]
    cited: tuple[Hit, ...] = ()
    facts: tuple[Fact, ...] = ()
    about: Mapping[MessageId, MessageId] = {}
    sure: float | None = None
    waiting: tuple[MessageId, ...] = ()
    names: Mapping[PersonId, str]
    team: TeamId
    tz: str = "UTC"
    today: date
    asker: PersonId | None = None
    asked_at: datetime | None = None

    @property
    def voice(self) -> Voice:
        return Voice(team=self.team, names=self.names, today=self.today, tz=self.tz, reader=self.asker)


class Sentence(Model):
    text: str
    message_ids: tuple[MessageId, ...]


class Found(Model):
    """`text` is all sentences, one a line; without sentences it says that nothing was found.

    `seen` is what a model had before it when it wrote them: any of its words may be in them.
    """

    text: str
    sentences: tuple[Sentence, ...] = ()
    lead: str = ""
    """What is said before them of the question itself, in words of ours."""
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
    if context.model is None or not (given.found or given.facts):
        return found
    asked = matter(given)
    seen = asked.seen
    shown = (wordings[each] for each in seen if each in wordings)
    made = await engines.ask(replying.ENGINE, [Share(asked, (*origins, *shown))], context, viewer)
    if (told := made.by_model.get(0)) is None:
        return found
    said = tuple(Sentence(text=each.text, message_ids=each.message_ids) for each in told)
    text = "\n".join(each.text for each in said) or unfound.nothing(given.plan, given.names, given.asker)
    replied = Found(text=text, sentences=said, engine="model", seen=seen)
    check(given, replied)
    return replied


def matter(given: Given) -> Matter:
    """What a model is shown: the facts that fit, and the messages, best first."""
    voice, hits = given.voice, sorted(given.found, key=lambda hit: (-hit.rank, str(hit.message_id)))
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
        sentence=sentences.hedged(fact, voice),
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
    of_facts = given.sure is None
    told = _within(_of_facts(given) if of_facts else _of_messages(given), once=not of_facts)
    if not told:
        return Found(text=unfound.nothing(given.plan, given.names, given.asker))
    return Found(text="\n".join(s.text for s in told), sentences=tuple(told))


def check(given: Given, found: Found) -> None:
    """Raises `UnsourcedAnswer` unless every sentence rests on what was given, with at most five sources."""
    known = {h.message_id for h in (*given.found, *given.cited)}
    known |= {e.message_id for f in given.facts for e in f.evidence}
    bare = [s.text for s in found.sentences if not s.message_ids or not {*s.message_ids} <= known]
    if bare or len(found.message_ids) > MOST:
        raise UnsourcedAnswer(f"{len(bare)} sentences without source, {len(found.message_ids)} sources.")


def otherwise(fact: Fact, hits: Mapping[MessageId, Hit], voice: Voice) -> Iterator[Sentence]:
    """Of a fact that stands and that somebody disputes: the last who did, when and in which words."""
    against = [each for each in fact.evidence if each.role == "disputes" and each.message_id in hits]
    if not fact.disputed or fact.status in ENDED or not against:
        return
    span = max(against, key=lambda each: (hits[each.message_id].posted_at, str(each.message_id), -each.start))
    hit = hits[span.message_id]
    words = hit.text[span.start : span.end]
    if voice.plain(words):
        opening = f"To the contrary, {sentences.inside(_wrote(hit, voice))}"
        text = sentences.quoted(opening, days.local_day(hit.posted_at, voice.tz), words, voice)
        yield Sentence(text=text, message_ids=(hit.message_id,))


def _fitting(given: Given) -> list[Fact]:
    """The facts that fit the plan, best first, or what is due first; of what was weighed, those that rest on the best
    messages.
    """
    if given.sure is not None:
        ranks = {hit.message_id: hit.rank for hit in given.found}
        best = {
            f.fact_id: max((ranks[e.message_id] for e in f.evidence if e.message_id in ranks), default=None)
            for f in given.facts
        }
        due = [fact for fact in given.facts if fits.is_due(fact, given.plan)]
        resting = [(rank, fact) for fact in due if (rank := best[fact.fact_id]) is not None]
        return [fact for _, fact in sorted(resting, key=lambda pair: (-pair[0], str(pair[1].fact_id)))]
    scored = [(score, f) for f in given.facts if f.evidence and (score := fits.well(f, given.plan)) > 0]
    scored.sort(key=lambda pair: (-pair[0], -pair[1].valid_from.timestamp(), str(pair[1].fact_id)))
    if given.plan.due:
        scored.sort(key=lambda pair: pair[1].due or date.max)
    return [fact for _, fact in scored]


def _of_facts(given: Given) -> Iterator[Sentence]:
    """The facts in sentences, best first, each worded when it is asked for: hundreds may fit, and five are told.

    Several may rest on one message, which is told once more only where it says something else.
    """
    hits = {hit.message_id: hit for hit in (*given.found, *given.cited)}
    told, against = set[MessageId](), set[tuple[MessageId, int, int]]()
    said: dict[tuple[MessageId, PersonId | None, str], FactKind] = {}
    yield from _waiting(given, hits)
    for fact in _fitting(given):
        if given.plan.still_open and not fits.was_open(fact, given.asked_at):
            continue
        cited = tuple(dict.fromkeys(each.message_id for each in fact.evidence if each.role != "disputes"))[:2]
        if any((each.message_id, each.start, each.end) in against for each in fact.evidence if each.role == "states"):
            continue  # it is the contrary that was told
        whose = f"{given.names.get(fact.actor_id, '') if fact.actor_id else ''}: "
        words = given.voice.plain(fact.statement).removeprefix(whose).casefold()
        if all(said.setdefault((key, fact.actor_id, words), fact.kind) != fact.kind for key in cited):
            continue  # told as something of another kind
        yield Sentence(text=sentences.hedged(fact, given.voice), message_ids=cited)
        told |= {*cited}
        for each in otherwise(fact, hits, given.voice):
            if told.isdisjoint(each.message_ids):
                yield each
                against |= {
                    (span.message_id, span.start, span.end) for span in fact.evidence if span.role == "disputes"
                }


def _waiting(given: Given, hits: Mapping[MessageId, Hit]) -> Iterator[Sentence]:
    """What asks somebody for something and no fact tells: a little of it, before what they have to do besides."""
    stated = {each for fact in given.facts if fact.kind != "decision" for each in _stating(fact)}
    sought = Sought(given.question, given.plan, given.names, Counted())
    for hit in [hits[key] for key in given.waiting if key in hits and key not in stated][: MOST // 2]:
        yield Sentence(text=_said(hit, sought, given.voice), message_ids=(hit.message_id,))


def _of_messages(given: Given) -> list[Sentence]:
    """The messages that answer, best first: told by the fact that rests on each, or in their own words."""
    if given.sure is None or given.sure < 0:
        return []
    voice = given.voice
    hits = {hit.message_id: hit for hit in (*given.found, *given.cited)}
    sought = Sought(given.question, given.plan, given.names, Counted())
    found = sorted(_due(given), key=lambda hit: (-hit.rank, str(hit.message_id)))
    best = [hit for hit in found if hit.rank >= found[0].rank - _BEHIND and voice.plain(hit.text)]
    if given.plan.form == "people":
        told = _knowing(best, given, sought, voice)
    elif given.plan.form in {"history", "catch_up"}:
        ordered = sorted(best[:MOST], key=lambda hit: hit.posted_at)
        told = [each for hit in ordered for each in _told(hit, given, hits, sought, voice)]
    else:
        told = [each for hit in best for each in _told(hit, given, hits, sought, voice)]
    if told and given.sure < DOUBT and not sought.is_all_in(voice.plain(best[0].text)):
        told[0] = told[0].model_copy(update={"text": f"{_DOUBT}{told[0].text.removeprefix(sentences.PERHAPS)}"})
    return told


def _due(given: Given) -> list[Hit]:
    """What was found, without what tells of nothing that is due when the question says."""
    due = {each.message_id for fact in given.facts if fits.is_due(fact, given.plan) for each in fact.evidence}
    return [hit for hit in given.found if given.plan.due is None or hit.message_id in due]


def _knowing(best: Sequence[Hit], given: Given, sought: Sought, voice: Voice) -> list[Sentence]:
    """Who else spoke of it by name, each with the best that they said; where nobody did, who asks."""
    by = dict[PersonId, Hit]()
    for hit in best:
        if hit.author_id and (not sought.words or any(sought.levels(voice.plain(hit.text)))):
            by.setdefault(hit.author_id, hit)
    knowing = [hit for author, hit in by.items() if author != given.asker] or list(by.values())
    return [Sentence(text=_said(hit, sought, voice), message_ids=(hit.message_id,)) for hit in knowing[:_WHO]]


def _told(hit: Hit, given: Given, hits: Mapping[MessageId, Hit], sought: Sought, voice: Voice) -> Iterator[Sentence]:
    """A message as a sentence, itself the first of its sources; after what is disputed, who says otherwise."""
    stated = [f for f in given.facts if f.kind != "question" and hit.message_id in _stating(f)]
    stated.sort(key=lambda f: (f.kind not in given.plan.kinds, fits.ORDER.index(f.kind), str(f.fact_id)))
    asked = hits.get(given.about[hit.message_id]) if hit.message_id in given.about else None
    if stated and (sentences.ending(stated[0]) or _tells_it(stated[0], hit, sought, voice)):
        others = [key for key in _stating(stated[0]) if key != hit.message_id]
        yield Sentence(text=sentences.hedged(stated[0], voice), message_ids=(hit.message_id, *others)[:2])
        yield from otherwise(stated[0], hits, voice)
    elif asked and len(voice.plain(hit.text)) < _SHORT and voice.plain(asked.text):
        yield Sentence(text=_replied(asked, hit, voice), message_ids=(hit.message_id, asked.message_id))
    else:
        yield Sentence(text=_said(hit, sought, voice), message_ids=(hit.message_id,))


def _tells_it(fact: Fact, hit: Hit, sought: Sought, voice: Voice) -> bool:
    """Whether the fact says as much of what is asked as its message does elsewhere."""
    words = passage(hit.text, sought, voice)[: voice.longest]
    stated = f"{voice.plain(fact.statement)} {days.calendar_day(fact.due, voice.today) if fact.due else ''}"
    return worth(stated, sought) >= worth(words, sought)


def _stating(fact: Fact) -> tuple[MessageId, ...]:
    return tuple(dict.fromkeys(each.message_id for each in fact.evidence if each.role == "states"))


def _replied(asked: Hit, hit: Hit, voice: Voice) -> str:
    """A short answer with what it answers."""
    who = voice.name(asked.author_id)
    question = voice.plain(asked.text, voice.longest * 2 // 3)
    answered = (
        "you answered" if hit.author_id == voice.reader and voice.reader else f"{voice.name(hit.author_id)} answered"
    )
    return sentences.quoted(
        f"{who} asked “{question}”, and {answered}", days.local_day(hit.posted_at, voice.tz), hit.text, voice
    )


def _said(hit: Hit, sought: Sought, voice: Voice) -> str:
    words = passage(hit.text, sought, voice)
    return sentences.quoted(_wrote(hit, voice), days.local_day(hit.posted_at, voice.tz), words, voice)


def _wrote(hit: Hit, voice: Voice) -> str:
    return f"{voice.name(hit.author_id)} wrote" + (f" in #{hit.container}" if hit.container else "")


def _within(told: Iterable[Sentence], *, once: bool) -> list[Sentence]:
    """The first five, of five sources at most, none said twice; `once`: a message quoted after its fact is, too."""
    kept, used, said = list[Sentence](), set[MessageId](), set[str]()
    for one in told:
        if MOST in {len(kept), len(used)}:
            break
        if one.text not in said and not (once and used & {*one.message_ids}) and len(used | {*one.message_ids}) <= MOST:
            kept.append(one)
            used |= {*one.message_ids}
            said.add(one.text)
    return kept
