"""A correction that somebody writes in a talk: what it would change is read, kept and worded, and nothing is changed.

What it can be about is what was told before it: in the earlier turns of the talk, in the post under which it stands,
and in a direct message in the last briefing. All that is ids, read anew by the rights of this moment.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from graphs import proposing, sentences
from graphs.ports import Context
from graphs.proposing import Said
from graphs.sentences import Voice
from graphs.talking import Known, Turn, Written
from graphs.tasks import amend, objecting
from graphs.tasks.amend import Amendment, Trouble
from graphs.wording import MENTION
from memory import answers, briefings, containers, corrections, facts, messages, outbox, people, results
from memory.answers import Question
from memory.corrections import UnfitCorrection
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.briefings import Source
from memory.models.facts import Fact
from memory.models.ids import AnswerId, BriefingId, FactId, PersonId, TeamId
from memory.models.people import Person
from memory.results import Result

_TASK, _LEFT = "amend", "amend_left"
MOST_SOURCES = 5

ASK = "Shall I change this?"
WHICH = "Which one do you mean?"
UNTOLD = "nothing: it is not true."
WHAT = "What is wrong with it? Say whose it is, by when, or how it stands, or choose it in the form."
ONE_BY_ONE = "One thing at a time: tell me the rest after this."
SO_ALREADY = "That is what I know already."
NO_LONGER = "What that was about can no longer be read here."
TROUBLES: Mapping[Trouble, str] = {
    "untold": "I have told nothing here that could be wrong: choose *Wrong* at the message it is about.",
    "strange": "I know nobody of that name: choose who it is in the form.",
    "past": "That day is over: choose the day in the form.",
    "same": SO_ALREADY,
    "unfit": "What I told cannot be so: choose in the form what is wrong with it.",
}


async def read(
    asked: Question, talk: Known, everybody: Mapping[PersonId, Person], context: Context
) -> Amendment | None:
    """What the sentence would change; None when it corrects nothing. One that is read again is read as it was."""
    author = everybody.get(asked.asker_id)
    if author is None or objecting.read(_without_daybook(asked.question, context)) is None:
        return None
    async with context.viewing(asked.viewer) as connection:
        kept = await find(connection, context.team_id, asked.answer_id)
    if kept:
        return kept
    told, answered = await _told_before(asked, talk.before, context)
    async with context.viewing(asked.viewer) as connection:
        before = await answers.question(connection, answered) if answered else None
        known = {
            fact.fact_id: fact for fact in await facts.read(connection, {each for group in told for each in group})
        }
    given = amend.Given(
        text=_without_daybook(asked.question, context),
        author=author,
        people=tuple(everybody.values()),
        told=tuple(tuple(known[each] for each in group if each in known) for group in told),
        question=_without_daybook(before.question, context) if before else "",
        asked_last=talk.asked_last,
        said_at=asked.asked_at,
    )
    found = amend.rules(given)
    if found is None:
        return None
    amend.check(given, found)
    row = Result(
        input_hash=str(asked.answer_id),
        body=found.model_dump_json(),
        viewer_id=asked.viewer_id,
        rests_on=(answers.words_of(asked.answer_id),),
    )
    async with context.viewing(asked.viewer) as connection:
        await results.keep(connection, context.team_id, _TASK, amend.VERSION, [row])
    return found


async def find(connection: Connection, team: TeamId, answer: AnswerId) -> Amendment | None:
    """How a sentence was read, if it corrects something. Call it as the question's viewer."""
    kept = await results.find(connection, team, _TASK, amend.VERSION, [str(answer)])
    return Amendment.model_validate_json(kept[str(answer)]) if kept else None


async def leave(connection: Connection, team: TeamId, asked: Question) -> None:
    """Keeps that the asker wants nothing changed. Call it as the question's viewer."""
    words = (answers.words_of(asked.answer_id),)
    row = Result(input_hash=str(asked.answer_id), body="true", viewer_id=asked.viewer_id, rests_on=words)
    await results.keep(connection, team, _LEFT, amend.VERSION, [row])


async def is_left(connection: Connection, team: TeamId, answer: AnswerId) -> bool:
    """Whether they said so. Call it as the question's viewer."""
    return bool(await results.find(connection, team, _LEFT, amend.VERSION, [str(answer)]))


async def write(asked: Question, found: Amendment, context: Context) -> Written:
    """What is answered: what would be otherwise then, or what has to be known first, by the rights of this moment."""
    names = dict.fromkeys([*(each.fact_id for each in found.options), *found.fact_ids])
    async with context.viewing(asked.viewer) as connection:
        everybody = await people.roster(connection, context.team_id)
        known = {fact.fact_id: fact for fact in await facts.unfolded(connection, names)}
        rests_on = {each.message_id: None for key in names if key in known for each in known[key].evidence}
        said = await messages.read(connection, rests_on)
        places = await containers.read(connection, {each.container_id for each in said})
    order = {key: number for number, key in enumerate(rests_on)}
    cited = sorted(said, key=lambda each: order[each.message_id])
    standing = {key: fact for key, fact in known.items() if not fact.dismissed}
    return Written(
        text=worded(found, standing, voice_of(context.team_id, asked, everybody), context.clock.now()),
        sources=tuple(Source.of(each, places[each.container_id]) for each in cited[:MOST_SOURCES]),
        rests_on=tuple(messages.text_of(each) for each in said),
        fact_ids=tuple(key for key in names if key in standing),
    )


def worded(found: Amendment, known: Mapping[FactId, Fact], voice: Voice, now: datetime) -> str:
    """The answer in words; `known` are the facts as they stand, without those dismissed."""
    if found.trouble:
        return TROUBLES[found.trouble]
    if not found.options:
        return WHAT if {*found.fact_ids} & known.keys() else NO_LONGER
    told = [pair for each in found.options if (pair := changed(each, known, voice, now))]
    if not told:
        return SO_ALREADY if {each.fact_id for each in found.options} & known.keys() else NO_LONGER
    if len(found.options) == 1:
        ((before, after),) = told
        return "\n".join((ASK, f"Now: {before}", f"Then: {after or UNTOLD}"))
    lines = [f"{number}. {before} → {after or UNTOLD}" for number, (before, after) in enumerate(told, start=1)]
    return "\n".join((WHICH, *lines))


def changed(said: Said, known: Mapping[FactId, Fact], voice: Voice, now: datetime) -> tuple[str, str] | None:
    """A fact as it is told now and would be by their word, empty where it would be none; None if that is no change."""
    fact = known.get(said.fact_id)
    if fact is None:
        return None
    try:
        after = proposing.after(fact, said, voice.names, now)
    except UnfitCorrection:
        return None
    if after is not None and proposing.reads(after) == proposing.reads(fact):
        return None
    return sentences.of_fact(fact, voice), sentences.of_fact(after, voice) if after else ""


def voice_of(team: TeamId, asked: Question, everybody: Mapping[PersonId, Person]) -> Voice:
    """In private it speaks to the asker; elsewhere of everybody by name."""
    return Voice.of(team, everybody, asked.asker_id, asked.asked_at, alone=asked.is_private)


async def _told_before(
    asked: Question, before: Sequence[Turn], context: Context
) -> tuple[list[list[FactId]], AnswerId | None]:
    """What was told before it, the latest first; and the question that was answered so, if the latest is an answer."""
    groups: list[tuple[datetime, list[FactId], AnswerId | None]] = [
        (
            datetime.fromisoformat(turn["asked_at"]),
            [FactId(UUID(each)) for each in turn["fact_ids"]],
            AnswerId(UUID(turn["answer_id"])),
        )
        for turn in before
    ]
    async with context.viewing(Viewer.person(asked.asker_id)) as connection:
        if asked.thread_ts:
            groups.append((datetime.min.replace(tzinfo=UTC), await _told_above(connection, asked, context), None))
        elif asked.viewer_kind == "person":
            last = await briefings.latest(connection, asked.asker_id)
            if last and last.delivered_at and last.delivered_at < asked.asked_at:
                groups.append((last.delivered_at, await _in_briefing(connection, last.briefing_id), None))
    told = sorted((group for group in groups if group[1]), key=lambda group: group[0], reverse=True)
    return [names for _, names, _ in told], told[0][2] if told else None


async def _told_above(connection: Connection, asked: Question, context: Context) -> list[FactId]:
    """What the post of ours tells that the thread stands under. Call it as the asker: others' tell them nothing."""
    posted = await outbox.posted_at(connection, context.team_id, asked.channel, asked.thread_ts or "")
    surface, subject = posted or ("", UUID(int=0))
    if surface == "briefing":
        return await _in_briefing(connection, BriefingId(subject))
    told = await answers.read(connection, AnswerId(subject)) if surface == "answer" else None
    return await corrections.resting_on(connection, [each.message_id for each in told.sources]) if told else []


async def _in_briefing(connection: Connection, name: BriefingId) -> list[FactId]:
    made = await briefings.read(connection, name)
    return list(dict.fromkeys(key for item in made.items for key in item.fact_ids)) if made else []


def _without_daybook(text: str, context: Context) -> str:
    """Its lines stay lines, unlike in a question: each may say something of its own."""
    return " ".join(MENTION.sub(lambda match: " " if match[1] == context.own_id else match[0], text).split(" ")).strip()
