"""What listening to a conversation has to remember: what was said, by whom, and what was drafted so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from graphs.tasks import dates, phrasing
from graphs.tasks.saying import Said
from graphs.tasks.speech import Clause
from memory.models.facts import Evidence, FactKind, FactStatus
from memory.models.ids import PersonId
from memory.models.messages import Message

REACH = 8
"""Messages after which something asked no longer waits for its yes."""


@dataclass(slots=True)
class Draft:
    kind: FactKind
    actor: PersonId | None
    counterparty: PersonId | None
    statement: str
    due: date | None
    status: FactStatus
    log_odds: float
    at: datetime
    place: int
    evidence: list[Evidence]
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause of a message: what a fact answers, or goes back to."""

    said: Said
    clause: Clause


@dataclass(slots=True)
class Ear:
    """What listening to a conversation has to remember."""

    names: Mapping[PersonId, str]
    timezones: Mapping[PersonId, str]
    told: Sequence[Said]
    drafts: list[Draft] = field(default_factory=list)

    def due(self, words: str, said: Said) -> date | None:
        return dates.due(words, said.message.posted_at, self.zone(said.message))

    def zone(self, message: Message) -> str:
        return self.timezones.get(message.author_id, "UTC") if message.author_id else "UTC"

    def before(self, said: Said) -> PersonId | None:
        """Who spoke last before, other than the author."""
        for other in reversed(self.told[max(said.place - REACH, 0) : said.place]):
            if other.message.author_id != said.message.author_id:
                return other.message.author_id
        return None

    def keep(
        self,
        kind: FactKind,
        said: Said,
        clause: Clause,
        log_odds: float,
        status: FactStatus,
        *,
        counterparty: PersonId | None = None,
        due: date | None = None,
        answers: Quote | None = None,
        actor: PersonId | None = None,
    ) -> Draft:
        """Drafts a fact that rests on this clause, and on the words that it answers."""
        evidence = [span(said, clause)]
        if answers is not None:
            evidence.insert(0, span(answers.said, answers.clause))
        actor = actor or said.message.author_id
        words = (answers.said.utterance, answers.clause) if answers else None
        draft = Draft(
            kind,
            actor,
            counterparty,
            phrasing.statement(kind, said.utterance, clause, self.names, words),
            due,
            status,
            log_odds,
            said.message.posted_at,
            said.place,
            evidence,
        )
        self.drafts.append(draft)
        return draft


def span(said: Said, clause: Clause) -> Evidence:
    return Evidence(message_id=said.message.message_id, start=clause.start, end=clause.end)
