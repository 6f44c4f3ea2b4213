"""Why an item stands in somebody's briefing: read under their rights of this moment."""

from datetime import date
from typing import Any

from graphs import amendments, days, sentences
from graphs.sentences import Voice
from graphs.wording import readable
from handlers.blocks import snooze as snooze_blocks
from handlers.blocks import why as why_blocks
from memory import briefings, containers, facts, messages, people, teams
from memory.database import Connection
from memory.models.briefings import Briefing, Item
from memory.models.ids import ItemId, PersonId, TeamId
from memory.models.messages import Message


async def why(connection: Connection, team: TeamId, person: PersonId, item_id: ItemId) -> dict[str, Any] | None:
    """The view behind *Why?*: all reasons, the facts, and the words that its reader may read now. None: not theirs."""
    briefing, item = await find(connection, team, item_id)
    roster = await people.roster(connection, team)
    if briefing is None or item is None or person not in roster:
        return None
    voice = Voice.of(team, roster, person, briefing.local_date)
    said = await messages.read(connection, [source.message_id for source in item.sources])
    places = await containers.read(connection, [each.container_id for each in said])
    known = await teams.read(connection, team)
    return why_blocks.view(
        item,
        [_quote(each, item, voice) for each in said],
        known.url if known else "",
        reasons=[
            why_blocks.Reason(text=wording, against=weight < 0)
            for wording, weight in await briefings.reasons(connection, item_id)
        ],
        known=[
            why_blocks.Known(
                kind=fact.kind,
                status=fact.status,
                due=fact.due,
                text=sentences.of_fact(fact, voice),
                log_odds=fact.log_odds,
                engine=fact.engine,
            )
            for fact in await facts.read(connection, item.fact_ids)
        ],
        channels={place.external_id: place.name for place in places.values()},
        today=briefing.local_date,
    )


async def snoozing(connection: Connection, team: TeamId, item_id: ItemId, tomorrow: date) -> dict[str, Any] | None:
    """The form that asks until when an item is to be put off. None: it is not the viewer's."""
    _, item = await find(connection, team, item_id)
    return snooze_blocks.view(item, tomorrow) if item else None


async def find(connection: Connection, team: TeamId, item_id: ItemId) -> tuple[Briefing | None, Item | None]:
    """An item of the viewer's as it is by now, and the briefing that it stands in."""
    briefing_id = await briefings.briefing_of(connection, item_id)
    briefing = await briefings.read(connection, briefing_id) if briefing_id else None
    briefing = await amendments.as_it_is(connection, team, briefing) if briefing else None
    found = next((each for each in briefing.items if each.item_id == item_id), None) if briefing else None
    return briefing, found


def _quote(message: Message, item: Item, voice: Voice) -> why_blocks.Quote:
    return why_blocks.Quote(
        author=voice.names.get(message.author_id, "Somebody") if message.author_id else "Somebody",
        text=readable(message.text, voice.names, voice.team),
        day=days.local_day(message.posted_at, voice.tz),
        source=next(source for source in item.sources if source.message_id == message.message_id),
    )
