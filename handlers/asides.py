"""What is said to one person beside an answer: what is theirs alone, that it goes on in private, and why it was so."""

from typing import Any

from handlers import answer_reasons
from handlers.blocks import mrkdwn, offer, rating
from memory import answers, containers, offers, teams
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.briefings import Source
from memory.models.ids import AnswerId, OfferId, PersonId, TeamId, message_id
from memory.outbox import Intent

Told = tuple[str, list[dict[str, Any]]]


async def told(database: Database, team: TeamId, intent: Intent) -> Told | None:
    """The words and blocks of such an intent, by the rights of this moment. None: there is nothing to say."""
    if intent.person_id is None:
        return None
    match intent.surface:
        case "offer":
            return await _offer(database, OfferId(intent.subject_id), intent.person_id)
        case "continued":
            return await _continued(database, team, OfferId(intent.subject_id), intent.person_id)
        case "unhelpful":
            answer = AnswerId(intent.subject_id)
            reads = await answer_reasons.audience(database, team, intent.person_id, answer)
            return (rating.UNHELPFUL, rating.unhelpful(answer)) if reads else None
    return None


async def _offer(database: Database, name: OfferId, person: PersonId) -> Told | None:
    """How much there is; a number is all that is told of it in a channel."""
    async with database.viewing(Viewer.person(person)) as connection:
        many = await offers.count(connection, name, person)
    return (offer.line(many), offer.blocks(many, name)) if many else None


async def _continued(database: Database, team: TeamId, name: OfferId, person: PersonId) -> Told | None:
    """What the talk in private begins with: where its question was asked, if its reader may still read there."""
    async with database.viewing(Viewer.person(person)) as connection:
        made = await offers.read(connection, name)
        if made is None:
            return None
        reads = made.asked_in in await containers.readable(connection, Viewer.person(person))
        place = (await containers.read(connection, [made.asked_in])).get(made.asked_in) if reads else None
        site = await teams.read(connection, team)
    async with database.viewing(Viewer.channel(made.asked_in)) as connection:
        stands = await answers.question(connection, made.answer_id) is not None
    if not stands:
        return offer.gone()
    where = await answer_reasons.posted(database, made.answer_id)
    link = ""
    if place and where and where.sent_channel and where.sent_ts:
        answered = Source(
            message_id=message_id(made.asked_in, where.sent_ts),
            channel=where.sent_channel,
            ts=where.sent_ts,
            thread_ts=where.thread_ts,
        )
        link = mrkdwn.permalink(site.url if site else "", answered)
    channel = place.name if place else ""
    return offer.heading(channel), offer.headed(channel, link)
