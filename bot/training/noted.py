"""What a reader of everything noted, message by message: what each one does, and what must not be held against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.training.worlds import World
from graphs.tasks.acts import ACTS
from memory.models.ids import PersonId
from memory.models.messages import Message

YES, UNSURE = 1, -1
"""A message does it; or a fact of the kind rests on it too, though it is not the message that makes it one."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "commitment": ("commitment",),
    "decision": ("decided", "proposed"),
    "question": ("question",),
    "blocker": ("blocker",),
    "update": ("update",),
}
_SETTLES = {
    ("commitment", "done"): "done",
    ("commitment", "dropped"): "dropped",
    ("question", "answered"): "answer",
    ("blocker", "cleared"): "cleared",
    ("decision", "reversed"): "reversed",
}

Labels = dict[str, int]
"""Acts of one message, each `YES` or `UNSURE`; what is not there it does not do."""


@dataclass(frozen=True)
class Noted:
    """A fact with the messages it rests on, oldest first; `anchor` is the one that makes it a fact."""

    row: Mapping[str, Any]
    messages: tuple[Message, ...]
    anchor: Message
    actor: PersonId
    counterparty: PersonId | None
    settled_by: frozenset[str]


def noted(world: World) -> Iterator[Noted]:
    """The facts that rest on messages that are still there."""
    messages = {world.keys[each.message_id]: each for channel in world.channels for each in channel}
    people = {key: person for person, key in world.people.items()}
    for row in world.facts:
        found = sorted((messages[key] for key in row["evidence"] if key in messages), key=lambda each: each.posted_at)
        if not found:
            continue
        actor = people[row["actor"]]
        own = [each for each in found if each.author_id == actor]
        # Who accepts a request makes it a promise; anything else is there from the first message on.
        anchor = own[0] if own else found[-1] if row["kind"] == "commitment" else found[0]
        counterparty = people.get(row["counterparty"] or "")
        yield Noted(row, tuple(found), anchor, actor, counterparty, frozenset(row["resolved_by"]))


def labels(world: World) -> dict[str, Labels]:
    """By the name that the labels call a message, what it does."""
    found: dict[str, Labels] = {}
    loud: set[str] = set()
    for fact in noted(world):
        act = _act(fact.row)
        loud.update(world.keys[each.message_id] for each in fact.messages)
        loud |= fact.settled_by
        for message in fact.messages:
            own = found.setdefault(world.keys[message.message_id], {})
            if message is fact.anchor:
                own[act] = YES
                continue
            for each in KINDS[fact.row["kind"]]:
                own.setdefault(each, UNSURE)
            before = message.posted_at < fact.anchor.posted_at
            if fact.row["kind"] == "commitment" and before and message.author_id != fact.actor:
                own["request"] = YES
        if settles := _SETTLES.get((fact.row["kind"], fact.row["status"])):
            for key in fact.settled_by:
                found.setdefault(key, {})[settles] = YES
    quiet = [each["messages"] for each in world.conversations if loud.isdisjoint(each["messages"])]
    for key in chain.from_iterable(quiet):
        found.setdefault(key, {})["quiet"] = YES
    assert {act for each in found.values() for act in each} <= set(ACTS)  # noqa: S101  # a word misspelt here
    return found


def of_kind(own: Labels, kind: str) -> int:
    """Whether the message makes a fact of this kind: `YES`, `UNSURE` or 0."""
    values = [own.get(act, 0) for act in KINDS[kind]]
    return YES if YES in values else UNSURE if UNSURE in values else 0


def _act(row: Mapping[str, Any]) -> str:
    if row["kind"] == "decision":
        return "proposed" if row["status"] == "proposed" else "decided"
    return str(row["kind"])
