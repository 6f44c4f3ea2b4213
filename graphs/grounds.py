"""What an answer is written from, and what its sentences are held against: messages, facts and names of one desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graphs import days, sentences
from graphs.desk import Desk
from graphs.ports import Context
from graphs.tasks import answer, verify
from graphs.tasks.answer import Sentence
from graphs.tasks.understand import QueryPlan
from graphs.wording import readable
from memory import containers, facts, messages, people
from memory.answers import Question
from memory.database import Connection
from memory.models.ids import FactId, MessageId, TeamId
from memory.models.messages import Message


async def read(
    connection: Connection, context: Context, fact_ids: Iterable[FactId], message_ids: Iterable[MessageId]
) -> Desk:
    """A desk with these facts, the messages that they rest on and these messages; nothing else that was said there."""
    known = await facts.read(connection, fact_ids)
    cited = {each.message_id for fact in known for each in fact.evidence}
    read = await messages.read(connection, {*message_ids, *cited})
    places = await containers.read(connection, {message.container_id for message in read})
    return Desk(
        conversations=(),
        facts=tuple(known),
        messages=tuple(read),
        containers=tuple(places[key] for key in sorted(places)),
        people=await people.roster(connection, context.team_id),
        reactions={},
    )


def here(desk: Desk, asked: Question, plan: QueryPlan) -> Desk:
    """Where it is asked of this channel or thread, or of another channel, the facts of that alone."""
    if plan.place is not None:
        return replace(desk, facts=tuple(f for f in desk.facts if f.container_id == plan.place.container_id))
    if plan.here is None:
        return desk
    inside = {message.message_id for message in desk.messages if is_here(message, asked, plan)}
    stated = {fact.fact_id: {e.message_id for e in fact.evidence if e.role == "states"} for fact in desk.facts}
    return replace(desk, facts=tuple(fact for fact in desk.facts if stated[fact.fact_id] <= inside))


def is_here(message: Message, asked: Question, plan: QueryPlan) -> bool:
    """Whether it stands where it is asked, if it is asked of this channel or thread alone."""
    if plan.here is None or message.container_id != asked.container_id:
        return plan.here is None
    return plan.here == "channel" or asked.thread_ts in {message.thread_ts, message.external_ts}


def to_answer(
    team: TeamId, asked: Question, plan: QueryPlan, desk: Desk, ranks: Mapping[MessageId, float]
) -> answer.Given:
    places = {place.container_id: place.name for place in desk.containers}
    asker = desk.people.get(asked.asker_id)
    zone = asker.tz if asker else "UTC"
    hits = [
        answer.Hit(
            message_id=message.message_id,
            text=message.text,
            author_id=message.author_id,
            container=places.get(message.container_id, ""),
            posted_at=message.posted_at,
            rank=ranks.get(message.message_id, 0.0),
        )
        for message in desk.messages
    ]
    return answer.Given(
        question=asked.question,
        plan=plan,
        found=tuple(hit for hit in hits if hit.message_id in ranks),
        cited=tuple(hit for hit in hits if hit.message_id not in ranks),
        facts=desk.facts,
        names={key: person.name for key, person in desk.people.items()},
        team=team,
        tz=zone,
        today=days.local_day(asked.asked_at, zone),
        asker=asked.asker_id if asked.viewer_kind == "person" else None,
        asked_at=asked.asked_at,
    )


async def verified(
    sentence: answer.Sentence, given: answer.Given, desk: Desk, context: Context
) -> answer.Sentence | None:
    """The sentence, if its sources carry it."""
    cited = [message for message in desk.messages if message.message_id in sentence.message_ids]
    told = [fact for fact in desk.facts if {each.message_id for each in fact.evidence} & {*sentence.message_ids}]
    voice = given.voice
    people_of = [each for fact in told for each in (fact.actor_id, fact.counterparty_id)]
    people_of += [each for message in cited for each in (message.author_id, *message.mentions)]
    known = [given.names[each] for each in people_of if each and each in given.names]
    known += [place.name for place in desk.containers if place.container_id in {m.container_id for m in cited}]
    known += [day for fact in told for day in sentences.dates_in(fact, voice)]
    known += [days.on(days.local_day(message.posted_at, given.tz), given.today) for message in cited]
    found = await verify.run(
        verify.Given(
            text=sentence.text,
            evidence=tuple(readable(message.text, given.names, given.team) for message in cited),
            known=tuple(known),
            names=tuple(given.names.values()),
        ),
        context,
    )
    return sentence.model_copy(update={"text": found.text}) if found.text else None


def by_line(text: str, told: Iterable[Sentence], order: Sequence[MessageId]) -> tuple[tuple[int, ...], ...]:
    """For each line of an answer which of its sources it rests on, by their places in `order`.

    A line that only leads up to others, or says what was not found, rests on none.
    """
    places = {key: place for place, key in enumerate(order)}
    resting = {
        line: [places[key] for key in each.message_ids if key in places]
        for each in told
        for line in each.text.splitlines()[-1:]
    }
    return tuple(tuple(resting.get(line, ())) for line in text.splitlines())
