"""Why something matters to one reader: typed reasons with a weight each, whose sum is its score."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Self
from uuid import UUID

from graphs import days, preferences, smalltalk
from graphs.reasons import Reason, heaviest_first
from graphs.tasks.contextualise import ReaderContext
from memory.models.base import Model
from memory.models.containers import Container
from memory.models.conversations import Conversation
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ConversationId, FactId, MessageId, PersonId
from memory.models.messages import Message, MessageKind

_A_DAY = 8.0
"""Working hours after which somebody who asked waits less and less: most have found out elsewhere by then."""
UNANSWERED = 1.0
"""Working hours after which a question has gone unanswered."""
_WEEK = 5
_SETTLES = 3
"""Workdays after which a proposal that nobody has settled was forgotten."""


class Light(Model):
    """What ranking needs of a message. `text` only tells a request from thanks."""

    message_id: MessageId
    container_id: ContainerId
    author_id: PersonId | None = None
    mentions: tuple[PersonId, ...] = ()
    posted_at: datetime
    kind: MessageKind = "human"
    text: str = ""
    reactions: int = 0

    @cached_property
    def asks(self) -> bool:
        """Whether it wants something of whom it addresses."""
        return smalltalk.asks(self.text)

    @cached_property
    def is_idle(self) -> bool:
        """Whether it is a pleasantry, or not meant."""
        return smalltalk.is_joke(self.text) or smalltalk.is_pleasantry(self.text)

    @classmethod
    def of(cls, message: Message, reactions: int = 0) -> Self:
        """A message, and how many people reacted to it."""
        return cls(
            message_id=message.message_id,
            container_id=message.container_id,
            author_id=message.author_id,
            mentions=message.mentions,
            posted_at=message.posted_at,
            kind=message.kind,
            text=message.text,
            reactions=reactions,
        )


@dataclass(frozen=True)
class View:
    """Everything known this morning, looked at from one reader."""

    reader: ReaderContext
    conversations: Mapping[ConversationId, Conversation]
    messages: Mapping[MessageId, Light]
    containers: Mapping[ContainerId, Container]
    today: date
    now: datetime

    @property
    def me(self) -> PersonId:
        return self.reader.person.person_id

    @cached_property
    def told(self) -> frozenset[UUID]:
        return frozenset(key for t in self.reader.told for key in (t.anchor_id, *t.fact_ids))

    def told_since(self, fact: Fact) -> bool:
        """Whether a briefing told of the fact, be it beside another, after it last moved."""
        latest = max((t.at for t in self.reader.told if fact.fact_id in t.fact_ids and t.at), default=None)
        return latest is not None and latest >= self.moved_at(fact)

    @cached_property
    def my_channels(self) -> frozenset[ContainerId]:
        return frozenset(m.container_id for m in self.messages.values() if m.author_id == self.me)

    @cached_property
    def my_words(self) -> Mapping[ConversationId, datetime]:
        """When the reader last wrote in each conversation they wrote in."""
        last: dict[ConversationId, datetime] = {}
        for key, conversation in self.conversations.items():
            mine = [m.posted_at for m in self.of(conversation.message_ids) if m.author_id == self.me]
            if mine:
                last[key] = max(mine)
        return last

    @cached_property
    def home(self) -> Mapping[MessageId, ConversationId]:
        return {m: key for key, c in self.conversations.items() for m in c.message_ids}

    def of(self, ids: Iterable[MessageId]) -> list[Light]:
        return [self.messages[i] for i in ids if i in self.messages]

    @cached_property
    def writers(self) -> Mapping[ConversationId, frozenset[PersonId]]:
        """Who wrote in each conversation."""
        return {
            key: frozenset(m.author_id for m in self.of(c.message_ids) if m.author_id)
            for key, c in self.conversations.items()
        }

    @cached_property
    def _evidence(self) -> dict[FactId, tuple[Light, ...]]:
        return {}

    def evidence(self, fact: Fact) -> tuple[Light, ...]:
        """The messages it rests on, each once: asked for over and over, and looked up once."""
        held = self._evidence.get(fact.fact_id)
        if held is None:
            held = self._evidence[fact.fact_id] = tuple(self.of(dict.fromkeys(e.message_id for e in fact.evidence)))
        return held

    def answered_by_me(self, conversation: ConversationId | None, after: datetime) -> bool:
        """Whether the reader wrote in that conversation later: then it no longer waits for them."""
        last = self.my_words.get(conversation) if conversation else None
        return last is not None and last > after

    def addresses_me(self, fact: Fact) -> bool:
        stating = {e.message_id for e in fact.evidence if e.role == "states"}
        return fact.counterparty_id == self.me or any(self.me in m.mentions for m in self.of(stating))

    def moved_at(self, fact: Fact) -> datetime:
        """When a fact last changed in the world: its newest evidence."""
        return max([fact.valid_from, *(m.posted_at for m in self.evidence(fact))])


def of_fact(fact: Fact, view: View) -> tuple[Reason, ...]:
    """All that speaks for telling this fact, heaviest first."""
    own = {"commitment": _promise, "question": _question, "blocker": _blocker, "decision": _decision}
    reasons = own[fact.kind](fact, view) if fact.kind in own else [Reason(code="update", weight=15)]
    reasons += relations(fact.actor_id, view)
    reasons += _projects(fact, view)
    reasons += chosen(fact.actor_id, fact.container_id, view)
    reasons += place(fact.conversation_id, fact.container_id, view)
    return heaviest_first(reasons)


def of_conversation(conversation: Conversation, view: View) -> tuple[Reason, ...]:
    """What makes a conversation without facts worth a line: how many took part, wrote, reacted."""
    messages = [m for m in view.of(conversation.message_ids) if m.kind == "human"]
    reactions = sum(m.reactions for m in messages)
    reasons = [Reason(code="replies", weight=min(len(messages), 20) / 2, detail=str(len(messages)))]
    if reactions >= 3:
        reasons.append(Reason(code="reactions", weight=min(reactions, 20) / 2, detail=str(reactions)))
    reasons += chosen(None, conversation.container_id, view)
    return heaviest_first([*reasons, *place(conversation.conversation_id, conversation.container_id, view)])


def place(key: ConversationId, container: ContainerId, view: View) -> list[Reason]:
    """What the place of something says: the reader took part, writes there, many were there."""
    reasons = []
    if key in view.my_words:
        reasons.append(Reason(code="took_part", weight=8))
    elif container in view.my_channels:
        reasons.append(Reason(code="your_channel", weight=5))
    many = len(view.writers.get(key, ()))
    if many >= 3:
        reasons.append(Reason(code="reach", weight=min(many, 8), detail=days.counted(many)))
    return reasons


def chosen(actor: PersonId | None, container: ContainerId, view: View) -> list[Reason]:
    """What weighs more because the reader chose so."""
    found = preferences.marks(actor, container, view.reader.preferences)
    return [Reason(code=code, weight=weight, person_id=person) for code, weight, person in found]


def _promise(fact: Fact, view: View) -> list[Reason]:
    left = (fact.due - view.today).days if fact.due else None
    if fact.status == "open" and fact.due and fact.due < view.today and not _reminds(fact, fact.due, view):
        return []
    if fact.actor_id == view.me:
        return [_mine(_as_told(left, fact, view))] if fact.status == "open" else []
    late = fact.status == "open" and left is not None and left < 0
    if fact.counterparty_id == view.me:
        return [_owed(fact, _as_told(left, fact, view))]
    if late and fact.actor_id in view.reader.reports:
        return [Reason(code="report_late", weight=22, person_id=fact.actor_id)]
    return []


def _reminds(fact: Fact, due: date, view: View) -> bool:
    """Whether a promise past its day is told of: on the first workday after it, then once a week, and once at all."""
    late = days.workdays(due, view.today)
    return late <= 1 or late % _WEEK == 0 or fact.fact_id not in view.told


def _as_told(left: int | None, fact: Fact, view: View) -> int | None:
    """Days that are left; a promise of which the reader was never told is news, however late it is."""
    return max(left, -1) if left is not None and fact.fact_id not in view.told else left


def _mine(left: int | None) -> Reason:
    if left is None or left > 3:
        return Reason(code="my_promise", weight=66)
    if left > 0:
        return Reason(code="my_promise_soon", weight=max(90 - 10 * left, 68))
    if left == 0:
        return Reason(code="my_promise_today", weight=92)
    # The longer ago, the likelier that it was done, and nobody said so.
    return Reason(code="my_promise_overdue", weight=max(68 + 22 * left, 20))


def _owed(fact: Fact, left: int | None) -> Reason:
    who = fact.actor_id
    if fact.status != "open":
        return Reason(code="kept_for_you", weight=32, person_id=who)
    if left is not None and left < 0:
        return Reason(code="owed_to_you_overdue", weight=max(60 + 22 * left, 15), person_id=who)
    if left == 0:
        return Reason(code="owed_to_you_today", weight=62, person_id=who)
    return Reason(code="owed_to_you", weight=30, person_id=who)


def _question(fact: Fact, view: View) -> list[Reason]:
    asked = max((m.posted_at for m in view.evidence(fact)), default=fact.valid_from)
    waited = days.working_hours(asked, view.now, view.reader.person.tz) if fact.status == "open" else 0.0
    waits = fact.status == "open" and fact.actor_id != view.me and view.addresses_me(fact)
    if waits and not view.answered_by_me(fact.conversation_id, asked):
        weight = max(100 - 4 * max(waited - _A_DAY, 0), 40)
        return [Reason(code="asked_of_you", weight=round(weight, 1), person_id=fact.actor_id)]
    if fact.actor_id == view.me and waited >= UNANSWERED:
        return [Reason(code="unanswered_yours", weight=58)]
    return [Reason(code="question", weight=8)]


def _blocker(fact: Fact, view: View) -> list[Reason]:
    reasons = [Reason(code="blocker", weight=20)]
    if fact.status == "raised" and fact.actor_id == view.me:
        return [Reason(code="your_blocker", weight=60)]
    if fact.status != "raised":
        return reasons
    if view.addresses_me(fact):
        reasons.append(Reason(code="blocks_on_you", weight=75, person_id=fact.actor_id))
    elif fact.actor_id in view.reader.reports:
        # Whom they wait for knows already; where nobody is named, their lead is who can help.
        weight = 12 if fact.counterparty_id else 27
        reasons.append(Reason(code="report_blocked", weight=weight, person_id=fact.actor_id))
    return reasons


def _decision(fact: Fact, view: View) -> list[Reason]:
    reasons = [Reason(code="proposal", weight=16) if fact.status == "proposed" else Reason(code="decision", weight=20)]
    put_to_me = fact.status == "proposed" and fact.actor_id != view.me and view.addresses_me(fact)
    if put_to_me and not view.answered_by_me(fact.conversation_id, view.moved_at(fact)):
        reasons.append(Reason(code="asked_of_you", weight=70, person_id=fact.actor_id))
    elif fact.status == "proposed" and (waited := _unsettled(fact, view)):
        reasons.append(Reason(code="unsettled", weight=10, detail=days.counted(waited)))
    elif not put_to_me and fact.status != "reversed" and _decided_elsewhere(fact, view):
        reasons.append(Reason(code="report_decided", weight=12, person_id=fact.actor_id))
    return reasons


def _decided_elsewhere(fact: Fact, view: View) -> bool:
    """Whether one of the reader's people did, where the reader was not."""
    return fact.actor_id in view.reader.reports and fact.conversation_id not in view.my_words


def _unsettled(fact: Fact, view: View) -> int:
    """The workdays that a proposal has waited, on the days on which whoever took part is told so: then weekly."""
    waited = days.workdays(days.local_day(view.moved_at(fact), view.reader.person.tz), view.today)
    concerned = fact.actor_id == view.me or fact.conversation_id in view.my_words
    return waited if concerned and waited >= _SETTLES and (waited - _SETTLES) % _WEEK == 0 else 0


def relations(actor: PersonId | None, view: View) -> list[Reason]:
    if actor is None or actor == view.me:
        return []
    if actor == view.reader.manager:
        return [Reason(code="from_manager", weight=15, person_id=actor)]
    if actor in view.reader.reports:
        return [Reason(code="from_report", weight=14, person_id=actor)]
    if actor in view.reader.further_reports:
        return [Reason(code="from_further_report", weight=8, person_id=actor)]
    return []


def _projects(fact: Fact, view: View) -> list[Reason]:
    conversation = view.conversations.get(fact.conversation_id)
    container = view.containers.get(fact.container_id)
    said = " ".join((fact.statement, conversation.topic if conversation else "", container.name if container else ""))
    words = _spaced(said)
    touched = sorted(p for p in view.reader.projects if p.strip() and _spaced(p) in words)
    return [Reason(code="project", weight=12, detail=touched[0])] if touched else []


def _spaced(text: str) -> str:
    """Lower case, with hyphens as spaces and one at each end, so that whole words are found in it."""
    return f" {' '.join(text.lower().replace('-', ' ').replace('_', ' ').split())} "


def by_anchor(reader: ReaderContext) -> dict[UUID, list[tuple[date, str, bool]]]:
    """What was told of each anchor, oldest first: the day, the fingerprint, whether it was marked done."""
    told: dict[UUID, list[tuple[date, str, bool]]] = defaultdict(list)
    for one in sorted(reader.told, key=lambda t: (t.local_date, t.fingerprint)):
        told[one.anchor_id].append((one.local_date, one.fingerprint, one.done))
    return told
