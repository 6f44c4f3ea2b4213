"""Extract: one conversation -> candidate facts, each with the words it rests on.

Contract: every span is a verbatim part of a message of the conversation, a person's words or a step of a review; the
actor of a candidate takes part in the conversation, or is mentioned or named in it; nothing hedged is a decision that
stands; what is settled says by which words. By rules a message yields at most one candidate of each kind, except where
it lists several behind explicit markers; those are exact, and never left to a model (`minutes`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from graphs.tasks import acts, drafting, marked, reviews, saying, settling
from graphs.tasks.ear import Draft, Ear
from graphs.tasks.minutes import Taken
from graphs.tasks.saying import Said
from graphs.tasks.settling import Ending
from graphs.tasks.speech import READ, hear
from memory.models.facts import LIFE, SETTLED, SURE, EngineName, Evidence, FactKind, FactStatus
from memory.models.ids import ConversationId, PersonId
from memory.models.messages import Message

VERSION = "rules-8"


@dataclass(frozen=True, slots=True)
class Given:
    """The messages of one conversation, oldest first; names and IANA zones of the people in it."""

    conversation_id: ConversationId
    messages: tuple[Message, ...]
    names: Mapping[PersonId, str] = field(default_factory=dict)
    timezones: Mapping[PersonId, str] = field(default_factory=dict)
    leads: frozenset[PersonId] = frozenset()
    """Who has the standing to settle a course (`standing`)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact as one conversation tells it. `at` is when it was said, `settled_at` when it was settled there."""

    conversation_id: ConversationId
    kind: FactKind
    actor_id: PersonId | None
    counterparty_id: PersonId | None
    statement: str
    due: date | None
    status: FactStatus
    log_odds: float
    at: datetime
    settled_at: datetime | None
    evidence: tuple[Evidence, ...]
    engine: EngineName = "rules"


@dataclass(frozen=True, slots=True)
class Closing:
    """Words that may settle what was said in another conversation: "deployed", "off my plate", "try now"."""

    conversation_id: ConversationId
    actor_id: PersonId | None
    status: FactStatus
    words: str
    at: datetime
    evidence: Evidence
    log_odds: float = 0.0
    """What the words are worth by themselves (`pairing.worth`)."""
    mentions: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    candidates: tuple[Candidate, ...]
    closings: tuple[Closing, ...] = ()


class UnfoundedCandidate(ValueError):
    """A candidate does not rest on the conversation: drop it, or quote what it rests on."""


def made(given: Given, taken: Sequence[Taken] = ()) -> Found:
    """The candidates of one conversation: as a model noted them, stretch by stretch, or else as the rules do."""
    found = rules(given)
    if taken:
        noted = _noted(given, found, taken)
        try:
            check(given, noted)
        except UnfoundedCandidate:
            noted = found
        found = noted
    check(given, found)
    return found


def _noted(given: Given, found: Found, taken: Sequence[Taken]) -> Found:
    """What a model noted: where the rules did so too it is surer. Marked lines, and closings, are the rules'."""
    human = [message for message in given.messages if message.kind == "human"]
    exact = {message.message_id for message in human if marked.marks(hear(message, 0).words)}
    own = [each for each in found.candidates if _stating(each).message_id in exact]
    odds = {(each.kind, span.message_id): each.log_odds for each in found.candidates for span in each.evidence}
    drafts = [each for each in _settled(given, human, taken) if human[each.place].message_id not in exact]
    candidates = [*own]
    for draft in drafts:
        agreed = max(odds.get((draft.kind, human[draft.place].message_id), 0.0), 0.0)
        surer = replace(draft, log_odds=draft.log_odds + agreed / 2)
        candidates.append(replace(_candidate(given.conversation_id, surer), engine="model"))
    return replace(found, candidates=tuple(sorted(candidates, key=lambda each: each.at)))


def _stating(candidate: Candidate) -> Evidence:
    """Its own words, behind those that they answer."""
    return [span for span in candidate.evidence if span.role == "states"][-1]


def _settled(given: Given, human: Sequence[Message], taken: Sequence[Taken]) -> Iterator[Draft]:
    """All drafts; what is open at the end of its stretch may be settled in a later one, by the rules."""
    ear = Ear(given.names, given.timezones, [])
    if len(taken) > 1:
        ear.told = [heard(message, place, ear.zone(message)) for place, message in enumerate(human)]
    for each in taken:
        later = {message.message_id for message in human[each.until :]} if ear.told else set()
        for draft in each.drafts:
            after = replace(draft, evidence=[*draft.evidence])
            settling.settle([after] if later else [], ear.told)
            yield after if after.evidence[-1].message_id in later else draft


def rules(given: Given) -> Found:
    """Trained noticers over lexicons and turn-taking: who asked whom, who said yes, what came after."""
    human = [message for message in given.messages if message.kind == "human"]
    ear = Ear(given.names, given.timezones, [])
    ear.told = [heard(message, place, ear.zone(message)) for place, message in enumerate(human)]
    drafts = drafting.draft(ear, given.leads)
    settling.settle(drafts, ear.told)
    stated = [*drafts, *reviews.drafts(given.messages)]
    return Found(
        tuple(_candidate(given.conversation_id, each) for each in stated),
        tuple(closings_of(given.conversation_id, settling.endings(ear.told, settling.promises(drafts, ear.told)))),
    )


def heard(message: Message, place: int, zone: str = "UTC") -> Said:
    """A message with all that can be told of it wherever it stands."""
    utterance = hear(message, place)
    return saying.said(utterance, *acts.scores(utterance.clauses), saying.plain(utterance, zone))


def check(given: Given, found: Found) -> None:
    """Raises `UnfoundedCandidate` when a candidate breaks the contract above."""
    texts = {message.message_id: message for message in given.messages}
    people = {message.author_id for message in given.messages}
    people.update(person for message in given.messages for person in message.mentions)
    for each in found.candidates:
        if not any(span.role == "states" for span in each.evidence):
            raise UnfoundedCandidate(f"“{each.statement}” quotes nothing that states it.")
        for span in each.evidence:
            message = texts.get(span.message_id)
            if message is None or not 0 <= span.start < span.end <= len(message.text):
                raise UnfoundedCandidate(f"“{each.statement}” quotes what nobody wrote.")
        if each.actor_id is not None and each.actor_id not in people and not _is_named(each.actor_id, given):
            raise UnfoundedCandidate(f"“{each.statement}” is ascribed to somebody who is not there.")
        if each.status not in LIFE[each.kind]:
            raise UnfoundedCandidate(f"“{each.statement}” cannot be {each.status}: it is a {each.kind}.")


def _is_named(person: PersonId, given: Given) -> bool:
    """Whether a message calls them by a part of their name."""
    parts = given.names.get(person, "").lower().split()
    return any(part in message.text.lower() for message in given.messages for part in parts)


def _candidate(conversation: ConversationId, draft: Draft) -> Candidate:
    return Candidate(
        conversation,
        draft.kind,
        draft.actor,
        draft.counterparty,
        draft.statement,
        draft.due,
        draft.status,
        round(min(draft.log_odds, SURE), 2),
        draft.at,
        draft.settled_at if draft.status in SETTLED else None,
        tuple(draft.evidence),
    )


def closings_of(conversation: ConversationId, found: Iterable[Ending]) -> Iterable[Closing]:
    """Remarks, as what may settle something said elsewhere."""
    for ending in found:
        message = ending.said.message
        evidence = Evidence(message_id=message.message_id, start=ending.start, end=ending.end, role="settles")
        yield Closing(
            conversation,
            message.author_id,
            ending.status,
            message.text[:READ],
            message.posted_at,
            evidence,
            round(ending.log_odds, 2),
            message.mentions,
        )
