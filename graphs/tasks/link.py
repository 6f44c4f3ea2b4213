"""Link: what is said in one container of a fact in another -> links, of ids alone.

Contract: a link has evidence at both ends; what ends a fact is newer than it, and never a person's own word; the same
in, the same out. What is linked between two containers follows from those two alone: a third, that somebody who reads
both may not read, changes nothing. Precision before recall: where two facts of one container could be meant and are
not the same, none is linked.
Two statements of different people that conflict are linked too, also within one container: both stand.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from rapidfuzz import fuzz

from graphs.tasks import lexicon, likeness, pairing
from graphs.tasks.extract import Closing
from graphs.tasks.likeness import Wording, wording
from graphs.tasks.matching import closable
from graphs.tasks.pairing import Matter
from memory.models.facts import ENDED, SURE, Evidence, Fact, FactStatus
from memory.models.ids import ContainerId, FactId, MessageId, link_id
from memory.models.links import Link, Relation

VERSION = "rules-2"
LINKED = frozenset({"decision", "commitment", "blocker", "question"})
"""Kinds that are looked for elsewhere: the same news in two places is no matter."""
RECENT = timedelta(days=21)
"""After this, the same words are taken for another matter."""
_SAME = 88.0
"""Token-sort ratio from which two statements are one."""
_ENOUGH = 3
"""Shared words from which a remark speaks of a fact; two do, if they are half of it."""
_HALF = 0.5
_TAKEN_BACK = 2
_SURELY = 2.0
"""Log-odds, above those that are enough within a container, from which fewer words do."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fact, with the words that state it as they were written."""

    fact: Fact
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Words that settled nothing in their own container, with the message they stand in."""

    container_id: ContainerId
    closing: Closing
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A container, its messages that were read anew, and what is known and was said there and elsewhere."""

    here: ContainerId
    touched: frozenset[MessageId]
    known: tuple[Known, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    links: tuple[Link, ...]


class UnfoundedLink(ValueError):
    """A link lacks evidence at an end, or ends a fact by what is no newer than it: leave it out."""


@dataclass(slots=True)
class Shelf:
    """The facts that may be linked, with a way to find those that share a word."""

    known: dict[FactId, Known]
    worded: dict[FactId, Wording] = field(default_factory=dict)
    by_word: dict[str, list[FactId]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, each in self.known.items():
            self.worded[name] = wording(each.fact.statement, each.quoted)
            for word in (*self.worded[name].stems, *self.worded[name].names):
                self.by_word.setdefault(word, []).append(name)

    def sharing(self, words: Wording) -> Iterator[FactId]:
        """Facts that share at least two words, or a name, with these."""
        counted: dict[FactId, int] = {}
        for word in (*words.stems, *words.names):
            for name in self.by_word.get(word, ()):
                counted[name] = counted.get(name, 0) + 1 + (word in words.names)
        return (name for name, many in sorted(counted.items()) if many > 1)


def run(given: Given) -> Found:
    """Links what is known and was said here with what is elsewhere."""
    found = rules(given)
    check(given, found)
    return found


def rules(given: Given) -> Found:
    """Lexical: shared words, names of things, the same actor, and time."""
    shelf = Shelf({each.fact.fact_id: each for each in given.known if each.fact.kind in LINKED})
    found: dict[object, Link] = {}
    for remark in given.remarks:
        found.update({link.link_id: link for link in _spoken_of(remark, shelf)})
    for one, two in _pairs(shelf):
        if link := _related(shelf.known[one].fact, shelf.known[two].fact, shelf):
            found[link.link_id] = link
    kept = (link for link in found.values() if _touches(link, given))
    return Found(tuple(sorted(kept, key=lambda link: str(link.link_id))))


def check(given: Given, found: Found) -> None:
    """Raises `UnfoundedLink` when a link breaks the contract above."""
    facts = {each.fact.fact_id: each.fact for each in given.known}
    for each in found.links:
        if not each.from_evidence or not each.to_evidence:
            raise UnfoundedLink(f"Link {each.link_id} has no evidence at an end.")
        ended = facts[each.to_fact]
        if each.status is not None and (each.at <= ended.valid_from or ended.engine == "person"):
            raise UnfoundedLink(f"Link {each.link_id} would end a fact by what is no newer than it.")


def _spoken_of(remark: Remark, shelf: Shelf) -> Iterator[Link]:
    """In each other container the open fact that a remark speaks of most, and those that are the same as that one."""
    about = wording(remark.closing.words, remark.quoted)
    ranked: dict[ContainerId, list[tuple[int, Fact]]] = {}
    for name in shelf.sharing(about):
        fact = shelf.known[name].fact
        if fact.container_id == remark.container_id or not _concerns(remark, fact, about, shelf.worded[name]):
            continue
        score = likeness.shared(about, shelf.worded[name])
        if _speaks_of(remark, shelf, name, score):
            ranked.setdefault(fact.container_id, []).append((score, fact))
    for _, found in sorted(ranked.items()):
        best = max(score for score, _ in found)
        meant = [fact for score, fact in found if score == best]
        if all(_alike(meant[0], other, shelf) for other in meant[1:]):
            yield from (_settling(remark, fact, best) for fact in meant)


def _speaks_of(remark: Remark, shelf: Shelf, name: FactId, score: int) -> bool:
    """Whether a remark ends the fact: by all that is known of such pairs, or by as many words as leave no doubt."""
    closing = remark.closing
    if closing.status == "reversed":
        return score >= _TAKEN_BACK and lexicon.REVERSES.search(closing.words.lower()) is not None
    known = shelf.known[name]
    words = pairing.words_of(f"{known.fact.statement} {known.quoted}")
    fact = known.fact
    matter = Matter(fact.kind, fact.actor_id, fact.counterparty_id, words, fact.due, fact.valid_from)
    said = pairing.Remark(closing.actor_id, closing.at, pairing.words_of(closing.words), closing.mentions)
    odds = pairing.odds(matter, said, closing.log_odds)
    many = score >= _ENOUGH or score >= max(_HALF * len(shelf.worded[name].stems), 2)
    return odds >= _SURELY or (odds > 0 and many)


def _settling(remark: Remark, fact: Fact, score: int) -> Link:
    status: FactStatus = "cleared" if fact.kind == "blocker" else remark.closing.status
    relation: Relation = "reverses" if status == "reversed" else "resolves"
    return Link(
        link_id=link_id(remark.closing.evidence.message_id, fact.fact_id, relation),
        relation=relation,
        from_container=remark.container_id,
        from_fact=None,
        to_container=fact.container_id,
        to_fact=fact.fact_id,
        from_evidence=(remark.closing.evidence,),
        to_evidence=_stated(fact),
        status=status,
        at=remark.closing.at,
        independent=remark.closing.actor_id != fact.actor_id,
        log_odds=min(1.0 + 0.5 * (score - 2), SURE),
        engine_version=VERSION,
    )


def _concerns(remark: Remark, fact: Fact, about: Wording, worded: Wording) -> bool:
    """As within a container; what blocks somebody is cleared from elsewhere by them, or by its name."""
    if not closable(fact, remark.closing):
        return False
    concerned = {fact.actor_id, fact.counterparty_id}
    return fact.kind != "blocker" or remark.closing.actor_id in concerned or bool(about.names & worded.names)


def _pairs(shelf: Shelf) -> Iterator[tuple[FactId, FactId]]:
    found = set()
    for name, words in shelf.worded.items():
        found |= {(min(name, other), max(name, other)) for other in shelf.sharing(words) if other != name}
    return iter(sorted(found))


def _related(one: Fact, two: Fact, shelf: Shelf) -> Link | None:
    """`one` has the lesser id, so that it is the same link from whichever side it is found."""
    if one.kind != two.kind or abs(one.valid_from - two.valid_from) > RECENT:
        return None
    independent = one.actor_id != two.actor_id
    if _conflicting(one, two, shelf):
        return _between(one, two, "contradicts", independent=True)
    if not _alike(one, two, shelf) or (one.container_id == two.container_id and not independent):
        return None
    if (one.status in ENDED) != (two.status in ENDED):
        ended, standing = (one, two) if one.status in ENDED else (two, one)
        return _ending(ended, standing, independent=independent)
    return _between(one, two, "same", independent=independent)


def _conflicting(one: Fact, two: Fact, shelf: Shelf) -> bool:
    """Two decisions that stand, of different people, on one matter: neither of them took the other back."""
    decided = one.kind == "decision" and one.status == two.status == "decided"
    people = one.actor_id is not None and two.actor_id is not None and one.actor_id != two.actor_id
    return decided and people and likeness.conflict(shelf.worded[one.fact_id], shelf.worded[two.fact_id])


def _alike(one: Fact, two: Fact, shelf: Shelf) -> bool:
    """The same statement: of one actor, or, of what is decided, of whomever."""
    if one.kind != two.kind or one.actor_id is None or (one.actor_id != two.actor_id and one.kind != "decision"):
        return False
    words = shelf.worded[one.fact_id], shelf.worded[two.fact_id]
    about = likeness.shared(*words) >= _ENOUGH and likeness.agree(*words)
    return about and fuzz.token_sort_ratio(one.statement.lower(), two.statement.lower()) >= _SAME


def _ending(ended: Fact, standing: Fact, *, independent: bool) -> Link | None:
    elsewhere = ended.container_id != standing.container_id and standing.engine != "person"
    if not elsewhere or ended.valid_to is None or ended.valid_to <= standing.valid_from:
        return None
    relation: Relation = "reverses" if ended.status == "reversed" else "resolves"
    settled = tuple(span for span in ended.evidence if span.role == "settles")
    return Link(
        link_id=link_id(ended.fact_id, standing.fact_id, relation),
        relation=relation,
        from_container=ended.container_id,
        from_fact=ended.fact_id,
        to_container=standing.container_id,
        to_fact=standing.fact_id,
        from_evidence=settled or _stated(ended),
        to_evidence=_stated(standing),
        status=ended.status,
        at=ended.valid_to,
        independent=independent,
        log_odds=min(3.0, ended.log_odds) if ended.log_odds > 0 else 0.5,
        engine_version=VERSION,
    )


def _between(one: Fact, two: Fact, relation: Relation, *, independent: bool) -> Link:
    return Link(
        link_id=link_id(one.fact_id, two.fact_id, relation),
        relation=relation,
        from_container=one.container_id,
        from_fact=one.fact_id,
        to_container=two.container_id,
        to_fact=two.fact_id,
        from_evidence=_stated(one),
        to_evidence=_stated(two),
        at=max(one.valid_from, two.valid_from),
        independent=independent,
        log_odds=2.0,
        engine_version=VERSION,
    )


def _stated(fact: Fact) -> tuple[Evidence, ...]:
    return tuple(span for span in fact.evidence if span.role == "states") or fact.evidence[:1]


def _touches(link: Link, given: Given) -> bool:
    """Whether it has to do with what was read anew here; what lies between others is their own work."""
    ends: Iterable[tuple[ContainerId, tuple[Evidence, ...]]] = (
        (link.from_container, link.from_evidence),
        (link.to_container, link.to_evidence),
    )
    return any(place == given.here and any(s.message_id in given.touched for s in spans) for place, spans in ends)
