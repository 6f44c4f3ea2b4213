"""Facts found beside facts noted: precision, recall and F by kind, and how many that match are right otherwise.

A found fact matches a noted one of its kind when at least a third of all evidence of the two is shared: one to one, the
largest overlap first. Actor, counterparty, due date and status count on matches alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from bot.evaluation.figures.matching import largest_first
from bot.evaluation.figures.sheet import Counts, Reading, Sheet, harmonic, share
from bot.evaluation.predictions import FoundFact
from bot.evaluation.world import Noted
from memory.models.facts import LIFE, FactKind

ALL = "all"
KINDS: tuple[FactKind, ...] = tuple(LIFE)


def sheet(noted: Sequence[Noted], found: Sequence[FoundFact], unit_of: Mapping[str, str]) -> Sheet:
    """`unit_of` says which conversation a message is labelled with: those are the units; others stand alone.

    A fact belongs to the conversation of its first evidence; a found one that matches goes with what it matches.
    """
    units: dict[str, Counter[str]] = defaultdict(Counter)

    def unit(evidence: Sequence[str]) -> Counter[str]:
        first = evidence[0] if evidence else ""
        return units[unit_of.get(first, f"alone {first}")]

    for kind in KINDS:
        wanted, said = [each for each in noted if each.kind == kind], [each for each in found if each.kind == kind]
        for fact in wanted:
            unit(fact.evidence).update(_named("gold", kind))
        pairs = largest_first(wanted, said, shared)
        goes_with = {id(claim): fact.evidence for fact, claim in pairs}  # two claims may be equal
        for claim in said:
            unit(goes_with.get(id(claim), claim.evidence)).update(_named("pred", kind))
        for fact, claim in pairs:
            unit(fact.evidence).update([*_named("match", kind), *_right(kind, fact, claim)])
    counted = [f"{kind}.{what}" for kind in (*KINDS, ALL) for what in ("gold", "pred")]
    return Sheet(list(units.values()), counted, dict(_readings()))


def shared(noted: Noted, found: FoundFact) -> int:
    """How many messages both rest on, if those are a third of all that either does: a whole day matches nothing."""
    one, two = {*noted.evidence}, {*found.evidence}
    both = len(one & two)
    return both if 3 * both >= len(one | two) else 0


def _right(kind: FactKind, noted: Noted, found: FoundFact) -> Iterable[str]:
    for name in _told_of(kind):
        if getattr(noted, name) == getattr(found, name):
            yield from _named(name, kind)


def _told_of(kind: str) -> tuple[str, ...]:
    return ("actor",) if kind == "update" else ("actor", "counterparty", "due", "status")


def _named(what: str, kind: FactKind) -> Iterable[str]:
    """Counted of its kind, and of all kinds; and what only some kinds have, of those."""
    yield from (f"{kind}.{what}", f"{ALL}.{what}")
    if what == "match" and kind != "update":
        yield f"{ALL}.staged"


def _macro(sums: Counts) -> float:
    """The mean of the kinds' F; a kind that is neither noted nor found counts as 0."""
    return fmean(harmonic(f"{kind}.match", f"{kind}.pred", f"{kind}.gold")(sums) or 0 for kind in KINDS)


def _readings() -> Iterable[tuple[str, Reading]]:
    for kind in (*KINDS, ALL):
        yield f"{kind}.P", share(f"{kind}.match", f"{kind}.pred")
        yield f"{kind}.R", share(f"{kind}.match", f"{kind}.gold")
        yield f"{kind}.F", harmonic(f"{kind}.match", f"{kind}.pred", f"{kind}.gold")
        for name in _told_of(kind):
            of = f"{ALL}.staged" if kind == ALL and name != "actor" else f"{kind}.match"
            yield f"{kind}.{name}", share(f"{kind}.{name}", of)
    yield f"{ALL}.macro_F", _macro
