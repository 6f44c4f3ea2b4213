"""Weekly: a week's facts and a reader -> what was decided, delivered, slipped and is still open, in a few lines.

In: what the reader may read of the week, and who they are. Out: entries by section, best first. What weighs is what
weighs in the morning; what others promised each other counts only where the reader has to do with it. The same input
gives the same lines. Check: at most nine, each with a source, in their order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from graphs import days, relevance, smalltalk
from graphs.entries import SOURCES, Entry, fingerprint, same
from graphs.reasons import OF_THE_KIND
from graphs.relevance import View
from graphs.tasks.rank import Found, Given, UnexplainedOrder, heard, view_of
from memory.models.briefings import WEEK_SECTIONS, Item, Section
from memory.models.facts import Fact

MOST = 9
"""Lines; with the headline there are ten."""
QUIET = "A quiet week: nothing was decided, delivered or slipped, and nothing that you have to do with is open."
_UNSURE = -0.4
_NOT_MINE = OF_THE_KIND | {"reach", "replies", "reactions"}
"""What holds for anybody who can read it."""
_COUNTED: dict[Section, tuple[str, str, str]] = {
    "decided": ("thing", "things", "decided"),
    "delivered": ("promise", "promises", "kept"),
    "slipped": ("promise", "promises", "past due"),
    "open": ("matter", "matters", "still open"),
}


def rules(given: Given) -> Found:
    view = view_of(given)
    entries = [e for fact in given.facts if (e := _entry(fact, view, given))]
    found = Found(entries=_shared_out(_once(heard(entries, view), given)))
    check(given, found)
    return found


def check(given: Given, found: Found) -> None:
    """Raises `UnexplainedOrder` unless every line has a source, there are few enough, and the order is the scores'."""
    known = {m.message_id for m in given.messages}
    wrong = [f"{e.anchor_id} has no source" for e in found.entries if not known & {*e.message_ids}]
    wrong += [f"{len(found.entries)} lines"] if len(found.entries) > MOST else []
    if list(found.entries) != sorted(found.entries, key=_order):
        wrong.append("the order is not that of the scores")
    if wrong:
        raise UnexplainedOrder("; ".join(wrong[:3]))


def headline(items: Sequence[Item]) -> str:
    """The week in one sentence."""
    counts = Counter(item.section for item in items)
    said = [
        f"{days.counted(counts[name])} {one if counts[name] == 1 else many} {became}"
        for name, (one, many, became) in _COUNTED.items()
        if counts[name]
    ]
    if not said:
        return QUIET
    last = said.pop()
    first = f"{', '.join(said)} and " if said else ""
    return f"Your week: {first}{last}."


def _entry(fact: Fact, view: View, given: Given) -> Entry | None:
    """The fact as a line of the week, where it is one."""
    evidence = view.evidence(fact)
    if not any(m.kind == "human" for m in evidence) or fact.log_odds < _UNSURE:
        return None
    if smalltalk.is_small_talk(fact.statement):
        return None
    reasons = relevance.of_fact(fact, view)
    section = _section(fact, view, given, concerned=any(r.code not in _NOT_MINE for r in reasons))
    if section is None:
        return None
    return Entry(
        anchor_id=fact.fact_id,
        anchor="fact",
        section=section,
        score=round(sum(r.weight for r in reasons), 3),
        reasons=reasons,
        fact_ids=(fact.fact_id,),
        conversation_id=fact.conversation_id,
        message_ids=tuple(m.message_id for m in evidence)[:SOURCES],
        fingerprint=fingerprint(fact.kind, fact.status, fact.due, fact.statement),
    )


def _section(fact: Fact, view: View, given: Given, *, concerned: bool) -> Section | None:
    """Where it belongs; nothing where it is no matter of this reader's, or of this week's."""
    this_week = given.since <= view.moved_at(fact) <= given.now
    mine = view.me in (fact.actor_id, fact.counterparty_id)
    late = fact.due is not None and fact.due < view.today
    asked = view.addresses_me(fact) or (fact.actor_id == view.me and this_week)
    found: dict[tuple[str, str], tuple[Section, bool]] = {
        ("decision", "decided"): ("decided", this_week),
        ("commitment", "done"): ("delivered", this_week and (mine or concerned)),
        ("commitment", "open"): ("slipped" if late else "open", mine or (concerned and (late or this_week))),
        ("question", "open"): ("open", asked),
        ("blocker", "raised"): ("open", concerned),
    }
    section, holds = found.get((fact.kind, fact.status), ("open", False))
    return section if holds else None


def _once(entries: Iterable[Entry], given: Given) -> list[Entry]:
    """One matter once: of those of one topic that say the same the strongest stands."""
    topic = {c: t.topic_id for t in given.topics for c in t.conversation_ids}
    facts = {fact.fact_id: fact for fact in given.facts}
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda e: (-e.score, str(e.anchor_id))):
        about = topic.get(entry.conversation_id, entry.conversation_id)
        alike = (
            each
            for each in kept
            if topic.get(each.conversation_id, each.conversation_id) == about
            and same(facts[each.fact_ids[0]], facts[entry.fact_ids[0]])
        )
        if next(alike, None) is None:
            kept.append(entry)
    return kept


def _shared_out(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The best of each section in turn, until there are enough: much that was decided hides nothing that slipped."""
    by_section: dict[Section, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=_order):
        by_section[entry.section].append(entry)
    turns = zip_longest(*(by_section[name] for name in WEEK_SECTIONS))
    best = [entry for turn in turns for entry in turn if entry is not None]
    return tuple(sorted(best[:MOST], key=_order))


def _order(entry: Entry) -> tuple[int, float, str]:
    return WEEK_SECTIONS.index(entry.section), -entry.score, str(entry.anchor_id)
