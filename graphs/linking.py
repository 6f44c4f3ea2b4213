"""What a container has to do with others: read as the scribe of all of them, kept as links of ids alone.

No words leave their container: they are compared here, and forgotten. What this costs does not grow with the history:
the database hands out a bounded number of candidates for each person and each name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from graphs.ports import Context
from graphs.tasks import extract, likeness, link
from graphs.tasks.extract import Closing
from graphs.tasks.link import LINKED, RECENT, Known, Remark
from memory import facts, links, messages, tracking
from memory.database import Connection
from memory.links import Ends, Search
from memory.models.facts import ENDED, Fact
from memory.models.ids import ContainerId, ConversationId, MessageId, PersonId, conversation_id
from memory.models.links import Link
from memory.models.messages import Message

MOST = 120
"""Candidates for each person; a quarter of that for each name of a thing."""
MOST_NAMES = 60
"""Names of things that one run looks for elsewhere."""


@dataclass(frozen=True)
class Read:
    """What was worked out anew in one container: its messages, its facts, and remarks that settled nothing there."""

    here: ContainerId
    touched: frozenset[MessageId]
    known: tuple[Known, ...]
    remarks: tuple[Remark, ...]

    def search(self, now: datetime) -> Search:
        """What to look for in other containers."""
        open_facts = [each.fact for each in self.known if each.fact.status not in ENDED]
        actors = {each.fact.actor_id for each in self.known} | {each.closing.actor_id for each in self.remarks}
        named = likeness.names([*(each.quoted for each in self.known), *(each.quoted for each in self.remarks)])
        times = [*(each.fact.valid_from for each in self.known), *(each.closing.at for each in self.remarks)]
        return Search(
            here=self.here,
            touched=tuple(sorted(self.touched)),
            actors=_people(actors),
            promisers=_people(fact.actor_id for fact in open_facts),
            names=tuple(sorted(named)[:MOST_NAMES]),
            since=min(times, default=now) - RECENT,
            until=max(times, default=now) + RECENT,
            most=MOST,
        )


async def read_here(
    connection: Connection,
    here: ContainerId,
    current: Sequence[Fact],
    conversations: Iterable[ConversationId],
    touched: frozenset[MessageId],
    closings: Sequence[Closing],
) -> Read:
    """`current` are the container's facts, `closings` the remarks of its conversations that were read anew."""
    anew = set(conversations)
    spent = {span.message_id for fact in current for span in fact.evidence if span.role == "settles"}
    mine = [fact for fact in current if fact.conversation_id in anew or _cites(fact, touched)]
    left = [each for each in closings if each.evidence.message_id not in spent]
    said = await _said(connection, mine, [each.evidence.message_id for each in left])
    remarks = [Remark(here, each, _text(said, each.evidence.message_id)) for each in left]
    return Read(here, touched, tuple(_known(mine, said)), tuple(remarks))


async def link_up(context: Context, found: Read) -> None:
    """Links what was read with what other containers hold, and takes back what no longer holds."""
    async with context.scribing(found.here) as connection:
        ends = await links.ends(connection, context.team_id, found.search(context.clock.now()))
    async with context.scribing(*({found.here} | ends.containers)) as connection:
        given = await _given(context, connection, found, ends)
        standing = await links.touching(connection, found.touched)
        linked = link.run(given).links
        kept = {each.link_id for each in linked}
        gone = [each.link_id for each in standing if each.link_id not in kept and _starts_in(each, found)]
        await links.record(connection, context.team_id, linked, gone, context.clock.now())


async def _given(context: Context, connection: Connection, found: Read, ends: Ends) -> link.Given:
    elsewhere = [fact for fact in await facts.unfolded(connection, ends.facts) if not fact.dismissed]
    said = await _said(connection, elsewhere, ends.messages)
    untracked = await tracking.untracked(connection, context.team_id)
    heard = [said[key] for key in ends.messages if key in said and said[key].author_id not in untracked]
    remarks = [each for message in heard for each in _remarks(message, context)]
    return link.Given(
        here=found.here,
        touched=found.touched,
        known=(*found.known, *_known(elsewhere, said)),
        remarks=(*found.remarks, *sorted(remarks, key=lambda each: str(each.closing.evidence.message_id))),
    )


async def _said(connection: Connection, known: Iterable[Fact], more: Iterable[MessageId]) -> dict[MessageId, Message]:
    stated = {span.message_id for fact in known for span in fact.evidence if span.role == "states"}
    return {message.message_id: message for message in await messages.read(connection, stated | set(more))}


def _known(found: Iterable[Fact], said: dict[MessageId, Message]) -> list[Known]:
    """Of the kinds that are linked, each with the words that state it."""
    known = []
    for fact in found:
        spans = [span for span in fact.evidence if span.role == "states"]
        if fact.kind in LINKED and not fact.dismissed:
            known.append(Known(fact, " ".join(_text(said, span.message_id)[span.start : span.end] for span in spans)))
    return known


def _remarks(message: Message, context: Context) -> list[Remark]:
    """What a message of another container may settle here."""
    if context.daybook in message.mentions:
        return []
    alone = conversation_id(message.message_id)  # heard by itself: whatever it belongs to, it says the same
    found = extract.rules(extract.Given(alone, (message,))).closings
    return [Remark(message.container_id, each, message.text) for each in found]


def _text(said: dict[MessageId, Message], key: MessageId) -> str:
    return said[key].text if key in said else ""


def _cites(fact: Fact, touched: frozenset[MessageId]) -> bool:
    return any(span.message_id in touched for span in fact.evidence)


def _people(found: Iterable[PersonId | None]) -> tuple[PersonId, ...]:
    return tuple(sorted({person for person in found if person is not None}))


def _starts_in(each: Link, found: Read) -> bool:
    """Whether an end of it here was read anew, so that it would have been found again."""
    firsts = (
        (each.from_container, each.from_evidence[0].message_id),
        (each.to_container, each.to_evidence[0].message_id),
    )
    return any(place == found.here and first in found.touched for place, first in firsts)
