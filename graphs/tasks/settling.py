"""What comes after: answers, deliveries, all-clears, changes of mind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphs.tasks import lexicon
from graphs.tasks.ear import Draft
from graphs.tasks.segment import COMMON
from graphs.tasks.speech import Utterance
from memory.models.facts import Evidence, FactStatus

_WITHIN = 12
"""Messages after which a reply answers something else."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Words that may settle something said elsewhere."""

    said: Utterance
    status: FactStatus
    start: int
    end: int


def settle(drafts: Sequence[Draft], told: Sequence[Utterance]) -> None:
    """Looks behind each draft for the words that settle it, and notes them as its evidence."""
    for draft in drafts:
        after = told[draft.place + 1 :]
        if draft.kind == "question":
            _settle_question(draft, after[:_WITHIN])
        elif draft.kind == "commitment":
            _settle_commitment(draft, after, told[draft.place])
        elif draft.kind == "blocker":
            _settle_blocker(draft, after, told[draft.place])
        elif draft.kind == "decision":
            _settle_decision(draft, after[:_WITHIN], told[draft.place])


def closings(told: Sequence[Utterance]) -> Iterator[Remark]:
    """Remarks that something is done, dropped or free again, for facts of other conversations."""
    for said in told:
        if said.joking:
            continue
        for clause in said.clauses:
            if clause.asks or lexicon.HEDGES.search(clause.words):
                continue
            status = _closes(clause.words)
            if status:
                yield Remark(said, status, clause.start, clause.end)
                break


def shared_words(one: str, two: str) -> int:
    """How many telling words two texts have in common."""
    return len(telling(one) & telling(two))


def _closes(words: str) -> FactStatus | None:
    if lexicon.DROPS.search(words):
        return "dropped"
    if lexicon.REVERSES.search(words):
        return "reversed"
    if lexicon.FINISHED.search(words):
        return "done"
    return "cleared" if lexicon.CLEARS.search(words) else None


def _settle_question(draft: Draft, after: Sequence[Utterance]) -> None:
    for said in after:
        if said.message.author_id == draft.actor or not said.clauses:
            continue
        first = said.clauses[0]
        if lexicon.NO_ANSWER.match(first.words) or all(clause.asks for clause in said.clauses):
            continue
        # Whoever answers was asked, unless somebody else was by name.
        draft.counterparty = draft.counterparty or said.message.author_id
        _end(draft, "answered", said, first.start, first.end)
        return


def _settle_commitment(draft: Draft, after: Sequence[Utterance], promise: Utterance) -> None:
    for said in after:
        own = said.message.author_id == draft.actor
        for clause in said.clauses:
            if clause.asks or lexicon.HEDGES.search(clause.words):
                continue
            close = said.place - promise.place <= 4 or shared_words(promise.words + draft.statement, said.words) > 0
            if lexicon.DROPS.search(clause.words) and (own or said.message.author_id == draft.counterparty) and close:
                _end(draft, "dropped", said, clause.start, clause.end)
                return
            if own and close and lexicon.FINISHED.search(clause.words):
                _end(draft, "done", said, clause.start, clause.end)
                return


def _settle_blocker(draft: Draft, after: Sequence[Utterance], blocked: Utterance) -> None:
    for said in after:
        for clause in said.clauses:
            if clause.asks or lexicon.HEDGES.search(clause.words) or not lexicon.CLEARS.search(clause.words):
                continue
            if said.place - blocked.place <= 3 or shared_words(blocked.words, said.words) > 0:
                _end(draft, "cleared", said, clause.start, clause.end)
                return


def _settle_decision(draft: Draft, after: Sequence[Utterance], decided: Utterance) -> None:
    for said in after:
        if not said.clauses or said.joking:
            continue
        first = said.clauses[0]
        other = said.message.author_id != draft.actor
        if draft.status == "proposed" and other and lexicon.AGREES.match(first.words) and not first.asks:
            _end(draft, "decided", said, first.start, first.end)
        elif draft.status == "decided" and _reverses(said.words, decided.words):
            _end(draft, "reversed", said, first.start, first.end)
            return


def _reverses(words: str, decided: str) -> bool:
    return lexicon.REVERSES.search(words) is not None and shared_words(decided, words) > 0


def _end(draft: Draft, status: FactStatus, said: Utterance, start: int, end: int) -> None:
    draft.status, draft.settled_at = status, said.message.posted_at
    draft.evidence.append(Evidence(message_id=said.message.message_id, start=start, end=end, role="settles"))


def telling(text: str) -> set[str]:
    """The words of a text that say what it is about."""
    words = (word.strip(".,:;!?()[]\"'`*_") for word in text.lower().split())
    return {word for word in words if len(word) > 2 and word not in COMMON}
