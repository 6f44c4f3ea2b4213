"""Everything a run needs to look at for one viewer, read at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from graphs.ports import Context
from graphs.relevance import Light
from graphs.wording import readable
from memory import containers, conversations, facts, meetings, messages, people, settings
from memory.database import Connection
from memory.messages import text_of
from memory.models.audience import Viewer
from memory.models.briefings import Source
from memory.models.containers import Container
from memory.models.conversations import Conversation
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ContentId, ConversationId, FactId, MessageId, PersonId
from memory.models.meetings import Meeting
from memory.models.messages import Message
from memory.models.settings import Settings
from memory.people import Roster


@dataclass(frozen=True)
class Desk:
    """What one viewer may read of some conversations and facts, and of all that these cite."""

    conversations: tuple[Conversation, ...]
    facts: tuple[Fact, ...]
    messages: tuple[Message, ...]
    containers: tuple[Container, ...]
    people: Roster
    reactions: Mapping[MessageId, int]
    meetings: tuple[Meeting, ...] = ()
    stamp: str = ""
    """The same stamp means the same rows."""

    def with_messages(self, more: Iterable[Message], places: Mapping[ContainerId, Container]) -> Self:
        """The same desk with further messages, and where they stand."""
        read = {message.message_id: message for message in (*self.messages, *more)}
        here = {place.container_id: place for place in self.containers} | dict(places)
        return replace(self, messages=tuple(read.values()), containers=tuple(here.values()))

    def source(self, key: MessageId) -> Source | None:
        """Where a message stands, for its link; None when it is not on the desk."""
        message = next((each for each in self.messages if each.message_id == key), None)
        place = next((each for each in self.containers if message and each.container_id == message.container_id), None)
        if message is None or place is None:
            return None
        return Source.of(message, place)

    def behind(self, cited: Iterable[MessageId]) -> tuple[ContentId, ...]:
        """The texts that whatever cites these messages is made of: a fact may rest on more than is cited of it."""
        names = {*cited}
        evidence = [{each.message_id for each in fact.evidence} for fact in self.facts]
        names = names.union(*(each for each in evidence if each & names))
        return tuple(text_of(message) for message in self.messages if message.message_id in names)

    def light(self) -> tuple[Light, ...]:
        """The messages as ranking sees them."""
        return tuple(Light.of(each, self.reactions.get(each.message_id, 0)) for each in self.messages)

    def said(self) -> dict[ConversationId, tuple[str, ...]]:
        """What was said in each conversation, in plain words and without names."""
        words = self.readable({})
        found = ((talk, [words[key] for key in talk.message_ids if key in words]) for talk in self.conversations)
        return {talk.conversation_id: tuple(said) for talk, said in found}

    def contents(self) -> dict[ConversationId, tuple[ContentId, ...]]:
        """The texts of each conversation and its facts; none where some of them can no longer be read."""
        texts = {message.message_id: text_of(message) for message in self.messages}
        names = {talk.conversation_id: dict.fromkeys(talk.message_ids) for talk in self.conversations}
        for fact in self.facts:
            names.setdefault(fact.conversation_id, {}).update(dict.fromkeys(each.message_id for each in fact.evidence))
        whole = {talk: each for talk, each in names.items() if texts.keys() >= each.keys()}
        return {talk: tuple(texts[key] for key in each) for talk, each in whole.items()}

    def readable(
        self, names: Mapping[PersonId, str], only: Collection[MessageId] | None = None
    ) -> dict[MessageId, str]:
        """The messages' words as a reader sees them: of all, or of these `only`."""
        asked = (each for each in self.messages if only is None or each.message_id in only)
        return {message.message_id: readable(message.text, names, message.team_id) for message in asked}


@dataclass(frozen=True)
class _Read:
    """A desk, and of what it is one."""

    desk: Desk
    conversation_ids: frozenset[ConversationId]
    fact_ids: frozenset[FactId]

    def is_of(
        self, conversation_ids: frozenset[ConversationId], fact_ids: frozenset[FactId], planned: tuple[Meeting, ...]
    ) -> bool:
        asked = (conversation_ids, fact_ids, planned)
        return (self.conversation_ids, self.fact_ids, self.desk.meetings) == asked


async def read_desk(
    context: Context,
    viewer: Viewer,
    conversation_ids: Sequence[ConversationId],
    fact_ids: Sequence[FactId],
    meeting_ids: Sequence[ContainerId] = (),
) -> Desk:
    """As `desk_on`, in a transaction of its own."""
    async with context.viewing(viewer) as connection:
        return await desk_on(connection, context, viewer, conversation_ids, fact_ids, meeting_ids)


async def desk_on(
    connection: Connection,
    context: Context,
    viewer: Viewer,
    conversation_ids: Sequence[ConversationId],
    fact_ids: Sequence[FactId],
    meeting_ids: Sequence[ContainerId] = (),
) -> Desk:
    """Reads it under the viewer's rights of this moment: what they may no longer read is not on it.

    What an earlier node of the run read is taken again while not one row of it has changed, nor who may read it.
    """
    everybody = await people.roster(connection, context.team_id)
    everybody = await _with_projects(connection, context, viewer, everybody)
    before: _Read | None = context.kept.get(viewer)
    asked = frozenset(conversation_ids), frozenset(fact_ids)
    planned = tuple(await meetings.read(connection, meeting_ids)) if meeting_ids else ()
    stamp = await conversations.stamp(connection, viewer, *asked, [each.message_id for each in planned])
    if before and before.is_of(*asked, planned) and before.desk.stamp == stamp:
        return replace(before.desk, people=everybody)
    known = await facts.read(connection, fact_ids)
    talks = await conversations.read(connection, {*conversation_ids, *(fact.conversation_id for fact in known)})
    cited = {key for talk in talks for key in talk.message_ids}
    cited |= {each.message_id for fact in known for each in fact.evidence}
    cited |= {each.message_id for each in planned}
    read = await messages.read(connection, cited)
    places = await containers.read(connection, {message.container_id for message in read})
    desk = Desk(
        conversations=tuple(talks),
        facts=tuple(known),
        messages=tuple(read),
        containers=tuple(places[key] for key in sorted(places)),
        people=everybody,
        reactions=await messages.reaction_counts(connection, cited),
        meetings=planned,
        stamp=stamp,
    )
    context.kept[viewer] = _Read(desk, *asked)
    return desk


async def settings_of(connection: Connection, context: Context, person: PersonId) -> Settings:
    """What somebody chose, as it was when this run first asked for it: a run goes by one choice. Call it as them."""
    key = ("settings", person)
    if key not in context.kept:
        context.kept[key] = await settings.read(connection, person)
    chosen: Settings = context.kept[key]
    return chosen


async def _with_projects(connection: Connection, context: Context, viewer: Viewer, everybody: Roster) -> Roster:
    """Everybody, the viewer with the projects that they chose beside those of their profile."""
    me = everybody.get(PersonId(viewer.viewer_id)) if viewer.kind == "person" else None
    named = (await settings_of(connection, context, me.person_id)).projects if me else ()
    if me is None or {*named} <= {*me.projects}:
        return everybody
    both = tuple(dict.fromkeys((*me.projects, *named)))
    return Roster({**everybody, me.person_id: me.model_copy(update={"projects": both})})
