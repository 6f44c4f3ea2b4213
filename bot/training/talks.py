"""The conversations of a world as `segment` makes them, each message with what it is noted as."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.training import noted
from bot.training.noted import Labels
from bot.training.worlds import World
from graphs.tasks import saying, segment
from graphs.tasks.speech import Utterance, hear
from memory.models.ids import ConversationId, PersonId
from memory.models.messages import Message


@dataclass(frozen=True)
class Talk:
    """One conversation: its human messages, oldest first."""

    world: int
    conversation: ConversationId
    leads: frozenset[PersonId]
    told: tuple[Utterance, ...]
    keys: tuple[str, ...]
    labels: tuple[Labels, ...]
    plain: tuple[tuple[float, ...], ...]


def of(world: World, number: int) -> Iterator[Talk]:
    """The conversations of one world, which counts as number `number`."""
    labels = noted.labels(world)
    for channel in world.channels:
        for conversation, messages in conversations(channel).items():
            human = [each for each in messages if each.kind == "human"]
            told = tuple(hear(message, place) for place, message in enumerate(human))
            keys = tuple(world.keys[message.message_id] for message in human)
            zones = [world.timezones.get(each.author_id, "UTC") if each.author_id else "UTC" for each in human]
            yield Talk(
                number,
                conversation,
                world.leads,
                told,
                keys,
                tuple(labels.get(key, {}) for key in keys),
                tuple(saying.plain(said, zone) for said, zone in zip(told, zones, strict=True)),
            )


def conversations(channel: tuple[Message, ...]) -> dict[ConversationId, list[Message]]:
    """A channel's messages by conversation, in their order."""
    placed = dict(segment.rules(segment.Given((), channel)).placements)
    found: dict[ConversationId, list[Message]] = {}
    for message in channel:
        found.setdefault(placed[message.message_id], []).append(message)
    return found
