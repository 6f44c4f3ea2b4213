"""Segment: new messages of one container -> the conversation each belongs to.

Contract: every new message is placed exactly once, and conversations are named by their first message. Messages are
placed one by one, in the order given; each looks back at the last `WINDOW` top-level messages only. So placing in
batches equals placing in one go, as long as `before` holds that many top-level messages, what else was said since the
first of them and, for replies, the parents of their threads; and the cost of a message does not grow with the channel.

Two small models weigh what ties a message to each conversation (`ties`): one for busy channels, where several
conversations run at once, one for the others. docs/models/segment.md: what they learnt from, and how well they do.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from json import loads
from typing import NamedTuple

from graphs.ports import Context
from graphs.tasks import forest, ties
from graphs.tasks.reading import Reading, first_names, turn_of
from graphs.tasks.turns import WINDOW, Turn, Window
from graphs.tasks.wording import COMMON
from memory.models.ids import ConversationId, MessageId, PersonId, conversation_id, message_id
from memory.models.messages import Message, PlacedMessage

__all__ = ["COMMON", "WINDOW", "Found", "Given", "MisplacedMessage", "check", "rules", "run"]

VERSION = "rules-3"

BUSY = 70.0
"""Mean seconds between the messages of a busy channel, at most; and how many messages it takes to tell."""
ENOUGH = 16


@dataclass(frozen=True, slots=True)
class Given:
    """Messages of one container, oldest first: `before` is placed already, `new` is not; and what people are called."""

    before: tuple[PlacedMessage, ...]
    new: tuple[Message, ...]
    names: Mapping[PersonId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    placements: tuple[tuple[MessageId, ConversationId], ...]


class MisplacedMessage(ValueError):
    """A message stands in no conversation, or in two: place each new message exactly once."""


class Weights(NamedTuple):
    """What was trained."""

    reading: Reading
    busy: forest.Forest
    quiet: forest.Forest


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    """Places every new message."""
    found = rules(given)
    check(given, found)
    return found


def check(given: Given, found: Found) -> None:
    """Raises `MisplacedMessage` unless every new message is placed exactly once."""
    wanted = Counter(message.message_id for message in given.new)
    placed = Counter(message for message, _ in found.placements)
    if wanted != placed:
        strays = sorted(str(message) for message in (wanted - placed) + (placed - wanted))
        raise MisplacedMessage(f"{len(strays)} messages are not placed exactly once, e.g. {strays[0]}.")


def rules(given: Given) -> Found:
    """Each message joins the recent conversation it is nearest to, or opens its own."""
    return found_by(_weights(), given)


def found_by(weights: Weights, given: Given) -> Found:
    """What these weights make of it."""
    channel = _Channel(weights, replace(weights.reading, called=first_names(given.names, weights.reading.rarity)))
    for placed in given.before:
        if placed.conversation_id is not None:
            channel.remember(placed.message, placed.conversation_id)
    return Found(tuple((message.message_id, channel.place(message)) for message in given.new))


@cache
def _weights() -> Weights:
    """The weights shipped; read once."""
    body = loads(files("graphs.tasks").joinpath("weights", "segment-words.json").read_text("utf-8"))
    rarity = {word: float(weight) for weight, words in body["words"].items() for word in words.split()}
    openings = {gram: float(weight) for weight, grams in body["openings"].items() for gram in grams}
    columns, shared = (*ties.ABOUT_MESSAGE, *ties.ABOUT_TIE), len(ties.ABOUT_MESSAGE)
    busy, quiet = (forest.read(f"segment-{style}", columns, shared) for style in ("busy", "quiet"))
    return Weights(Reading(rarity, float(body["rarest"]), openings), busy, quiet)


@dataclass(slots=True)
class _Channel:
    """The last turns of a container, and the conversation of every thread seen."""

    weights: Weights
    reading: Reading
    window: Window = field(default_factory=Window)
    threads: dict[str, ConversationId] = field(default_factory=dict)

    def remember(self, message: Message, conversation: ConversationId) -> None:
        """Takes note of a message that is placed already."""
        self._note(message, conversation, None)

    def place(self, message: Message) -> ConversationId:
        """Places a message, and takes note of it."""
        turn = self._read(message)
        conversation = None
        if message.is_reply:
            parent = message_id(message.container_id, message.thread_ts or "")
            conversation = self.threads.get(message.thread_ts or "") or conversation_id(parent)
        elif message.kind != "notice":
            conversation = self._continued(turn)
        if conversation is None:
            conversation = conversation_id(message.message_id)
        self._note(message, conversation, turn)
        return conversation

    def _continued(self, turn: Turn) -> ConversationId | None:
        """The conversation that the turn continues, or None if it opens one."""
        about, tied = ties.rows(self.window, turn)
        if not tied:
            return None
        busy = len(self.window.turns) >= ENOUGH and ties.pace(about) <= BUSY
        trees = self.weights.busy if busy else self.weights.quiet
        opening, *scores = trees.scores(about, [ties.OPENING, *(row for _, row in tied)])
        best = max(scores)
        return None if opening >= best else tied[scores.index(best)][0].conversation

    def _note(self, message: Message, conversation: ConversationId, turn: Turn | None) -> None:
        self.threads.setdefault(message.thread_ts or message.external_ts, conversation)
        if message.kind == "notice":
            return
        if message.is_reply:
            self.window.answer(message.thread_ts or "", turn or self._read(message), conversation)
        else:
            self.window.add(turn or self._read(message), conversation)

    def _read(self, message: Message) -> Turn:
        return turn_of(message, self.reading)
