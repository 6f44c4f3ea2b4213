"""Why something stands in a briefing, asked in words below it: which entries are meant, and all that put them there.

A briefing is its reader's alone. So is this: it is told in their direct message, and in their own channel as long as
nobody else is in it; of what stands in the briefing nothing shows anywhere else. All is read anew, by the rights of
the moment.
"""

from collections.abc import Mapping, Sequence

from graphs import amendments, talking
from graphs.ports import Context
from graphs.talking import Kept, Written
from graphs.tasks import follow, pointing, recall
from graphs.tasks.understand import QueryPlan
from graphs.wording import readable
from memory import briefings, containers, facts, messages, outbox
from memory.answers import Question
from memory.database import Connection
from memory.messages import text_of
from memory.models.audience import Viewer
from memory.models.briefings import SECTIONS, WEEK_SECTIONS, Item, Source
from memory.models.ids import BriefingId, ContentId, PersonId, content_id
from memory.models.people import Person

ELSEWHERE = "Why something is in a briefing I tell its reader alone: ask me in a direct message, or press *Why?* at it."
EMPTY = "There was nothing to tell, so there is nothing to explain."
MORE = "…and {count} more: ask me about one of them, or press *Why?* at it."
_OF_EACH = 2
"""Reasons of each entry, where several are asked of."""
_SOURCES = 3
_ORDER = (*SECTIONS, *WEEK_SECTIONS)


async def read(
    asked: Question, plan: QueryPlan, known: talking.Known, everybody: Mapping[PersonId, Person], context: Context
) -> Kept | None:
    """The question as one about a briefing's entries, kept; None where it is none.

    What asks about nothing by name, after something else was told in the thread, is about that.
    """
    names = {key: person.name for key, person in everybody.items()}
    text = readable(talking.without_daybook(asked.question, context), names, context.team_id)
    named = pointing.what(follow.bare(text))
    if named is None or (not named and _told_since(known)):
        return None
    name = await _above(asked, context)
    if name is None:
        return None
    items: list[Item] = []
    if await _is_alone(asked, context):
        async with context.viewing(Viewer.person(asked.asker_id)) as connection:
            standing = await _items(connection, name, asked.asker_id, context)
        if standing is None:
            return None  # it is somebody else's
        items = [standing[place] for place in pointing.among(named, [each.text for each in standing])]
    if named and not items:
        return None
    kept = Kept(
        kind="briefed",
        question=asked.question,
        plan=plan,
        briefing_id=name,
        item_ids=tuple(each.item_id for each in items),
    )
    await talking.keep(asked, kept, context)
    return kept


async def write(asked: Question, kept: Kept, context: Context) -> Written:
    """Each entry with what put it there, as its reader may read it at this moment."""
    if kept.briefing_id is None or not await _is_alone(asked, context):
        return Written(text=ELSEWHERE)
    async with context.viewing(Viewer.person(asked.asker_id)) as connection:
        standing = await _items(connection, kept.briefing_id, asked.asker_id, context) or []
        items = [each for each in standing if each.item_id in kept.item_ids][: pointing.MOST]
        reasons = [await briefings.reasons(connection, each.item_id) for each in items]
        known = await facts.read(connection, {key for each in items for key in each.fact_ids})
        behind = {each.message_id for fact in known for each in fact.evidence}
        said = await messages.read(connection, behind | {each.message_id for item in items for each in item.sources})
    if not items:
        return Written(text=recall.UNREADABLE if kept.item_ids else EMPTY)
    most = _OF_EACH if len(kept.item_ids) > 1 else None
    lines = [_line(item, why, most) for item, why in zip(items, reasons, strict=True)]
    left = len([each for each in standing if each.item_id in kept.item_ids]) - len(items)
    return Written(
        text="\n".join([*lines, *([MORE.format(count=left)] if left else [])]),
        sources=_sources(items),
        rests_on=(*_words_of(items), *map(text_of, said)),
        fact_ids=tuple(dict.fromkeys(key for each in items for key in each.fact_ids)),
    )


def _line(item: Item, reasons: Sequence[tuple[str, float]], most: int | None) -> str:
    """What is told, and below it why; what speaks against telling it is said where it is asked of alone."""
    speaking = [wording for wording, weight in reasons if weight >= 0] or [item.why]
    against = [wording for wording, weight in reasons if weight < 0] if most is None else []
    told = f"{item.text} – {item.correction}" if item.correction else item.text
    why = f"It is here because {_listed(speaking[:most])}." if any(speaking) else ""
    less = f"It counts for less because {_listed(against)}." if against else ""
    return "\n".join(filter(None, [told, " ".join(filter(None, [why, less]))]))


def _listed(reasons: Sequence[str]) -> str:
    clauses = list(dict.fromkeys(each.strip().rstrip(".") for each in reasons if each.strip()))
    return "; ".join(clauses)


def _sources(items: Sequence[Item]) -> tuple[Source, ...]:
    """Of one entry all, of several the first of each."""
    found = items[0].sources if len(items) == 1 else [each.sources[0] for each in items]
    return tuple({each.message_id: each for each in found[: _SOURCES if len(items) == 1 else None]}.values())


def _words_of(items: Sequence[Item]) -> list[ContentId]:
    return [content_id(kind, each.item_id) for each in items for kind in ("item", "reasons")]


def _told_since(known: talking.Known) -> bool:
    """Whether something else than such reasons was told in the thread before."""
    readings = {str(key): kept.kind for key, kept in known.readings.items()}
    return any(turn["message_ids"] and readings.get(turn["answer_id"]) != "briefed" for turn in known.before)


async def _above(asked: Question, context: Context) -> BriefingId | None:
    """The briefing that its thread hangs under."""
    if asked.thread_ts is None:
        return None
    async with context.viewing(asked.viewer) as connection:
        posted = await outbox.posted_at(connection, context.team_id, asked.channel, asked.thread_ts)
    return BriefingId(posted[1]) if posted and posted[0] == "briefing" else None


async def _is_alone(asked: Question, context: Context) -> bool:
    """Whether nobody but the asker reads what is answered there."""
    if asked.viewer_kind == "person":
        return asked.viewer_id == asked.asker_id
    async with context.viewing(asked.viewer) as connection:
        return await containers.is_alone(connection, asked.container_id, asked.asker_id)


async def _items(connection: Connection, name: BriefingId, reader: PersonId, context: Context) -> list[Item] | None:
    """The entries in the order in which they are shown, as they are by now. None: it is not theirs."""
    made = await briefings.read(connection, name)
    if made is None or made.person_id != reader:
        return None
    made = await amendments.as_it_is(connection, context.team_id, made)
    return sorted(made.items, key=lambda each: _ORDER.index(each.section))
