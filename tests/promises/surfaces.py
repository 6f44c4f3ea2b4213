"""Everything a viewer can get, each under a name: what is added to Daybook joins its promises by an entry here.

A reading makes canonical values of one thing for one viewer. Nothing in it may come from chance or from the clock.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from graphs import indexing, lessons
from graphs.desk import read_desk
from handlers import correcting, staleness
from handlers.presses import COMMANDS
from handlers.surfaces import Surfaces
from memory import (
    briefings,
    containers,
    conversations,
    corrections,
    events,
    facts,
    feedback,
    links,
    meetings,
    messages,
    retrieval,
)
from memory.corrections import Correction, NoSuchFact
from memory.database import Connection
from memory.models.ids import BriefingId, FactId, ItemId, PersonId, offer_id
from memory.models.retrieval import Query
from memory.models.settings import Settings
from tests.embedding import Hashing
from tests.integration.chat import TEAM, at, who
from tests.promises.stage import Stage, intent
from tests.promises.worlds import CHOICES, MATTERS, MORNING_AFTER, QUESTIONS, Onlooker

Reading = Callable[[Stage, Onlooker], Awaitable[object]]
READINGS: dict[str, Reading] = {}
COSTLY: set[str] = set()
"""Readings that run a graph."""
BY_PREDICATE: set[str] = set()
"""Readings that filter by themselves: they hold without row-level security."""
BY_POLICY: set[str] = set()
"""Readings that row-level security alone keeps within bounds."""
FOLLOW_UPS = (
    *("who said that?", f"and the {MATTERS[1]}?", "anything else?"),
    *("why did you tell me this?", "what did you understand?"),
    *("that's wrong", "no, it's next Friday", "that's done already", "that was never promised", "it's mine"),
)
"""Each kind of them once: of something told, with another matter, more, how it was read; and corrections of it, which
are asked."""
NARROW = 3
"""A limit that hidden rows would eat into."""


def reading(name: str, *among: set[str]) -> Callable[[Reading], Reading]:
    def enter(read: Reading) -> Reading:
        READINGS[name] = read
        for each in among:
            each.add(name)
        return read

    return enter


async def read_all(stage: Stage, onlooker: Onlooker, names: Iterable[str] = ()) -> dict[str, bytes]:
    """Every reading, or those named, for one viewer, as bytes; what reading leaves behind is taken back."""
    found = {}
    for name in names or READINGS:
        async with stage.database.scene():
            found[name] = canonical(await READINGS[name](stage, onlooker))
    return found


def canonical(value: object) -> bytes:
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=True).encode()


def _plain(value: object) -> Any:
    """Plain values: what has no order is sorted, what has one keeps it."""
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    elif is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(each) for each in value), key=canonical)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


# What stores find and read -------------------------------------------------------------------------------------------


@reading("readable containers", BY_PREDICATE)
async def readable(stage: Stage, onlooker: Onlooker) -> object:
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await containers.readable(connection, onlooker.viewer)


async def _query(words: str) -> Query:
    (vector,) = await Hashing().embed([words])
    return Query(words=tuple(words.split()), space=indexing.space_of(Hashing()), vector=tuple(vector))


@reading("found messages", BY_PREDICATE)
async def found(stage: Stage, onlooker: Onlooker) -> object:
    """By each word, in order, with its rank; with a wide and with a narrow limit."""
    async with stage.database.viewing(onlooker.viewer) as connection:
        return [
            await retrieval.search(connection, onlooker.viewer, await _query(words), most, retrieval.EXACT)
            for words in (*MATTERS[:2], CHOICES[0], " ".join((*MATTERS, *CHOICES)))
            for most in (NARROW, 100)
        ]


@reading("word frequencies", BY_PREDICATE)
async def frequencies(stage: Stage, onlooker: Onlooker) -> object:
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await retrieval.frequencies(connection, onlooker.viewer, (*MATTERS, *CHOICES))


@reading("requests that wait", BY_PREDICATE)
async def asked_for(stage: Stage, onlooker: Onlooker) -> object:
    """Put to anybody by name, in order; with a wide and with a narrow limit."""
    async with stage.database.viewing(onlooker.viewer) as connection:
        return [
            await messages.waiting(connection, onlooker.viewer, [who(name)], at(-1), at(MORNING_AFTER), most)
            for name in ("ANA", "BOB")
            for most in (NARROW, 100)
        ]


@reading("what waits for its index", BY_PREDICATE)
async def stale(stage: Stage, onlooker: Onlooker) -> object:
    async with stage.database.as_owner() as connection:
        await connection.execute("update indexed_containers set stale = true")
    async with stage.database.viewing(onlooker.viewer) as connection:
        return set(await retrieval.behind_for(connection, onlooker.viewer))


@reading("what could not be read", BY_PREDICATE)
async def unreadable(stage: Stage, onlooker: Onlooker) -> object:
    """As if every place had failed to be read for an hour."""
    async with stage.database.as_owner() as connection:
        await connection.execute("update containers set reading_failed_at = %s", [at(MORNING_AFTER - 60)])
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await staleness.of(connection, onlooker.viewer, at(MORNING_AFTER))


@reading("links", BY_PREDICATE)
async def linked(stage: Stage, onlooker: Onlooker) -> object:
    """Of all facts that there are."""
    known = await stage.everything("fact_id", "facts")
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await links.standing(connection, known)


@reading("what may be corrected", BY_PREDICATE)
async def correctable(stage: Stage, onlooker: Onlooker) -> object:
    """By a person, as scribe of every place."""
    if onlooker.kind != "person":
        return None
    known = await stage.everything("fact_id", "facts")
    places = await stage.everything("container_id", "containers")
    async with stage.database.scribing(*places) as connection:
        by = PersonId(onlooker.viewer.viewer_id)
        return {each for each in known if await _may_correct(connection, each, by)}


async def _may_correct(connection: Connection, name: FactId, by: PersonId) -> bool:
    try:
        await corrections.dismiss(connection, TEAM, name, Correction(by_id=by, words="no"), at(MORNING_AFTER))
    except NoSuchFact:
        return False
    return True


@reading("what was corrected")
async def corrected(stage: Stage, onlooker: Onlooker) -> object:
    """A person dismisses some facts that they may read: what is otherwise then, the form about all, the replies."""
    if onlooker.kind != "person":
        return None
    person, now = PersonId(onlooker.viewer.viewer_id), at(MORNING_AFTER)
    known = await stage.everything("fact_id", "facts")
    async with stage.database.viewing(onlooker.viewer) as connection:
        form = await correcting.form_of(connection, TEAM, person, known, now)
        mine = sorted(await facts.unfolded(connection, known), key=lambda fact: fact.fact_id)[:3]
    for fact in mine:
        async with stage.database.scribing(fact.container_id) as connection:
            no = Correction(by_id=person, words="no", key="no")
            await corrections.dismiss(connection, TEAM, fact.fact_id, no, now)
    async with stage.database.viewing(onlooker.viewer) as connection:
        told = [events.id_of(TEAM, corrections.said_as(fact.fact_id, "no")) for fact in mine]
        return [
            form,
            await corrections.since(connection, known, at(MORNING_AFTER - 1)),
            [await correcting.reply(connection, TEAM, person, each, now) for each in told],
        ]


@reading("conversations between", BY_PREDICATE)
async def between(stage: Stage, onlooker: Onlooker) -> object:
    async with stage.database.viewing(onlooker.viewer) as connection:
        return [
            await conversations.between(connection, onlooker.viewer, at(-1), at(MORNING_AFTER), most)
            for most in (NARROW, 100)
        ]


@reading("current facts", BY_PREDICATE)
async def current(stage: Stage, onlooker: Onlooker) -> object:
    async with stage.database.viewing(onlooker.viewer) as connection:
        return [
            await facts.current_for(connection, onlooker.viewer, at(-1), at(MORNING_AFTER), most)
            for most in (NARROW, 100)
        ]


@reading("meetings", BY_PREDICATE)
async def planned(stage: Stage, onlooker: Onlooker) -> object:
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await meetings.between(connection, onlooker.viewer, at(-1), at(MORNING_AFTER + 10_000))


@reading("coverage", BY_PREDICATE)
async def coverage(stage: Stage, onlooker: Onlooker) -> object:
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await messages.coverage(connection, onlooker.viewer, at(-1), at(MORNING_AFTER))


@reading("what is known of oneself", BY_PREDICATE)
async def known_of_oneself(stage: Stage, onlooker: Onlooker) -> object:
    """The facts that name a person, and what is counted for them."""
    if onlooker.kind != "person":
        return None
    who_reads = PersonId(onlooker.viewer.viewer_id)
    async with stage.database.viewing(onlooker.viewer) as connection:
        return [
            await facts.naming(connection, who_reads, 100),
            await messages.count_by(connection, who_reads),
            await messages.last_read(connection, who_reads),
            await containers.left_by_daybook(connection, who_reads),
        ]


@reading("lists and the slash command")
async def commanded(stage: Stage, onlooker: Onlooker) -> object:
    """What a person is told at their word, what they owe and are owed, and what is held about them."""
    if onlooker.kind != "person":
        return None
    surfaces, who_reads = Surfaces(TEAM, stage.database), PersonId(onlooker.viewer.viewer_id)
    now = at(MORNING_AFTER)
    told = [await surfaces.command(who_reads, word, now) for word in (*COMMANDS, "")]
    return [told, await surfaces.holdings(who_reads, now), await surfaces.briefing_asked(who_reads, now)]


@reading("everything by its id", BY_POLICY)
async def by_id(stage: Stage, onlooker: Onlooker) -> object:
    """Whoever knows every id there is gets of them what they may read."""
    said = await stage.everything("message_id", "messages")
    talks = await stage.everything("conversation_id", "conversations")
    known = await stage.everything("fact_id", "facts")
    places = await stage.everything("container_id", "containers")
    async with stage.database.viewing(onlooker.viewer) as connection:
        return [
            await meetings.read(connection, places),
            await messages.read(connection, said),
            await messages.by_conversation(connection, talks),
            await messages.talks(connection, said, NARROW),
            await messages.reaction_counts(connection, said),
            await conversations.read(connection, talks),
            await conversations.extents(connection, talks),
            await facts.read(connection, known),
            await facts.resting_on(connection, said),
        ]


@reading("rows of every fenced table", BY_POLICY)
async def fenced_rows(stage: Stage, onlooker: Onlooker) -> object:
    """A query that forgets to ask who reads."""
    async with stage.database.viewing(onlooker.viewer) as connection:
        return {table: await _rows(connection, table) for table in await fenced(connection)}


async def fenced(connection: Connection) -> list[str]:
    """The tables with a policy, also while their row-level security is off."""
    query = "select distinct tablename as name from pg_policies where schemaname = 'public' order by 1"
    return [row["name"] for row in await (await connection.execute(query)).fetchall()]


async def _rows(connection: Connection, table: str) -> list[str]:
    found = await connection.execute(f"select t::text as line from {table} t order by 1".encode())
    return [row["line"] for row in await found.fetchall()]


# What is made for a viewer -------------------------------------------------------------------------------------------


@reading("desk", BY_POLICY)
async def desk(stage: Stage, onlooker: Onlooker) -> object:
    """All conversations and facts that there are are asked for."""
    talks = await stage.everything("conversation_id", "conversations")
    known = await stage.everything("fact_id", "facts")
    found = await read_desk(stage.context(MORNING_AFTER), onlooker.viewer, talks, known)
    return replace(found, stamp="")  # which tells its run whether to read again, and is shown to nobody


@reading("briefing", COSTLY)
async def briefing(stage: Stage, onlooker: Onlooker) -> object:
    """From gathering to blocks, with why each item is there, the Home tab, what the model was asked, and feedback."""
    if onlooker.kind != "person":
        return None
    stage.model.prompts.clear()
    surfaces, who_reads = Surfaces(TEAM, stage.database), PersonId(onlooker.viewer.viewer_id)
    before = await surfaces.home(who_reads, at(MORNING_AFTER))
    key = await stage.brief(onlooker.name, MORNING_AFTER)
    async with stage.database.viewing(onlooker.viewer) as connection:
        made = await briefings.read(connection, key)
    assert made is not None
    whys = [await surfaces.why(who_reads, ItemId(item.item_id)) for item in made.items]
    shown = await surfaces.render(intent("briefing", UUID(str(key)), onlooker))
    welcome = await surfaces.render(intent("welcome", who_reads, onlooker))
    home = await surfaces.home(who_reads, at(MORNING_AFTER))
    prompts = list(stage.model.prompts)
    return [made, shown, whys, before, home, welcome, prompts, *await _answered(stage, onlooker, key)]


async def _answered(stage: Stage, onlooker: Onlooker, key: BriefingId) -> list[object]:
    """What there is to see once each item was answered: the briefing, what was said and learnt, and the Home tab."""
    surfaces, who_reads = Surfaces(TEAM, stage.database), PersonId(onlooker.viewer.viewer_id)
    await stage.answer_items(onlooker.name, MORNING_AFTER)
    async with stage.database.viewing(onlooker.viewer) as connection:
        said = await feedback.said(connection, who_reads, at(MORNING_AFTER))
    shown = await surfaces.render(intent("briefing", UUID(str(key)), onlooker))
    return [
        said,
        lessons.learnt(said, at(MORNING_AFTER).date(), "UTC"),
        shown,
        await surfaces.home(who_reads, at(MORNING_AFTER)),
    ]


@reading("review of the week", COSTLY)
async def review(stage: Stage, onlooker: Onlooker) -> object:
    """From gathering to blocks, for somebody who follows one place and one person, mutes another and named a matter."""
    if onlooker.kind != "person":
        return None
    stage.model.prompts.clear()
    surfaces, who_reads = Surfaces(TEAM, stage.database), onlooker.viewer.viewer_id
    await stage.choose(onlooker.name, await _liking(stage), MORNING_AFTER)
    form = await surfaces.settings(PersonId(who_reads), at(MORNING_AFTER))
    key = await stage.brief(onlooker.name, MORNING_AFTER, "week")
    async with stage.database.viewing(onlooker.viewer) as connection:
        made = await briefings.read(connection, key)
    assert made is not None
    shown = await surfaces.render(intent("briefing", UUID(str(key)), onlooker))
    return [made, shown, form, list(stage.model.prompts)]


@reading("briefing to a taste", COSTLY)
async def briefed_to_taste(stage: Stage, onlooker: Onlooker) -> object:
    """The morning of somebody who chose what matters to them, and what does not."""
    if onlooker.kind != "person":
        return None
    await stage.choose(onlooker.name, await _liking(stage), MORNING_AFTER)
    key = await stage.brief(onlooker.name, MORNING_AFTER)
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await briefings.read(connection, key)


async def _liking(stage: Stage) -> Settings:
    """Every place is chosen, whoever may read it: what one may not read shows nowhere."""
    places = await stage.everything("container_id", "containers")
    return Settings(
        followed=tuple(places[::2]),
        muted=tuple(places[1::2]),
        people=(who("BOB"),),
        report_ids=(who("BOB"),),
        projects=tuple(MATTERS[:1]),
        length="full",
    )


@reading("answers", COSTLY)
async def answered(stage: Stage, onlooker: Onlooker) -> object:
    """From a question to blocks, and with it what the model was asked."""
    stage.model.prompts.clear()
    surfaces, shown = Surfaces(TEAM, stage.database), []
    for ordinal, template in enumerate(QUESTIONS):
        text = template.format(matter=MATTERS[0], choice=CHOICES[0])
        key = await stage.ask(onlooker, text, MORNING_AFTER + ordinal)
        shown.append(await surfaces.render(intent("answer", UUID(str(key)), onlooker)))
    return [shown, list(stage.model.prompts)]


@reading("bounded answers", COSTLY)
async def bounded(stage: Stage, onlooker: Onlooker) -> object:
    """Counted from an outage and from a release, whoever told of them; and of a channel, by its id."""
    surfaces, shown = Surfaces(TEAM, stage.database), []
    places = await stage.everything("external_id", "containers where source = 'slack' and kind <> 'dm'")
    asked = (
        "What was decided since the outage?",
        f"What did we say of the {MATTERS[1]} since we deployed the {MATTERS[0]}?",
        f"What was decided in <#{places[0]}>?",
    )
    for ordinal, text in enumerate(stage.some(asked, 1)):
        key = await stage.ask(onlooker, text, MORNING_AFTER + 30 + ordinal)
        shown.append(await surfaces.render(intent("answer", UUID(str(key)), onlooker)))
    return shown


@reading("talks", COSTLY)
async def talked(stage: Stage, onlooker: Onlooker) -> object:
    """Follow-ups on a question, as blocks, and with them what the model was asked."""
    stage.model.prompts.clear()
    surfaces = Surfaces(TEAM, stage.database)
    first = QUESTIONS[0].format(matter=MATTERS[0], choice=CHOICES[0])
    told = await stage.talk(onlooker, [first, *stage.some(FOLLOW_UPS, 3)], MORNING_AFTER + 20)
    shown = [await surfaces.render(intent("answer", UUID(str(key)), onlooker)) for key in told]
    return [shown, list(stage.model.prompts)]


@reading("why it stands in a briefing", COSTLY)
async def explained(stage: Stage, onlooker: Onlooker) -> object:
    """Asked below a briefing, of all of it and of one entry: by its reader, and in a channel with others."""
    reader = onlooker.name if onlooker.kind == "person" else "ANA"
    key = await stage.brief(reader, MORNING_AFTER)
    surfaces = Surfaces(TEAM, stage.database)
    stands = await stage.post_briefing(key, onlooker, MORNING_AFTER)
    named = f"why is the {MATTERS[0]} here?"
    asked = ("why did you tell me this?", named, "why is the first one here?", "who said that?")
    told = await stage.talk(onlooker, stage.some(asked, 2), MORNING_AFTER + 60, under=stands)
    return [await surfaces.render(intent("answer", UUID(str(each)), onlooker)) for each in told]


@reading("offered in private", COSTLY)
async def offered(stage: Stage, onlooker: Onlooker) -> object:
    """Somebody asks in two channels that they read: what is said to them alone beside each answer, and why."""
    if onlooker.kind != "person":
        return None
    stage.model.prompts.clear()
    surfaces, who_reads = Surfaces(TEAM, stage.database), PersonId(onlooker.viewer.viewer_id)
    async with stage.database.viewing(onlooker.viewer) as connection:
        readable = await containers.readable(connection, onlooker.viewer)
        places = (await containers.read(connection, readable)).values()
    shown: list[object] = []
    channels = sorted(each.external_id for each in places if each.kind in {"public", "private"})
    for ordinal, place in enumerate(channels[:2]):
        text = QUESTIONS[ordinal].format(matter=MATTERS[0], choice=CHOICES[0])
        key = await stage.offer(onlooker.name, place, text, MORNING_AFTER + 40 + ordinal)
        whisper = intent("offer", offer_id(key), onlooker, "ephemeral")
        heading = intent("continued", offer_id(key), onlooker)
        unhelpful = intent("unhelpful", key, onlooker, "ephemeral")
        shown += [await surfaces.render(each) for each in (whisper, heading, unhelpful)]
        shown.append(await surfaces.why_answer(who_reads, key, at(MORNING_AFTER)))
        shown.append(await surfaces.wrong_in_answer(who_reads, key, at(MORNING_AFTER)))
    return [shown, list(stage.model.prompts)]
