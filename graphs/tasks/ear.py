"""What listening to a conversation has to remember: who asked what, and what was drafted so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from graphs.tasks import dates, phrasing
from graphs.tasks.speech import Clause, Utterance
from memory.models.facts import Evidence, FactKind, FactStatus
from memory.models.ids import PersonId

ENOUGH: Mapping[FactKind, float] = {
    "commitment": 1.1,
    "decision": 0.9,
    "question": 0.85,
    "blocker": 1.4,
    "update": 1.4,
}
"""Points from which a kind is drafted; log-odds are what is above."""
REACH = 8
"""Messages after which a request no longer waits for its yes."""


@dataclass(slots=True)
class Draft:
    kind: FactKind
    actor: PersonId | None
    counterparty: PersonId | None
    statement: str
    due: date | None
    status: FactStatus
    points: float
    at: datetime
    place: int
    evidence: list[Evidence]
    settled_at: datetime | None = None


@dataclass(slots=True)
class Request:
    """Somebody wants something done; whoever says yes has promised it."""

    said: Utterance
    clause: Clause
    asked: tuple[PersonId, ...]


@dataclass(slots=True)
class Ear:
    """What listening to a conversation has to remember."""

    names: Mapping[PersonId, str]
    timezones: Mapping[PersonId, str]
    told: Sequence[Utterance]
    requests: list[Request] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def due(self, words: str, said: Utterance) -> date | None:
        zone = self.timezones.get(said.message.author_id, "UTC") if said.message.author_id else "UTC"
        return dates.due(words, said.message.posted_at, zone)

    def before(self, said: Utterance) -> PersonId | None:
        """Who spoke last before, other than the author."""
        for other in reversed(self.told[max(said.place - REACH, 0) : said.place]):
            if other.message.author_id != said.message.author_id:
                return other.message.author_id
        return None

    def keep(
        self,
        kind: FactKind,
        said: Utterance,
        clause: Clause,
        worth: float,
        status: FactStatus,
        *,
        counterparty: PersonId | None = None,
        due: date | None = None,
        answers: Request | None = None,
        actor: PersonId | None = None,
    ) -> None:
        """Drafts a fact that rests on this clause, and on the request that it answers."""
        evidence = [span(said, clause)]
        if answers is not None:
            evidence.insert(0, span(answers.said, answers.clause))
        actor = actor or said.message.author_id
        draft = Draft(
            kind,
            actor,
            counterparty,
            phrasing.statement(kind, said, clause, self.names, (answers.said, answers.clause) if answers else None),
            due,
            status,
            worth - ENOUGH[kind],
            said.message.posted_at,
            said.place,
            evidence,
        )
        self.drafts.append(draft)


def span(said: Utterance, clause: Clause) -> Evidence:
    return Evidence(message_id=said.message.message_id, start=clause.start, end=clause.end)
