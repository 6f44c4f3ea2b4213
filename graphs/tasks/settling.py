"""What comes after: answers, deliveries, all-clears, changes of mind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphs.tasks import lexicon, pairing, undone
from graphs.tasks.ear import Draft
from graphs.tasks.pairing import Matter, Remark
from graphs.tasks.saying import OWN, Said
from graphs.tasks.speech import Clause
from memory.models.facts import Evidence, FactKind, FactStatus

WITHIN = 60
"""Messages after which one that settles something is not looked for any more in its conversation."""
_SOON = 4
"""Messages after which a yes is one to something else."""
_YES = 4
"""Words beyond which a yes says more than that."""
ENDED: dict[FactKind, FactStatus] = {
    "commitment": "done",
    "question": "answered",
    "blocker": "cleared",
    "decision": "reversed",
}
_ACROSS: tuple[FactKind, ...] = ("commitment", "blocker", "decision")
"""Kinds that a remark in another conversation may end."""
_THANKS, _AGREES, _ASKS = (OWN.index(name) for name in ("thanks", "agrees", "ends_asking"))


@dataclass(frozen=True, slots=True)
class Ending:
    """Words that may settle something said elsewhere, and what they are worth by themselves."""

    said: Said
    status: FactStatus
    start: int
    end: int
    log_odds: float


_KEPT_OPEN = frozenset({"commitment", "blocker"})
"""What no promise ends that has yet to be kept."""


def settle(drafts: Sequence[Draft], told: Sequence[Said]) -> None:
    """Looks behind each draft for the words that settle it, and notes them as its evidence."""
    remarks = [remark_of(said) for said in told]
    owns = [pairing.own(said) for said in told]
    open_still = promises(drafts, told) | {place for place, said in enumerate(told) if undone.keeps_open(said)}
    named = [undone.named_done(said) for said in told]
    for draft in drafts:
        if draft.status == "proposed":
            _agree(draft, told)
        elif draft.kind in ENDED:
            matter = matter_of(draft, told)
            best, at = 0.0, -1
            for place in range(draft.place + 1, min(draft.place + 1 + WITHIN, len(told))):
                if told[place].message.posted_at <= draft.at or (draft.kind in _KEPT_OPEN and place in open_still):
                    continue
                other = named[place] if draft.kind == "commitment" else None
                if other is not None and not other & matter.words.stems:
                    continue  # something else is done
                if not told[place].message.text:
                    continue  # a file, or what is shared from elsewhere: nothing that could be quoted
                columns = within(draft, place, told)
                odds = pairing.odds(matter, remarks[place], pairing.worth(draft.kind, owns[place]), columns)
                if odds > best:
                    best, at = odds, place
            if at > 0:
                _end(draft, told[at], owns[at])


def _agree(draft: Draft, told: Sequence[Said]) -> None:
    """What was proposed is decided when the next of the others says no more than yes."""
    for said in told[draft.place + 1 : draft.place + 1 + _SOON]:
        if said.message.author_id == draft.actor or not said.clauses:
            continue
        if (
            lexicon.AGREES.match(said.clauses[0].words)
            and len(said.words.split()) <= _YES
            and not said.clauses[-1].asks
        ):
            start, end = said.utterance.whole
            draft.status, draft.settled_at = "decided", said.message.posted_at
            draft.evidence.append(Evidence(message_id=said.message.message_id, start=start, end=end, role="settles"))
        return


def promises(drafts: Sequence[Draft], told: Sequence[Said]) -> frozenset[int]:
    """Where something is promised and nothing said to be finished: that keeps no promise, but may move one."""
    places = {draft.place for draft in drafts if draft.kind == "commitment"}
    return frozenset(place for place in places if not lexicon.FINISHED.search(told[place].words))


def endings(told: Sequence[Said], promised: frozenset[int] = frozenset()) -> Iterator[Ending]:
    """Remarks that something is done, dropped, free again or off, for facts of other conversations.

    `promised`: the places of `promises`.
    """
    for place, said in enumerate(told):
        if said.utterance.joking or not any(_is_plain(each) for each in said.clauses):
            continue
        columns = pairing.own(said)
        for kind in _ACROSS:
            if kind == "commitment" and place in promised:
                continue
            value = pairing.worth(kind, columns)
            if value >= pairing.least(kind):
                yield Ending(said, _status(kind, columns), *said.utterance.whole, value)


def _is_plain(clause: Clause) -> bool:
    """Whether it tells, rather than asks or wonders."""
    return not clause.asks and lexicon.HEDGES.search(clause.words) is None


def matter_of(draft: Draft, told: Sequence[Said]) -> Matter:
    """What the draft leaves open."""
    said = {each.message.message_id: each.message.text for each in told}
    quoted = [said[span.message_id] for span in draft.evidence if span.role == "states"]
    words = pairing.words_of(" ".join([draft.statement, *quoted]))
    return Matter(draft.kind, draft.actor, draft.counterparty, words, draft.due, draft.at)


def within(draft: Draft, place: int, told: Sequence[Said]) -> tuple[float, ...]:
    """What is known of a pair in one conversation: the last columns of `pairing.PAIR`."""
    here, between = told[place], told[draft.place + 1 : place]
    author = here.message.author_id
    after = told[place + 1] if place + 1 < len(told) else None
    echoed = after is not None and after.message.author_id != author
    threaded = told[draft.place].message.thread_ts is not None and here.message.thread_ts is not None
    return (
        1.0,
        float(min(place - draft.place, 20)),
        float(not between),
        float(all(each.message.author_id != author for each in between)),
        float(threaded),
        float(min(sum(each.message.author_id == draft.actor for each in between), 12)),
        after.own[_THANKS] if after is not None and echoed else 0.0,
        after.own[_AGREES] if after is not None and echoed else 0.0,
    )


def remark_of(said: Said) -> Remark:
    """A message as what may end something."""
    message = said.message
    return Remark(message.author_id, message.posted_at, pairing.words_of(message.text), message.mentions)


def _status(kind: FactKind, columns: Sequence[float]) -> FactStatus:
    return "dropped" if kind == "commitment" and pairing.drops(columns) else ENDED[kind]


def _end(draft: Draft, said: Said, columns: Sequence[float]) -> None:
    draft.status, draft.settled_at = _status(draft.kind, columns), said.message.posted_at
    if draft.kind == "question":  # whoever answers was asked, unless somebody else was by name
        by_another = said.message.author_id if said.message.author_id != draft.actor else None
        draft.counterparty = draft.counterparty or by_another
    start, end = said.utterance.whole
    draft.evidence.append(Evidence(message_id=said.message.message_id, start=start, end=end, role="settles"))
