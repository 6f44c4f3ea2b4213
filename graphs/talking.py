"""A talk: what was asked and told in one thread, turn by turn, as far as its viewer may still read it.

A turn is ids alone, and lives in the thread's checkpoint; how its question was read is kept as the viewer's own text,
which goes with the question. What a turn told is read anew whenever something follows it, by the rights of that moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from graphs import days, sentences, understood
from graphs.desk import Desk
from graphs.ports import Context
from graphs.sentences import Voice
from graphs.tasks import answer, follow, recall, weigh, wishes
from graphs.tasks.answer import Hit, Sentence
from graphs.tasks.follow import Earlier, Reading
from graphs.tasks.followups import Kind, asked_of_it
from graphs.tasks.understand import QueryPlan
from graphs.wording import MENTION
from memory import answers, facts, messages, results
from memory.answers import Question
from memory.database import Connection
from memory.models.base import Model
from memory.models.briefings import Source
from memory.models.facts import Fact
from memory.models.ids import AnswerId, BriefingId, ContentId, FactId, ItemId, MessageId, PersonId, TeamId
from memory.models.people import Person
from memory.results import Result

MOST_TURNS = 10
"""So many of a thread's last questions are known."""


class Turn(TypedDict):
    answer_id: str
    of: str | None
    asked_at: str
    message_ids: list[str]
    fact_ids: list[str]


class Kept(Reading):
    """A reading as it is kept. `behind` are the questions whose words are in it.

    `item_ids`: the entries of the briefing above it that it asks of.
    """

    behind: tuple[AnswerId, ...] = ()
    briefing_id: BriefingId | None = None
    item_ids: tuple[ItemId, ...] = ()


class Written(Model):
    """An answer of another kind than what is searched for, and what it tells of."""

    text: str
    sources: tuple[Source, ...] = ()
    rests_on: tuple[ContentId, ...] = ()
    fact_ids: tuple[FactId, ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known of a talk before a question of it is read. `own`: how that was read, where it was before."""

    own: Kept | None
    before: Sequence[Turn] = ()
    readings: Mapping[AnswerId, Kept] = field(default_factory=dict)
    people: Mapping[str, tuple[PersonId, ...]] = field(default_factory=dict)

    @property
    def asked_last(self) -> str:
        """The question right before it, in full, where it was one."""
        read = self.readings.get(_id(self.before[-1])) if self.before else None
        return read.question if read else ""


async def known(connection: Connection, asked: Question, turns: Sequence[Turn], context: Context) -> Known:
    """What went before a question, as far as its viewer may read it now."""
    before = [turn for turn in turns if datetime.fromisoformat(turn["asked_at"]) < asked.asked_at]
    key = str(asked.answer_id)
    rows = await results.find(
        connection, context.team_id, "follow", follow.VERSION, [key, *(turn["answer_id"] for turn in before)]
    )
    kept = {AnswerId(UUID(each)): Kept.model_validate_json(body) for each, body in rows.items()}
    own = kept.pop(asked.answer_id, None)
    return Known(own, before, kept, await _people(connection, before) if before and not own else {})


async def read(
    asked: Question, plan: QueryPlan, known: Known, everybody: Mapping[PersonId, Person], context: Context
) -> Kept:
    """What the question asks, given what was asked before it; kept for the nodes and the turns that come after.

    A question that is answered anew is read as it was: ask `known` first.
    """
    text = wishes.question_in(without_daybook(asked.question, context))
    given = follow.Given(
        text=text,
        plan=plan,
        today=days.local_day(asked.asked_at, everybody[asked.asker_id].tz if asked.asker_id in everybody else "UTC"),
        asker=asked.asker_id,
        earlier=tuple(
            Earlier(
                answer_id=key,
                kind=known.readings[key].kind,
                question=known.readings[key].question,
                plan=known.readings[key].plan,
                told=bool(turn["message_ids"]),
                people=known.people[turn["answer_id"]],
            )
            for turn in known.before
            if (key := _id(turn)) in known.readings
        ),
        names={key: person.name for key, person in everybody.items()},
    )
    found = follow.rules(given)
    follow.check(given, found)
    if not given.earlier and await _is_faded(asked, text, context):
        found = found.model_copy(update={"kind": "faded"})
    behind = tuple(dict.fromkeys((found.of, *known.readings[found.of].behind))) if found.of else ()
    kept = Kept(**found.model_dump(), behind=behind)
    await keep(asked, kept, context)
    return kept


async def keep(asked: Question, kept: Kept, context: Context) -> None:
    """Keeps how a question was read, as its viewer's own text."""
    row = Result(
        input_hash=str(asked.answer_id),
        body=kept.model_dump_json(),
        viewer_id=asked.viewer_id,
        rests_on=(answers.words_of(asked.answer_id), *words_behind(kept)),
    )
    async with context.viewing(asked.viewer) as connection:
        await results.keep(connection, context.team_id, "follow", follow.VERSION, [row])


async def reading(connection: Connection, asked: Question, context: Context) -> Kept:
    """How the question was read.

    Raises:
        LookupError: it was not read yet, or its words are gone.
    """
    kept = await reading_of(connection, asked.answer_id, context.team_id)
    if kept is None:
        raise LookupError(f"The question {asked.answer_id} was not read yet, or its words are gone.")
    return kept


async def reading_of(connection: Connection, answer: AnswerId, team: TeamId) -> Kept | None:
    """How a question was read; None once the words are gone in which that is kept."""
    kept = await results.find(connection, team, "follow", follow.VERSION, [str(answer)])
    return Kept.model_validate_json(kept[str(answer)]) if kept else None


def words_behind(kept: Kept) -> tuple[ContentId, ...]:
    """The words of earlier questions that are in a reading."""
    return tuple(answers.words_of(each) for each in kept.behind)


def told_in(turns: Sequence[Turn], kept: Kept) -> tuple[list[MessageId], list[FactId]]:
    """What was told in the turn that is followed; where more is asked for, in all that it went on from, too."""
    known = {turn["answer_id"]: turn for turn in turns}
    wanted = [kept.of, *kept.behind] if kept.kind == "more" else [kept.of]
    told = [known[key] for each in dict.fromkeys(wanted) if (key := str(each)) in known]
    found = [MessageId(UUID(each)) for turn in told for each in turn["message_ids"]]
    return found, [FactId(UUID(each)) for turn in told for each in turn["fact_ids"]]


def with_turn(turns: Sequence[Turn], latest: Turn) -> list[Turn]:
    """The talk with one turn more; a repeat of it takes its place."""
    others = [turn for turn in turns if turn["answer_id"] != latest["answer_id"]]
    return sorted([*others, latest], key=lambda turn: turn["asked_at"])[-MOST_TURNS:]


def facts_told(told: Sequence[Sentence], desk: Desk, voice: Voice) -> list[FactId]:
    """The facts that these sentences tell, in order; where a model chose the words, those that they rest on."""
    found: list[FactId] = []
    for each in told:
        resting = [fact for fact in desk.facts if {one.message_id for one in fact.evidence} & {*each.message_ids}]
        worded = [fact for fact in resting if sentences.of_fact(fact, voice) in each.text]
        found += [fact.fact_id for fact in worded or resting]
    return list(dict.fromkeys(found))


def meant(known: Sequence[Fact], plan: QueryPlan, asker: PersonId) -> list[FactId]:
    """What goes from one person to another, or from one to anybody, where that is asked; else all of it.

    Who is named besides those who owe it is whom it goes to.
    """
    people, others = {*plan.person_ids}, {*plan.person_ids} - {asker}
    if plan.form == "needed":  # some of it is theirs to do, and some asked of them
        return [fact.fact_id for fact in known]
    if plan.owner is not None:
        by = {plan.owner}
    elif plan.direction and others and others != people:
        by = others if plan.direction == "to" else {asker}
    else:
        return [fact.fact_id for fact in known]
    to = people - by
    return [fact.fact_id for fact in known if fact.actor_id in by and (not to or fact.counterparty_id in to)]


def further(weighed: weigh.Found, told: Iterable[str]) -> weigh.Found:
    """What was weighed without what was told already; and of the rest only what answers by itself."""
    old = {*told}
    order = [each for each in weighed.order if str(each.message_id) not in old]
    if not order:
        return weighed.model_copy(update={"order": ()})
    sure = round(weighed.sure - (weighed.order[0].score - order[0].score), 6)
    kept = tuple(each for each in order if sure - (order[0].score - each.score) >= 0)
    return weighed.model_copy(update={"order": kept, "sure": sure})


def narrowed(found: Iterable[Hit], plan: QueryPlan, asker: PersonId, desk: Desk) -> tuple[Hit, ...]:
    """What was said in the days that the plan names, and by or of the people: a follow-up names what it is after.

    In a question of its own both are only preferred.
    """
    people = {*plan.person_ids} - {asker}
    of: dict[MessageId, set[PersonId | None]] = {}
    for message in desk.messages:
        of[message.message_id] = {message.author_id, *message.mentions}
    for fact in desk.facts:
        for each in fact.evidence:
            of.setdefault(each.message_id, set()).update((fact.actor_id, fact.counterparty_id))
    return tuple(hit for hit in found if _in_span(hit, plan) and (not people or people & of[hit.message_id]))


def _in_span(hit: Hit, plan: QueryPlan) -> bool:
    return not (plan.since and hit.posted_at < plan.since) and not (plan.until and hit.posted_at >= plan.until)


def recalled(
    kind: Kind, told: Sequence[UUID], told_facts: Sequence[UUID], given: answer.Given, voice: Voice
) -> tuple[answer.Found, str]:
    """What is asked of something told, from what of it may still be read; and what to say if nothing is left."""
    if kind == "faded":
        return answer.Found(text=recall.FADED), recall.FADED
    read = understood.in_words("new", given.plan, given.names, given.asker)
    if kind == "understood" or (kind == "reasons" and not (told or told_facts)):
        return answer.Found(text=read), read
    if not (told or told_facts):
        return answer.Found(text=recall.UNTOLD), recall.UNTOLD
    hits = {hit.message_id: hit for hit in (*given.found, *given.cited)}
    named = tuple(MessageId(each) for each in told)
    known = {fact.fact_id: fact for fact in given.facts}
    asks = recall.Given(
        kind=kind,
        facts=tuple(known[key] for each in told_facts if (key := FactId(each)) in known),
        messages=tuple(hits[key] for key in dict.fromkeys((*named, *hits)) if key in hits),
        told=named,
        voice=voice,
    )
    found = recall.rules(asks)
    recall.check(asks, found)
    text, gone = "\n".join(each.text for each in found), recall.nothing(asks)
    if kind == "reasons":
        return answer.Found(text=text, sentences=found, lead=f"{read} This is what answers it:"), f"{read} {gone}"
    return answer.Found(text=text, sentences=found), gone


async def _is_faded(asked: Question, text: str, context: Context) -> bool:
    """Whether it asks of something told in this thread, of which nothing is known any more: old talks are pruned."""
    if not asked_of_it(follow.bare(text)):
        return False
    async with context.viewing(asked.viewer) as connection:
        return await answers.was_asked_before(connection, asked)


async def _people(connection: Connection, turns: Sequence[Turn]) -> dict[str, tuple[PersonId, ...]]:
    """Whom each turn told of, in order: only by what may be read now."""
    fact_ids = [FactId(UUID(each)) for turn in turns for each in turn["fact_ids"]]
    message_ids = [MessageId(UUID(each)) for turn in turns for each in turn["message_ids"]]
    known = {str(fact.fact_id): fact for fact in await facts.read(connection, fact_ids)}
    said = {str(each.message_id): each for each in await messages.read(connection, message_ids)}
    found = {}
    for turn in turns:
        told = [known[each] for each in turn["fact_ids"] if each in known]
        people = [one for fact in told for one in (fact.actor_id, fact.counterparty_id)]
        people += [said[each].author_id for each in turn["message_ids"] if each in said]
        found[turn["answer_id"]] = tuple(dict.fromkeys(one for one in people if one))
    return found


def _id(turn: Turn) -> AnswerId:
    return AnswerId(UUID(turn["answer_id"]))


def without_daybook(text: str, context: Context) -> str:
    """What is asked, on one line, without mentions of Daybook."""
    return " ".join(MENTION.sub(lambda match: " " if match[1] == context.own_id else match[0], text).split())
