"""Placing ends where placing in order ends, tried on many more histories than a database could.

`Shelf` stands for what memory/sql/placements.sql keeps; tests/integration/test_placing.py holds the same with Postgres.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import pytest
from hypothesis import HealthCheck, example, given, settings

from graphs import placing
from graphs.ports import Context
from graphs.tasks import segment, turns
from memory.models.ids import ConversationId, MessageId
from memory.models.messages import Deletion, Message, PlacedMessage
from memory.models.placements import Disturbance, Follower, Stretch
from tests import talks
from tests.talks import Said

BATCH = 9
HISTORIES = int(os.environ.get("DAYBOOK_HISTORIES", "70"))
NOBODY = cast(Context, None)
"""The rules ask nobody."""


@pytest.fixture
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a history of a few dozen messages is longer than the window."""
    for module in (turns, segment):
        monkeypatch.setattr(module, "WINDOW", 4)


@dataclass
class Shelf:
    """A container's messages, where each was placed, and what of them is to be placed again."""

    said: dict[MessageId, Message] = field(default_factory=dict)
    gone: dict[MessageId, Message | Deletion] = field(default_factory=dict)
    homes: dict[MessageId, ConversationId] = field(default_factory=dict)
    work: dict[MessageId, int | None] = field(default_factory=dict)

    def hear(self, step: Message | Deletion) -> None:
        name = step.message_id
        known = self.said.get(name)
        if name in self.gone or (known and not isinstance(step, Deletion) and _version(step) <= _version(known)):
            return
        if isinstance(step, Deletion):
            self.gone[name] = self.said.pop(name, step)
        else:
            self.said[name] = step
        if name in self.homes:
            self.work[name] = None

    def place(self) -> None:
        """Until nothing is left to place."""
        while (first := self._first()) is not None:
            self._run(first)

    def _first(self) -> tuple[datetime, MessageId] | None:
        new = [_at(each) for name, each in self.said.items() if name not in self.homes]
        return min([*new, *(_at(self._any(name)) for name in self.work)], default=None)

    def _run(self, first: tuple[datetime, MessageId]) -> None:
        ordered = sorted(self.said.values(), key=_at)
        stretch = self._stretch(ordered, first)
        found = asyncio.run(placing.place(stretch, self._before(ordered, stretch), {}, NOBODY))
        assert found.last
        after = [each for each in ordered if _at(each) > (found.last.posted_at, found.last.message_id)]
        moved = placing.origins(found)
        placing.follow(found, [self._follower(each) for each in after if self.homes.get(each.message_id) in moved])
        for each in found.settled_by:
            self.work.pop(each.message_id, None)
        if found.reach and after and after[0].message_id in self.homes:
            self.work.setdefault(after[0].message_id, found.reach)
        self.homes.update(found.placements)
        for name, conversations in found.shaken.items():
            latest = self._tops(ordered, _at(self.said[name]))[-found.look_back :]
            if conversations & {self.homes[each.message_id] for each in latest}:
                self.work[name] = None

    def _stretch(self, ordered: Sequence[Message], first: tuple[datetime, MessageId]) -> Stretch:
        said = [self._placed(each) for each in ordered if _at(each) >= first][:BATCH]
        cut_short = len(said) == BATCH
        disturbed = [self._disturbance(name, reach) for name, reach in self.work.items()]
        if cut_short:
            disturbed = [each for each in disturbed if each.place <= _at(said[-1].message)]
        disturbed.sort(key=lambda each: each.place)
        return Stretch(said=tuple(said), disturbances=tuple(disturbed), cut_short=cut_short)

    def _before(self, ordered: Sequence[Message], stretch: Stretch) -> list[PlacedMessage]:
        if not stretch.said:
            return []
        until = _at(stretch.said[0].message)
        turns_before = self._tops(ordered, until)[-segment.WINDOW :]
        threads = {each.message.thread_ts for each in stretch.said}
        return [
            self._placed(each)
            for each in ordered
            if _at(each) < until
            and each.message_id in self.homes
            and (
                each in turns_before
                or each.external_ts in threads
                or (each.is_reply and turns_before and each.posted_at >= turns_before[0].posted_at)
            )
        ]

    def _tops(self, ordered: Sequence[Message], until: tuple[datetime, MessageId]) -> list[Message]:
        flow = [each for each in ordered if _at(each) < until and each.message_id in self.homes]
        return [each for each in flow if not each.is_reply and each.kind != "notice"]

    def _placed(self, message: Message) -> PlacedMessage:
        return PlacedMessage(message=message, conversation_id=self.homes.get(message.message_id))

    def _follower(self, message: Message) -> Follower:
        names = message.model_dump(include={"message_id", "external_ts", "thread_ts", "kind"})
        return Follower(**names, conversation_id=self.homes[message.message_id])

    def _disturbance(self, name: MessageId, reach: int | None) -> Disturbance:
        names = self._any(name).model_dump(include={"message_id", "external_ts", "posted_at"})
        gone, home = name in self.gone, self.homes.get(name)
        return Disturbance(**names, conversation_id=home, gone=gone, reach=reach, revision=0)

    def _any(self, name: MessageId) -> Message | Deletion:
        return self.said.get(name) or self.gone[name]


def _at(message: Message | Deletion) -> tuple[datetime, MessageId]:
    return message.posted_at, message.message_id


def _version(message: Message) -> datetime:
    return message.edited_at or message.posted_at


def lines(*told: tuple[float, int, str, float | None]) -> list[Said]:
    """From (minute, number of the text, author, when the thread began)."""
    return [Said(minute, [talks.TEXTS[text]], who, "human", thread, deleted=True) for minute, text, who, thread in told]


def late(talk: list[Said], *after: int) -> talks.History:
    """All that was said, but what comes late, or is deleted at last."""
    first = [(number, 0) for number in range(len(talk)) if number not in after]
    return talk, [first, [(number, 0) for number in after]]


BEHIND = lines(
    *((1, 7, "BOB", None), (91.4, 5, "CY", None), (91.6, 1, "ANA", None), (184, 2, "BOB", None), (184.2, 6, "CY", 1)),
    *((189.2, 4, "BOB", 91.4), (289.2, 4, "BOB", None), (379.2, 0, "CY", None), (662.8, 5, "CY", None)),
    *((664.2, 6, "BOB", None), (664.4, 0, "CY", None), (850.4, 1, "BOB", 289.2), (855.4, 3, "ANA", None)),
    (861.6, 1, "CY", None),
)
"""A reply long after its parent moved: it ties others to another conversation than before."""


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=talks.talks())
@example(history=late(BEHIND, 5))
def test_any_order_ends_in_the_same_conversations(small_window: None, history: talks.History) -> None:
    """Whatever came late, was edited or deleted, and in whatever batches: at any time as if all had come in order."""
    talk, batches = history
    shelf, heard = Shelf(), talks.Heard()
    for batch in batches:
        steps = [(number, talk[number].told("R", step)) for number, step in batch]
        for _, step in steps:
            shelf.hear(step)
        shelf.place()
        heard.note(steps)
        ordered = sorted(heard.standing, key=_at)
        assert {name: shelf.homes[name] for name in shelf.said} == dict(
            segment.rules(segment.Given(before=(), new=tuple(ordered))).placements
        )
