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
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from json import loads
from typing import Literal, NamedTuple

from graphs.ports import Context
from graphs.tasks import forest, ties
from graphs.tasks.turns import COMMON, WINDOW, Turn, Window, turn_of
from memory.models.ids import ConversationId, MessageId, conversation_id, message_id
from memory.models.messages import Message, PlacedMessage

__all__ = ["COMMON", "WINDOW", "Found", "Given", "MisplacedMessage", "check", "rules", "run"]

VERSION = "rules-2"

BUSY = 70.0
"""Mean seconds between the messages of a busy channel, at most; and how many messages it takes to tell."""
ENOUGH = 16
LEAN = {"busy": 0.0, "quiet": 0.0, "threaded": 0.5}
"""Added to the score of opening a conversation; `threaded`: quiet, and somebody replied in a thread of the window.

Tuned on the development sets: see the card.
"""


@dataclass(frozen=True, slots=True)
class Given:
    """Messages of one container, oldest first: `before` is placed already, `new` is not."""

    before: tuple[PlacedMessage, ...]
    new: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Found:
    placements: tuple[tuple[MessageId, ConversationId], ...]


class MisplacedMessage(ValueError):
    """A message stands in no conversation, or in two: place each new message exactly once."""


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
    channel = _Channel()
    for placed in given.before:
        if placed.conversation_id is not None:
            channel.remember(placed.message, placed.conversation_id)
    return Found(tuple((message.message_id, channel.place(message)) for message in given.new))


class _Weights(NamedTuple):
    rarity: Mapping[str, float]
    rarest: float
    busy: forest.Forest
    quiet: forest.Forest


@cache
def _weights() -> _Weights:
    """What was trained; read once."""
    body = loads(files("graphs.tasks").joinpath("weights", "segment-words.json").read_text("utf-8"))
    rarity = {word: float(weight) for weight, words in body["words"].items() for word in words.split()}
    columns, shared = (*ties.ABOUT_MESSAGE, *ties.ABOUT_TIE), len(ties.ABOUT_MESSAGE)
    busy, quiet = (forest.read(f"segment-{style}", columns, shared) for style in ("busy", "quiet"))
    return _Weights(rarity, float(body["rarest"]), busy, quiet)


@dataclass(slots=True)
class _Channel:
    """The last turns of a container, and the conversation of every thread seen."""

    weights: _Weights = field(default_factory=_weights)
    window: Window = field(default_factory=Window)
    threads: dict[str, ConversationId] = field(default_factory=dict)

    def remember(self, message: Message, conversation: ConversationId) -> None:
        """Takes note of a message that is placed already."""
        self._note(message, conversation, None)

    def place(self, message: Message) -> ConversationId:
        """Places a message, and takes note of it."""
        turn = None
        conversation = conversation_id(message.message_id)
        if _is_reply(message):
            parent = message_id(message.container_id, message.thread_ts or "")
            conversation = self.threads.get(message.thread_ts or "", conversation_id(parent))
        elif message.kind != "notice":
            turn = self._read(message)
            conversation = self._continued(turn) or conversation
        self._note(message, conversation, turn)
        return conversation

    def _continued(self, turn: Turn) -> ConversationId | None:
        """The conversation that the turn continues, or None if it opens one."""
        about, tied = ties.rows(self.window, turn)
        if not tied:
            return None
        style = self._style(about)
        trees = self.weights.busy if style == "busy" else self.weights.quiet
        opening, *scores = trees.scores(about, [ties.OPENING, *(row for _, row in tied)])
        best = max(scores)
        return None if opening + LEAN[style] >= best else tied[scores.index(best)][0].conversation

    def _style(self, about: list[float]) -> Literal["busy", "quiet", "threaded"]:
        if len(self.window.turns) >= ENOUGH and ties.pace(about) <= BUSY:
            return "busy"
        return "threaded" if self.window.replied else "quiet"

    def _note(self, message: Message, conversation: ConversationId, turn: Turn | None) -> None:
        self.threads.setdefault(message.thread_ts or message.external_ts, conversation)
        if message.kind == "notice":
            return
        if _is_reply(message):
            self.window.answer(message.thread_ts or "")
        else:
            self.window.add(turn or self._read(message), conversation)

    def _read(self, message: Message) -> Turn:
        return turn_of(message, self.weights.rarity, self.weights.rarest)


def _is_reply(message: Message) -> bool:
    return message.thread_ts is not None and message.thread_ts != message.external_ts
