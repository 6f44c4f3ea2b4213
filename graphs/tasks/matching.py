"""Which fact a candidate is: by the message it rests on, else by kind, actor, wording and time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from rapidfuzz import fuzz

from graphs.tasks import pairing
from graphs.tasks.changes import Add, Change, Changed, Confirm, Retire, Settle, apply
from graphs.tasks.extract import VERSION as EXTRACTED_BY
from graphs.tasks.extract import Candidate, Closing
from graphs.tasks.likeness import telling
from graphs.tasks.minutes import VERSION as NOTED_BY
from graphs.tasks.pairing import Matter, Remark, Words
from memory.models.facts import ENDED, SURE, Evidence, Fact, FactKind, FactStatus
from memory.models.ids import ContainerId, FactId, MessageId, PersonId, fact_id

SAME = 86.0
"""Token-set ratio from which two statements are one."""
DOUBTFUL = 72.0
"""From which they may be: whether they are is for somebody who knows what words mean."""
ENDS_PERHAPS = -0.7
"""Log-odds from which a remark may end a fact elsewhere."""
_RECENT = timedelta(days=21)
"""After this, the same words are taken for a new fact."""
_CLOSES: dict[FactStatus, tuple[FactKind, ...]] = {
    "done": ("commitment",),
    "dropped": ("commitment",),
    "cleared": ("blocker",),
    "reversed": ("decision",),
}
_CLOSABLE = frozenset(kind for kinds in _CLOSES.values() for kind in kinds)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact and later words, of which the rules cannot tell whether they say the same, or end it."""

    asks: Literal["same", "ends"]
    fact_id: FactId
    statement: str
    words: str
    message_id: MessageId


@dataclass(slots=True)
class Book:
    """The facts as they stand while candidates are taken in, with the ways to find one without reading all."""

    container_id: ContainerId
    current: tuple[Fact, ...]
    quoted: frozenset[MessageId]
    """Messages that some candidate or closing of this run rests on."""
    reread: frozenset[MessageId]
    """Messages of the conversations that were extracted anew."""
    texts: Mapping[MessageId, str] = field(default_factory=dict)
    """What facts rest on, as far as it is at hand."""
    verdicts: Mapping[Doubt, bool] = field(default_factory=dict)
    """What somebody who was asked said of doubts; of others it is no."""
    doubts: dict[Doubt, float] = field(default_factory=dict)
    """What there was nothing said of, with how near it is to a yes by the rules."""
    facts: dict[FactId, Fact] = field(default_factory=dict)
    by_message: dict[MessageId, dict[FactId, None]] = field(default_factory=dict)
    by_actor: dict[tuple[FactKind, PersonId | None], dict[FactId, None]] = field(default_factory=dict)
    by_word: dict[str, dict[FactId, None]] = field(default_factory=dict)
    """By the words of their statement, those that a remark elsewhere may settle."""
    words: dict[str, set[str]] = field(default_factory=dict)
    about: dict[tuple[FactId, str], Words] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)
    supported: set[FactId] = field(default_factory=set)
    owned: set[FactId] = field(default_factory=set)

    def __post_init__(self) -> None:
        for fact in self.current:
            self.facts[fact.fact_id] = fact
            self._index(fact)

    def note(self, change: Changed) -> None:
        self.changes.append(change)
        apply(self.facts, change)
        name = change.fact.fact_id if isinstance(change, Add) else change.fact_id
        if name in self.facts:
            self._index(self.facts[name])

    def take_exact(self, candidate: Candidate) -> bool:
        """Takes in a candidate whose fact said the very same then; these go first, so that no other claims it."""
        for fact in self._anchored(candidate):
            if (fact.statement, fact.valid_from) == (candidate.statement, candidate.at):
                self._own(fact, candidate)
                return True
        return False

    def take(self, candidate: Candidate) -> None:
        known = self._same(candidate, self._resting_on(candidate))
        if known is not None:
            self.supported.add(known.fact_id)
        elif (own := self._nearest(candidate, self._anchored(candidate))) is not None:
            self._own(own, candidate)
        elif (same := self._same(candidate, self._alike(candidate))) is not None:
            self._again(same, candidate)
        else:
            self._add(candidate)

    def close(self, closings: Sequence[Closing]) -> None:
        """Settles open facts of other conversations: the likeliest pair first, each remark and fact once a kind."""
        pairs = [(odds, closing, name) for closing in closings for odds, name in self._spoken_of(closing)]
        pairs.sort(key=lambda row: (-row[0], row[1].at, str(row[1].evidence.message_id), str(row[2])))
        spent: set[tuple[MessageId, FactKind]] = set()
        for _, closing, name in pairs:
            fact, key = self.facts[name], (closing.evidence.message_id, self.facts[name].kind)
            if key not in spent and closable(fact, closing):
                spent.add(key)
                self.note(Settle(name, closing.status, (closing.evidence,), closing.at))

    def _spoken_of(self, closing: Closing) -> Iterator[tuple[float, FactId]]:
        """The facts that the remark may settle, with log-odds above what is enough."""
        message = closing.evidence.message_id
        settled = [fact for fact in self._at(message) if _is_settled_by(fact, message)]
        remark = Remark(closing.actor_id, closing.at, pairing.words_of(closing.words), closing.mentions)
        for name in dict.fromkeys(name for stem in sorted(remark.words.stems) for name in self.by_word.get(stem, ())):
            fact = self.facts.get(name)
            if fact is None or fact.conversation_id == closing.conversation_id or not closable(fact, closing):
                continue
            odds = pairing.odds(self._matter(fact), remark, closing.log_odds)
            if odds <= ENDS_PERHAPS or any(other.kind == fact.kind for other in settled):
                continue
            doubt = Doubt("ends", name, fact.statement, closing.words, message)
            if odds > 0 or self._judged(doubt, odds / -ENDS_PERHAPS):
                yield odds, name

    def retire(self, until: Mapping[MessageId, datetime]) -> None:
        """Retires what its messages, read anew, no longer say. `until`: when their conversation last changed."""
        for fact in self.current:
            grounds = [span.message_id for span in _grounds(fact)]
            if fact.fact_id in self.supported or fact.engine == "person" or not all(each in until for each in grounds):
                continue
            newest = max(until[each] for each in grounds)
            if newest > fact.valid_from:
                self.note(Retire(fact.fact_id, newest))

    def _anchored(self, candidate: Candidate) -> list[Fact]:
        first = anchor(candidate.evidence)
        found = [
            fact
            for fact in self._at(first)
            if fact.kind == candidate.kind and fact.fact_id not in self.owned and anchor(fact.evidence) == first
        ]
        return [fact for fact in found if fact.actor_id == candidate.actor_id] or found

    def _resting_on(self, candidate: Candidate) -> list[Fact]:
        """Facts that took this candidate in before: all its messages are among theirs, not just their first."""
        first = anchor(candidate.evidence)
        messages = {span.message_id for span in candidate.evidence if span.role != "settles"}
        return [
            fact
            for fact in self._at(first)
            if fact.kind == candidate.kind
            and fact.actor_id == candidate.actor_id
            and (anchor(fact.evidence) != first or len(messages) > 1)
            and messages <= {span.message_id for span in fact.evidence}
        ]

    def _alike(self, candidate: Candidate) -> list[Fact]:
        words = self._telling(candidate.statement)
        same_actor = (self.facts[name] for name in self.by_actor.get((candidate.kind, candidate.actor_id), ()))
        return [
            fact
            for fact in same_actor
            if fact.actor_id == candidate.actor_id
            and (fact.status not in ENDED or (fact.valid_to is not None and candidate.at < fact.valid_to))
            and not fact.dismissed
            and fact.valid_from < candidate.at <= fact.valid_from + _RECENT
            and len(self._telling(fact.statement) & words) >= 2
        ]

    def _index(self, fact: Fact) -> None:
        if fact.kind in _CLOSABLE:
            for word in self._matter(fact).words.stems:
                self.by_word.setdefault(word, {})[fact.fact_id] = None
        self.by_actor.setdefault((fact.kind, fact.actor_id), {})[fact.fact_id] = None
        for span in fact.evidence:
            self.by_message.setdefault(span.message_id, {})[fact.fact_id] = None

    def _at(self, message: MessageId) -> list[Fact]:
        """Facts that rest on this message, or are settled by it."""
        return [self.facts[name] for name in self.by_message.get(message, ()) if name in self.facts]

    def _telling(self, text: str) -> set[str]:
        if text not in self.words:
            self.words[text] = telling(text)
        return self.words[text]

    def _matter(self, fact: Fact) -> Matter:
        key = (fact.fact_id, fact.statement)
        if key not in self.about:
            quoted = [self.texts.get(span.message_id, "") for span in fact.evidence if span.role == "states"]
            self.about[key] = pairing.words_of(" ".join([fact.statement, *quoted]))
        words = self.about[key]
        return Matter(fact.kind, fact.actor_id, fact.counterparty_id, words, fact.due, fact.valid_from)

    def _same(self, candidate: Candidate, facts: Iterable[Fact]) -> Fact | None:
        """The fact that says the same, the likest first; where that is doubtful, if it was judged so."""
        for ratio, _, fact in sorted(_ranked(candidate, facts), key=lambda row: row[:2], reverse=True):
            doubt = Doubt("same", fact.fact_id, fact.statement, candidate.statement, anchor(candidate.evidence))
            if ratio >= SAME or (ratio >= DOUBTFUL and self._judged(doubt, (ratio - SAME) / (SAME - DOUBTFUL))):
                return fact
        return None

    def _nearest(self, candidate: Candidate, facts: Iterable[Fact]) -> Fact | None:
        return max(_ranked(candidate, facts), key=lambda row: row[:2], default=(0.0, "", None))[2]

    def _judged(self, doubt: Doubt, nearness: float) -> bool:
        if doubt not in self.verdicts:
            self.doubts[doubt] = nearness
        return self.verdicts.get(doubt, False)

    def _add(self, candidate: Candidate) -> None:
        first, ordinal = anchor(candidate.evidence), 0
        while (name := fact_id(self.container_id, candidate.kind, first, ordinal)) in self.facts:
            ordinal += 1
        fact = Fact(
            fact_id=name,
            container_id=self.container_id,
            conversation_id=candidate.conversation_id,
            kind=candidate.kind,
            actor_id=candidate.actor_id,
            counterparty_id=candidate.counterparty_id,
            statement=candidate.statement,
            due=candidate.due,
            status=candidate.status,
            log_odds=candidate.log_odds,
            valid_from=candidate.at,
            valid_to=candidate.settled_at if candidate.status in ENDED else None,
            engine=candidate.engine,
            engine_version=_version(candidate),
            evidence=candidate.evidence,
        )
        self.owned.add(name)
        self.supported.add(name)
        self.note(Add(fact))

    def _own(self, fact: Fact, candidate: Candidate) -> None:
        """The fact's own messages were read again: it follows their wording, and keeps what came from elsewhere."""
        self.owned.add(fact.fact_id)
        self.supported.add(fact.fact_id)
        if fact.engine == "person":
            return
        fresh = tuple(span for span in candidate.evidence if span.role != "settles" and span not in fact.evidence)
        mine = {span.message_id for span in candidate.evidence}
        moved = any(span.role == "changes" and span.message_id not in mine for span in fact.evidence)
        change = Change(
            fact.fact_id,
            candidate.statement,
            fact.due if moved else candidate.due,
            candidate.status if self._lost_its_end(fact, candidate) else fact.status,
            candidate.actor_id,
            candidate.counterparty_id,
            candidate.conversation_id,
            fresh,
            *((candidate.engine, _version(candidate)) if candidate.engine != fact.engine else ()),
        )
        if fresh or change.differs(fact):
            self.note(change)
        self._follow_status(self.facts[fact.fact_id], candidate)

    def _lost_its_end(self, fact: Fact, candidate: Candidate) -> bool:
        """Whether the words that settled the fact, or its own first status, are no longer there."""
        ends = {span.message_id for span in fact.evidence if span.role == "settles"}
        if candidate.settled_at is not None or candidate.status == fact.status or candidate.status in ENDED:
            return False  # what has words that settle it follows those, and without any nothing is over
        return all(message in self.reread and message not in self.quoted for message in ends)

    def _again(self, fact: Fact, candidate: Candidate) -> None:
        """The same was said again elsewhere: more evidence, perhaps another date, perhaps its end."""
        self.supported.add(fact.fact_id)
        if fact.engine == "person":
            return
        grounds = tuple(span for span in candidate.evidence if span.role != "settles")
        surer = round(min(fact.log_odds + max(candidate.log_odds, 0.2) / 2, SURE), 2)
        self.note(Confirm(fact.fact_id, grounds, max(surer, fact.log_odds)))
        if candidate.due is not None and candidate.due != fact.due:
            moved = tuple(span.model_copy(update={"role": "changes"}) for span in grounds)
            self.note(
                Change(
                    fact.fact_id,
                    fact.statement,
                    candidate.due,
                    fact.status,
                    fact.actor_id,
                    fact.counterparty_id,
                    fact.conversation_id,
                    moved,
                )
            )
        self._follow_status(self.facts[fact.fact_id], candidate)

    def _follow_status(self, fact: Fact, candidate: Candidate) -> None:
        if fact.status in ENDED or fact.engine == "person" or candidate.status == fact.status:
            return
        ends = tuple(span for span in candidate.evidence if span.role == "settles")
        at = candidate.settled_at
        if at is None and candidate.status == "decided" and candidate.at > fact.valid_from:
            at, ends = candidate.at, tuple(span.model_copy(update={"role": "settles"}) for span in candidate.evidence)
        if at is not None and at > fact.valid_from:
            self.note(Settle(fact.fact_id, candidate.status, ends, at))


def closable(fact: Fact, closing: Closing) -> bool:
    """Whether the remark is of a kind, by whom and when it could settle the fact; not whether it speaks of it."""
    if fact.kind not in _CLOSES.get(closing.status, ()) or fact.status in ENDED or fact.engine == "person":
        return False
    if not fact.valid_from < closing.at <= fact.valid_from + _RECENT:
        return False
    if fact.kind == "blocker":
        return True
    concerned = {fact.actor_id} if closing.status != "dropped" else {fact.actor_id, fact.counterparty_id}
    return closing.actor_id in concerned


def _ranked(candidate: Candidate, facts: Iterable[Fact]) -> list[tuple[float, str, Fact]]:
    return [(fuzz.token_set_ratio(fact.statement, candidate.statement), str(fact.fact_id), fact) for fact in facts]


def _version(candidate: Candidate) -> str:
    return NOTED_BY if candidate.engine == "model" else EXTRACTED_BY


def _is_settled_by(fact: Fact, message: MessageId) -> bool:
    return any(span.message_id == message and span.role == "settles" for span in fact.evidence)


def anchor(evidence: tuple[Evidence, ...]) -> MessageId:
    """The first message that states the fact."""
    return next(span.message_id for span in evidence if span.role == "states")


def _grounds(fact: Fact) -> list[Evidence]:
    return [span for span in fact.evidence if span.role != "settles"]
