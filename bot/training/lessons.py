"""What a model sees while it places labelled messages, and which of its choices would have been right."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.training.corpora import Chat
from graphs.tasks import ties
from graphs.tasks.reading import Reading, first_names, turn_of
from graphs.tasks.turns import Window
from memory.models.ids import ConversationId, conversation_id

Rows = list[list[float]]
Pick = Callable[[list[float], Rows], int]
"""Which of the rows to follow; the first stands for opening a conversation."""
LEAD = 250
"""Unlabelled messages before the first labelled one that are placed too, so that there is something to look back at."""


@dataclass(slots=True)
class Lessons:
    """Rows, the right ones among them, and how many belong to each message."""

    rows: list[np.ndarray] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, about: list[float], rows: Rows, right: Sequence[bool]) -> None:
        self.rows.append(np.array([about + row for row in rows], np.float32))
        self.right += map(float, right)
        self.sizes.append(len(rows))

    def table(self) -> "Table":
        """All of it, each row counting once."""
        right = np.array(self.right)
        sizes = np.array(self.sizes)
        return Table(np.concatenate(self.rows), right, sizes, np.ones(len(sizes)), np.ones_like(right))


@dataclass(frozen=True, slots=True)
class Table:
    rows: np.ndarray
    right: np.ndarray
    sizes: np.ndarray
    weights: np.ndarray
    """How much each message counts."""
    stands_for: np.ndarray
    """How many rows like it each row stands for."""

    def weighing(self, weight: float) -> "Table":
        return Table(self.rows, self.right, self.sizes, self.weights * weight, self.stands_for)

    def thinned(self, scores: np.ndarray, seed: int, floor: float = 0.004, keep: float = 0.12) -> "Table":
        """Without most of the rows that `scores` hold to be plainly wrong; those left stand for the rest."""
        share = shares(scores, self.sizes, self.stands_for)
        hard = (share > floor) | (self.right > 0)
        hard[starts(self.sizes)] = True
        kept = hard | (np.random.default_rng(seed).random(len(hard)) < keep)
        sizes = np.bincount(message_of_row(self.sizes)[kept], minlength=len(self.sizes))
        stands_for = np.where(hard, self.stands_for, self.stands_for / keep)
        return Table(self.rows[kept], self.right[kept], sizes, self.weights, stands_for[kept])


def joined(tables: Sequence[Table]) -> Table:
    return Table(
        np.concatenate([table.rows for table in tables]),
        np.concatenate([table.right for table in tables]),
        np.concatenate([table.sizes for table in tables]),
        np.concatenate([table.weights for table in tables]),
        np.concatenate([table.stands_for for table in tables]),
    )


def starts(sizes: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes)[:-1]])


def message_of_row(sizes: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(sizes)), sizes)


def shares(scores: np.ndarray, sizes: np.ndarray, stands_for: np.ndarray) -> np.ndarray:
    """What part of its message's probability each row gets."""
    begin, of = starts(sizes), message_of_row(sizes)
    weight = np.exp(scores - np.maximum.reduceat(scores, begin)[of]) * stands_for
    return weight / np.add.reduceat(weight, begin)[of]


def lessons(
    chats: Mapping[str, Sequence[Chat]], readings: Mapping[str, Reading], pick: Pick, taught: Callable[[], bool]
) -> dict[str, Table]:
    """What is to be learnt from each corpus, read with its own reading."""
    found = {}
    for name, each in chats.items():
        noted = Lessons()
        for chat in each:
            placed(chat, readings[name], pick, noted, taught)
        found[name] = noted.table()
    return found


def placed(
    chat: Chat,
    reading: Reading,
    pick: Pick,
    lessons: Lessons,
    taught: Callable[[], bool],
) -> None:
    """Places the messages one by one as the product does, by the labels where `taught` says so; notes the lessons."""
    window, where, told = Window(), dict[int, ConversationId](), chat.messages
    reading = replace(reading, called=first_names(chat.names, reading.rarity))
    first = next((place for place, each in enumerate(told) if each.labelled), len(told))
    threads = {each.message.external_ts: place for place, each in enumerate(told)}
    for place, each in enumerate(told[max(0, first - LEAD) :], max(0, first - LEAD)):
        message = each.message
        own = conversation_id(message.message_id)
        parent = threads.get(message.thread_ts or "", place)
        turn = turn_of(message, reading)
        if message.kind == "notice" or parent != place:
            where[place] = where.get(parent, own)
            if message.kind != "notice":
                window.answer(message.thread_ts or "", turn, where[place])
            continue
        about, tied = ties.rows(window, turn)
        before = {where[earlier] for earlier in each.goes_on_from if earlier in where}
        right = [talk.conversation in before for talk, _ in tied]
        rows = [ties.OPENING, *(row for _, row in tied)]
        if each.labelled and tied and (any(right) or not each.goes_on_from):
            lessons.add(about, rows, [not any(right), *right])
        if each.labelled and taught():
            where[place] = where[max(each.goes_on_from)] if before and max(each.goes_on_from) in where else own
        else:
            choice = pick(about, rows) if tied else 0
            where[place] = tied[choice - 1][0].conversation if choice else own
        window.add(turn, where[place])


def latest(_: list[float], rows: Sequence[object]) -> int:
    """Before there is a model, an unlabelled message goes on from the latest conversation."""
    return min(1, len(rows) - 1)


def randomly(chance: float, seed: int) -> Callable[[], bool]:
    """True with that chance."""
    dice = random.Random(seed)  # noqa: S311  # to repeat, not to hide
    return lambda: dice.random() < chance
